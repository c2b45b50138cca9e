"""The families of an ID number that several people have; Enter opens the one that is meant."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.errors import SharedNumber
from yimen.core.i18n import _
from yimen.tui.keys import BACK, OPEN
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_number
from yimen.tui.widgets.bars import Words
from yimen.tui.widgets.listing import Column, Listing


class FamiliesPage(Page):
    """What was refused, and the families of the operator's division to choose from."""

    CSS_PATH = "families.tcss"
    KEYS = (OPEN, BACK)

    def __init__(self, shared: SharedNumber) -> None:
        super().__init__()
        self._shared = shared

    def place(self) -> str:
        return _("Which family")

    def body(self) -> ComposeResult:
        yield Words(self._shared.what, id="told")
        yield Listing([Column(12, "household"), Column(24, "name", grows=True)])

    def load(self) -> None:
        self.head()
        self.query_one(Listing).fill([(no, [no, name]) for no, name in self._shared.families])

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            with self.refusals():
                open_number(self.clerk, chosen)
