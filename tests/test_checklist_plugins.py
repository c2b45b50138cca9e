"""A plugin adds steps to a checklist; it never removes, reorders or ticks one of another's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin_files import heating, named

from yimen.core.rules.catalogue import Catalogue, load_catalogue
from yimen.core.rules.checklists import whole_checklist

BASIS = {"text": "SAL §33", "tag": "V"}
INTAKE = ["register", "papers", "tell_once", "accept", "receipt", "urgent", "needs"]


@pytest.fixture
def installed(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Catalogue]:
    """The catalogue of a heating company that declares checklists of its own."""

    def with_lists(*lists: dict[str, Any]) -> Catalogue:
        monkeypatch.setenv("YIMEN_DEPARTMENTS", "heating")
        install(heating() | {"checklists.json": list(lists)})
        return load_catalogue(tmp_path / "cache")

    return with_lists


def steps(checklist: str, *given: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {"text": named("Do it"), "who": "town", "due": "none", "basis": BASIS}
    return {"checklist": checklist, "names": named("List"), "steps": [plain | s for s in given]} \
        | more  # fmt: skip


def order(catalogue: Catalogue, checklist: str = "intake") -> list[str]:
    whole = whole_checklist(catalogue, checklist)
    return [placed.step.step for placed in whole.steps] if whole else []


def refused(catalogue: Catalogue) -> str:
    (problem,) = [p for p in catalogue.problems if "checklist" in p.message]
    assert problem.plugin == "heating"
    return problem.message


def test_a_plugin_adds_a_step_behind_the_one_it_waits_for(installed: Any) -> None:
    catalogue = installed(
        steps("intake", {"step": "meter", "after": ["register"]}, {"step": "last"})
    )
    assert catalogue.problems == []
    assert order(catalogue) == ["register", "meter", *INTAKE[1:], "last"]
    whole = whole_checklist(catalogue, "intake")
    assert whole is not None
    assert {p.step.step for p in whole.steps if p.plugin == "heating"} == {"meter", "last"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([{"step": "accept"}], "two steps have this name"),
        ([{"step": "papers", "after": ["accept"]}, {"step": "x"}], "two steps have this name"),
        ([{"step": "x", "after": ["nowhere"]}], "there is no step nowhere"),
        ([{"step": "x", "done": True}], "breaks the contract 'checklist'"),
        ([{"step": "x", "state": "done"}], "breaks the contract 'checklist'"),
        ([{"step": "x", "done_when": "always"}], "breaks the contract 'checklist'"),
        ([{"step": "x", "remove": "papers"}], "breaks the contract 'checklist'"),
        ([{"step": "x", "due_from": "accepted"}], "belong together"),
        ([{"step": "x", "wait": {"n": 7, "unit": "CD", "basis": BASIS}}], "after no step"),
        ([{"step": "x", "repeats": True}], "needs a wait and a time limit"),
        ([{"step": "x", "done_when": "report_filed", "persons": 2}], "not ticked by an officer"),
        ([{"step": "x", "occasion": True, "needed_when": "accepted"}], "has no condition"),
        ([{"step": "x", "needed_when": "heating.half"}], "it is no condition"),
        ([{"step": "x", "needed_when": "step.papers"}], "not declared, or not usable"),
        ([{"step": "x", "needed_when": "1 = (SELECT 1)"}], "refused"),
        ([{"step": "x", "after": ["register"],
           "wait": {"n": 7, "unit": "CD", "unit_by": "heating.limit", "basis": BASIS}}],
         "no standard of day types"),
        ([{"step": "x", "guard": "hold"}], "only the owner of a handling sets"),
    ],
)  # fmt: skip
def test_a_plugin_cannot_remove_reorder_or_tick_a_step_and_says_why(
    installed: Any, given: list[dict[str, Any]], words: str
) -> None:
    catalogue = installed(steps("intake", *given))
    (problem,) = catalogue.problems
    assert words in problem.message
    assert order(catalogue) == INTAKE


def test_a_step_without_a_limit_must_say_that_it_has_none(installed: Any) -> None:
    listed = steps("intake", {"step": "x"})
    del listed["steps"][0]["due"]
    (problem,) = installed(listed).problems
    assert "'due' is a required property" in problem.message


def test_a_list_that_forbids_a_notice_takes_none_from_anybody(installed: Any) -> None:
    own = steps("handle/HEA-WARM", {"step": "a"}, {"step": "b", "notice": True}, no_notice=BASIS)
    assert "a public notice is forbidden here" in refused(installed(own))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"occasion": True}, "no grant waits for what may never happen"),
        ({"done_when": "report_filed"}, "the decision's wait alone"),
        ({"done_when": "referral_decided"}, "the decision's wait alone"),
    ],
)
def test_a_guard_is_something_that_an_officer_can_meet(
    installed: Any, step: dict[str, Any], words: str
) -> None:
    own = steps("handle/HEA-WARM", {"step": "a", "guard": "hold", **step})
    assert words in refused(installed(own))


def test_an_addition_to_anothers_handling_waits_for_that_list(installed: Any) -> None:
    catalogue = installed(
        steps("handle/HEA-WARM", {"step": "a"}),
        steps("dispatch", {"step": "b", "after": ["slip"], "needed_when": "heating.half > 5"}),
    )
    assert catalogue.problems == []
    assert catalogue.links.needed["dispatch:b"].names == ["heating.half"]
    assert order(catalogue, "handle/HEA-WARM") == ["a"]
    assert order(catalogue, "dispatch").index("b") == order(catalogue, "dispatch").index("slip") + 1


def test_an_added_step_never_holds_up_what_the_core_asks(installed: Any) -> None:
    catalogue = installed(steps("intake", {"step": "meter", "after": ["register"]}))
    whole = whole_checklist(catalogue, "intake")
    assert whole is not None
    own = [p.step for p in whole.steps if p.plugin == "core"]
    assert [step.step for step in own] == INTAKE
    assert not [step.step for step in own if "meter" in step.after]
