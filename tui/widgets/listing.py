"""A list of records, a page at a time, with the terminal's cursor on the chosen row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.coordinate import Coordinate
from textual.events import Focus, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import DataTable

from yimen.core.i18n import _
from yimen.core.marks import shown
from yimen.tui.widgets.cells import cell, fitted, width_of, wrapped

# A table of more rows is slow to build on an old machine; further rows come by the page.
MOST_ROWS = 200


@dataclass(frozen=True)
class Column:
    """A column's width and title; the one that grows takes what a wider window has to spare.

    A text longer than its column is cut, so that a row is one line; in one that wraps it goes on
    below, and the row takes as many lines as its longest text.
    """

    width: int
    title: str
    right: bool = False
    grows: bool = False
    wraps: bool = False


class Listing(DataTable[Text]):
    """Rows of plain text under fixed columns; each row has a key."""

    @dataclass
    class PageWanted(Message):
        """The clerk went past the last row (+1) or the first (-1)."""

        listing: Listing
        step: int

        @property
        def control(self) -> Listing:
            return self.listing

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        super().__init__(
            cursor_type="row", show_header=any(c.title for c in columns), cell_padding=0, id=id,
            zebra_stripes=False,
        )  # fmt: skip
        self._shape = columns
        self._content: list[tuple[str, Sequence[str]]] = []
        self._drawn_at = 0

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self, event: Resize) -> None:
        if self.app.size.width != self._drawn_at:
            self._draw(keep=True)

    def fill(self, rows: Sequence[tuple[str, Sequence[str]]], *, at: str | None = None) -> None:
        """Shows other rows: (key, cells); the cursor goes to the key `at`, else to the first."""
        self._content = list(rows)[:MOST_ROWS]
        if self.is_mounted:
            self._draw(at=at)

    def reshape(self, columns: Sequence[Column]) -> None:
        """Other columns, for the rows that are filled in next."""
        self._shape, self._content = columns, []
        self.show_header = any(c.title for c in columns)

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        if not self._content or self.cursor_row >= len(self._content):
            return None
        return self._content[self.cursor_row][0]

    @property
    def cut(self) -> list[str]:
        """The texts of the chosen row that are longer than their columns, in full."""
        if self.chosen is None:
            return []
        __, cells = self._content[self.cursor_row]
        return [
            text
            for text, column, width in zip(cells, self._shape, self._widths(), strict=True)
            if not column.wraps and width_of(shown(text)) > width - 1
        ]

    def _draw(self, *, at: str | None = None, keep: bool = False) -> None:
        self._drawn_at = self.app.size.width
        row = self.cursor_row if keep else 0
        if at is not None:
            row = next((n for n, (key, __) in enumerate(self._content) if key == at), 0)
        widths = self._widths()
        with self.prevent(DataTable.RowHighlighted):
            self.clear(columns=True)
            for column, width in zip(self._shape, widths, strict=True):
                title = Text(fitted(_(column.title), width - 1, right=column.right) + " ")
                self.add_column(title, width=width)
            for __, cells in self._content:
                row_cells = [
                    wrapped(text, width) if c.wraps else cell(text, width, right=c.right)
                    for text, c, width in zip(cells, self._shape, widths, strict=True)
                ]
                self.add_row(
                    *row_cells, height=max(text.plain.count("\n") + 1 for text in row_cells)
                )
            self.move_cursor(row=row, animate=False)
        if self._content:
            self.post_message(self.RowHighlighted(self, row, self.ordered_rows[row].key))

    def _widths(self) -> list[int]:
        # One column is kept for the scrollbar, so that rows do not move when it appears.
        spare = self.app.size.width - 1 - sum(c.width for c in self._shape)
        growing = max(1, sum(c.grows for c in self._shape))
        return [c.width + (max(0, spare) // growing if c.grows else 0) for c in self._shape]

    def on_focus(self, event: Focus) -> None:
        self.point()

    def watch_cursor_coordinate(
        self, old_coordinate: Coordinate, new_coordinate: Coordinate
    ) -> None:
        super().watch_cursor_coordinate(old_coordinate, new_coordinate)
        if self.has_focus:
            self.point()

    def point(self) -> None:
        """Puts the terminal's own cursor on the chosen row, where a screen reader looks."""
        top = self.content_region.y + (self.header_height if self.show_header else 0)
        above = sum(row.height for row in self.ordered_rows[: self.cursor_row])
        self.app.cursor_position = Offset(self.content_region.x, top + above - int(self.scroll_y))

    def action_scroll_home(self) -> None:
        """Home and End mean the first and the last row: there is nothing to move to sideways."""
        self.action_scroll_top()

    def action_scroll_end(self) -> None:
        self.action_scroll_bottom()

    def action_page_down(self) -> None:
        if self.cursor_row >= self.row_count - 1:
            self.post_message(self.PageWanted(self, 1))
        else:
            super().action_page_down()

    def action_page_up(self) -> None:
        if self.cursor_row == 0:
            self.post_message(self.PageWanted(self, -1))
        else:
            super().action_page_up()
