"""The programme library: finds a programme by any word in it, in either language.

A plain substring search, since two-character words such as 大病 must match; the catalogue is small
enough to be read whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from yimen.core.declarations import Programme, Texts
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue


def search_programmes(catalogue: Catalogue, text: str) -> list[dict[str, object]]:
    """Programmes that hold every word of the text, names before conditions; says where."""
    words = [_plain(word) for word in text.split()]
    found = []
    for programme in catalogue.programmes.values():
        places = [place for place, shown in _texts(catalogue, programme)
                  if any(w in _plain(shown) for w in words)]  # fmt: skip
        whole = _plain(" ".join(shown for __, shown in _texts(catalogue, programme)))
        if words and all(word in whole for word in words):
            found.append((_rank(places), programme, list(dict.fromkeys(places))))
    found.sort(key=lambda row: (row[0], row[1].programme))
    return [
        {
            "programme": programme.programme,
            "name": programme.names.text(),
            "department": programme.department,
            "found_in": places,
        }
        for __, programme, places in found
    ]


def named_programmes(catalogue: Catalogue, text: str) -> list[str]:
    """The numbers of the programmes that a clerk typed: by number, name or alias, with commas.

    An alias of several programmes names none. What names none comes back as it was typed, in
    capitals, for the casework to refuse.
    """
    known: dict[str, set[str]] = {}
    for p in catalogue.programmes.values():
        for name in (p.programme, p.names.zh, p.names.en, *p.aliases):
            known.setdefault(_plain(name), set()).add(p.programme)

    def meant(word: str) -> str | None:
        (number,) = found if len(found := known.get(_plain(word), set())) == 1 else (None,)
        return number

    if known_whole := meant(text.strip()):
        # A name may hold the very signs that part several.
        return [known_whole]
    numbers: list[str] = []
    for part in re.split("[,;，；、]", text):
        whole = meant(part.strip())
        words = unicodedata.normalize("NFKC", part).split()
        numbers += [whole] if whole else [meant(word) or word.upper() for word in words]
    return numbers


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _rank(places: list[str]) -> int:
    return 0 if _("name") in places else 1


def _texts(catalogue: Catalogue, programme: Programme) -> Iterator[tuple[str, str]]:
    yield _("name"), f"{programme.programme} {_both(programme.names)}"
    yield _("alias"), " ".join(programme.aliases)
    department = catalogue.departments.get(programme.department)
    if department is not None:
        yield _("department"), _both(department.names)
    for version in programme.versions:
        for criterion in version.criteria:
            yield _("condition"), _both(criterion.text)


def _both(texts: Texts) -> str:
    return f"{texts.zh} {texts.en}"


def opened_by(catalogue: Catalogue, programme: str, on: date) -> list[str]:
    """The programmes that a class opens on a day without a new check of means: the cascade."""
    versions = catalogue.versions_on(on)
    return sorted(name for name, version in versions.items() if programme in version.needs)
