"""Casework.db: a public notice as a list of families, and which of them an act is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m019_notice_lists(db: Database) -> None:
    """Every notice put up so far is a list of one family; its own row keeps the first one."""
    entries = create(
        db,
        "notice_entry",
        {"id": int, "notice_no": str, "application_no": str, "referral_no": str,
         "programme": str, "division": str, "shown": str},
        "id",
        "notice_no application_no referral_no programme division shown",
    )  # fmt: skip
    entries.add_foreign_key("notice_no", "notice", "notice_no")
    entries.add_foreign_key("referral_no", "referral", "referral_no")
    entries.create_index(["notice_no"])
    entries.create_index(["referral_no"])
    db.conn.execute(
        "INSERT INTO notice_entry (notice_no, application_no, referral_no, programme, division,"
        " shown) SELECT notice_no, application_no, referral_no, programme, division, shown"
        " FROM notice ORDER BY rowid"
    )
    cast("Table", db["notice_act"]).add_column("referral_no", str)
