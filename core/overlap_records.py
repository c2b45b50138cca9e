"""Overlaps as records: the worked hit with its payments, months and history; what a run took in.

Scripts rely on these shapes; schemas/ publishes them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import (
    Day,
    Fen,
    HitNo,
    HouseholdNo,
    MemberNo,
    Moment,
    Month,
    OperatorNo,
    OverlapKind,
    OverlapState,
    Record,
    Resolution,
)

NobodyReason = Literal["no_number", "shared_number"]
"""Why a row of aid is nobody's: it has no ID number, or one that stands under several names."""


class OverlapLine(Record, frozen=True, kw_only=True):
    """An overlap 重复、多头、遗漏、错保 as a listing shows it; months and money where known."""

    hit_no: HitNo
    kind: OverlapKind
    household_no: HouseholdNo
    member: MemberNo | None
    programmes: list[str]
    from_month: Month | None
    to_month: Month | None
    amount_fen: Annotated[Fen | None, Meta(description="Paid too much or missed; null: unknown")]
    owner: Annotated[str, Meta(description="An operator's number, or a department until assigned")]
    resolution: Resolution | None
    state: OverlapState


class OverlapPayment(Record, frozen=True, kw_only=True):
    """What one payer paid in a span of months, in fen; null where the register does not say."""

    programme: Annotated[str | None, Meta(description="null: insurance and others outside aid")]
    payer: str
    source: Annotated[str, Meta(description="A source, or `casework` for aid granted here")]
    amount_fen: Fen | None


class OverlapSpan(Record, frozen=True, kw_only=True):
    """Consecutive months with the same payments, and what of them is too much."""

    from_month: Month
    to_month: Month
    payments: list[OverlapPayment]
    amount_fen: Fen | None


class OverlapMove(Record, frozen=True, kw_only=True):
    """One step in the life of an overlap; the history is only ever added to."""

    at: Moment
    operator: OperatorNo
    act: Literal["found", "assign", "resolve", "reopen", "end", "override"]
    run: Annotated[str | None, Meta(description="The run that found, reopened or ended it")]
    code: Resolution | None
    from_month: Month | None
    to_month: Month | None
    amount_fen: Fen | None
    reason: str


class Overlap(OverlapLine, frozen=True, kw_only=True):
    """An overlap with its evidence by month, its history, its law and the next step."""

    division: str
    name: Annotated[str | None, Meta(description="The member's name, as the reader may see it")]
    id_number: Annotated[str | None, Meta(description="Always masked")]
    found_on: Day
    last_seen_on: Day
    attributable: Annotated[
        bool, Meta(description="false: no ID number, or one under two names; no row is taken")
    ]
    spans: list[OverlapSpan]
    payers: Annotated[list[OverlapPayment], Meta(description="Each payer's sum over the spans")]
    history: list[OverlapMove]
    basis: list[str]
    next_step: str


class UnattributableRows(Record, frozen=True, kw_only=True):
    """Rows of a register of aid that may be anybody's, and are counted as nobody's."""

    source: str
    without_number: int
    shared_number: Annotated[int, Meta(description="The ID number stands under several names")]


class UnattributedRow(Record, frozen=True, kw_only=True):
    """A row of a register of aid that may be anybody's; its file and line find it there."""

    source: str
    as_of: Day
    file: str
    line: Annotated[int, Meta(description="The line in the file, whose first one is the header")]
    reason: NobodyReason
    id_number: Annotated[str | None, Meta(description="Always masked")]
    name: Annotated[str, Meta(description="Always masked")]
    programme: str | None
    payer: str | None
    amount_fen: Fen | None
    from_date: Day | None
    to_date: Day | None


class TakenHits(Record, frozen=True, kw_only=True):
    """What a run changed among the overlaps, and what it could not attribute."""

    new: int
    continued: int
    reopened: int
    ended: int
    unattributable: list[UnattributableRows]
