"""F3: one ID number in, one family file out."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from yimen.core.i18n import _
from yimen.tui.keys import BACK, SEARCH
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_number
from yimen.tui.widgets.bars import Words
from yimen.tui.widgets.cells import fitted
from yimen.tui.widgets.fields import Entry, Field, NextWanted


class QueryPage(Page):
    """A number is typed; the family's file opens, or the case that the number names."""

    CSS_PATH = "query.tcss"
    KEYS = (SEARCH, BACK)

    def place(self) -> str:
        return _("Family")

    def body(self) -> ComposeResult:
        yield Static(fitted(_("ID number or case number"), 30), markup=False, id="asked")
        yield Entry(Field("number", _("ID number or case number"), "text"))
        yield Words(
            _("Type the 18 signs of the ID card, or a number that begins with A (application),"
              " R (referral), H (household), V (overlap), G (purchase), D (order), F (payment),"
              " N (notice) or B (aid granted). Short forms will do: A42."),
            id="hint",
        )  # fmt: skip

    def load(self) -> None:
        self.head()

    def on_next_wanted(self, message: NextWanted) -> None:
        message.stop()
        entry = self.query_one(Entry)
        if entry.answer:
            with self.refusals():
                open_number(self.clerk, entry.answer)
