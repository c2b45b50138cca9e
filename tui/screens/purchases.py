"""F7: the purchases of services, each with the step that it stands at and its money."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.purchase.listing import purchase_lines
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.purchase_records import PurchaseLine
from yimen.core.words.work import step_state_mark
from yimen.tui.acting import ActsPage
from yimen.tui.keys import BACK, DIGITS, OPEN, RANGE, RELOAD, Act
from yimen.tui.screens.deed import deed_acts
from yimen.tui.screens.purchase import PurchasePage, step_names
from yimen.tui.widgets.listing import Column, Listing


class PurchasesPage(ActsPage):
    """Enter opens a purchase with its eleven steps."""

    CSS_PATH = "purchases.tcss"
    KEYS = (OPEN, DIGITS, RANGE, RELOAD, BACK)

    def __init__(self) -> None:
        super().__init__()
        self._open_only = True

    def place(self) -> str:
        return _("Purchases")

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column(4, ""),
                Column(12, "number"),
                Column(20, "title", grows=True),
                Column(10, "step", grows=True),
                Column(11, "due"),
                Column(11, "budget", right=True),
                Column(11, "paid", right=True),
            ]
        )
        yield from self.act_lines()

    def load(self) -> None:
        found = purchase_lines(self.desk, self.catalogue, open_only=self._open_only)
        budget = sum(line.budget_fen or 0 for line in found)
        paid = sum(line.paid_fen for line in found)
        self.head()
        listing = self.query_one(Listing)
        listing.fill([(line.purchase_no, _cells(line)) for line in found], at=listing.chosen)
        self.show_acts(
            [
                *deed_acts(self, "", ["plan"]),
                Act(_("Orders"), self._orders),
                Act(_("Payments"), self._payments),
            ]
        )
        self.say(
            _("budget {budget}, paid {paid}").format(
                budget=format_yuan(budget), paid=format_yuan(paid)
            )
            if found
            else _("Nothing is open here.")
        )

    def _orders(self) -> None:
        from yimen.tui.screens.orders import OrdersPage

        self.clerk.open(OrdersPage())

    def _payments(self) -> None:
        from yimen.tui.screens.payments import PaymentsPage

        self.clerk.open(PaymentsPage())

    def action_range(self) -> None:
        self._open_only = not self._open_only
        self.action_reload()

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(PurchasePage(chosen))


def _cells(line: PurchaseLine) -> list[str]:
    if line.step is None or line.state is None:
        mark, step = ("[-]", _("stopped")) if line.stopped else ("[v]", _("done"))
    else:
        mark, step = step_state_mark(line.state), step_names()[line.step]
    return [
        "[X]" if line.overdue else mark,
        line.purchase_no,
        line.title,
        step,
        line.due_on or "",
        "" if line.budget_fen is None else format_yuan(line.budget_fen),
        format_yuan(line.paid_fen),
    ]
