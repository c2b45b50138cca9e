"""A county that purchases services, for the tests of purchases: each step in one short call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase import (
    acceptance,
    contracts,
    orders,
    payment,
    planning,
    publishing,
    tendering,
)
from yimen.core.casework.purchase.reading import Asked, Paper, find_purchase
from yimen.core.casework.selecting import current_roster
from yimen.core.clock import Clock
from yimen.core.records import Operator, Role
from yimen.core.store import roster
from yimen.core.store.purchases import Planned

TODAY = date(2026, 11, 20)
INDICATORS = {"on time": 40, "satisfaction": 60}
GOOD = {"on time": 90, "satisfaction": 80}
SUPPLIER = "Sunshine Social Work"


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def asked(text: str) -> Asked:
    """A1=4 or A2/half_hour=4."""
    name, __, number = text.partition("=")
    item, __, unit = name.partition("/")
    return Asked(item, int(number), unit or None)


@dataclass
class Buying:
    """The county's desk, a household it serves, and the steps of a purchase."""

    desk: Desk
    catalogue: Any
    household: str
    members: list[str]
    papers: int = field(default=0)

    def on(self, text: str) -> None:
        """Moves the clock."""
        self.desk.home.clock = Clock(date.fromisoformat(text))

    def somebody(self, *roles: Role, division: str = "370499000000", person: str = "P9") -> Desk:
        """Another person at work in the same home."""
        who = Operator(operator_no=f"x{person}", person_no=person, name="X", roles=list(roles),
                       division=division)  # fmt: skip
        return Desk(self.desk.home, who, "somebody")

    def paper(self) -> Paper:
        """A signed paper that nobody has seen before."""
        self.papers += 1
        return Paper(f"sheet-{self.papers}.jpg", f"{self.papers:064x}")

    def read(self, number: str) -> Planned:
        return find_purchase(self.desk.home.casework, number)

    def plan(self, *lines: str, title: str = "Visits", **more: Any) -> str:
        made = [asked(line) for line in lines or ["A1=100"]]
        return planning.plan(self.desk, self.catalogue, title, made, **more)

    def ask(self, number: str, on: str | None = None) -> None:
        planning.record_demand(self.desk, number, asked="forms", answers=40, day=day(on))

    def budget(self, number: str, yuan: int, on: str | None = None) -> None:
        planning.set_budget(self.desk, self.catalogue, number, amount_fen=yuan * 100, fund="work",
                            document="no. 12", indicators=INDICATORS, day=day(on))  # fmt: skip

    def method(self, number: str, name: str = "below_limit", on: str | None = None,
               approval: str = "") -> None:  # fmt: skip
        planning.choose_method(self.desk, self.catalogue, number, name, approval=approval,
                               day=day(on))  # fmt: skip

    def funded(self, *lines: str, yuan: int = 10_000, on: str | None = None, **more: Any) -> str:
        """A purchase with demand and budget."""
        number = self.plan(*lines, **more)
        self.ask(number, on)
        self.budget(number, yuan, on)
        return number

    def call(self, number: str, closes: str, on: str | None = None) -> None:
        tendering.call_for_bids(self.desk, number, closes_on=date.fromisoformat(closes),
                                day=day(on))  # fmt: skip

    def award(self, number: str, evaluated: str | None = None, reported: str | None = None,
              chosen: str | None = None, supplier: str = SUPPLIER) -> None:  # fmt: skip
        supplier = supplier if chosen else ""
        tendering.award(self.desk, number, supplier=supplier, evaluated_on=day(evaluated),
                        reported_on=day(reported), chosen_on=day(chosen))  # fmt: skip

    def sign(
        self, number: str, *lines: str, supplier: str = SUPPLIER, on: str | None = None,
        term: tuple[str, str] = ("2026-11-20", "2027-11-19"), stable: bool = False,
    ) -> str:  # fmt: skip
        """A contract with lines such as A1=100@50, a price in yuan."""
        priced = []
        for line in lines or ["A1=100@50"]:
            what, __, yuan = line.partition("@")
            priced.append(contracts.Priced(asked(what), int(yuan) * 100))
        first, last = map(date.fromisoformat, term)
        return contracts.sign(self.desk, self.catalogue, number, supplier=supplier,
                              supplier_code="52370499MJ0000001E", lines=priced,
                              term=contracts.Term(first, last, stable), paper=self.paper(),
                              day=day(on))  # fmt: skip

    def contracted(self, *lines: str) -> str:
        """A purchase below the limit with its contract of today."""
        priced = lines or ("A1=100@50",)
        number = self.funded(*(line.partition("@")[0] for line in priced))
        self.method(number)
        self.sign(number, *priced)
        return number

    def order(self, number: str, line: str = "A1=10", *, due: str | None = None,
              whom: orders.ForWhom | str | None = "", desk: Desk | None = None) -> str:  # fmt: skip
        for_whom = orders.ForWhom(self.household) if isinstance(whom, str) else whom
        return orders.order(desk or self.desk, self.catalogue, number, asked(line), for_whom,
                            due_on=day(due))  # fmt: skip

    def deliver(self, order_no: str, quantity: int, *, by: str | None = None,
                on: str | None = None, paper: Paper | None = None) -> str:  # fmt: skip
        return acceptance.deliver(self.desk, self.catalogue, order_no, quantity=quantity,
                                  received_by=by or self.members[0],
                                  paper=paper or self.paper(), day=day(on))  # fmt: skip

    def accept(self, order_no: str, quantity: int, *, by: list[str] | None = None,
               reason: str = "", on: str | None = None, guardian: str = "") -> str:  # fmt: skip
        signers = self.members[:1] if by is None else by
        return acceptance.accept(self.desk, self.catalogue, order_no, quantity=quantity,
                                 signed_by=signers, unsigned_reason=reason, guardian=guardian,
                                 paper=self.paper(), day=day(on))  # fmt: skip

    def served(self, number: str, quantity: int, line: str = "A1") -> str:
        """An order that was delivered and accepted whole; its number."""
        order_no = self.order(number, f"{line}={quantity}")
        self.deliver(order_no, quantity)
        self.accept(order_no, quantity)
        return order_no

    def score(self, number: str, **points: int) -> int:
        given = {name.replace("_", " "): n for name, n in points.items()} or GOOD
        return payment.score(self.desk, number, given)

    def draw(self, number: str, quantities: dict[int, int] | None = None, reason: str = "") -> str:
        return payment.draw(self.desk, self.catalogue, number, quantities, reason=reason)

    def publish(self, number: str, what: str, on: str | None = None) -> None:
        publishing.publish(self.desk, number, what, where="notice board", day=day(on))


def rows_of(buying: Buying) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all the purchases' tables."""
    tables = ("purchase", "purchase_line", "purchase_act", "purchase_contract", "contract_line",
              "service_order", "order_end", "service_delivery", "service_acceptance",
              "purchase_payment", "payment_line", "payment_end")  # fmt: skip
    conn = buying.desk.home.casework.conn
    return {t: conn.execute(f"SELECT * FROM {t} ORDER BY rowid").fetchall() for t in tables}


@pytest.fixture
def buying(desk: Desk, shared_catalogue: Any, truth: Any) -> Buying:
    """The first operator purchases for the family of a story."""
    household = truth["stories"]["eligible"]["household_no"]
    table = current_roster(desk, shared_catalogue, TODAY)
    rows = roster.find_rows(desk.home, table, "household_no", [household])
    return Buying(desk, shared_catalogue, household, [row[1] for row in rows])
