"""Loads extracts of registers: all of a file's good rows or nothing, and a list of the others.

The order is fixed: rows into a table nobody reads, numbers minted, roster built, both copied into
the lake, and last the one pointer row with its journal row. Killed anywhere, the home is as it was.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from yimen.core.casework.desk import Desk
from yimen.core.casework.register_file import RegisterFile, RejectedRow, Row
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
from yimen.core.text_files import read_text

Progress = Callable[[int], None]


def load_file(
    desk: Desk,
    catalogue: Catalogue,
    source_id: str,
    path: Path,
    *,
    as_of: date,
    covers: list[str] | None = None,
    progress: Progress | None = None,
    beside: lake.Lake | None = None,
) -> LoadResult:
    """Loads one extract with its as-of date and the divisions that it covers (the county's).

    Where the batch extra is installed, the snapshot is kept in the lake, too, `beside` being one
    that is open already.

    Rejected rows are written with line and reason to `<file>.rejected.csv` in the home's folder
    rejected/. A file without one good row is refused unless it has no rows at all.
    """
    desk.require("source.load")
    source = catalogue.source(source_id)
    if as_of > desk.home.clock.today():
        raise BadInput(
            _("The as-of date {day} is in the future.").format(day=as_of.isoformat()),
            next_step=_("Give the day on which the department made the extract."),
        )
    synthetic = desk.home.synthetic
    prefixes = [
        scope_prefix(normalise_division(c, synthetic=synthetic))
        for c in covers or [desk.home.county]
    ]
    if source.residence and scope_prefix(desk.home.county) not in prefixes:
        raise BadInput(
            _("A residence register must cover the whole county."),
            next_step=_("Load the county's register in one file, without --covers."),
        )
    if outside := [p for p in prefixes if not p.startswith(scope_prefix(desk.home.county))]:
        raise BadInput(
            _("{codes} does not lie in this county.").format(codes=", ".join(outside)),
            next_step=_("Give --covers divisions of the county, or leave it out."),
        )
    file = RegisterFile(path, source, synthetic=synthetic, today=desk.home.clock.today())
    with ExitStack() as closing:
        closing.enter_context(desk.home.alone("load"))
        kept = beside or closing.enter_context(lake.opened(desk.home))
        return _load(desk, source, file, as_of, prefixes, progress, kept)


def _load(
    desk: Desk,
    source: Source,
    file: RegisterFile,
    as_of: date,
    prefixes: list[str],
    progress: Progress | None,
    kept: lake.Lake | None,
) -> LoadResult:
    path = file.path
    store.sweep_orphans(desk.home)
    table, number = store.next_table(desk.home, source)
    writer = store.SnapshotWriter(desk.home, source, table)
    rejected: list[RejectedRow] = []
    writer.add(_good_rows(file, rejected, progress))
    blank = sum(1 for r in rejected if r.person and source.residence is None)
    good = writer.rows - blank
    if rejected and not good:
        first = rejected[0]
        raise BadFile(
            _("All {n} rows are refused; the first one because: {reason}").format(
                n=len(rejected), reason="; ".join(first.reasons)
            ),
            where=f"{path}:{first.line}",
            next_step=_("Check that the file belongs to {source}.").format(source=source.source),
        )
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
    snapshot = Snapshot(
        source=source.source,
        snapshot_no=number,
        table=table,
        as_of=as_of.isoformat(),
        loaded_at=desk.home.clock.now(),
        rows=good,
        rejected=len(rejected),
        digest=digest,
        covers=prefixes,
        file_name=path.name,
    )
    reject_file = _write_rejects(desk, source, number, rejected) if rejected else None
    with desk.home.writing() as db:
        store.point_at(desk.home, snapshot, roster)
        desk.record(
            db,
            "source.load",
            source.source,
            {"snapshot": number, "as_of": snapshot.as_of, "rows": good,
             "rejected": len(rejected), "digest": digest, "covers": prefixes, "file": path.name},
        )  # fmt: skip
    return LoadResult(
        source=source.source,
        snapshot_no=number,
        as_of=snapshot.as_of,
        rows=good,
        rejected=len(rejected),
        reject_file=str(reject_file) if reject_file else None,
    )


def _good_rows(
    file: RegisterFile, rejected: list[RejectedRow], progress: Progress | None
) -> Iterator[Row]:
    for count, row in enumerate(file.rows(), 1):
        if progress and count % 1000 == 0:
            progress(count)
        if not isinstance(row, RejectedRow):
            yield row
            continue
        rejected.append(row)
        if row.person and file.source.residence is None:
            # A row that cannot be read leaves the person unknown; without it he would have nothing.
            yield (row.line, *row.person, *(None for _column in file.source.columns))


def _write_rejects(desk: Desk, source: Source, number: int, rejected: list[RejectedRow]) -> Path:
    """The reject file: line in the extract and reason, no personal data."""
    folder = desk.home.path / "rejected"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{source.source}-{number}.rejected.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_("line"), _("reason")])
        writer.writerows([r.line, "; ".join(r.reasons)] for r in rejected)
    return path


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
    """Loads every file of a folder's manifest, the residence register first; one result each.

    A file that already stands as a snapshot with the same rows and as-of date is loaded again as a
    new snapshot: repeating a killed run is always safe.
    """
    desk.require("source.load")
    manifest = read_manifest(folder)
    residence = catalogue.residence.source if catalogue.residence else None
    known = [f for f in manifest.files if f.source in catalogue.sources]
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
    with lake.opened(desk.home) as beside:
        for item in sorted(known, key=lambda f: (f.source != residence, f.source)):
            yield load_file(
                desk,
                catalogue,
                item.source,
                folder / item.file,
                as_of=parse_date(item.as_of),
                covers=item.covers,
                progress=announce(item),
                beside=beside,
            )


def manifest_json(manifest: Manifest) -> str:
    """The manifest as the file that `source load --all` reads."""
    import msgspec

    return json.dumps(msgspec.to_builtins(manifest), ensure_ascii=False, indent=1) + "\n"
