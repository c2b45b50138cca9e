"""The roster: households and their members as a residence snapshot shows them, with our numbers.

Household and member numbers are minted once and kept in casework.db for good; the roster itself is
a table of registers.db and can be rebuilt. It must never reuse a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from yimen.core.store.connection import transaction

if TYPE_CHECKING:
    from yimen.core.declarations import Residence
    from yimen.core.records import Snapshot
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home

# Short transactions, so that a county's first load does not keep the clerks waiting.
_CHUNK = 2000

# Two people under one number stay two persons. The number itself is the identity of whoever had it
# first; a second name in the same file gets an identity of its own, a changed name does not.
_NAMED = """
CREATE TEMP TABLE named AS
SELECT s.row_no, s.id_number, s.name, s."{relation}" AS relation, s."{division}" AS division,
       s."{zone}" AS zone, s."{key}" AS source_key,
       CASE WHEN s.id_number IS NULL THEN s."{key}" || '|' || s.name || '|' || ROW_NUMBER()
              OVER (PARTITION BY s."{key}", s.name, s.id_number IS NULL ORDER BY s.row_no)
            WHEN n.names = 1 OR s.name = COALESCE(
              (SELECT m.name FROM cases.member AS m WHERE m.identity = s.id_number AND m.name IN
                 (SELECT o.name FROM "{table}" AS o WHERE o.id_number = s.id_number)),
              n.first_name)
            THEN s.id_number ELSE s.id_number || '|' || s.name END AS identity
FROM "{table}" AS s
LEFT JOIN (SELECT id_number, name AS first_name, COUNT(DISTINCT name) AS names, MIN(row_no)
           FROM "{table}" WHERE id_number IS NOT NULL GROUP BY id_number) AS n
  ON n.id_number = s.id_number
ORDER BY s.row_no
"""

_ROSTER = """
INSERT INTO "{roster}"
SELECT printf('H%07d', h.household_id), n.row_no, printf('M%07d', m.member_id),
       n.id_number, n.name, n.relation,
       substr(n.id_number, 7, 4) || '-' || substr(n.id_number, 11, 2) || '-'
         || substr(n.id_number, 13, 2),
       CASE WHEN n.id_number IS NULL THEN NULL
            WHEN CAST(substr(n.id_number, 17, 1) AS INTEGER) % 2 = 1 THEN '1' ELSE '2' END,
       n.division, n.zone, 0
FROM named AS n
JOIN cases.household AS h ON h.source_key = n.source_key
JOIN cases.member AS m ON m.identity = n.identity
GROUP BY h.household_id, m.member_id
ORDER BY h.household_id, n.row_no
"""


# What is asked of a roster before each run, and would be counted again.
_SIZES = "CREATE TABLE IF NOT EXISTS roster_size (roster TEXT PRIMARY KEY, households INTEGER)"
_SIZE = """
INSERT OR REPLACE INTO roster_size SELECT ?, COUNT(DISTINCT household_no) FROM "{roster}"
"""
_GONE = "DELETE FROM roster_size WHERE roster NOT IN (SELECT name FROM sqlite_master)"


def build_roster(home: Home, table: str, residence: Residence, number: int) -> str:
    """Mints the numbers that are new and writes the roster of a residence snapshot; its name."""
    db = home.registers
    roster = f"roster__{number}"
    db.conn.execute("ATTACH ? AS cases", [str(home.path / "casework.db")])
    try:
        _name_rows(home, table, residence)
        _write_roster(home, roster)
    finally:
        db.conn.execute("DETACH cases")
    return roster


def _name_rows(home: Home, table: str, residence: Residence) -> None:
    """Gives each row its identity, and mints the numbers that are new."""
    conn = home.registers.conn
    conn.execute("DROP TABLE IF EXISTS temp.named")
    conn.execute(
        _NAMED.format(table=table, key=residence.household_key, relation=residence.relation,
                      division=residence.division, zone=residence.zone)
    )  # fmt: skip
    keys = "SELECT source_key FROM temp.named GROUP BY source_key ORDER BY MIN(row_no)"
    _mint(home, "household", "source_key", conn.execute(keys))
    identities = (
        "SELECT identity, name, MIN(row_no) FROM temp.named GROUP BY identity ORDER BY MIN(row_no)"
    )
    named = ((identity, name) for identity, name, __ in conn.execute(identities))
    _mint(home, "member", "identity, name", named)


def _write_roster(home: Home, roster: str) -> None:
    with transaction(home.registers) as db:
        db.conn.execute(f'DROP TABLE IF EXISTS "{roster}"')
        db.conn.execute(
            f'CREATE TABLE "{roster}" (household_no TEXT, ordinal INTEGER, member_no TEXT,'
            " id_number TEXT, name TEXT, relation TEXT, birth_date TEXT, sex TEXT,"
            " division TEXT, zone TEXT, shared INTEGER)"
        )
        db.conn.execute(_ROSTER.format(roster=roster))
        for column in ("household_no", "id_number", "member_no"):
            db.conn.execute(f'CREATE INDEX "{roster}__{column}" ON "{roster}" ({column})')
        db.conn.execute(
            f'UPDATE "{roster}" SET shared = 1 WHERE member_no IN (SELECT member_no FROM'
            f' "{roster}" GROUP BY member_no HAVING COUNT(*) > 1)'
        )
        db.conn.execute(_SIZES)
        db.conn.execute(_SIZE.format(roster=roster), [roster])
        db.conn.execute(_GONE)
    home.registers.conn.execute("DROP TABLE temp.named")


def _mint(home: Home, table: str, columns: str, rows: Iterator[tuple[str, ...]]) -> None:
    """Numbers for keys that have none yet, in the order of their first appearance."""
    today = home.clock.today().isoformat()
    marks = ", ".join("?" * (columns.count(",") + 2))
    while chunk := list(islice(rows, _CHUNK)):
        with home.writing() as db:
            db.conn.executemany(
                f"INSERT OR IGNORE INTO {table} ({columns}, minted_on) VALUES ({marks})",
                [(*row, today) for row in chunk],
            )


COLUMNS = (
    "household_no", "member_no", "id_number", "name", "relation", "birth_date", "sex", "division",
    "zone", "shared",
)  # fmt: skip
RosterRow = tuple[str, str, str | None, str, str, str | None, str | None, str, str | None, int]


def roster_table(home: Home, snapshot: Snapshot) -> str:
    """The roster that was built from a residence snapshot."""
    name: str = home.casework.conn.execute(
        'SELECT roster FROM snapshot WHERE "table" = ?', [snapshot.table]
    ).fetchone()[0]
    return name


def find_rows(home: Home, roster: str, column: str, values: Sequence[str]) -> list[RosterRow]:
    """Roster rows whose household_no, member_no or id_number is among the values."""
    marks = ", ".join("?" * len(values))
    return list(
        home.registers.conn.execute(
            f'SELECT {", ".join(COLUMNS)} FROM "{roster}" WHERE {column} IN ({marks})'
            " ORDER BY household_no, ordinal",
            list(values),
        )
    )


def household_numbers(home: Home, roster: str, prefix: str) -> Iterable[str]:
    """All household numbers of a roster below a division prefix, in order."""
    return [
        no
        for (no,) in home.registers.conn.execute(
            f'SELECT DISTINCT household_no FROM "{roster}" WHERE substr(division, 1, ?) = ?'
            " ORDER BY household_no",
            [len(prefix), prefix],
        )
    ]


def all_households(home: Home, roster: str) -> list[str]:
    """All household numbers of a roster, in order."""
    rows = home.registers.conn.execute(
        f'SELECT household_no FROM "{roster}" GROUP BY household_no ORDER BY household_no'
    )
    return [no for (no,) in rows]


def count_households(home: Home, roster: str) -> int:
    """How many households a roster has; they stand in the order of their numbers.

    It was counted when the roster was built, except by versions that kept no sizes.
    """
    conn = home.registers.conn
    if "roster_size" in home.registers.table_names():
        kept = conn.execute("SELECT households FROM roster_size WHERE roster = ?", [roster])
        if (row := kept.fetchone()) is not None:
            return int(row[0])
    count: int = conn.execute(f'SELECT COUNT(DISTINCT household_no) FROM "{roster}"').fetchone()[0]
    return count


def divisions_of(registers: Database, roster: str) -> set[str]:
    """The divisions in which a roster's members live."""
    rows = registers.conn.execute(f'SELECT DISTINCT division FROM "{roster}"')
    return {division for (division,) in rows}


def households_with_rows(
    home: Home,
    roster: str,
    snapshot: str,
    condition: str,
    given: Mapping[str, int | str | None],
    prefix: str,
) -> set[str]:
    """Households below a division prefix with a member who has such a row in a snapshot.

    `condition` is a compiled expression over the row `s`, and `given` are its parameters.
    """
    return {
        no
        for (no,) in home.registers.conn.execute(
            f'SELECT DISTINCT r.household_no FROM "{snapshot}" AS s JOIN "{roster}" AS r'
            f" ON r.id_number = s.id_number WHERE {condition}"
            " AND substr(r.division, 1, :width) = :prefix",
            {**given, "width": len(prefix), "prefix": prefix},
        )
    }
