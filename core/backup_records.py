"""What a backup says of itself: its manifest.json, which makes a folder of copies a backup."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import Record

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
