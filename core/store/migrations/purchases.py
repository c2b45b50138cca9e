"""Casework.db: purchases of services. Every table is only added to; states are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database


@casework()
def m011_purchases(db: Database) -> None:
    create(
        db,
        "purchase",
        {"purchase_no": str, "title": str, "spec": str, "buyer": str, "planned_on": str,
         "operator": str, "at": str},
        "purchase_no",
        "purchase_no title spec buyer planned_on operator at",
    )  # fmt: skip
    lines = create(
        db,
        "purchase_line",
        {"id": int, "purchase_no": str, "item": str, "unit": str, "quantity": int},
        "id",
        "purchase_no item unit quantity",
    )
    lines.add_foreign_key("purchase_no", "purchase", "purchase_no")
    lines.create_index(["purchase_no", "item", "unit"], unique=True)
    acts = create(
        db,
        "purchase_act",
        {"id": int, "purchase_no": str, "act": str, "on_day": str, "at": str, "operator": str,
         "body": str},
        "id",
        "purchase_no act on_day at operator body",
    )  # fmt: skip
    acts.add_foreign_key("purchase_no", "purchase", "purchase_no")
    acts.create_index(["purchase_no", "act"])
    contracts = create(
        db,
        "purchase_contract",
        {"contract_no": str, "purchase_no": str, "supplier": str, "supplier_code": str,
         "signed_on": str, "from_day": str, "to_day": str, "stable": int, "paper_name": str,
         "paper_sha256": str, "operator": str, "at": str},
        "contract_no",
        "contract_no purchase_no supplier supplier_code signed_on from_day to_day stable"
        " paper_name paper_sha256 operator at",
    )  # fmt: skip
    contracts.add_foreign_key("purchase_no", "purchase", "purchase_no")
    contracts.create_index(["purchase_no"], unique=True)
    priced = create(
        db,
        "contract_line",
        {"id": int, "contract_no": str, "line_no": int, "item": str, "unit": str, "quantity": int,
         "unit_price_fen": int},
        "id",
        "contract_no line_no item unit quantity unit_price_fen",
    )  # fmt: skip
    priced.add_foreign_key("contract_no", "purchase_contract", "contract_no")
    priced.create_index(["contract_no", "line_no"], unique=True)
    orders = create(
        db,
        "service_order",
        {"order_no": str, "purchase_no": str, "contract_no": str, "line_no": int, "item": str,
         "unit": str, "quantity": int, "household_no": str, "member_no": str, "need": str,
         "division": str, "ordered_on": str, "due_on": str, "note": str, "operator": str,
         "at": str},
        "order_no",
        "order_no purchase_no contract_no line_no item unit quantity division ordered_on due_on"
        " note operator at",
    )  # fmt: skip
    orders.add_foreign_key("contract_no", "purchase_contract", "contract_no")
    orders.create_index(["contract_no", "line_no"])
    orders.create_index(["household_no", "need"])
    ends = create(
        db,
        "order_end",
        {"order_no": str, "on_day": str, "reason": str, "operator": str, "at": str},
        "order_no",
        "order_no on_day reason operator at",
    )
    ends.add_foreign_key("order_no", "service_order", "order_no")
    deliveries = create(
        db,
        "service_delivery",
        {"delivery_no": str, "order_no": str, "quantity": int, "delivered_on": str,
         "received_by": str, "note": str, "paper_name": str, "paper_sha256": str, "operator": str,
         "at": str},
        "delivery_no",
        "delivery_no order_no quantity delivered_on received_by note paper_name paper_sha256"
        " operator at",
    )  # fmt: skip
    deliveries.add_foreign_key("order_no", "service_order", "order_no")
    deliveries.create_index(["order_no"])
    acceptances = create(
        db,
        "service_acceptance",
        {"acceptance_no": str, "order_no": str, "quantity": int, "accepted_on": str,
         "signed_by": str, "unsigned_reason": str, "paper_name": str, "paper_sha256": str,
         "operator": str, "at": str},
        "acceptance_no",
        "acceptance_no order_no quantity accepted_on signed_by unsigned_reason paper_name"
        " paper_sha256 operator at",
    )  # fmt: skip
    acceptances.add_foreign_key("order_no", "service_order", "order_no")
    acceptances.create_index(["order_no"])
    payments = create(
        db,
        "purchase_payment",
        {"payment_no": str, "purchase_no": str, "contract_no": str, "drawn_on": str,
         "amount_fen": int, "reason": str, "operator": str, "person_no": str, "at": str},
        "payment_no",
        "payment_no purchase_no contract_no drawn_on amount_fen reason operator person_no at",
    )  # fmt: skip
    payments.add_foreign_key("contract_no", "purchase_contract", "contract_no")
    payments.create_index(["purchase_no"])
    paid = create(
        db,
        "payment_line",
        {"id": int, "payment_no": str, "line_no": int, "quantity": int, "unit_price_fen": int,
         "amount_fen": int},
        "id",
        "payment_no line_no quantity unit_price_fen amount_fen",
    )  # fmt: skip
    paid.add_foreign_key("payment_no", "purchase_payment", "payment_no")
    paid.create_index(["payment_no"])
    moves = create(
        db,
        "payment_end",
        {"payment_no": str, "end": str, "on_day": str, "voucher": str, "reason": str,
         "operator": str, "person_no": str, "at": str},
        "payment_no",
        "payment_no end on_day voucher reason operator person_no at",
    )  # fmt: skip
    moves.add_foreign_key("payment_no", "purchase_payment", "payment_no")
