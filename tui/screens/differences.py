"""Two people filled in the same form: each field that differs, and whose word is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult

from yimen.core.casework.drafts import Difference
from yimen.core.i18n import _
from yimen.tui.acting import ActsPage
from yimen.tui.keys import BACK, DIGITS, SAVE, Act
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field
from yimen.tui.widgets.listing import Column, Listing


class DifferencesPage(ActsPage):
    """1 keeps what the other saved, 2 what was typed here; F12 goes back to the form with it."""

    CSS_PATH = "differences.tcss"
    KEYS = (DIGITS, SAVE, BACK)

    def __init__(
        self,
        found: Sequence[Difference],
        fields: Mapping[str, Field],
        by: str,
        settle: Callable[[dict[str, str]], None],
    ) -> None:
        super().__init__()
        self._found = {d.field: d for d in found}
        self._fields, self._by, self._settle = fields, by, settle
        self._mine: set[str] = set()

    def place(self) -> str:
        return _("Differences")

    def body(self) -> ComposeResult:
        yield Line(id="who")
        yield Listing(
            [
                Column(26, "field", grows=True), Column(12, "at first"), Column(14, "theirs"),
                Column(14, "mine"), Column(12, "kept"),
            ]
        )  # fmt: skip
        yield from self.act_lines()

    def load(self) -> None:
        self.head()
        self.query_one("#who", Line).show(
            _("{by} saved this application while you were filling it in.").format(by=self._by)
        )
        self._show()
        self.show_acts(
            [
                Act(_("Keep theirs"), self._keep_theirs),
                Act(_("Keep mine"), self._keep_mine),
            ]
        )
        if not self._found:
            self.say(_("No field differs. F12 goes back to the form."))

    def _show(self) -> None:
        listing = self.query_one(Listing)
        rows = [
            (
                name,
                [self._fields[name].label, *self._words(name, d.before, d.theirs, d.mine),
                 _("mine") if name in self._mine else _("theirs")],
            )
            for name, d in self._found.items()
        ]  # fmt: skip
        listing.fill(rows, at=listing.chosen)

    def _words(self, name: str, *answers: str) -> list[str]:
        return [self._fields[name].words(answer) for answer in answers]

    def _keep_theirs(self) -> None:
        self._mine.discard(self.query_one(Listing).chosen or "")
        self._show()

    def _keep_mine(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            self._mine.add(chosen)
            self._show()

    def action_save(self) -> None:
        kept = {n: d.mine if n in self._mine else d.theirs for n, d in self._found.items()}
        self.clerk.back()
        self._settle(kept)
