"""The contract kit: what a department's own repository runs to know that its plugin will hold.

    import pytest
    from yimen.testing import Check, department_checks

    @pytest.mark.parametrize("check", department_checks("heating"), ids=str)
    def test_the_department_keeps_the_contract(check: Check) -> None:
        check.require()

Scenarios stand in `scenarios.json` beside the plugin: sentences with a household and the answer
that the rules must give (docs/rules.md). Nothing here needs a home, a database file or a network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, partial
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yimen.core.declarations import Texts
    from yimen.core.rules.catalogue import Catalogue
    from yimen.core.rules.trial import Scenario

SCENARIOS_A_PROGRAMME = 3


@dataclass(frozen=True)
class Check:
    """One thing to look at; it is looked at when its faults are first asked for."""

    what: str
    look: Callable[[], Sequence[str]]

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with it; empty when it holds."""
        return tuple(self.look())

    def __str__(self) -> str:
        return self.what

    def require(self) -> None:
        """Raises AssertionError with every fault."""
        assert not self.faults, "\n".join(self.faults)


def department_checks(name: str) -> list[Check]:
    """All checks of the installed plugin with this name, in a fixed order; none is done yet."""
    from yimen.core.departments import content_key, installed_department_names
    from yimen.core.i18n import language

    points = installed_department_names()
    if name not in points:
        known = ", ".join(points) or "-"
        return [Check("is installed", lambda: [f"no plugin {name}; installed: {known}"])]
    catalogue = _catalogue(content_key(points), language())
    own = [
        n for n, owner in catalogue.owners.items() if owner == name and n in catalogue.programmes
    ]
    problems = tuple(p.message for p in catalogue.problems if p.plugin == name)
    checks = [Check("is found by name, and its declarations are accepted", lambda: problems)]
    checks.append(
        Check("its texts are in both languages", partial(_in_one_language, catalogue, name))
    )
    scenarios = list(_scenarios(points[name].module))
    if not problems:
        checks.append(
            Check(
                "every criterion can pass and can fail",
                partial(_unreached, catalogue, own, scenarios),
            )
        )
    checks.append(
        Check("every programme has scenarios of each outcome", partial(_few, own, scenarios))
    )
    checks += [
        Check(f"{s.programme}: {s.title}", partial(_judged, catalogue, s)) for s in scenarios
    ]
    return checks


@cache
def _catalogue(_content: str, _language: str) -> Catalogue:
    """The catalogue of what is installed; built again for other files or another language."""
    from yimen.core.departments import installed_department_names
    from yimen.core.rules.catalogue import build

    return build(installed_department_names())


def _unreached(
    catalogue: Catalogue, programmes: list[str], scenarios: list[Scenario]
) -> tuple[str, ...]:
    """Over the newest version of each programme, with the standards that scenarios try."""
    from yimen.core.rules.reach import unreached

    newest = max(
        (v.from_date for n in programmes for v in catalogue.programmes[n].versions), default=""
    )
    if not newest:
        return ()
    variants = [s.standards for s in scenarios if s.standards]
    return tuple(unreached(catalogue, programmes, date.fromisoformat(newest), variants))


def _scenarios(module: str) -> Iterator[Scenario]:
    import msgspec

    from yimen.core.rules.trial import Scenario

    beside = resources.files(module)
    folder = beside.joinpath("scenarios")
    files = [beside.joinpath("scenarios.json")]
    files += sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else []
    for file in files:
        if file.is_file() and file.name.endswith(".json"):
            for item in json.loads(file.read_text("utf-8")):
                yield msgspec.convert(item, Scenario)


def _in_one_language(catalogue: Catalogue, plugin: str) -> list[str]:
    """Chinese texts without a Chinese sign, and English ones with one."""
    shelves = (catalogue.departments, catalogue.sources, catalogue.facts, catalogue.standards,
               catalogue.programmes)  # fmt: skip
    own: list[tuple[str, object]] = [(n, item) for shelf in shelves for n, item in shelf.items()
                                     if catalogue.owners.get(n) == plugin]  # fmt: skip
    own += [(c.checklist.checklist, c.checklist) for c in catalogue.checklists
            if c.plugin == plugin]  # fmt: skip
    return [
        f"{name}: {text.zh} / {text.en}"
        for name, item in own
        for text in _texts(item)
        if not _HAN.search(text.zh) or _HAN.search(text.en)
    ]


_HAN = re.compile(r"[\u3400-\u9fff]")


def _texts(item: object) -> Iterator[Texts]:
    """Every bilingual text inside a declaration."""
    from yimen.core.declarations import Texts

    if isinstance(item, Texts):
        yield item
    elif isinstance(item, (list, tuple)):
        for part in item:
            yield from _texts(part)
    elif isinstance(item, dict):
        for part in item.values():
            yield from _texts(part)
    elif hasattr(item, "__struct_fields__"):
        for field in item.__struct_fields__:
            yield from _texts(getattr(item, field))


def _few(programmes: list[str], scenarios: list[Scenario]) -> tuple[str, ...]:
    faults = []
    for name in programmes:
        outcomes = [s.expect for s in scenarios if s.programme == name]
        missing = {"eligible", "ineligible", "unknown"} - set(outcomes)
        if len(outcomes) < SCENARIOS_A_PROGRAMME or missing:
            lacks = ", ".join(sorted(missing)) or "more"
            faults.append(f"{name}: {len(outcomes)} scenarios; lacks {lacks}")
    return tuple(faults)


def _judged(catalogue: Catalogue, scenario: Scenario) -> list[str]:
    from yimen.core.errors import YimenError
    from yimen.core.rules.trial import judge

    try:
        return judge(catalogue, scenario)
    except YimenError as error:
        return [str(error)]
