"""Lets old extracts and results of old runs go, never what somebody still relies on.

An extract's pointer stays and says on which day its rows went, so that a check of an earlier day
finds it gone and not an older one in its place. The pointer is the commit point: killed after it,
the tables and files are orphans, which the next pruning or load sweeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date, timedelta
from typing import cast

import msgspec
from msgspec.structs import replace

from yimen.core.casework.backup_check import LOCK
from yimen.core.casework.desk import Desk
from yimen.core.casework.months import month_after
from yimen.core.errors import BadInput, Busy
from yimen.core.i18n import _
from yimen.core.records import Snapshot
from yimen.core.run_records import RunRecord
from yimen.core.store import lake, runs, snapshots
from yimen.core.store.cases import OPEN_APPLICATION
from yimen.core.upkeep_records import Keeping, KeptBecause, PruneLine

SETTING = "keeping"


def keeping(desk: Desk) -> Keeping:
    """What this county keeps; the defaults where it has set nothing."""
    row = desk.home.casework.conn.execute(
        "SELECT value FROM home WHERE key = ?", [SETTING]
    ).fetchone()
    return msgspec.json.decode(row[0], type=Keeping) if row else Keeping()


def set_keeping(desk: Desk, **changes: int | None) -> Keeping:
    """Changes some of the numbers; the others stay. The change is journalled."""
    desk.require("prune.set", division=desk.home.county)
    with desk.home.writing() as db:
        before = keeping(desk)
        try:
            after = msgspec.convert(msgspec.to_builtins(replace(before, **changes)), Keeping)
        except msgspec.ValidationError:
            raise BadInput(
                _("At least one extract and one run are kept, and days are not negative."),
                next_step=_("`yimen prune keep` shows the numbers in force."),
            ) from None
        value = msgspec.json.encode(after).decode()
        db.conn.execute("INSERT OR REPLACE INTO home VALUES (?, ?)", [SETTING, value])
        body = {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}
        desk.record(db, "prune.set", "home", body)
    return after


def prune(desk: Desk, *, dry_run: bool = False) -> list[PruneLine]:
    """Extracts and runs with what becomes of each, oldest first; with `dry_run` nothing goes.

    `Busy` while a load, a backup or another pruning is at work. A run that a process is looking at
    is kept for the next time.
    """
    desk.require("prune")
    home = desk.home
    with ExitStack() as held:
        for act in (LOCK, "load"):
            held.enter_context(home.alone(act))
        in_use = set()
        for run in runs.runs_of(home):
            if (folder := runs.folder_of(home, run.run_no)).is_dir():
                try:
                    held.enter_context(home.alone(run.run_no, folder))
                except Busy:
                    in_use.add(run.run_no)
        with home.writing() as db:
            lines = _fates(desk, keeping(desk), in_use)
            going = [line for line in lines if line.fate == "pruned"]
            gone = {k: [n.name for n in going if n.kind == k] for k in ("extract", "run")}
            if not dry_run and going:
                snapshots.mark_pruned(db, gone["extract"], home.clock.today())
                body = {"extracts": gone["extract"], "runs": gone["run"],
                        "keeping": msgspec.to_builtins(keeping(desk))}  # fmt: skip
                desk.record(db, "prune", "home", body)
        if not dry_run:
            for name in gone["run"]:
                runs.remove(home, name)
            snapshots.sweep_orphans(home)
            lake.sweep_orphans(home)
            _sweep_rejects(desk, gone["extract"])
    return lines


def _fates(desk: Desk, keep: Keeping, in_use: set[str]) -> list[PruneLine]:
    home, today = desk.home, desk.home.clock.today()
    kept = {run.run_no: run for run in runs.runs_of(home)
            if runs.folder_of(home, run.run_no).is_dir()}  # fmt: skip
    because = _runs_kept(desk, list(kept.values()), keep, in_use)
    lines = [
        PruneLine(
            kind="run", name=run.run_no, source=None, day=run.begun_at[:10], rows=run.households,
            fate="kept" if run.run_no in because else "pruned", because=because.get(run.run_no),
        )
        for run in kept.values()
    ]  # fmt: skip
    held = [s for s in snapshots.snapshots_of(home) if s.pruned_on is None]
    plans = [kept[no].plan for no in because]
    by_runs = {table for plan in plans for __, table, __day in plan.snapshots.values() if table}
    by_runs |= snapshots.tables_of_rosters(home, {plan.roster for plan in plans})
    by_reports = _cited_by_reports(desk, keep, today)
    since = (today - timedelta(days=keep.snapshot_days)).isoformat()
    newest = _newest(held, keep.snapshots)
    for snapshot in held:
        reason = _first(
            newest=snapshot.table in newest,
            recent=snapshot.as_of >= since,
            report=snapshot.table in by_reports,
            run=snapshot.table in by_runs,
        )
        lines.append(
            PruneLine(
                kind="extract", name=snapshot.table, source=snapshot.source, day=snapshot.as_of,
                rows=snapshot.rows, fate="kept" if reason else "pruned", because=reason,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.kind, line.source or "", line.day, line.name))


def _newest(held: Iterable[Snapshot], count: int) -> set[str]:
    """The tables of each source's newest extracts; the last loaded of a day is the newer."""
    by_source: dict[str, list[Snapshot]] = {}
    for snapshot in held:
        by_source.setdefault(snapshot.source, []).append(snapshot)
    found = set()
    for own in by_source.values():
        own.sort(key=lambda s: (s.as_of, s.snapshot_no))
        found |= {s.table for s in own[-count:]}
    return found


def _runs_kept(
    desk: Desk, found: list[RunRecord], keep: Keeping, in_use: set[str]
) -> dict[str, KeptBecause]:
    """Why each run is kept, for those that are."""
    since = (desk.home.clock.today() - timedelta(days=keep.run_days)).isoformat()
    newest: set[str] = set()
    for kind in ("screen", "check"):
        done = [r.run_no for r in found if r.plan.kind == kind and r.state == "done"]
        newest |= set(done[-keep.runs :])
    rows = desk.home.casework.conn.execute(
        "SELECT DISTINCT last_run FROM overlap_hit WHERE state = 'open'"
    )
    relied_on = {no for (no,) in rows}
    because: dict[str, KeptBecause] = {}
    for run in found:
        reason = _first(
            newest=run.run_no in newest,
            at_work=run.state == "running",
            recent=run.state == "done" and run.begun_at[:10] >= since,
            overlap=run.run_no in relied_on,
            in_use=run.run_no in in_use,
        )
        if reason:
            because[run.run_no] = reason
    return because


def _first(**reasons: bool) -> KeptBecause | None:
    """The first reason that holds."""
    held = [reason for reason, holds in reasons.items() if holds]
    return cast(KeptBecause, held[0]) if held else None


def _cited_by_reports(desk: Desk, keep: Keeping, today: date) -> set[str]:
    """Extracts of filed reports: of open applications always, of closed ones as long as is set."""
    months = keep.report_months
    since = "" if months is None else month_after(today.isoformat(), -months)
    marks = ", ".join("?" * len(OPEN_APPLICATION))
    rows = desk.home.casework.conn.execute(
        "SELECT DISTINCT j.value FROM report AS r JOIN application AS a USING (application_no),"
        f" json_each(r.snapshots) AS j WHERE a.state IN ({marks}) OR substr(r.filed_at, 1, 7) >= ?",
        [*OPEN_APPLICATION, since],
    )
    return {table for (table,) in rows}


def _sweep_rejects(desk: Desk, tables: Iterable[str]) -> None:
    """Removes the lists of the rows that were refused of extracts that went."""
    gone = set(tables)
    for snapshot in snapshots.snapshots_of(desk.home):
        if snapshot.table in gone:
            name = f"{snapshot.source}-{snapshot.snapshot_no}.rejected.csv"
            (desk.home.path / "rejected" / name).unlink(missing_ok=True)
