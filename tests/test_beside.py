"""What is done in a thread beside other work is waited for by who takes it."""

from __future__ import annotations

from threading import Event, current_thread

import pytest

from yimen.core.beside import Beside


def test_what_was_made_beside_is_taken_when_it_is_asked_for() -> None:
    begun, may_end = Event(), Event()

    def made() -> str:
        begun.set()
        assert may_end.wait(10)
        return current_thread().name

    beside = Beside(made)
    assert begun.wait(10)
    may_end.set()
    assert beside.result() == beside.result() != current_thread().name


def test_an_error_in_the_making_is_the_takers() -> None:
    beside: Beside[int] = Beside(lambda: 1 // 0)
    for _attempt in range(2):
        with pytest.raises(ZeroDivisionError):
            beside.result()
