"""Departments' screens as guests of the program: opened on request, closed alone when they fail."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import WorkerFailed

from yimen.core.i18n import _
from yimen.tui.page import LEAVING

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue


class GuestScreens(App[None]):
    """The part of the program that lets strangers' screens in; each fault stays its screen's."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the departments declare."""
        raise NotImplementedError

    def tell(self, words: str) -> None:
        """Writes the message line of the screen on top."""
        raise NotImplementedError

    def open_department_screen(self, name: str) -> None:
        """Opens a department's screen; what is wrong with it is said, and nothing else happens."""
        from yimen.tui.department_screen import check_style, load_screen

        declared = self.catalogue.screens[name]
        try:
            page = load_screen(declared.entry)
            page.declared_name = declared.names.text()
            check_style(self, page)
        except (Exception, *LEAVING) as error:  # noqa: BLE001 - a stranger may raise anything
            self.tell(self._broken(declared.names.text(), error))
            return
        self.push_screen(page)

    @staticmethod
    def _broken(name: str, error: BaseException) -> str:
        from yimen.tui.department_screen import WouldLeave

        kind = str(error) if isinstance(error, WouldLeave) else type(error).__name__
        return _(
            "! The screen {name} failed ({error}) and was closed. Tell its department."
        ).format(name=name, error=kind)

    async def run_action(self, *action: Any, **named: Any) -> bool:
        """Runs a key's action; in the program's own pump a stranger's fault would end it."""
        try:
            return await super().run_action(*action, **named)
        except (Exception, *LEAVING) as error:
            if not self._closed_department_screen(error):
                raise
            return True

    def _closed_department_screen(self, error: BaseException) -> bool:
        """Closes the department's screen in whose code an error arose; False where it was ours."""
        from yimen.tui.department_screen import DepartmentScreen, screen_at_fault

        if isinstance(error, WorkerFailed):
            error = error.error
        page = screen_at_fault(self, error)
        if not isinstance(page, DepartmentScreen):
            return False
        name = page.declared_name
        if page in self.screen_stack:
            while self.screen is not page:
                self.pop_screen()
            self.pop_screen()
        self.call_later(self.tell, self._broken(name, error))
        return True
