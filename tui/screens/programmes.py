"""The programme library: any word of a name, a condition or a department finds its programmes."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.documents.lists import library_page
from yimen.core.i18n import _
from yimen.core.render.page import page_text
from yimen.core.rules.library import search_programmes
from yimen.tui.keys import BACK, OTHER_PART, SEARCH
from yimen.tui.page import Page
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.fields import Entry, Field, NextWanted
from yimen.tui.widgets.listing import Column, Listing


class ProgrammesPage(Page):
    """A word and Enter searches; Enter on a line opens the programme with its law."""

    CSS_PATH = "programmes.tcss"
    KEYS = (SEARCH, OTHER_PART, BACK)
    AUTO_FOCUS = "Entry"

    def place(self) -> str:
        return _("Programmes")

    def body(self) -> ComposeResult:
        yield Entry(Field("word", "", hint=_("a word, as illness or school; empty shows all")))
        yield Listing(
            [
                Column(12, "number"),
                Column(36, "programme", grows=True),
                Column(16, "department"),
                Column(15, "found in"),
            ]
        )

    def load(self) -> None:
        self.head()
        self._search("")

    def _search(self, word: str) -> None:
        catalogue = self.catalogue
        if word:
            rows = [
                (str(found["programme"]), str(found["name"]), str(found["department"]),
                 ", ".join(found["found_in"]))  # type: ignore[arg-type]
                for found in search_programmes(catalogue, word)
            ]  # fmt: skip
        else:
            rows = [
                (p.programme, p.names.text(), p.department, "")
                for p in sorted(catalogue.programmes.values(), key=lambda p: p.programme)
            ]
        departments = catalogue.departments
        self.query_one(Listing).fill(
            [
                (number, [number, name, departments[body].names.text(), where])
                for number, name, body, where in rows
            ]
        )
        self.say(_("Programmes found: {n}.").format(n=len(rows)))

    def action_next(self) -> None:
        """The arrow down from the word: into what was found."""
        self.set_focus(self.query_one(Listing))

    def on_next_wanted(self, message: NextWanted) -> None:
        message.stop()
        self._search(self.query_one(Entry).answer)
        listing = self.query_one(Listing)
        if listing.row_count:
            self.set_focus(listing)

    def on_data_table_row_selected(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen is not None:
            day = self.desk.home.clock.today()
            self.clerk.open(
                TextPage(
                    self.catalogue.programme(chosen).names.text(),
                    lambda: list(page_text(library_page(self.catalogue, day, [chosen]))),
                )
            )
