"""P: the papers of what stands here, each as text to be read, and to a file for the printer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from yimen.core.documents.prints import PRINTS, printed_page
from yimen.core.i18n import _
from yimen.core.render.document import PAGE_WIDTH, wide
from yimen.core.render.page import Block, page_text
from yimen.core.words.papers import paper_name
from yimen.tui.acting import ActsPage
from yimen.tui.keys import BACK, DIGITS, OPEN, Act, Key
from yimen.tui.page import Page
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.listing import Column, Listing

# The folder of a home in which the sheets for the printer are laid.
FOLDER = "prints"


class PapersPage(Page):
    """The kinds of paper that numbers of these letters can have; Enter shows one."""

    CSS_PATH = "papers.tcss"
    KEYS = (OPEN, BACK)

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__()
        self._numbers = numbers

    def place(self) -> str:
        return _("Print")

    def body(self) -> ComposeResult:
        yield Listing([Column(14, "number"), Column(40, "what is printed", grows=True)])

    def load(self) -> None:
        self.head()
        self.query_one(Listing).fill(
            [
                (f"{kind} {number}", [number, paper_name(kind)])
                for number in self._numbers
                for kind, (letters, __) in PRINTS.items()
                if number[0] in letters
            ]
        )

    def on_data_table_row_selected(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen is None:
            return
        kind, number = chosen.split(" ")
        with self.refusals():
            # The page is made here, so that what is missing for it is said in this list.
            blocks = printed_page(self.desk, self.catalogue, kind, number)
            self.clerk.open(PaperPage(kind, number, blocks))


class PaperPage(TextPage, ActsPage):
    """A paper as it prints; 1 and 2 lay it into the home's folder for the printer."""

    KEYS: ClassVar[tuple[Key, ...]] = (DIGITS, *TextPage.KEYS)

    def __init__(self, kind: str, number: str, blocks: Sequence[Block]) -> None:
        super().__init__(paper_name(kind), self._printed)
        self._kind, self._number, self._blocks = kind, number, blocks

    def body(self) -> ComposeResult:
        yield from super().body()
        yield from self.act_lines()

    def _printed(self) -> list[str]:
        """As wide as the paper, whatever the screen."""
        with wide(PAGE_WIDTH):
            return list(page_text(self._blocks))

    def load(self) -> None:
        super().load()
        self.show_acts(
            [
                Act(_("Text to a file"), lambda: self._file("txt")),
                Act(_("A4 sheet to a file"), lambda: self._file("html")),
            ]
        )

    def _file(self, suffix: str) -> None:
        from yimen.core.render.paper import page_html
        from yimen.core.render.sheet_file import write_copy

        with self.refusals():
            made = page_text(self._blocks)
            text = page_html(self._blocks) if suffix == "html" else "\n".join(made)
            folder = self.desk.home.path / FOLDER
            path = write_copy(folder, f"{self._number}-{self._kind}", suffix, text)
            self.say(_("Written: {file}").format(file=path))
