"""Whom a family is made of, and what it lacks: relations, sexes, needs, hardships."""

from __future__ import annotations

from yimen.core.i18n import _, language

_RELATIONS = {
    "02": ("户主", "head"), "10": ("配偶", "spouse"), "20": ("子", "son"), "30": ("女", "daughter"),
    "28": ("女婿", "son-in-law"), "38": ("儿媳", "daughter-in-law"),
    "40": ("孙子女或外孙子女", "grandchild"), "45": ("孙媳", "grandson's wife"),
    "46": ("孙女婿", "granddaughter's husband"), "47": ("曾孙辈", "great-grandchild"),
    "50": ("父母", "parent"), "53": ("配偶的父母", "spouse's parent"),
    "60": ("祖父母或外祖父母", "grandparent"), "65": ("配偶的祖父母", "spouse's grandparent"),
    "70": ("兄弟姐妹", "sibling"), "72": ("兄弟姐妹的配偶", "sibling's spouse"),
    "80": ("其他亲属", "other relative"), "99": ("非亲属", "not a relative"),
}  # fmt: skip


def relation_name(code: str) -> str:
    """The name of a GB/T 4761 relation to the head; an unlisted code stays as it is."""
    names = _RELATIONS.get(code)
    return code if names is None else names[0 if language() == "zh" else 1]


def relation_code(text: str) -> str:
    """The code of a relation that is named in either language; anything else stays as it is."""
    plain = text.strip().casefold()
    return next((code for code, names in _RELATIONS.items() if plain in names), text)


def sex_code(text: str) -> str:
    """GB/T 2261.1 for a word in either language; anything else stays as it is."""
    return {"男": "1", "m": "1", "male": "1", "女": "2", "f": "2", "female": "2"}.get(
        text.strip().casefold(), text
    )


def need_name(need: str) -> str:
    """The name of a need."""
    return {
        "living": _("basic living"), "health": _("health"), "care": _("care"),
        "expense": _("rigid expenses"), "education": _("education"), "housing": _("housing"),
        "labour": _("work"), "law": _("law"), "heart": _("heart and mind"),
    }[need]  # fmt: skip


def hardship_name(kind: str) -> str:
    """The name of a type of hardship."""
    return {
        "living": _("basic living"), "health": _("illness"), "disability": _("disability"),
        "care": _("care"), "child": _("a child without care"), "labour": _("work"),
        "education": _("education"), "housing": _("housing"), "expense": _("rigid expenses"),
        "disaster": _("natural disaster"), "sudden": _("sudden emergency"), "law": _("law"),
        "heart": _("heart and mind"),
    }[kind]  # fmt: skip
