"""Batch runs as records: what one was about, how far it is, what it found, what changed.

They are answers that scripts rely on; schemas/ publishes them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import Day, Fen, HouseholdNo, MemberNo, OperatorNo, Record


class RunPlan(Record, frozen=True, kw_only=True):
    """What a batch run computes: two runs of the same plan on one day are the same run."""

    kind: Literal["screen", "check"]
    engine: Literal["sqlite", "duckdb"]
    today: Day
    rules_on: Day
    facts_as_of: Day
    division: Annotated[str, Meta(description="The division that it looks at, 12 digits")]
    rule_pack: str
    rules_hash: str
    roster: Annotated[str, Meta(description="The households, as a residence snapshot shows them")]
    snapshots: Annotated[
        dict[str, list[str | None]],
        Meta(description="source -> its status, its snapshot and the day of that"),
    ]
    criteria: Annotated[
        dict[str, list[str]], Meta(description="programme -> its criteria, as letters stand")
    ]


class RunRecord(Record, frozen=True, kw_only=True):
    """One batch run and how far it is."""

    run_no: Annotated[str, Meta(pattern=r"^S\d{4}-\d{5,}$")]
    state: Literal["running", "done", "given_up"]
    begun_at: str
    ended_at: str | None
    operator: OperatorNo
    households: int
    digest: Annotated[str | None, Meta(description="SHA-256 over the results, when it is done")]
    plan: RunPlan


class ProgrammeCount(Record, frozen=True, kw_only=True):
    """How many households or persons a run found for one programme."""

    programme: str
    name: str
    department: str
    unit: Literal["household", "person"]
    eligible: int
    ineligible: int
    unknown: int
    receiving: int
    missed: int
    wrongly_kept: int
    duplicate: int


class ScreenResult(Record, frozen=True, kw_only=True):
    """What a batch run found, programme by programme."""

    run: RunRecord
    programmes: list[ProgrammeCount]
    flagged: Annotated[dict[str, int], Meta(description="Flag kind -> how often it was raised")]
    stale: Annotated[list[str], Meta(description="Sources whose extract is too old")]


class Change(Record, frozen=True, kw_only=True):
    """One answer that differs from an earlier run, and why."""

    household_no: HouseholdNo
    member_no: MemberNo | None
    programme: str
    before: str | None
    now: str | None
    receiving_before: str | None
    receiving_now: str | None
    amount_fen_before: Fen | None
    amount_fen_now: Fen | None
    why: list[str]
