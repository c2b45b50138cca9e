"""Payments of purchases: drawn by one person, confirmed by another with the voucher."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.purchase.listing import payment_lines, show_payment
from yimen.core.documents.purchase_text import payment_text
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.purchase_records import PaymentLine
from yimen.core.words.purchases import purchase_state_name
from yimen.tui.acting import ActsPage
from yimen.tui.keys import BACK, DIGITS, OPEN, PAGE_DOWN, RELOAD, Act
from yimen.tui.page import Page
from yimen.tui.screens.deed import deed_acts
from yimen.tui.screens.text import LongPage
from yimen.tui.widgets.listing import Column, Listing
from yimen.tui.widgets.scroll import Scroll

_MARKS = {"drawn": "[?]", "paid": "[v]", "withdrawn": "[-]"}


class PaymentsPage(Page):
    """The payments of a purchase, or all; the newest stands first."""

    CSS_PATH = "payments.tcss"
    KEYS = (OPEN, PAGE_DOWN, RELOAD, BACK)

    def __init__(self, purchase_no: str | None = None) -> None:
        super().__init__()
        self._purchase = purchase_no

    def place(self) -> str:
        return _("Payments")

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column(4, ""),
                Column(12, "number"),
                Column(12, "purchase"),
                Column(11, "drawn on"),
                Column(10, "drawn by"),
                Column(12, "amount", right=True),
                Column(18, "state", grows=True),
            ]
        )

    def load(self) -> None:
        found = payment_lines(self.desk, purchase_no=self._purchase)
        waiting = sum(line.state == "drawn" for line in found)
        self.head(_("waiting for the second person: {n}").format(n=waiting))
        listing = self.query_one(Listing)
        listing.fill(
            [(line.payment_no, self._cells(line)) for line in reversed(found)], at=listing.chosen
        )
        self.say("" if found else _("No payment was drawn yet."))

    def _cells(self, line: PaymentLine) -> list[str]:
        return [
            _MARKS[line.state],
            line.payment_no,
            line.purchase_no,
            line.drawn_on,
            self.clerk.operator_name(line.drawn_by),
            format_yuan(line.amount_fen),
            purchase_state_name(line.state),
        ]

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(PaymentPage(chosen))


class PaymentPage(LongPage, ActsPage):
    """One payment with the quantities that it pays for."""

    CSS_PATH = "payments.tcss"
    KEYS = (DIGITS, PAGE_DOWN, RELOAD, BACK)
    AUTO_FOCUS = "Scroll"

    def __init__(self, payment_no: str) -> None:
        super().__init__()
        self.payment_no = payment_no

    def place(self) -> str:
        return _("Payment")

    def body(self) -> ComposeResult:
        yield Scroll()
        yield from self.act_lines()

    def standing(self) -> str:
        return purchase_state_name(self._payment.state)

    def load(self) -> None:
        self._payment = show_payment(self.desk, self.payment_no)
        self.query_one(Scroll).show(lambda: payment_text(self._payment))
        self.on_scroll_moved()
        left = ["confirm", "withdraw"] if self._payment.state == "drawn" else []
        self.show_acts(
            [*deed_acts(self, self.payment_no, left), Act(_("Its purchase"), self._purchase)]
        )

    def _purchase(self) -> None:
        from yimen.tui.screens.purchase import PurchasePage

        self.clerk.open(PurchasePage(self._payment.purchase_no))
