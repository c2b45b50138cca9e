"""Purchases of services as they are kept: rows that are only ever added to, read as they stand.

What an act may do is decided in the casework; this file reads and writes rows inside the caller's
transaction. Sums are made by the database, so that a gate reads a few numbers and not the orders.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from yimen.core.store.journal import canonical

if TYPE_CHECKING:
    from yimen.core.store.database import Database


class Line(Struct, frozen=True, kw_only=True):
    """A planned line: how much of an item, in one of its units."""

    item: str
    unit: str
    quantity: int


class Act(Struct, frozen=True, kw_only=True):
    """One act on a purchase; `body` is what it says beyond its day."""

    act: str
    on_day: str
    at: str
    operator: str
    body: dict[str, Any]


class PricedLine(Struct, frozen=True, kw_only=True):
    """A contract's line with the sums over its orders, deliveries, acceptances and payments.

    `undelivered` and `waiting` are what open orders still wait for: a delivery, an acceptance.
    """

    line_no: int
    item: str
    unit: str
    quantity: int
    unit_price_fen: int
    ordered: int = 0
    undelivered: int = 0
    delivered: int = 0
    waiting: int = 0
    accepted: int = 0
    scored: int = 0
    drawn: int = 0
    paid: int = 0


class SignedContract(Struct, frozen=True, kw_only=True):
    """A contract as it was signed."""

    contract_no: str
    supplier: str
    supplier_code: str
    signed_on: str
    from_day: str
    to_day: str
    stable: bool
    paper_name: str
    paper_sha256: str
    lines: list[PricedLine]

    @property
    def total_fen(self) -> int:
        """What the contract costs when all of it is delivered."""
        return sum(line.quantity * line.unit_price_fen for line in self.lines)


class Planned(Struct, frozen=True, kw_only=True):
    """A purchase with its lines, its acts from the first on, and its contract."""

    purchase_no: str
    title: str
    spec: str
    buyer: str
    planned_on: str
    operator: str
    lines: list[Line]
    acts: list[Act]
    contract: SignedContract | None

    def last(self, act: str) -> Act | None:
        """The newest act of this name."""
        return next((a for a in reversed(self.acts) if a.act == act), None)

    def day_of(self, act: str) -> str | None:
        """The day of the newest act of this name."""
        found = self.last(act)
        return found.on_day if found else None

    @property
    def budget_fen(self) -> int | None:
        """The budget as it was last set."""
        budget = self.last("budget")
        return None if budget is None else int(budget.body["amount_fen"])

    @property
    def method(self) -> str | None:
        """The method as it was last chosen, unless the budget was changed after it."""
        chosen = self.last("method")
        if chosen is None or self.acts.index(chosen) < max(
            n for n, act in enumerate(self.acts) if act.act == "budget"
        ):
            return None
        return str(chosen.body["method"])

    @property
    def approval(self) -> str:
        """The document that approved the method, empty where there is none."""
        chosen = self.last("method")
        return "" if chosen is None else str(chosen.body.get("approval", ""))

    @property
    def supplier(self) -> str | None:
        """The supplier of the contract, or before it the one that was chosen."""
        if self.contract is not None:
            return self.contract.supplier
        chosen = self.last("chosen")
        return None if chosen is None else str(chosen.body["supplier"])

    @property
    def stopped(self) -> bool:
        """Whether it was given up before its contract."""
        return self.last("stop") is not None


def insert(db: Database, table: str, row: Mapping[str, object]) -> None:
    """Adds one row to one of the purchases' tables."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    db.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


def add_act(
    db: Database, purchase_no: str, act: str, on_day: str, at: str, operator: str, body: object
) -> None:
    """Appends an act to a purchase's history."""
    row = {"purchase_no": purchase_no, "act": act, "on_day": on_day, "at": at,
           "operator": operator, "body": canonical(body)}  # fmt: skip
    insert(db, "purchase_act", row)


def find(db: Database, purchase_no: str) -> Planned | None:
    """The purchase with this number, as it stands now."""
    rows = list(db.query("SELECT * FROM purchase WHERE purchase_no = ?", [purchase_no]))
    return _planned(db, rows[0]) if rows else None


def of_contract(db: Database, contract_no: str) -> str | None:
    """The number of the purchase to which a contract belongs."""
    row = db.conn.execute(
        "SELECT purchase_no FROM purchase_contract WHERE contract_no = ?", [contract_no]
    ).fetchone()
    return str(row[0]) if row else None


def every(db: Database, buyer: str | None = None) -> list[Planned]:
    """All purchases, oldest first; those of one buyer where one is named."""
    where, values = ("WHERE buyer = ?", [buyer]) if buyer else ("", [])
    rows = list(db.query(f"SELECT * FROM purchase {where} ORDER BY rowid", values))
    return [_planned(db, row) for row in rows]


def _planned(db: Database, row: dict[str, Any]) -> Planned:
    number = row["purchase_no"]
    lines = db.query(
        "SELECT item, unit, quantity FROM purchase_line WHERE purchase_no = ? ORDER BY id",
        [number],
    )
    acts = db.query(
        "SELECT act, on_day, at, operator, body FROM purchase_act WHERE purchase_no = ?"
        " ORDER BY id",
        [number],
    )
    fields = {name: row[name] for name in ("purchase_no", "title", "spec", "buyer", "planned_on",
                                           "operator")}  # fmt: skip
    known = [Act(**{**act, "body": json.loads(act["body"])}) for act in acts]
    scored = max((int(a.body["up_to"]) for a in known if a.act == "score"), default=0)
    return Planned(
        **fields,
        lines=[Line(**line) for line in lines],
        acts=known,
        contract=_contract(db, number, scored),
    )


_CONTRACT = [f.name for f in structs.fields(SignedContract) if f.name != "lines"]
# A score counts for the acceptances up to a row; two of them may fall into one second.
# An order that was ended takes from the contract what was accepted under it, and no more.
_SUMS = """
WITH done AS (
  SELECT o.order_no, o.line_no, o.quantity, e.order_no IS NOT NULL AS ended,
    (SELECT COALESCE(SUM(d.quantity), 0) FROM service_delivery d
      WHERE d.order_no = o.order_no) AS delivered,
    (SELECT COALESCE(SUM(a.quantity), 0) FROM service_acceptance a
      WHERE a.order_no = o.order_no) AS accepted,
    (SELECT COALESCE(SUM(a.quantity), 0) FROM service_acceptance a
      WHERE a.order_no = o.order_no AND a.rowid <= ?) AS scored
  FROM service_order o LEFT JOIN order_end e ON e.order_no = o.order_no
  WHERE o.contract_no = ?
), worked AS (
  SELECT line_no, SUM(CASE WHEN ended THEN accepted ELSE quantity END) AS ordered,
    SUM(CASE WHEN ended THEN 0 ELSE quantity - delivered END) AS undelivered,
    SUM(delivered) AS delivered,
    SUM(CASE WHEN ended THEN 0 ELSE delivered - accepted END) AS waiting,
    SUM(accepted) AS accepted, SUM(scored) AS scored
  FROM done GROUP BY line_no
), money AS (
  SELECT l.line_no, SUM(CASE WHEN e."end" IS NULL OR e."end" = 'paid' THEN l.quantity ELSE 0 END)
    AS drawn, SUM(CASE WHEN e."end" = 'paid' THEN l.quantity ELSE 0 END) AS paid
  FROM payment_line l JOIN purchase_payment p ON p.payment_no = l.payment_no
  LEFT JOIN payment_end e ON e.payment_no = l.payment_no
  WHERE p.contract_no = ? GROUP BY l.line_no
)
SELECT c.line_no, c.item, c.unit, c.quantity, c.unit_price_fen,
  COALESCE(w.ordered, 0) AS ordered, COALESCE(w.undelivered, 0) AS undelivered,
  COALESCE(w.delivered, 0) AS delivered, COALESCE(w.waiting, 0) AS waiting,
  COALESCE(w.accepted, 0) AS accepted, COALESCE(w.scored, 0) AS scored,
  COALESCE(m.drawn, 0) AS drawn, COALESCE(m.paid, 0) AS paid
FROM contract_line c LEFT JOIN worked w ON w.line_no = c.line_no
LEFT JOIN money m ON m.line_no = c.line_no
WHERE c.contract_no = ? ORDER BY c.line_no
"""


def _contract(db: Database, purchase_no: str, scored: int) -> SignedContract | None:
    rows = list(
        db.query(
            f"SELECT {', '.join(_CONTRACT)} FROM purchase_contract WHERE purchase_no = ?",
            [purchase_no],
        )
    )
    if not rows:
        return None
    number = rows[0]["contract_no"]
    lines = db.query(_SUMS, [scored, number, number, number])
    values = {**rows[0], "stable": bool(rows[0]["stable"])}
    return SignedContract(**values, lines=[PricedLine(**line) for line in lines])


# -- orders --------------------------------------------------------------------------------------

_ORDERS = """
SELECT o.*, c.supplier, e.on_day AS ended_on, COALESCE(e.reason, '') AS end_reason,
  (SELECT COALESCE(SUM(quantity), 0) FROM service_delivery d WHERE d.order_no = o.order_no)
    AS delivered,
  (SELECT COALESCE(SUM(quantity), 0) FROM service_acceptance a WHERE a.order_no = o.order_no)
    AS accepted
FROM service_order o JOIN purchase_contract c ON c.contract_no = o.contract_no
LEFT JOIN order_end e ON e.order_no = o.order_no
"""


def orders(
    db: Database,
    *,
    order_no: str | None = None,
    purchase_no: str | None = None,
    household_no: str | None = None,
    need: str | None = None,
    prefix: str = "",
) -> list[dict[str, Any]]:
    """Orders with the sums of what was delivered and accepted, oldest first, below a division."""
    clauses, values = ["substr(o.division, 1, ?) = ?"], list[object]([len(prefix), prefix])
    for column, value in (
        ("order_no", order_no), ("purchase_no", purchase_no), ("household_no", household_no),
        ("need", need),
    ):  # fmt: skip
        if value is not None:
            clauses.append(f"o.{column} = ?")
            values.append(value)
    return list(db.query(f"{_ORDERS} WHERE {' AND '.join(clauses)} ORDER BY o.rowid", values))


def deliveries(db: Database, order_no: str) -> list[dict[str, Any]]:
    """What was delivered under an order, oldest first."""
    return list(
        db.query("SELECT * FROM service_delivery WHERE order_no = ? ORDER BY rowid", [order_no])
    )


def acceptances(db: Database, order_no: str) -> list[dict[str, Any]]:
    """What was accepted of an order, oldest first."""
    return list(
        db.query("SELECT * FROM service_acceptance WHERE order_no = ? ORDER BY rowid", [order_no])
    )


def last_acceptance(db: Database) -> int:
    """The row of the newest acceptance, up to which a score given now counts."""
    last = db.conn.execute("SELECT COALESCE(MAX(rowid), 0) FROM service_acceptance").fetchone()[0]
    return int(last)


def days_of_work(db: Database, contract_no: str) -> dict[str, str | None]:
    """The first order, the last delivery and the last acceptance under a contract, and the
    earliest day on which an open order is due."""
    row = next(
        iter(
            db.query(
                "SELECT MIN(o.ordered_on) AS ordered,"
                " (SELECT MAX(d.delivered_on) FROM service_delivery d JOIN service_order s"
                "   ON s.order_no = d.order_no WHERE s.contract_no = ?) AS delivered,"
                " (SELECT MAX(a.accepted_on) FROM service_acceptance a JOIN service_order s"
                "   ON s.order_no = a.order_no WHERE s.contract_no = ?) AS accepted,"
                " MIN(CASE WHEN e.order_no IS NULL AND o.quantity > (SELECT"
                "   COALESCE(SUM(quantity), 0) FROM service_delivery d WHERE"
                "   d.order_no = o.order_no) THEN o.due_on END) AS due"
                " FROM service_order o LEFT JOIN order_end e ON e.order_no = o.order_no"
                " WHERE o.contract_no = ?",
                [contract_no, contract_no, contract_no],
            )
        )
    )
    return dict(row)


# -- payments ------------------------------------------------------------------------------------

_PAYMENTS = """
SELECT p.*, e."end" AS ended, e.on_day AS ended_on, e.operator AS ended_by,
  COALESCE(e.voucher, '') AS voucher, COALESCE(e.reason, '') AS end_reason
FROM purchase_payment p LEFT JOIN payment_end e ON e.payment_no = p.payment_no
"""


def payments(
    db: Database, *, payment_no: str | None = None, purchase_no: str | None = None
) -> list[dict[str, Any]]:
    """Payments with how they ended, oldest first."""
    clauses, values = ["1 = 1"], list[object]()
    for column, value in (("payment_no", payment_no), ("purchase_no", purchase_no)):
        if value is not None:
            clauses.append(f"p.{column} = ?")
            values.append(value)
    return list(db.query(f"{_PAYMENTS} WHERE {' AND '.join(clauses)} ORDER BY p.rowid", values))


def payment_parts(db: Database, payment_no: str) -> list[dict[str, Any]]:
    """The quantities that a payment pays for."""
    return list(
        db.query(
            "SELECT line_no, quantity, unit_price_fen, amount_fen FROM payment_line"
            " WHERE payment_no = ? ORDER BY line_no",
            [payment_no],
        )
    )
