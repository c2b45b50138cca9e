"""What a name of the rules and its value are called on paper: a fact, a standard, a programme.

Money prints in yuan, a ratio as a number, a code by its name; nothing is rounded here.
"""

from __future__ import annotations

from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.records import FactValue, Value
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.view import value_text
from yimen.core.words.checks import status_name


def value_name(name: str, catalogue: Catalogue) -> str:
    """What a name of an expression is called: a fact, a standard, a call, a name of the core."""
    if name in catalogue.facts:
        return catalogue.facts[name].names.text()
    if name in catalogue.standards:
        return catalogue.standards[name].names.text()
    call, colon, programme = name.partition(":")
    if colon:
        known = catalogue.programmes.get(programme)
        title = known.names.text() if known else programme
        words = {
            "RECOGNISED": _("receives {name}"),
            "QUALIFIES": _("qualifies for {name}"),
            "ENTITLED": _("receives or qualifies for {name}"),
        }
        return words[call].format(name=title)
    return {"member_count": _("members who count"), "zone": _("Zone"), "age": _("age")}.get(
        name, name
    )


def shown(name: str, value: Value, catalogue: Catalogue) -> str:
    """A value as people write it."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    standard = catalogue.standards.get(name)
    if standard is not None and standard.ppm and isinstance(value, int):
        return ratio_text(value)
    fact = catalogue.facts.get(name)
    if fact is not None:
        return value_text(fact, value)
    if standard is not None and standard.type == "boolean":
        return _("yes") if value else _("no")
    if standard is not None and standard.type == "money" and isinstance(value, int):
        return format_yuan(value)
    return str(value)


def written(name: str, value: Value, catalogue: Catalogue) -> str:
    """A value as a paper says it: as people write it, a sum with its unit."""
    text = shown(name, value, catalogue)
    declared = catalogue.facts.get(name) or catalogue.standards.get(name)
    is_sum = declared is not None and declared.type == "money" and isinstance(value, int)
    return _("{amount} yuan").format(amount=text) if is_sum else text


def ratio_text(ppm: int) -> str:
    """Parts per million as a decimal number, exactly: 1500000 is 1.5."""
    whole, rest = divmod(ppm, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def how_known(catalogue: Catalogue, name: str, fact: FactValue) -> str:
    """How a fact is known; what only a person can say and nobody has said is not stated."""
    declared = catalogue.facts.get(name)
    asked = declared is not None and declared.source is None and not declared.expression
    if fact.status == "not_covered" and asked:
        return _("not stated")
    if declared is not None and declared.expression and fact.value is not None:
        return _("computed")
    return status_name(fact.status)
