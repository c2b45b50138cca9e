"""Which orders for services serve a household's need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yimen.core.store.database import Database


def orders_for(db: Database, household_no: str, need: str) -> list[dict[str, Any]]:
    """Orders of a household for a need, oldest first, with what was accepted.

    An order that ended before anything was accepted serves nobody and is left out.
    """
    return list(
        db.query(
            "SELECT * FROM (SELECT o.order_no, o.member_no, o.item, o.unit, o.quantity,"
            " o.ordered_on, o.due_on, (SELECT COALESCE(SUM(a.quantity), 0)"
            " FROM service_acceptance a WHERE a.order_no = o.order_no) AS accepted,"
            " EXISTS (SELECT 1 FROM order_end e WHERE e.order_no = o.order_no) AS ended"
            " FROM service_order o WHERE o.household_no = ? AND o.need = ?)"
            " WHERE accepted > 0 OR NOT ended ORDER BY ordered_on, order_no",
            [household_no, need],
        )
    )
