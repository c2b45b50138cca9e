"""The shapes that commands return and scripts rely on; schemas/ publishes them.

They are answers, not records of a case: nothing is stored in these shapes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.declarations import HardshipKind, Need
from yimen.core.records import (
    ApplicationNo,
    ApplicationState,
    Benefit,
    Consent,
    Day,
    Decision,
    DueDates,
    Fen,
    HitNo,
    Household,
    HouseholdNo,
    MemberNo,
    MissingItem,
    Moment,
    Month,
    OperatorNo,
    OverlapKind,
    OverlapState,
    Record,
    ReferralNo,
    ReferralState,
    Resolution,
    Status,
    Value,
)


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


class TakenHits(Record, frozen=True, kw_only=True):
    """What a run changed among the overlaps, and what it could not attribute."""

    new: int
    continued: int
    reopened: int
    ended: int
    unattributable: list[UnattributableRows]


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


Standing = Annotated[
    Literal["receiving", "entitled", "likely", "needs_fact", "not_now"],
    Meta(description="likely: whom it is for is met, and something else is still open"),
]


class PolicyLine(Record, frozen=True, kw_only=True):
    """How a household or member stands to one programme, with its law."""

    programme: str
    name: str
    department: Annotated[str, Meta(description="The department's name")]
    member: MemberNo | None
    standing: Standing
    amount_fen: Fen | None
    per: Literal["once", "month", "year"] | None
    basis: list[str]
    confirmed: Annotated[bool, Meta(description="Whether the text of every law here was read")]
    opened_by: Annotated[list[str], Meta(description="Classes that open it without a new check")]
    to_know: list[str]
    not_met: Annotated[list[str], Meta(description="Conditions not met now, each with its law")]


class PolicyList(Record, frozen=True, kw_only=True):
    """The policy care list of a household 救助政策关爱清单, best standing first."""

    household_no: HouseholdNo
    made_on: Day
    rules_on: Day
    rule_pack: str
    report_no: str
    policies: list[PolicyLine]
    statement: Annotated[str, Meta(description="The sentence that this is not a decision")]


class Answering(Record, frozen=True, kw_only=True):
    """A programme that answers a need, and its last referral in this home."""

    programme: str
    name: str
    department: Annotated[str, Meta(description="The department's name")]
    member: MemberNo | None
    standing: Standing
    referral_no: ReferralNo | None
    state: ReferralState | None
    under_way: Annotated[bool, Meta(description="Referred and not closed, or granted")]


class NeedLine(Record, frozen=True, kw_only=True):
    """One need of a member or the household; `assessed` is null where nobody looked."""

    need: Need
    member: MemberNo | None
    assessed: bool | None
    as_of: Day | None
    source: str | None
    answers: list[Answering]
    met: Annotated[bool | None, Meta(description="An answer is received or under way")]


class ServiceList(Record, frozen=True, kw_only=True):
    """The service list of a household 困难家庭救助服务清单: needs and what answers them."""

    household_no: HouseholdNo
    made_on: Day
    needs: list[NeedLine]
    statement: Annotated[str, Meta(description="The sentence that this is not a decision")]


class HardshipFact(Record, frozen=True, kw_only=True):
    """A fact that shows a type of hardship, or that would have to be known to tell."""

    fact: str
    name: str
    member: MemberNo | None
    shown: Annotated[bool | None, Meta(description="null: the fact is not known")]
    value: Value
    text: Annotated[str, Meta(description="The value as people write it")]
    status: Status
    as_of: Day | None


class HardshipLine(Record, frozen=True, kw_only=True):
    """A type of hardship: shown, not shown by any fact, or (null) not known yet."""

    kind: HardshipKind
    shown: bool | None
    facts: Annotated[list[HardshipFact], Meta(description="Those that show it or are not known")]


class ClassLine(Record, frozen=True, kw_only=True):
    """How a household or member stands to a class of low-income people; null is not known."""

    programme: str
    name: str
    degree: Annotated[int, Meta(description="Its place in the law, 1 the gravest")]
    member: MemberNo | None
    recognised: bool | None
    proposed: Annotated[bool | None, Meta(description="This check's own answer")]


class ExpenseLine(Record, frozen=True, kw_only=True):
    """One rigid expense of a year; null is not known."""

    fact: str
    name: str
    amount_fen: Fen | None
    status: Status
    source: str | None
    as_of: Day | None


class ProgrammeFor(Record, frozen=True, kw_only=True):
    """A programme, and for a person's programme the member."""

    programme: str
    name: str
    member: MemberNo | None


class DecisiveLine(Record, frozen=True, kw_only=True):
    """A missing fact or standard, where it comes from, and which answers wait for it."""

    fact: str
    name: str
    member: MemberNo | None
    how: Annotated[
        Literal["ask", "register", "verify", "standard"],
        Meta(description="Asked of the family, in a register that does not show it, contradicted "
             "and to be verified by an officer, or a standard that the county sets"),
    ]  # fmt: skip
    question: str
    document: str | None
    source: str | None
    decides: Annotated[
        list[ProgrammeFor], Meta(description="Answers that it decides alone, whatever it is")
    ]
    helps: Annotated[
        list[ProgrammeFor], Meta(description="Answers that wait for it and for something else")
    ]


class Portrait(Record, frozen=True, kw_only=True):
    """The portrait of a household 精准画像: hardship, degree, expenses, aid, what is not known."""

    household_no: HouseholdNo
    made_on: Day
    rules_on: Day
    rule_pack: str
    report_no: str
    degree: Annotated[
        int | None,
        Meta(description="Of the gravest class that is recognised or proposed; graver ones may be "
             "open"),
    ]  # fmt: skip
    classes: list[ClassLine]
    income_ratio_ppm: Annotated[
        int | None, Meta(description="Income a head over the dibao standard; null is not known")
    ]
    hardships: list[HardshipLine]
    expenses: list[ExpenseLine]
    expenses_fen: Annotated[Fen | None, Meta(description="Their sum when all are known")]
    received: list[KnownBenefit]
    likely: Annotated[list[PolicyLine], Meta(description="Standing entitled or likely")]
    unknown: Annotated[list[ProgrammeFor], Meta(description="Standing needs_fact")]
    decisive: list[DecisiveLine]
    statement: Annotated[str, Meta(description="The sentence that this is not a decision")]
