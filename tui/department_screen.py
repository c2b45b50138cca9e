"""A department's own screen: a Page like any other, whose faults stay its own.

Its code is a stranger's. Whatever it raises closes it with a message; the clerk's other screens and
what was typed into them stay.
"""

from __future__ import annotations

from importlib import import_module
from types import TracebackType

from textual._context import active_message_pump
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import Screen

from yimen.core.i18n import _
from yimen.tui.page import LEAVING, Page


class DepartmentScreen(Page):
    """Base of departments' screens: give `body` and `load`, and KEYS with actions of your own.

    `self.desk` is the operator at work, whom every casework function asks for permission;
    `self.say` writes the message line. A style file beside it is named by CSS_PATH.
    """

    declared_name = ""

    def place(self) -> str:
        return self.declared_name

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except LEAVING as error:
            raise WouldLeave(type(error).__name__) from error


class WouldLeave(Exception):
    """A department's code that wanted to end the program; its text is what it raised."""


def load_screen(entry: str) -> DepartmentScreen:
    """The screen that `package.module:Class` names; `TypeError` where it is none."""
    module, __, name = entry.partition(":")
    made = getattr(import_module(module), name)()
    if not isinstance(made, DepartmentScreen):
        raise TypeError(_("{entry} is not a DepartmentScreen").format(entry=entry))
    return made


def check_style(app: App[None], page: DepartmentScreen) -> None:
    """Reads a screen's style as opening it would, apart: one that is wrong would stay for all."""
    sheet = app.stylesheet.copy()
    for path in page.css_path:
        sheet.read(path)
    if page.CSS:
        sheet.add_source(page.CSS)
    sheet.parse()


def screen_at_fault(app: App[None], error: BaseException) -> Screen[None] | None:
    """The screen whose handler or worker was running, or in whose class the error was raised."""
    pump: object = active_message_pump.get(app)
    for worker in app.workers:
        if worker.error is error:
            pump = worker.node
    while isinstance(pump, DOMNode) and not isinstance(pump, Screen | App):
        pump = pump.parent
    if isinstance(pump, Screen):
        return pump
    # Actions run in the program's own pump; the frames tell whose code it was.
    frames = _selves(error.__traceback__)
    return next((self for self in frames if isinstance(self, DepartmentScreen)), None)


def _selves(trace: TracebackType | None) -> list[object]:
    """The `self` of each frame of a traceback, innermost last."""
    found = []
    while trace is not None:
        found.append(trace.tb_frame.f_locals.get("self"))
        trace = trace.tb_next
    return found
