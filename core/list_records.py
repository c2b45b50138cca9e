"""A household's lists and portrait as records: policies, services, hardship, what decides.

They are answers, not records of a case; schemas/ publishes them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from yimen.core.declarations import HardshipKind, Need
from yimen.core.records import (
    Day,
    Division,
    Fen,
    HouseholdNo,
    MemberNo,
    OperatorNo,
    Record,
    ReferralNo,
    ReferralState,
    Status,
    Value,
)
from yimen.core.results import KnownBenefit

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
    outcome: Annotated[
        Literal["granted", "refused", "referred_on"] | None,
        Meta(description="What the department decided"),
    ] = None


class NeedRow(Record, frozen=True, kw_only=True):
    """A need in a listing over households: what answers it, and what came of it."""

    household_no: HouseholdNo
    division: Division
    need: Need
    member: MemberNo | None
    assessed: bool
    as_of: Day
    source: str
    assessed_by: OperatorNo
    met: bool | None
    programmes: Annotated[list[str], Meta(description="Programmes that could answer it")]
    referrals: list[ReferralNo]
    orders: list[str]
    outcomes: list[str]


class NeedOrder(Record, frozen=True, kw_only=True):
    """An order for a purchased service that serves a need, and how much of it was accepted."""

    order_no: str
    item: Annotated[str, Meta(description="The service item, such as A2 for care")]
    unit: str
    quantity: int
    accepted: int
    ordered_on: Day
    due_on: Day | None


class NeedLine(Record, frozen=True, kw_only=True):
    """One need of a member or the household; `assessed` is null where nobody looked."""

    need: Need
    member: MemberNo | None
    assessed: bool | None
    as_of: Day | None
    source: str | None
    assessed_by: OperatorNo | None = None
    answers: list[Answering]
    orders: Annotated[list[NeedOrder], Meta(description="Purchased services that serve it")] = (
        field(default_factory=list)
    )
    met: Annotated[
        bool | None, Meta(description="An answer is received or under way, or a service ordered")
    ]


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
