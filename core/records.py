"""The records of a case: household, application, consent, report, referral and their parts.

Casework functions take and return these; schemas/ publishes the same shapes as JSON
Schemas. They hold no behaviour: what may happen to a record is decided in core/casework.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

HouseholdNo = Annotated[str, Meta(pattern=r"^H\d{7,}$")]
MemberNo = Annotated[str, Meta(pattern=r"^M\d{7,}$", description="Opaque; stable through moves")]
ApplicationNo = Annotated[str, Meta(pattern=r"^A\d{4}-\d{5,}$")]
ReferralNo = Annotated[str, Meta(pattern=r"^R\d{4}-\d{5,}$")]
HitNo = Annotated[str, Meta(pattern=r"^V\d{4}-\d{5,}$")]
Month = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}$")]
ReportNo = Annotated[str, Meta(pattern=r"^C[0-9a-f]{16}$")]
OperatorNo = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Division = Annotated[str, Meta(pattern=r"^\d{12}$", description="Division code, 12 digits")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, Meta(description="ISO time with offset, Asia/Shanghai")]
Fen = Annotated[int, Meta(description="Money in fen")]
Value = bool | int | str | None

Role = Literal["county", "town", "village", "department", "it", "auditor"]
ROLES: tuple[Role, ...] = ("county", "town", "village", "department", "it", "auditor")

Status = Literal[
    "hit", "no_hit", "mismatch", "stale", "not_covered", "not_loaded", "no_consent",
    "denied", "timeout", "declared", "verified",
]  # fmt: skip
Outcome = Literal["eligible", "ineligible", "unknown"]
Result = Literal["pass", "fail", "unknown"]
FlagKind = Literal[
    "name_mismatch", "deceased_beneficiary", "undeclared_asset", "declared_conflict",
    "counted_twice", "stale_source", "duplicate", "multi_source", "missed", "wrongly_kept",
    "open_referral",
]  # fmt: skip
OverlapKind = Literal["duplicate", "multi_source", "missed", "wrongly_kept"]
OverlapState = Literal["open", "resolved", "ended"]
Resolution = Literal["false_hit", "disputed", "confirmed"]
ApplicationState = Literal[
    "draft", "submitted", "supplement_noticed", "accepted", "checked", "dispatched", "closed",
    "withdrawn", "terminated",
]  # fmt: skip
ReferralState = Literal[
    "draft", "dispatched", "received", "accepted", "in_progress", "fed_back", "completed",
    "returned", "suspended", "transferred", "rejected", "failed", "withdrawn", "voided",
]  # fmt: skip


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all records: immutable; a change is a new record and a new revision."""


class Operator(Record, frozen=True, kw_only=True):
    """A person at work: roles, a division prefix, and for the department role a department."""

    operator_no: OperatorNo
    person_no: Annotated[str, Meta(description="One natural person; second sign-off compares it")]
    name: str
    roles: list[Role]
    division: Division
    department: str | None = None
    accounts: list[str] = []


class Member(Record, frozen=True, kw_only=True):
    """A person of a household; `id_number` is masked unless the reader may see it."""

    member_no: MemberNo
    name: str
    relation: Annotated[str, Meta(description="GB/T 4761 code, relation to the head")]
    id_number: str | None
    birth_date: Day | None
    sex: Literal["1", "2"] | None = None
    counted: Annotated[bool | None, Meta(description="null: not known yet")] = None


class Household(Record, frozen=True, kw_only=True):
    """A household file 一户一档: its number, place and members, and whether numbers are masked."""

    household_no: HouseholdNo
    division: Division
    zone: Literal["URBAN", "RURAL"] | None
    members: list[Member]
    masked: bool


class Consent(Record, frozen=True, kw_only=True):
    """An authorisation to read sources 授权书, or a pledge 承诺书, with the hash of its paper."""

    consent_no: str
    member_no: MemberNo
    kind: Literal["authorisation", "pledge"]
    scope: Annotated[
        list[str], Meta(description="Sources it opens and departments it covers; * is all")
    ]
    signed_on: Day
    expires_on: Day
    paper_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    recorded_by: OperatorNo


class MissingItem(Record, frozen=True, kw_only=True):
    """What must still be said or brought, and why it is needed."""

    fact: str | None
    document: str | None
    why: str
    member: Annotated[
        MemberNo | None, Meta(description="Whom it is about, whose name then begins `why`")
    ] = None
    programme: Annotated[
        str | None, Meta(description="The programme whose answer is waited for")
    ] = None

    def plain(self) -> str:
        """Why, without the name of the member whom it is about."""
        return self.why.partition(": ")[2] if self.member else self.why


EndVerb = Literal["close", "reject", "refuse", "terminate"]


class Declined(Record, frozen=True, kw_only=True):
    """That a proposal was not signed: who said so, when and why; its proposer has it again."""

    operator: OperatorNo
    at: Moment
    note: str


class ApplicationEnd(Record, frozen=True, kw_only=True):
    """What an officer would say no to at the one door; it stands when a second person signs.

    `refuse` leaves the application open; the other verbs end it.
    """

    verb: EndVerb
    reason_code: str
    basis: str
    note: str
    report_no: Annotated[
        ReportNo | None, Meta(description="The report that it rests on; null before a check")
    ]
    programmes: Annotated[list[str], Meta(description="What is refused; all of it where empty")]
    operator: OperatorNo
    at: Moment
    declined: Declined | None = None


class Application(Record, frozen=True, kw_only=True):
    """One request for help at one door 申请, whatever programmes it leads to."""

    application_no: ApplicationNo
    household_no: HouseholdNo
    applicant: MemberNo
    state: ApplicationState
    first_officer: OperatorNo
    division: Division
    submitted_on: Day
    accepted_on: Day | None
    rule_pack: str | None
    closed_on: Day | None
    requested: Annotated[list[str], Meta(description="Programmes that the family asked for")] = []
    proposal_to_end: ApplicationEnd | None = None
    rev: int


class RecordedFact(Record, frozen=True, kw_only=True):
    """A fact that a person stated (declared) or an officer verified; append-only."""

    subject: Annotated[str, Meta(description="A member_no, or a household_no for household facts")]
    fact: str
    value: Value
    status: Literal["declared", "verified"]
    source: str
    as_of: Day
    recorded_by: OperatorNo


class FactValue(Record, frozen=True, kw_only=True):
    """A value, how it is known, from which source and of which day."""

    value: Value
    status: Status
    source: str | None
    as_of: Day | None


class CriterionResult(Record, frozen=True, kw_only=True):
    """One condition: its result, its words, the values it used and its law."""

    criterion: str
    text: str
    about: Literal["income", "asset", "residence", "class", "person", "event", "expense"]
    result: Result
    values: dict[str, Value]
    basis: Annotated[str, Meta(description="The law in the language of the report")]
    confidence: str


class AmountStepValue(Record, frozen=True, kw_only=True):
    """One step on the way to an amount: fen where `type` is money, else a plain number."""

    step: str
    text: str
    type: Literal["money", "integer"]
    value: int | None


class AmountResult(Record, frozen=True, kw_only=True):
    """How a proposed amount comes about: its rule, the values it rests on, its steps, its law."""

    type: str
    values: dict[str, Value]
    steps: list[AmountStepValue]
    basis: str
    confidence: str


class OpenedBy(Record, frozen=True, kw_only=True):
    """The class that opens a programme without a new check of means, and the law that says so."""

    programme: str
    name: str
    basis: str
    confidence: str


class ProgrammeResult(Record, frozen=True, kw_only=True):
    """The answer for one programme, of the household or of one member."""

    programme: str
    name: str
    department: str
    unit: Literal["person", "household"]
    member: MemberNo | None
    outcome: Outcome
    receiving: bool | None
    amount_fen: Fen | None
    per: Literal["once", "month", "year"] | None
    amount: Annotated[AmountResult | None, Meta(description="For an eligible answer")] = None
    opened_by: list[OpenedBy] = []
    criteria: list[CriterionResult]
    missing: list[MissingItem]


class Flag(Record, frozen=True, kw_only=True):
    """Something an officer must look at."""

    kind: FlagKind
    member: MemberNo | None
    programme: str | None
    detail: str


class StandardShown(Record, frozen=True, kw_only=True):
    """A standard's value that a report rests on, who set it, and how sure that is."""

    value: int | str | None
    origin: Literal["county", "national", "example", "missing"]
    basis: Annotated[str, Meta(description="The law in the language of the report")]
    confidence: str
    from_date: Day | None


class CheckReport(Record, frozen=True, kw_only=True):
    """A check report 核对报告: not a decision. `engine` stands outside the hashed body."""

    report_no: ReportNo
    household_no: HouseholdNo
    application_no: ApplicationNo | None
    rules_on: Day
    facts_as_of: Day
    rule_pack: str
    engine: str
    inputs_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    rules_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    facts: dict[str, FactValue]
    member_facts: dict[str, dict[str, FactValue]]
    standards: dict[str, StandardShown]
    programmes: list[ProgrammeResult]
    flags: list[Flag]
    statement: Annotated[str, Meta(description="The sentence that this is not a decision")]


class Benefit(Record, frozen=True, kw_only=True):
    """Aid granted through this home: who receives what, from when, how much."""

    benefit_no: str
    household_no: HouseholdNo
    member_no: MemberNo | None
    programme: str
    department: str
    amount_fen: Fen | None
    per: Literal["once", "month", "year"] | None
    from_month: str
    to_month: str | None
    referral_no: ReferralNo


class ExtractFile(Record, frozen=True, kw_only=True):
    """One of several files of an extract; a row's number counts on from file to file."""

    name: str
    lines_before: Annotated[int, Meta(description="Lines of the files before it")]


class Snapshot(Record, frozen=True, kw_only=True):
    """One loaded extract of a source 快照: immutable, with its as-of date and what it covers."""

    source: str
    snapshot_no: int
    table: str
    as_of: Day
    loaded_at: Moment
    rows: int
    rejected: int
    digest: str
    covers: list[str]
    file_name: str
    pruned_on: Annotated[
        Day | None, Meta(description="The day on which its rows were let go; None while they stand")
    ] = None
    files: Annotated[
        list[ExtractFile], Meta(description="Its files in their order, where there are several")
    ] = []


class JournalRow(Record, frozen=True, kw_only=True):
    """One link of the hash chain."""

    seq: int
    at: Moment
    operator: str
    account: str
    action: str
    subject: str
    body: Annotated[str, Meta(description="Canonical JSON without whole ID numbers")]
    prev_hash: str
    hash: str
