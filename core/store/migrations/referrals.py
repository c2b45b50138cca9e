"""What makes a referral a contract: its frozen terms, its ends, and how far it has escalated."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m008_referral_contract(db: Database) -> None:
    referrals = cast("Table", db["referral"])
    for column in ("due_statutory", "due_office", "terms", "proposal_to_end", "predecessor",
                   "successor"):  # fmt: skip
        referrals.add_column(column, str)
    referrals.create_index(["state"])
    moves = cast("Table", db["referral_move"])
    for column in ("verb", "basis", "second"):
        moves.add_column(column, str)
    cast("Table", db["benefit"]).add_column("withdrawn_on", str)
    applications = create(
        db,
        "application_move",
        {"id": int, "application_no": str, "verb": str, "from_state": str, "to_state": str,
         "at": str, "operator": str, "reason_code": str, "note": str},
        "id",
        "application_no verb from_state to_state at operator",
    )  # fmt: skip
    applications.add_foreign_key("application_no", "application", "application_no")
    applications.create_index(["application_no"])
    escalations = create(
        db,
        "escalation",
        {"id": int, "subject": str, "clock": str, "due_on": str, "level": int, "at": str,
         "operator": str},
        "id",
        "subject clock due_on level at operator",
    )  # fmt: skip
    escalations.create_index(["subject", "clock", "due_on", "level"], unique=True)
