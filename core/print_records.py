"""What the papers that leave the house are filled from: offices, cases, decisions, notices.

They are read from the records when a paper is printed and hold no behaviour; what a paper says with
them is decided in documents/. What was never recorded is None or empty, and prints as a blank.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import (
    Application,
    ApplicationEnd,
    Benefit,
    CheckReport,
    Day,
    Division,
    Fen,
    MissingItem,
    Month,
    Record,
    ReferralNo,
)
from yimen.core.referral_records import Decision, Referral

NoticeNo = Annotated[str, Meta(pattern=r"^N\d{4}-\d{5,}$")]
NoticeAct = Literal["objected", "withdrawn", "taken_down"]
NoticeState = Literal["posted", "overdue", "taken_down"]


class Office(Record, frozen=True, kw_only=True):
    """Where people find a division's window or a department; what is not set is empty."""

    division: Division
    department: Annotated[str, Meta(description="Empty for the one door itself")] = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""
    review_body: Annotated[str, Meta(description="Who hears an administrative review")] = ""
    court: Annotated[str, Meta(description="Which court hears a suit")] = ""


class Signer(Record, frozen=True, kw_only=True):
    """A member of the family as a paper names them; a minor's guardian signs."""

    member_no: str
    name: str
    relation: str
    id_number: str | None
    minor: bool


class CaseFile(Record, frozen=True, kw_only=True):
    """An application with what every paper of it needs."""

    application: Application
    applicant: str
    officer: Annotated[str, Meta(description="The first officer's name")]
    family: Annotated[list[Signer], Meta(description="Who counts, or may count")]
    programmes: Annotated[list[str], Meta(description="What belongs to every intake or was asked")]
    office: Office
    masked: bool


class OneTimeNotice(Record, frozen=True, kw_only=True):
    """What was still missing when the one-time notification was given."""

    given_on: Day
    given_by: str
    items: list[MissingItem]


class DispatchFile(Record, frozen=True, kw_only=True):
    """A referral as its sheet shows it: to whom, about whom, by when."""

    referral: Referral
    case: CaseFile
    department: Office


class EndedFor(Record, frozen=True, kw_only=True):
    """Why a department did not take a matter on, or could not bring it about."""

    reason_code: str
    basis: str


class DecisionFile(Record, frozen=True, kw_only=True):
    """A decided or ended referral with whom it is addressed to and who decided."""

    referral: Referral
    ended: Decision | EndedFor
    case: CaseFile
    about: str
    decided_on: Day
    department: Office
    told: Annotated[str, Meta(description="What the department has to say to the family")] = ""


class RefusalFile(Record, frozen=True, kw_only=True):
    """What the one door said no to, who signed it, and the report that they relied on."""

    end: ApplicationEnd
    case: CaseFile
    officer: str
    second: str
    report: CheckReport | None


class ChangeFile(Record, frozen=True, kw_only=True):
    """A reduction or stop of aid, with the hearing that went before it."""

    benefit: Benefit
    case: CaseFile
    change: Literal["reduced", "stopped"]
    reason_code: str
    amount_fen: Fen | None
    from_month: Month
    basis: str
    decided_on: Day
    heard_on: Day | None
    heard_note: str
    department: Office


class NoticeLine(Record, frozen=True, kw_only=True):
    """A public notice as a listing shows it; overdue when it hangs after its last day.

    A notice is a list of one family or of several; `families` are those that still stand on it.
    """

    notice_no: NoticeNo
    kind: str
    application_no: Annotated[str, Meta(description="Of the first family")]
    referral_no: Annotated[ReferralNo, Meta(description="Of the first family")]
    programme: Annotated[str, Meta(description="Of the first family")]
    families: int
    gone: Annotated[int, Meta(description="Families to be struck off what hangs")]
    division: Division
    posted_on: Day
    last_day: Day
    provisional: bool
    state: NoticeState
    objections: int
    place: str


class NoticeEntry(Record, frozen=True, kw_only=True):
    """One family on a notice; gone when it was struck off, or its matter was taken back."""

    referral_no: ReferralNo
    shown: Annotated[dict[str, str], Meta(description="Field of notice_kinds.json -> its words")]
    gone: bool


class Notice(Record, frozen=True, kw_only=True):
    """A public notice: its line, and the fields that it shows, frozen when it was posted."""

    line: NoticeLine
    entries: list[NoticeEntry]
    office: Office
    acts: Annotated[list[tuple[NoticeAct, Day, str]], Meta(description="(act, day, note)")]


class PaperLine(Record, frozen=True, kw_only=True):
    """One line of a contract or of an acceptance; quantities as they are written."""

    item: str
    unit: str
    quantity: str
    unit_price_fen: Fen
    amount_fen: Fen
    delivered: str = ""
    accepted: str = ""


class ContractPaper(Record, frozen=True, kw_only=True):
    """What the annex of a contract for services shows."""

    contract_no: str
    project: str
    buyer: str
    supplier: str
    signed_on: Day | None
    from_date: Day
    to_date: Day
    lines: list[PaperLine]
    budget_line: str = ""


class AcceptancePaper(Record, frozen=True, kw_only=True):
    """What the sheet of an acceptance shows; service users sign it."""

    contract: ContractPaper
    acceptance_no: str
    accepted_on: Day | None
    period: str
    users: Annotated[list[str], Meta(description="Who received the service and signs")]
    users_without: Annotated[str, Meta(description="Why no user signed; empty where one did")] = ""
    score: str = ""
    findings: str = ""
