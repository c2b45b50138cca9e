"""What a backup says of itself: its manifest.json, which makes a folder of copies a backup."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import Day, Record

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class BackupFile(Record, frozen=True, kw_only=True):
    """One file of a backup."""

    path: Annotated[str, Meta(description="Below the backup's folder, with forward slashes")]
    bytes: int
    sha256: Digest


class BackupManifest(Record, frozen=True, kw_only=True):
    """A backup of a home at one moment; it is written last, so that half a backup has none."""

    format: Literal[1]
    yimen: Annotated[str, Meta(description="The version that made it")]
    made_at: str
    county: str
    synthetic: bool
    journal_rows: int
    journal_head: Annotated[Digest, Meta(description="The hash of the journal's last row")]
    keys: Annotated[bool, Meta(description="Whether the private keys are in it")]
    runs: Annotated[bool, Meta(description="Whether the results of batch runs are in it")]
    files: list[BackupFile]


KeptBecause = Literal["newest", "recent", "report", "run", "overlap", "at_work", "in_use"]


class Keeping(Record, frozen=True, kw_only=True):
    """What a county keeps of its extracts and batch runs, beside what is still cited."""

    snapshots: Annotated[int, Meta(ge=1, description="The newest extracts of each source")] = 3
    snapshot_days: Annotated[int, Meta(ge=0, description="Extracts as of so many days ago")] = 92
    runs: Annotated[int, Meta(ge=1, description="The newest runs of each kind")] = 7
    run_days: Annotated[int, Meta(ge=0, description="Runs of so many days")] = 31
    report_months: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="So long a filed report of a closed application cites its extracts"),
    ] = None


class PruneLine(Record, frozen=True, kw_only=True):
    """An extract or a run, and whether it goes."""

    kind: Literal["extract", "run"]
    name: Annotated[str, Meta(description="The extract's table, or the run's number")]
    source: str | None
    day: Day
    rows: Annotated[int, Meta(description="Rows of an extract, households of a run")]
    fate: Literal["kept", "pruned"]
    because: Annotated[
        KeptBecause | None, Meta(description="Why it is kept; the first of several reasons")
    ]
