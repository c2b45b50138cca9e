"""Orders of services: which household waits for what, what was delivered, what was accepted."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.purchase.listing import order_lines, show_order
from yimen.core.documents.purchase_text import order_text
from yimen.core.i18n import _
from yimen.core.purchase_records import ServiceOrderLine
from yimen.core.words.purchases import purchase_state_name
from yimen.tui.acting import ActsPage
from yimen.tui.keys import BACK, DIGITS, FAMILY, OPEN, PAGE_DOWN, PRINT, RANGE, RELOAD, Act
from yimen.tui.page import Page
from yimen.tui.screens.deed import deed_acts
from yimen.tui.screens.text import LongPage
from yimen.tui.widgets.listing import MOST_ROWS, Column, Listing
from yimen.tui.widgets.scroll import Scroll


class OrdersPage(Page):
    """The orders of a purchase or a household, or all within the place; Enter opens one."""

    CSS_PATH = "orders.tcss"
    KEYS = (OPEN, RANGE, RELOAD, BACK)

    def __init__(self, purchase_no: str | None = None, household_no: str | None = None) -> None:
        super().__init__()
        self._purchase, self._household = purchase_no, household_no
        self._open_only = purchase_no is None and household_no is None
        self._first = 0
        self._lines: list[ServiceOrderLine] = []

    def place(self) -> str:
        return _("Orders")

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column(4, ""),
                Column(12, "number"),
                Column(10, "household"),
                Column(18, "service", grows=True),
                Column(9, "quantity", right=True),
                Column(10, "delivered", right=True),
                Column(6, "taken", right=True),
                Column(11, "due"),
            ]
        )

    def load(self) -> None:
        found = order_lines(self.desk, purchase_no=self._purchase, household_no=self._household)
        self._lines = [
            line for line in found if not self._open_only or line.state in ("open", "delivered")
        ]
        late = sum(line.overdue for line in self._lines)
        self.head(_("orders: {total}, late: {late}").format(total=len(self._lines), late=late))
        self._show()
        self.say("" if self._lines else _("Nothing is open here."))

    def _show(self) -> None:
        listing = self.query_one(Listing)
        shown = self._lines[self._first : self._first + MOST_ROWS]
        listing.fill([(line.order_no, self._cells(line)) for line in shown], at=listing.chosen)

    def _cells(self, line: ServiceOrderLine) -> list[str]:
        known = self.catalogue.service_items.get(line.item)
        marks = {"open": "[ ]", "delivered": "[?]", "accepted": "[v]", "ended": "[-]"}
        return [
            "[X]" if line.overdue else marks[line.state],
            line.order_no,
            line.household_no or "",
            f"{line.item} {known.names.text() if known else ''}",
            str(line.quantity),
            str(line.delivered),
            str(line.accepted),
            line.due_on,
        ]

    def on_listing_page_wanted(self, message: Listing.PageWanted) -> None:
        first = self._first + message.step * MOST_ROWS
        if 0 <= first < len(self._lines):
            self._first = first
            self._show()

    def action_range(self) -> None:
        self._open_only, self._first = not self._open_only, 0
        self.action_reload()

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(OrderPage(chosen))


class OrderPage(LongPage, ActsPage):
    """One order with its deliveries and acceptances; digits record the next one."""

    CSS_PATH = "orders.tcss"
    KEYS = (DIGITS, FAMILY, PRINT, PAGE_DOWN, RELOAD, BACK)
    AUTO_FOCUS = "Scroll"

    def __init__(self, order_no: str) -> None:
        super().__init__()
        self.order_no = order_no

    def place(self) -> str:
        return _("Order")

    def body(self) -> ComposeResult:
        yield Scroll()
        yield from self.act_lines()

    def standing(self) -> str:
        return purchase_state_name("overdue" if self._order.overdue else self._order.state)

    def load(self) -> None:
        order = show_order(self.desk, self.catalogue, self.order_no)
        self._order = order
        self.query_one(Scroll).show(lambda: order_text(order, self.catalogue))
        self.on_scroll_moved()
        deeds = {"open": ["deliver", "accept", "cancel"], "delivered": ["accept", "cancel"]}
        self.show_acts(
            [
                *deed_acts(self, self.order_no, deeds.get(order.state, [])),
                Act(_("Its purchase"), self._purchase),
            ]
        )

    def _purchase(self) -> None:
        from yimen.tui.screens.purchase import PurchasePage

        self.clerk.open(PurchasePage(self._order.purchase_no))

    def action_family(self) -> None:
        from yimen.tui.screens.household import HouseholdPage

        if self._order.household_no is None:
            self.say(_("The order is for the office's own work."))
        else:
            self.clerk.open(HouseholdPage(self._order.household_no))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.order_no, self._order.purchase_no]))
