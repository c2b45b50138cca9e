"""Rows of aid that are nobody's: without an ID number, or with one that stands under two names.

No overlap is opened on them, so that somebody has to see them: an officer asks the register's owner
to mend the number or the name. Numbers and names are masked; the line of the extract finds the row.
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.casework.desk import PERMISSIONS, Desk
from yimen.core.casework.overlap_ledger import Ledger
from yimen.core.errors import NotFound
from yimen.core.i18n import _
from yimen.core.identity import mask_id, mask_name
from yimen.core.overlap_records import UnattributedRow
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import aid_rows
from yimen.core.store.snapshots import place_of, snapshots_of


def unattributed_rows(
    desk: Desk, catalogue: Catalogue, *, source: str | None = None
) -> list[UnattributedRow]:
    """The rows of all registers of aid that belong to nobody, or of one `source`, in their order.

    They have no household and so no division: only who works for the whole county may read them,
    and a department those of its programmes. The reading is journalled.
    """
    desk.require("overlaps.read", division=desk.home.county)
    today = desk.home.clock.today()
    ledger = Ledger(desk, catalogue, rules_on=today, facts_as_of=today)
    known = [table.source for table in ledger.aid]
    if source is not None and source not in known:
        raise NotFound(
            _("{source} is not a loaded register of aid.").format(source=source[:40]),
            next_step=_("These are: {sources}.").format(sources=", ".join(known) or "-"),
        )
    found = [
        row
        for row in _rows(desk, ledger)
        if source in (None, row.source) and _is_own(desk, catalogue, row)
    ]
    desk.record_reading("overlaps.unattributed", source or "*", {"rows": len(found)})
    return found


def _rows(desk: Desk, ledger: Ledger) -> Iterator[UnattributedRow]:
    for table in ledger.aid:
        (snapshot,) = (s for s in snapshots_of(desk.home, table.source) if s.table == table.table)
        for number, aid in aid_rows.rows_of_nobody(desk.home.registers, table, ledger.shared):
            file, line = place_of(snapshot, number)
            yield UnattributedRow(
                source=table.source,
                as_of=table.as_of,
                file=file,
                line=line,
                reason="shared_number" if aid.id_number else "no_number",
                id_number=mask_id(aid.id_number) if aid.id_number else None,
                name=mask_name(aid.name),
                programme=aid.programme,
                payer=aid.payer,
                amount_fen=aid.amount,
                from_date=aid.from_date,
                to_date=None if aid.to_date == "9999-12-31" else aid.to_date,
            )


def _is_own(desk: Desk, catalogue: Catalogue, row: UnattributedRow) -> bool:
    """Whether the row is of a programme that a department's operator may see; others see all."""
    if PERMISSIONS["overlaps.read"] & set(desk.operator.roles) != {"department"}:
        return True
    programme = catalogue.programmes.get(row.programme or "")
    return programme is not None and programme.department == desk.operator.department
