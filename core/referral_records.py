"""The referral contract as records: what was handed over, on which terms, and each of its moves."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from yimen.core.i18n import language
from yimen.core.laws import law_text
from yimen.core.records import (
    ApplicationNo,
    Day,
    Declined,
    FactValue,
    Fen,
    HouseholdNo,
    MemberNo,
    Moment,
    OperatorNo,
    Record,
    ReferralNo,
    ReferralState,
    ReportNo,
    Value,
)


class Decision(Record, frozen=True, kw_only=True):
    """A department's answer; money in fen per the programme's period, months as 2026-12."""

    outcome: Literal["granted", "refused", "referred_on"]
    reason_code: str | None
    amount_fen: Fen | None
    from_month: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}$")] | None
    to_month: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}$")] | None
    basis: str


class DueDates(Record, frozen=True, kw_only=True):
    """What is due when: a day, or a moment for limits in hours.

    `statutory` stands beside the promised `finish`; `office` is what others owe the referral while
    its department waits: to send it out again, to confirm the answer, to resume.
    """

    sign: str
    accept: str
    finish: str
    statutory: str | None = None
    office: str | None = None


class Term(Record, frozen=True, kw_only=True):
    """A time limit as it was in force at dispatch, with the text that sets it."""

    n: Annotated[int, Meta(ge=0)]
    unit: Literal["WD", "CD", "H", "MO"]
    starts: Literal["accepted", "dispatched"]
    basis: str
    tag: str
    basis_zh: Annotated[str | None, Meta(description="Where the text is no law's short name")] = (
        None
    )

    def words(self) -> str:
        """The text that sets it, in the language in force."""
        if self.basis_zh and language() == "zh":
            return self.basis_zh
        return law_text(self.basis)


class Stop(Record, frozen=True, kw_only=True):
    """A span in which a referral's clocks stood still: returned, or suspended."""

    since: Moment
    until: Moment


class Terms(Record, frozen=True, kw_only=True):
    """The limits of a referral, frozen at dispatch, and what a transfer carried over.

    `started_at` is the first dispatch, of the referrals before this one too, so that a transfer
    keeps the family's total time. `extended` is in the unit of the finish limit.
    """

    sign: Term
    accept: Term
    finish: Term
    statutory: Term | None
    accepted_on: Day | None
    started_at: Moment
    extended: Annotated[int, Meta(ge=0)] = 0
    carried: list[Stop] = msgspec.field(default_factory=list)


class EndProposal(Record, frozen=True, kw_only=True):
    """What one officer would end a referral with; it stands when a second person signs."""

    verb: Literal["reject", "fail"]
    reason_code: str
    basis: str
    note: str
    operator: OperatorNo
    at: Moment
    declined: Declined | None = None


class Referral(Record, frozen=True, kw_only=True):
    """A hand-over to a department 转办单 with the facts frozen at dispatch."""

    referral_no: ReferralNo
    application_no: ApplicationNo
    household_no: HouseholdNo
    member_no: MemberNo | None
    programme: str
    department: str
    state: ReferralState
    dispatched_on: Day
    due: DueDates
    provisional: bool
    report_no: ReportNo
    rules_hash: str
    facts: dict[str, FactValue]
    proposal: Annotated[dict[str, Value], Meta(description="Proposed outcome and amount_fen")]
    decision: Decision | None
    returns: int
    terms: Terms | None = None
    proposal_to_end: EndProposal | None = None
    predecessor: ReferralNo | None = None
    successor: ReferralNo | None = None
    rev: int


class ReferralMove(Record, frozen=True, kw_only=True):
    """One move of a referral: who, when, why, and who signed with them."""

    verb: str | None
    from_state: ReferralState | None
    to_state: ReferralState
    at: Moment
    operator: OperatorNo
    second: OperatorNo | None = None
    reason_code: str | None
    note: str | None
    basis: str | None = None
    passed_over: Annotated[
        list[str], Meta(description="Guards of the handling that a grant did not wait for")
    ] = msgspec.field(default_factory=list)
    override: Annotated[str, Meta(description="Why it did not, where an officer said so")] = ""
