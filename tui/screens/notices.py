"""Public notices: what hangs and until when, what hangs too long; each notice with its deeds."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from yimen.core.casework.notice_kinds import kind_name
from yimen.core.casework.notice_reading import notice_lines, show_notice
from yimen.core.divisions import division_name
from yimen.core.documents.public_notice import notice_page
from yimen.core.i18n import _
from yimen.core.print_records import NoticeLine
from yimen.core.render.page import page_text
from yimen.core.words.papers import notice_act_name, notice_state_name
from yimen.tui.acting import ActsPage
from yimen.tui.keys import BACK, DIGITS, NUMBER, OPEN, PRINT, RANGE, RELOAD, Key
from yimen.tui.screens.deed import deed_acts
from yimen.tui.screens.posting import POSTING_OF
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.listing import MOST_ROWS, Column, Listing

_MARKS = {"posted": "[~]", "overdue": "[X]", "taken_down": "[v]"}


class NoticesPage(ActsPage):
    """The notices of one's place that hang, those past their last day first; O shows all."""

    CSS_PATH = "payments.tcss"
    KEYS = (OPEN, DIGITS, RANGE, NUMBER, RELOAD, BACK)
    FRESH = True

    def __init__(self) -> None:
        super().__init__()
        self._all = False

    def place(self) -> str:
        return _("Notices")

    def body(self) -> ComposeResult:
        yield Line(id="range")
        yield Listing(
            [
                Column(4, ""),
                Column(12, "number"),
                Column(13, "kind", grows=True),
                Column(8, "place"),
                Column(9, "families", right=True),
                Column(11, "posted on"),
                Column(11, "last day"),
                Column(11, "objections", right=True),
            ]
        )
        yield from self.act_lines()

    def load(self) -> None:
        found = [
            line for line in notice_lines(self.desk) if self._all or line.state != "taken_down"
        ]
        found.sort(key=lambda line: (line.state != "overdue", line.last_day))
        late = sum(line.state == "overdue" for line in found)
        self.head(_("{late} to be taken down").format(late=late))
        self.query_one("#range", Line).show(_("all") if self._all else _("hanging"))
        listing = self.query_one(Listing)
        rows = [(line.notice_no, self._cells(line)) for line in found[:MOST_ROWS]]
        listing.fill(rows, at=listing.chosen)
        self.show_acts(deed_acts(self, "", ["notice_post"]))
        self.say("" if found else _("No notice hangs."))

    @staticmethod
    def _cells(line: NoticeLine) -> list[str]:
        return [
            _MARKS[line.state],
            line.notice_no,
            kind_name(line.kind),
            division_name(f"{line.division[:9]}000"),
            str(line.families),
            line.posted_on,
            line.last_day,
            str(line.objections or ""),
        ]

    def action_range(self) -> None:
        self._all = not self._all
        self.action_reload()

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(NoticePage(chosen))


class NoticePage(TextPage, ActsPage):
    """A notice as it hangs, what was said against it, and what may be done with it."""

    KEYS: ClassVar[tuple[Key, ...]] = (DIGITS, PRINT, *TextPage.KEYS)

    def __init__(self, notice_no: str) -> None:
        super().__init__(_("Notice"), self._text)
        self.notice_no = notice_no

    def body(self) -> ComposeResult:
        yield from super().body()
        yield from self.act_lines()

    def _text(self) -> list[str]:
        notice = self._notice
        told = [f"{notice.line.notice_no}  {notice_state_name(notice.line.state)}"]
        told += [f"{day}  {notice_act_name(act)}  {note}" for act, day, note in notice.acts]
        told += [_("Referral {no}").format(no=e.referral_no) for e in notice.entries if not e.gone]
        return [*told, "", *page_text(list(notice_page(notice, self.catalogue, self.desk)))]

    def load(self) -> None:
        self._notice = show_notice(self.desk, self.notice_no)
        super().load()
        down = self._notice.line.state == "taken_down"
        self.show_acts(deed_acts(self, self.notice_no, () if down else POSTING_OF["notice"]))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.notice_no]))
