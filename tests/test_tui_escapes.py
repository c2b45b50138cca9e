"""Esc and the key after it are two keys, however quickly a hand types them."""

from __future__ import annotations

import pytest

from yimen.tui.escapes import ESC, Escapes


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("\x1bd", [ESC, "d"]),
        ("\x1b\r", [ESC, "\r"]),
        ("\x1b1", [ESC, "1"]),
        ("\x1b\x1bn", [ESC, ESC, "n"]),
        ("n\x1b王k", ["n", ESC, "王k"]),
        ("\x1b[B\x1bOQ", ["\x1b[B", "\x1bOQ"]),
        ("\x1b\x1b[B", [ESC, "\x1b[B"]),
        ("\x1b[<35;1", ["\x1b[<35;1"]),
    ],
)
def test_what_follows_esc_tells_a_sequence_from_two_keys(typed: str, pieces: list[str]) -> None:
    assert list(Escapes(0.5).feed(typed, 0.0)) == pieces


def test_a_lone_esc_waits_for_its_sequence_and_no_longer() -> None:
    escapes = Escapes(0.5)
    assert list(escapes.feed(ESC, 1.0)) == []
    assert not escapes.tick(1.4)
    assert list(escapes.feed("[B", 1.4)) == ["\x1b[B"]
    assert not escapes.tick(9.0)
    assert list(escapes.feed(ESC, 10.0)) == []
    assert escapes.tick(10.5)
    assert not escapes.tick(11.0)


def test_a_letter_that_comes_after_a_lone_esc_is_a_key_of_its_own() -> None:
    escapes = Escapes(0.5)
    assert list(escapes.feed(ESC, 1.0)) == []
    assert list(escapes.feed("n", 1.2)) == [ESC, "n"]
