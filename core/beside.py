"""Work done in a thread beside other work, where it does not hold Python up."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")


class Beside(Generic[Made]):
    """What a function makes, while its caller goes on; an error is the taker's."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: Made
        self._error: BaseException | None = None
        self._thread = Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._made = self._make()
        except BaseException as error:  # noqa: BLE001 - who takes it raises it
            self._error = error

    def result(self) -> Made:
        """Waits for it, and raises what went wrong in the making."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._made
