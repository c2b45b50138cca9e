"""The hand-over's steps: keys, each referral's messages, and referrals taken from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database


@casework()
def m009_messages(db: Database) -> None:
    keys = create(
        db,
        "handover_key",
        {"id": int, "key_id": str, "department": str, "home_id": str, "public_key": str,
         "from_date": str, "to_date": str, "added_by": str, "added_at": str},
        "id",
        "key_id public_key from_date added_by added_at",
    )  # fmt: skip
    # One home may work for several bodies with one key.
    keys.create_index(["key_id", "department"], unique=True)
    taken = create(
        db,
        "taken_referral",
        {"referral_no": str, "home_id": str, "origin_no": str, "origin_application": str},
        "referral_no",
        "home_id origin_no origin_application",
    )  # fmt: skip
    taken.add_foreign_key("referral_no", "referral", "referral_no")
    taken.create_index(["home_id", "origin_no"], unique=True)
    taken.create_index(["home_id", "origin_application"])
    messages = create(
        db,
        "message",
        {"id": int, "direction": str, "home_id": str, "origin_no": str, "sequence": int,
         "message_id": str, "kind": str, "payload": str, "digest": str, "key_id": str,
         "state": str, "reason": str, "move_id": int, "batch": str, "kept_at": str,
         "kept_by": str},
        "id",
        "direction home_id origin_no message_id kind payload digest state kept_at kept_by",
    )  # fmt: skip
    messages.add_foreign_key("move_id", "referral_move", "id")
    messages.create_index(["home_id", "origin_no", "direction", "message_id"], unique=True)
    messages.create_index(["home_id", "origin_no", "direction", "sequence"], unique=True)
    messages.create_index(["move_id"])
