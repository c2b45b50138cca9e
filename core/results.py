"""The shapes that commands return and scripts rely on; schemas/ publishes them.

They are answers, not records of a case: nothing is stored in these shapes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import (
    ApplicationNo,
    ApplicationState,
    Benefit,
    Consent,
    Day,
    Fen,
    HitNo,
    Household,
    HouseholdNo,
    MemberNo,
    MissingItem,
    OperatorNo,
    OverlapKind,
    Record,
    ReferralNo,
    ReferralState,
    Status,
)
from yimen.core.referral_records import Decision, DueDates


class KnownBenefit(Record, frozen=True, kw_only=True):
    """Aid that a register or this home shows."""

    programme: str
    member_no: MemberNo | None
    payer: str
    amount_fen: Fen | None
    from_date: str | None
    to_date: str | None
    active: bool
    upcoming: Annotated[bool, Meta(description="Granted, and begins later")] = False
    source: Annotated[str, Meta(description="A source, or `casework` for aid granted here")]
    benefit_no: Annotated[str | None, Meta(description="Its number where it was granted here")] = (
        None
    )


class OpenApplication(Record, frozen=True, kw_only=True):
    """An application of the household."""

    application_no: ApplicationNo
    state: ApplicationState
    submitted_on: Day
    first_officer: OperatorNo


class ReferralLine(Record, frozen=True, kw_only=True):
    """A referral as a listing shows it."""

    referral_no: ReferralNo
    application_no: ApplicationNo
    household_no: HouseholdNo
    member_no: MemberNo | None
    programme: str
    department: str
    state: ReferralState
    due_on: str | None
    overdue: bool
    escalated: int
    provisional: bool
    clock: Annotated[
        Literal["sign", "accept", "finish", "redispatch", "confirm", "resume"] | None,
        Meta(description="Which clock runs; the last three are the office's or a set day"),
    ] = None
    light: Literal["green", "yellow", "red"] | None = None
    statutory_on: Annotated[str | None, Meta(description="The law's own limit")] = None
    statutory_overdue: bool = False


class SourceStatus(Record, frozen=True, kw_only=True):
    """What one source says of the household."""

    source: str
    status: Status
    as_of: Day | None


class QueryResult(Record, frozen=True, kw_only=True):
    """What is known of the household of one person, before anything is asked."""

    household: Household
    benefits: list[KnownBenefit]
    applications: list[OpenApplication]
    referrals: list[ReferralLine]
    sources: list[SourceStatus]


class IntakeResult(Record, frozen=True, kw_only=True):
    """The receipt of an intake, with the one-time notification of what is still missing."""

    application_no: ApplicationNo
    household_no: HouseholdNo
    state: ApplicationState
    first_officer: OperatorNo
    accepted_on: Day | None
    consents: list[Consent]
    missing: list[MissingItem]


class DispatchedReferral(Record, frozen=True, kw_only=True):
    """A referral just dispatched, with its clocks."""

    referral_no: ReferralNo
    programme: str
    member_no: MemberNo | None
    department: str
    state: ReferralState
    due: DueDates
    provisional: bool


class NotDispatched(Record, frozen=True, kw_only=True):
    """A programme that was not dispatched, and why."""

    programme: str
    member_no: MemberNo | None
    reason: str
    referral_no: Annotated[
        ReferralNo | None, Meta(description="The referral that is open on the same matter")
    ] = None


class DispatchWarning(Record, frozen=True, kw_only=True):
    """An open overlap of a programme that was dispatched, which its department should know."""

    programme: str
    member_no: MemberNo | None
    hit_no: HitNo
    kind: OverlapKind


class DispatchResult(Record, frozen=True, kw_only=True):
    """The referrals of a dispatch, what was held back, and what to mind."""

    application_no: ApplicationNo
    referrals: list[DispatchedReferral]
    held_back: list[NotDispatched]
    warnings: list[DispatchWarning]


class BulkLine(Record, frozen=True, kw_only=True):
    """What became of one of many: done, or refused with the sentence."""

    subject: str
    done: bool
    said: str


class FeedbackLine(Record, frozen=True, kw_only=True):
    """One department's answer, or where it stands."""

    referral_no: ReferralNo
    programme: str
    name: str
    member_no: MemberNo | None
    department: str
    state: ReferralState
    due_on: str | None
    decision: Decision | None
    note: Annotated[str, Meta(description="What was said with the last move")] = ""


class FeedbackResult(Record, frozen=True, kw_only=True):
    """All answers to one application, and the benefits that came of them."""

    application_no: ApplicationNo
    state: ApplicationState
    answers: list[FeedbackLine]
    benefits: list[Benefit]


class LoadResult(Record, frozen=True, kw_only=True):
    """What loading one extract did."""

    source: str
    snapshot_no: int
    as_of: Day
    rows: int
    rejected: int
    reject_file: str | None


class ManifestFile(Record, frozen=True, kw_only=True):
    """One extract of a folder: which source, of which day, for which divisions."""

    file: str
    source: str
    as_of: Day
    covers: Annotated[list[str], Meta(description="Division codes of 6, 9 or 12 digits")]
    rows: int
    encoding: str


class Manifest(Record, frozen=True, kw_only=True):
    """A folder of extracts that `source load --all` takes."""

    seed: int | None = None
    as_of: Day
    synthetic: bool
    files: list[ManifestFile]


class Planted(Record, frozen=True, kw_only=True):
    """A truth that a synthetic county hides and a check must find."""

    kind: str
    household_no: HouseholdNo
    id_number: str | None
    programme: str | None
    note: str


class Story(Record, frozen=True, kw_only=True):
    """A telling family of a synthetic county."""

    story: str
    household_no: HouseholdNo
    id_number: str
    note: str


class Truth(Record, frozen=True, kw_only=True):
    """truth.json of a synthetic county."""

    seed: int
    households: int
    planted: list[Planted]
    stories: list[Story]
