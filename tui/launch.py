"""Starts the clerk's screen once the terminal is known to be fit for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.rules.catalogue import Catalogue, Names


def run(
    desk: Desk, read_catalogue: Callable[[], Catalogue], read_names: Callable[[], Names]
) -> int:
    """Runs until the clerk leaves; the exit code is that of a signal, or 0. A fault is raised."""
    from yimen.tui.app import ClerkApp

    app = ClerkApp(desk, read_catalogue, read_names)
    app.run(mouse=False)
    if app.fault is not None:
        raise app.fault
    return app.return_code or 0
