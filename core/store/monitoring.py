"""Counts what was done, and how much of it in time: one narrow row for each place and department.

Comparing and counting is the database's; what the counts are called, and what they are measured
by, is said in the casework.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from yimen.core.store.notices import REPLACED

if TYPE_CHECKING:
    from yimen.core.store.database import Database

# clock -> (the state in which it ends, the column of its last day or moment)
_ENDS = {
    "sign": ("received", "due_sign"),
    "accept": ("accepted", "due_accept"),
    "finish": ("fed_back", "due_finish"),
}


class Kept(NamedTuple):
    """How often a clock ended in a town's referrals to a department, and how often in time."""

    clock: str
    town: str
    department: str
    ended: int
    in_time: int


class Rate(NamedTuple):
    """So many of so many."""

    part: int
    whole: int


def clocks_kept(db: Database, *, prefix: str, department: str | None, since: str) -> list[Kept]:
    """How the departments' clocks ended since a day, below a division prefix.

    A clock ends with the last move into its state: a referral that was sent back and came again is
    measured by the limit that it was given then.
    """
    found: list[Kept] = []
    for clock, (state, due) in _ENDS.items():
        rows = db.conn.execute(
            "SELECT substr(division, 1, 9) || '000', department, COUNT(*),"
            f" SUM(CASE WHEN length({due}) = 10 THEN substr(at, 1, 10) ELSE at END <= {due})"
            f" FROM (SELECT r.division, r.department, r.{due}, MAX(m.at) AS at"
            " FROM referral r JOIN referral_move m USING (referral_no)"
            " WHERE m.to_state = ? AND substr(r.division, 1, ?) = ?"
            " AND (? IS NULL OR r.department = ?) GROUP BY referral_no)"
            f" WHERE substr(at, 1, 10) >= ? AND {due} <> '' GROUP BY 1, 2 ORDER BY 1, 2",
            [state, len(prefix), prefix, department, department, since],
        )
        found += [Kept(clock, *row) for row in rows]
    return found


def sent_back(
    db: Database, *, prefix: str, department: str | None, since: str
) -> dict[tuple[str, str], Rate]:
    """(town, department) -> how many of the referrals sent since a day came back for more."""
    rows = db.conn.execute(
        "SELECT substr(r.division, 1, 9) || '000', r.department, SUM(EXISTS (SELECT 1 FROM"
        " referral_move m WHERE m.referral_no = r.referral_no AND m.to_state = 'returned')),"
        " COUNT(*) FROM referral r WHERE r.dispatched_on >= ? AND r.state <> 'draft'"
        " AND substr(r.division, 1, ?) = ? AND (? IS NULL OR r.department = ?) GROUP BY 1, 2",
        [since, len(prefix), prefix, department, department],
    )
    return {(town, body): Rate(part, whole) for town, body, part, whole in rows}


def told_twice(db: Database, *, prefix: str, since: str) -> Rate:
    """Of the applications accepted since a day, those whose family was told of papers twice.

    A later notification counts where it names what none before it named; one that repeats what is
    still missing, or what is left of it, tells nothing twice.
    """
    (row,) = db.conn.execute(
        "SELECT COALESCE(SUM(EXISTS (SELECT 1 FROM supplement_notice n, json_each(n.items) i"
        " WHERE n.application_no = a.application_no AND EXISTS (SELECT 1 FROM supplement_notice f"
        " WHERE f.application_no = n.application_no AND f.id < n.id) AND NOT EXISTS (SELECT 1"
        " FROM supplement_notice p, json_each(p.items) k WHERE p.application_no = n.application_no"
        " AND p.id < n.id AND json(k.value) = json(i.value)))), 0), COUNT(*) FROM application a"
        " WHERE a.accepted_on >= ? AND substr(a.division, 1, ?) = ?",
        [since, len(prefix), prefix],
    )
    return Rate(*row)


def overlaps_settled(db: Database, *, prefix: str, since: str) -> Rate:
    """Of the overlaps found since a day, those that an officer has resolved."""
    (row,) = db.conn.execute(
        "SELECT COALESCE(SUM(resolution IS NOT NULL), 0), COUNT(*) FROM overlap_hit"
        " WHERE found_on >= ? AND substr(division, 1, ?) = ?",
        [since, len(prefix), prefix],
    )
    return Rate(*row)


def notice_breaches(db: Database, *, prefix: str, since: str) -> Rate:
    """Of the applications accepted since a day, those told late of what the first should say."""
    (row,) = db.conn.execute(
        "SELECT COALESCE(SUM(EXISTS (SELECT 1 FROM supplement_notice n"
        " WHERE n.application_no = a.application_no AND n.breach <> '[]')), 0), COUNT(*)"
        " FROM application a WHERE a.accepted_on >= ? AND substr(a.division, 1, ?) = ?",
        [since, len(prefix), prefix],
    )
    return Rate(*row)


def missed_found(db: Database, *, prefix: str, since: str) -> Rate:
    """Confirmed findings of missed aid since a day, beside the applications made since then."""
    (row,) = db.conn.execute(
        "SELECT (SELECT COUNT(*) FROM overlap_hit WHERE kind = 'missed'"
        " AND resolution = 'confirmed' AND found_on >= ? AND substr(division, 1, ?) = ?),"
        " (SELECT COUNT(*) FROM application WHERE submitted_on >= ?"
        " AND substr(division, 1, ?) = ?)",
        [since, len(prefix), prefix] * 2,
    )
    return Rate(*row)


def notices_hung(db: Database, *, prefix: str, since: str, today: str) -> Rate:
    """Of the notices whose last day passed since a day, or that were taken down before it: those
    that hung to that day and are down.

    A notice that was put up again is one, and its last posting says how it went: one whose families
    all stand on a later notice of its kind is not counted beside that. A list of which some
    families were put up again counts for the others.
    """
    (row,) = db.conn.execute(
        "SELECT COALESCE(SUM(down > last_day), 0), COUNT(*) FROM (SELECT n.last_day,"
        " (SELECT MIN(a.day) FROM notice_act a WHERE a.notice_no = n.notice_no"
        " AND a.act = 'taken_down') AS down FROM notice n"
        f" WHERE n.posted_on >= ? AND substr(n.division, 1, ?) = ? AND NOT {REPLACED})"
        " WHERE last_day < ? OR down IS NOT NULL",
        [since, len(prefix), prefix, today],
    )
    return Rate(*row)
