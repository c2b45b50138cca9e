"""Casework.db: the offices whose address stands on paper, public notices, and changes of aid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database


@casework()
def m013_offices(db: Database) -> None:
    """All three are append-only: the newest row of an office counts, a notice is worked by acts."""
    offices = create(
        db,
        "office",
        {"id": int, "division": str, "department": str, "name": str, "address": str, "phone": str,
         "hours": str, "review_body": str, "court": str, "set_by": str, "set_at": str},
        "id",
        "division department name address phone hours review_body court set_by set_at",
    )  # fmt: skip
    offices.create_index(["division", "department"])
    notices = create(
        db,
        "notice",
        {"notice_no": str, "kind": str, "application_no": str, "referral_no": str,
         "programme": str, "division": str, "posted_on": str, "last_day": str,
         "provisional": int, "place": str, "shown": str, "posted_by": str, "posted_at": str},
        "notice_no",
        "kind application_no referral_no programme division posted_on last_day provisional place "
        "shown posted_by posted_at",
    )  # fmt: skip
    notices.add_foreign_key("referral_no", "referral", "referral_no")
    notices.create_index(["referral_no", "kind"])
    acts = create(
        db,
        "notice_act",
        {"id": int, "notice_no": str, "act": str, "day": str, "note": str, "recorded_by": str,
         "recorded_at": str},
        "id",
        "notice_no act day note recorded_by recorded_at",
    )  # fmt: skip
    acts.add_foreign_key("notice_no", "notice", "notice_no")
    acts.create_index(["notice_no"])
    changes = create(
        db,
        "benefit_act",
        {"id": int, "benefit_no": str, "act": str, "day": str, "reason_code": str,
         "amount_fen": int, "from_month": str, "basis": str, "note": str, "recorded_by": str,
         "recorded_at": str},
        "id",
        "benefit_no act day note recorded_by recorded_at",
    )  # fmt: skip
    changes.add_foreign_key("benefit_no", "benefit", "benefit_no")
    changes.create_index(["benefit_no"])
