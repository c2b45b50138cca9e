"""Loads extracts of registers: all of a file's good rows or nothing, and a list of the others.

The order is fixed: rows into a table nobody reads, numbers minted, roster built, both copied into
the lake, and last the one pointer row with its journal row. Killed anywhere, the home is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from yimen.core.casework.desk import Desk
from yimen.core.casework.incoming import Incoming, Progress
from yimen.core.casework.register_file import RegisterFile
from yimen.core.casework.rejected_rows import RejectedRows
from yimen.core.clock import parse_date
from yimen.core.declarations import Source
from yimen.core.divisions import normalise_division, scope_prefix
from yimen.core.errors import BadFile, BadInput
from yimen.core.i18n import _
from yimen.core.records import Snapshot
from yimen.core.results import LoadResult, Manifest, ManifestFile
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import lake
from yimen.core.store import roster as rosters
from yimen.core.store import snapshots as store
from yimen.core.store.connection import spilling
from yimen.core.text_files import read_text


def load_files(
    desk: Desk,
    catalogue: Catalogue,
    source_id: str,
    paths: Sequence[Path],
    *,
    as_of: date,
    covers: list[str] | None = None,
    progress: Progress | None = None,
    beside: lake.Lake | None = None,
) -> LoadResult:
    """Loads one extract with its as-of date and the divisions that it covers (the county's).

    It may come in several files, as one of each town: they become one snapshot, or none of them
    is kept. Where the batch extra is installed, the snapshot is kept in the lake, too, `beside`
    being one that is open already.

    Rejected rows are written with line and reason to `<source>-<number>.rejected.csv` in the home's
    folder rejected/. A file without one good row is refused unless it has no rows at all.
    """
    desk.require("source.load")
    source = catalogue.source(source_id)
    if as_of > desk.home.clock.today():
        raise BadInput(
            _("The as-of date {day} is in the future.").format(day=as_of.isoformat()),
            next_step=_("Give the day on which the department made the extract."),
        )
    prefixes = _covered(desk, source, covers)
    files = _opened(desk, source, paths)
    name = f"{source.source}-{{}}.rejected.csv"
    with ExitStack() as closing:
        closing.enter_context(desk.home.alone("load"))
        kept = beside or closing.enter_context(lake.opened(desk.home))
        closing.enter_context(spilling(desk.home.registers, desk.home.path))
        store.sweep_orphans(desk.home)
        table, number = store.next_table(desk.home, source)
        rejected = closing.enter_context(
            RejectedRows(desk.home.path / "rejected", name.format(number), several=len(files) > 1)
        )
        rows = Incoming(files, rejected, progress)
        roster, digest = _store_rows(desk, source, table, number, rows, kept)
        snapshot = Snapshot(
            source=source.source,
            snapshot_no=number,
            table=table,
            as_of=as_of.isoformat(),
            loaded_at=desk.home.clock.now(),
            rows=rows.good,
            rejected=rejected.count,
            digest=digest,
            covers=prefixes,
            file_name=", ".join(file.path.name for file in files),
            files=rows.places if len(files) > 1 else [],
        )
        reject_file = rejected.keep()
        _point(desk, snapshot, roster)
    return LoadResult(
        source=source.source,
        snapshot_no=number,
        as_of=snapshot.as_of,
        rows=snapshot.rows,
        rejected=snapshot.rejected,
        reject_file=str(reject_file) if reject_file else None,
    )


def _covered(desk: Desk, source: Source, covers: list[str] | None) -> list[str]:
    """The prefixes of the divisions that an extract covers."""
    county = scope_prefix(desk.home.county)
    prefixes = [
        scope_prefix(normalise_division(c, synthetic=desk.home.synthetic))
        for c in covers or [desk.home.county]
    ]
    if source.residence and county not in prefixes:
        raise BadInput(
            _("A residence register must cover the whole county."),
            next_step=_("Load all files of the county's register at once, without --covers."),
        )
    if outside := [p for p in prefixes if not p.startswith(county)]:
        raise BadInput(
            _("{codes} does not lie in this county.").format(codes=", ".join(outside)),
            next_step=_("Give --covers divisions of the county, or leave it out."),
        )
    return prefixes


def _opened(desk: Desk, source: Source, paths: Sequence[Path]) -> list[RegisterFile]:
    """The files of an extract, each with its header read before anything is written."""
    if twice := [p for n, p in enumerate(paths) if p.resolve() in {o.resolve() for o in paths[:n]}]:
        raise BadInput(
            _("The file is named twice."),
            where=str(twice[0]),
            next_step=_("Name each file of the extract once."),
        )
    today = desk.home.clock.today()
    return [RegisterFile(p, source, synthetic=desk.home.synthetic, today=today) for p in paths]


def _store_rows(
    desk: Desk,
    source: Source,
    table: str,
    number: int,
    rows: Incoming,
    kept: lake.Lake | None,
) -> tuple[str | None, str]:
    """Writes rows and roster where nobody reads them yet; returns the roster and the digest."""
    writer = store.SnapshotWriter(desk.home, source, table)
    writer.add(rows)
    digest = writer.finish()
    roster = (
        rosters.build_roster(desk.home, table, source.residence, number)
        if source.residence
        else None
    )
    if kept is not None:
        lake.keep_snapshot(kept, source, table)
        if roster:
            lake.keep_roster(kept, roster)
    return roster, digest


def _point(desk: Desk, snapshot: Snapshot, roster: str | None) -> None:
    """Makes the snapshot real: its pointer and the row of the journal."""
    with desk.home.writing() as db:
        store.point_at(desk.home, snapshot, roster)
        desk.record(
            db,
            "source.load",
            snapshot.source,
            {"snapshot": snapshot.snapshot_no, "as_of": snapshot.as_of, "rows": snapshot.rows,
             "rejected": snapshot.rejected, "digest": snapshot.digest, "covers": snapshot.covers,
             "file": snapshot.file_name},
        )  # fmt: skip


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of extracts; `BadFile` says what is wrong with it."""
    import msgspec

    path = folder / "manifest.json"
    if not path.exists():
        raise BadFile(
            _("There is no manifest."),
            where=str(path),
            next_step=_("Name each file with `yimen source load SOURCE FILE --as-of DAY`."),
        )
    try:
        return msgspec.json.decode(read_text(path), type=Manifest)
    except msgspec.DecodeError as error:
        raise BadFile(
            _("The manifest is not valid: {reason}.").format(reason=error),
            where=str(path),
            next_step=_("See docs/reference/schemas.md."),
        ) from None


def load_all(
    desk: Desk,
    catalogue: Catalogue,
    folder: Path,
    *,
    announce: Callable[[ManifestFile], Progress | None] = lambda item: None,
) -> Iterator[LoadResult]:
    """Loads every extract of a folder's manifest, the residence register first; one result each.

    Files of one source and one day are one extract. One that already stands as a snapshot with the
    same rows and as-of date is loaded again as a new snapshot: repeating a killed run is always
    safe.
    """
    desk.require("source.load")
    manifest = read_manifest(folder)
    residence = catalogue.residence.source if catalogue.residence else None
    for item in manifest.files:
        path = folder / item.file
        if Path(item.file).name != item.file or path.is_symlink():
            raise BadInput(
                _("The manifest names a file outside its folder."),
                where=str(folder / "manifest.json"),
                next_step=_("Name files by their bare names."),
            )
    if unknown := [f.source for f in manifest.files if f.source not in catalogue.sources]:
        raise BadInput(
            _("The manifest names sources that no department declares: {names}.").format(
                names=", ".join(unknown)
            ),
            where=str(folder / "manifest.json"),
            next_step=_("`yimen source list` shows the declared ones."),
        )
    extracts: dict[tuple[bool, str, str], list[ManifestFile]] = {}
    for item in manifest.files:
        key = (item.source != residence, item.source, item.as_of)
        extracts.setdefault(key, []).append(item)
    with lake.opened(desk.home) as beside:
        for __, items in sorted(extracts.items()):
            yield load_files(
                desk,
                catalogue,
                items[0].source,
                [folder / item.file for item in items],
                as_of=parse_date(items[0].as_of),
                covers=sorted({code for item in items for code in item.covers}),
                progress=announce(items[0]),
                beside=beside,
            )
