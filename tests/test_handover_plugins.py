"""A department's own system behind its plugin: messages handed over, answers read, faults told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handover_homes import Pair, kept, rows

from yimen.core.casework.handover import systems
from yimen.core.errors import NotFound, Refused
from yimen.core.plugin_call import ask_plugin

DEPARTMENT = """
import json, os, sys, time
from pathlib import Path

from yimen import department_from_files, hookimpl

BOX = Path({box!r})


class System:
    @hookimpl
    def deliver(self, message):
        {deliver}

    @hookimpl
    def read_feedback(self, asked):
        {read}


plugin = System()
"""
KEEPS = """
        with (BOX / "in.jsonl").open("a") as file:
            file.write(json.dumps(message) + "\\n")
        print("a word that must not be taken for the answer")
        return {"accepted": True, "reference": "no. " + message["referral_no"]}
"""
ANSWERS = """
        (BOX / "asked.json").write_text(json.dumps(asked))
        return json.loads((BOX / "out.json").read_text())
"""


@pytest.fixture
def system(
    install: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    """Gives civil affairs a plugin with a system of its own; its box of messages.

    The bundled plugin has none, so that what it would be asked, this one is.
    """
    box = tmp_path / "box"
    box.mkdir()
    monkeypatch.setattr(
        systems, "ask_plugin", lambda __, hook, question: ask_plugin("heating", hook, question)
    )

    def put(deliver: str = KEEPS, read: str = ANSWERS) -> Path:
        code = DEPARTMENT.format(box=str(box), deliver=deliver.strip(), read=read.strip())
        install({}, code=code)
        return box

    return put


def received(box: Path) -> list[Any]:
    """The messages that the system took."""
    return [json.loads(line) for line in (box / "in.jsonl").read_text().splitlines()]


def test_hook_deliver(pair: Pair, system: Callable[..., Path]) -> None:
    box = system()
    words = ["referral", "deliver", "--department", "civil", "--format", "jsonl"]
    before = kept(pair.county)
    trial = pair.county(*words, "--dry-run").rows
    assert [r["result"] for r in trial] == ["exported", "exported"]
    assert not (box / "in.jsonl").exists()
    done = pair.county(*words).rows
    assert [(r["result"], r["detail"]) for r in done] == [
        ("exported", f"no. {no}") for no in pair.numbers
    ]
    assert [(m["kind"], m["referral_no"]) for m in received(box)] == [
        ("referral", no) for no in pair.numbers
    ]
    assert pair.county(*words).rows == []
    pair.county("referral", "withdraw", pair.numbers[0], "--note", "not asked for")
    pair.county(*words)
    assert received(box)[-1]["verb"] == "withdraw"
    assert kept(pair.county)["message"] != before["message"]
    bodies = rows(pair.county, "SELECT body FROM journal WHERE action = 'referral.deliver'")
    assert json.loads(bodies[0][0])["reference"] == f"no. {pair.numbers[0]}"


def test_hook_read_feedback(pair: Pair, system: Callable[..., Path]) -> None:
    box = system()
    first, second = pair.numbers
    (medical, *__) = pair.county.json("referral", "list", "--department", "medical")
    (box / "out.json").write_text(
        json.dumps(
            [
                pair.move(first, 1, "receive"), pair.move(first, 2, "accept"),
                pair.move(second, 2, "accept"), pair.move(medical["referral_no"], 1, "receive"),
                {"kind": "letter"},
            ]
        )
    )  # fmt: skip
    words = ["feedback", "read", "--department", "civil", "--format", "jsonl"]
    before = kept(pair.county)
    trial = pair.county(*words, "--dry-run", code=6)
    assert kept(pair.county) == before
    done = pair.county(*words, code=6)
    assert done.out == trial.out
    told = done.rows
    assert [r["result"] for r in told] == [
        "applied", "applied", "waiting", "foreign", "unreadable",
    ]  # fmt: skip
    asked = json.loads((box / "asked.json").read_text())
    assert (asked["referrals"], asked["heard"]) == (pair.numbers, dict.fromkeys(pair.numbers, 0))
    assert pair.state(first) == "accepted"
    (box / "out.json").write_text("[]")
    assert pair.county(*words).rows == []
    assert json.loads((box / "asked.json").read_text())["heard"] == {first: 2, second: 0}


@pytest.mark.parametrize(
    "deliver, expected",
    [
        ('raise OSError("the line is dead")', "the line is dead"),
        ("os._exit(3)", "ended without an answer"),
        ("time.sleep(60)", "did not answer within 1 seconds"),
        ('return {"accepted": "yes"}', "breaks the contract"),
        ('return {"accepted": False, "note": "closed on Sundays"}', "closed on Sundays"),
        ('return {"accepted": object()}', "not JSON serializable"),
    ],
)
def test_a_system_that_fails_leaves_the_referral_to_be_offered_again(
    pair: Pair,
    system: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    deliver: str,
    expected: str,
) -> None:
    system(deliver)
    seconds = 1.0 if "sleep" in deliver else 20.0
    monkeypatch.setattr(
        systems,
        "ask_plugin",
        lambda __, hook, question: ask_plugin("heating", hook, question, seconds=seconds),
    )
    pair.county("referral", "withdraw", pair.numbers[1], "--note", "one is enough here")
    told = pair.county("referral", "deliver", "--department", "civil", "--format", "jsonl", code=6)
    ((result, detail),) = [(r["result"], r["detail"]) for r in told.rows]
    assert result == "refused"
    assert expected in detail
    assert rows(pair.county, "SELECT COUNT(*) FROM message") == [(0,)]


def test_a_plugin_without_a_system_or_that_is_not_installed_says_so(pair: Pair) -> None:
    said = pair.county("referral", "deliver", "--department", "civil", code=4).err
    assert "delivers nothing" in said
    assert pair.county("feedback", "read", "--department", "civil", "--format", "jsonl").rows == []
    assert (
        "no department moon"
        in pair.county("referral", "deliver", "--department", "moon", code=3).err
    )
    with pytest.raises(NotFound, match="not installed"):
        ask_plugin("moon", "deliver", {})


def test_a_misspelt_hook_is_told_and_not_passed_over(
    install: Callable[..., Path], pair: Pair
) -> None:
    code = "from yimen import hookimpl\n\nclass P:\n    @hookimpl\n    def delivr(self): ...\n"
    install({}, code=f"{code}\nplugin = P()\n")
    with pytest.raises(Refused, match="delivr"):
        ask_plugin("heating", "deliver", {})
