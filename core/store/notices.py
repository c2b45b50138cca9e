"""Conditions on public notices that several readers share; each names the row it is about."""

from __future__ import annotations

# Whether a family of a notice, the entry `e`, no longer stands on it.
GONE = (
    "(EXISTS (SELECT 1 FROM notice_act a WHERE a.notice_no = e.notice_no AND a.act = 'withdrawn'"
    " AND a.referral_no = e.referral_no) OR EXISTS (SELECT 1 FROM referral r"
    " WHERE r.referral_no = e.referral_no"
    " AND r.state IN ('withdrawn', 'voided', 'transferred', 'rejected', 'failed')))"
)
# Whether every family that stands on the notice `n` stands on a later one of its kind as well.
_LATER = (
    "EXISTS (SELECT 1 FROM notice_entry f JOIN notice m ON m.notice_no = f.notice_no"
    " WHERE f.referral_no = e.referral_no AND m.kind = n.kind AND m.rowid > n.rowid)"
)
REPLACED = (
    f"(EXISTS (SELECT 1 FROM notice_entry e WHERE e.notice_no = n.notice_no AND NOT {GONE})"
    " AND NOT EXISTS (SELECT 1 FROM notice_entry e WHERE e.notice_no = n.notice_no"
    f" AND NOT {GONE} AND NOT {_LATER}))"
)
