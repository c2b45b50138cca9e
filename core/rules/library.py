"""The programme library: finds a programme by any word in it, in either language.

A plain substring search, since two-character words such as 大病 must match; the catalogue is small
enough to be read whole.
"""

from __future__ import annotations

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
