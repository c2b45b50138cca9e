"""What people type: a blank is no reason, and a number is read however it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import pytest
from handled import handled

from yimen.cli import cli
from yimen.commands.given import CODE, NUMBER, WORDS, YUAN
from yimen.core.errors import BadInput
from yimen.core.spelling import half_width, is_blank, plain_number

BLANKS = ["", " ", "\t\n", "　", "\u200b", "\ufeff ", "ㅤ"]


def parameters(
    command: click.Command = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Parameter]]:
    """Every option and argument of every command, by the words that lead to it."""
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from parameters(inner, (*path, name))
    for parameter in command.params:
        yield " ".join((*path, parameter.opts[0])), parameter


def test_no_command_takes_a_text_as_it_comes() -> None:
    untyped = {
        where for where, p in parameters()
        if type(p.type) is type(click.STRING) and not where.endswith("--columns")
    }  # fmt: skip
    # Folder, operator and clock of a session are read by the session.
    assert untyped <= {"--home", "--as", "--today"}
    reasons = {"--note", "--reason", "--basis", "--name", "--source", "--asked", "--fund"}
    said = {w for w, p in parameters() if p.type is WORDS and w.rpartition(" ")[2] in reasons}
    assert len(said) > 25


@pytest.mark.parametrize("blank", BLANKS)
def test_what_shows_nothing_is_blank(blank: str) -> None:
    assert is_blank(blank)
    for kind in (WORDS, CODE, NUMBER, YUAN):
        with pytest.raises(BadInput, match="A text is missing"):
            kind.convert(blank, None, None)


def test_names_are_left_and_numbers_are_not() -> None:
    assert WORDS.convert(" 王㐂Ａ　", None, None) == "王㐂Ａ"
    assert NUMBER.convert("ａ２０２６－０００ ０１", None, None) == "A2026-00001"
    assert CODE.convert("Ｗｉｎｄｏｗ ", None, None) == "Window"
    assert YUAN.convert("１ ２３４．５元", None, None) == "1234.5元"
    assert plain_number("３７０４９９１９８７０１０８００１ｘ") == "37049919870108001X"
    assert half_width("２０２６－１１") == "2026-11"


def test_what_is_no_amount_is_told_as_it_was_typed(yimen: Any) -> None:
    words = ["overlaps", "resolve", "V2026-00001", "confirmed", "--reason", "x"]
    assert yimen(*words, "--amount", "abc", code=5).err.startswith("'abc' is not an amount in yuan")


BLANK_COMMANDS = {
    "a name": ["operator", "add", "new", "--role", "county", "--name", "　"],
    "an account": ["operator", "open", "window", "--account", " "],
    "a note": ["application", "close", "A2026-00001", "--note", "\u200b"],
    "a basis": ["standard", "set", "civil.dibao_monthly", "900", "--from", "2026-01-01",
                "--basis", " "],
    "a filter": ["purchase", "orders", "--household", ""],
    "a number": ["query", " "],
    "a note that may be left out": ["referral", "reject", "R2026-00001", "--reason", "R01",
                                    "--basis", "x", "--note", ""],
}  # fmt: skip


@pytest.mark.parametrize("what", BLANK_COMMANDS)
def test_a_blank_is_one_sentence_and_nothing_happens(yimen: Any, what: str) -> None:
    before = yimen("journal", "show", "--format", "jsonl").rows
    said = yimen(*BLANK_COMMANDS[what], code=5)
    assert "A text is missing." in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    after = yimen("journal", "show", "--format", "jsonl").rows
    assert [r for r in after[len(before) :] if r["action"] not in ("clock.moved", "read")] == []


def full(text: str) -> str:
    """The text as an input method in full-width mode writes it, in small letters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text.lower())


def test_a_case_is_found_by_full_width_numbers_from_first_to_last(
    yimen: Any, truth: Any, accepted: Any
) -> None:
    story = truth["stories"]["eligible"]
    application = accepted("eligible")["application_no"]
    household = yimen.json("query", full(story["id_number"]))["household"]["household_no"]
    assert household == story["household_no"]
    yimen("check", full(application))
    referrals = yimen.json("dispatch", full(application))["referrals"]
    no = next(r["referral_no"] for r in referrals if r["department"] == "civil")
    civil = yimen.acting_as("civil")
    assert no in civil("referral", "receive", full(no)).out
    civil("referral", "accept", full(no))
    handled(yimen.home, no)
    yimen.acting_as("civil")(
        "referral", "decide", full(no), "granted", "--amount", full("250"), "--basis", "SAL §18",
        "--from", full("2026-12"),
    )  # fmt: skip
    yimen("referral", "complete", full(no))
    yimen("household", "show", full(household))
    yimen("application", "progress", full(application))
    yimen("print", "decision", full(no))
