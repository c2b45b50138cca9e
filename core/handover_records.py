"""What leaves a home and comes back: the referral as its department reads it, and each later move.

Public and versioned by their schemas, apart from the records of the case, so that a home may change
inside without its departments' systems noticing. They hold no behaviour.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import (
    ApplicationNo,
    Day,
    Division,
    HouseholdNo,
    MemberNo,
    Moment,
    Record,
    ReferralNo,
    ReportNo,
    Status,
    Value,
)
from yimen.core.referral_records import Decision, DueDates, Terms

HomeId = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="A home or another system")
]
MessageId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_./:-]{0,127}$",
        description="Never given twice by its sender; the same message keeps it",
    ),
]
Sequence = Annotated[
    int, Meta(ge=1, le=9999, description="1, 2, 3 ... of one sender about one referral")
]
Units = Annotated[int, Meta(ge=1, le=9999)]
KeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
# The moves that a message can tell; which side may make one is decided where it is applied.
Verb = Literal[
    "receive", "accept", "start", "return", "redispatch", "suspend", "resume", "extend",
    "transfer", "reject", "decide", "clarify", "complete", "fail", "withdraw", "void", "reopen",
]  # fmt: skip
RowResult = Literal[
    "exported", "held_back", "taken", "applied", "duplicate", "waiting", "refused", "foreign",
    "unknown_key", "bad_signature", "unreadable", "cut_off",
]  # fmt: skip
# What a batch may hold without anybody having to look at it.
IN_ORDER: frozenset[str] = frozenset({"exported", "taken", "applied", "duplicate"})


class Title(Record, frozen=True, kw_only=True):
    """A name in Chinese and English."""

    zh: str
    en: str


class LegalBasis(Record, frozen=True, kw_only=True):
    """A law, and how sure its reading is."""

    zh: str
    en: str
    tag: str


class ProgrammeNamed(Record, frozen=True, kw_only=True):
    """The programme as it stood when its referral was dispatched."""

    programme: str
    names: Title
    unit: Literal["person", "household"]
    version_from: Day
    basis: list[LegalBasis]


class PersonConcerned(Record, frozen=True, kw_only=True):
    """A person whose matter it is; the number is masked where no authorisation covers them."""

    member_no: MemberNo
    name: str
    id_number: str | None
    masked: bool
    relation: Annotated[str, Meta(description="GB/T 4761 code, relation to the head")]
    birth_date: Day | None
    sex: Literal["1", "2"] | None


class FactSent(Record, frozen=True, kw_only=True):
    """A fact frozen at dispatch: its names, value, how it is known, whence and of which day."""

    names: Title
    value: Value
    status: Status
    source: str | None
    as_of: Day | None


class ReferralDocument(Record, frozen=True, kw_only=True):
    """A referral 转办单 as it leaves for its department: only what the department needs."""

    kind: Literal["referral"]
    message_id: MessageId
    sequence: Sequence
    sender: HomeId
    home_id: Annotated[HomeId, Meta(description="The home that dispatched it")]
    referral_no: ReferralNo
    application_no: ApplicationNo
    department: str
    division: Division
    dispatched_at: Moment
    programme: ProgrammeNamed
    due: Annotated[DueDates, Meta(description="The promised days; `statutory` beside them")]
    provisional: Annotated[bool, Meta(description="A day runs past the published calendar")]
    terms: Annotated[Terms, Meta(description="The limits behind the days, with their law")]
    household_no: HouseholdNo
    persons: list[PersonConcerned]
    concerns: Annotated[MemberNo | None, Meta(description="null: the whole household's matter")]
    facts: dict[str, FactSent]
    proposal: Annotated[
        dict[str, Value], Meta(description="What the check proposes; the department decides")
    ]
    report_no: ReportNo
    rule_pack: str
    rules_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    authorisations: Annotated[
        list[str], Meta(description="Consents that let this department receive it")
    ]
    officer: Annotated[str, Meta(description="The first officer, who answers questions")]


class MoveMessage(Record, frozen=True, kw_only=True):
    """One move of a referral, told to the other side: by whom, when, and what was said."""

    kind: Literal["move"]
    message_id: MessageId
    sequence: Sequence
    sender: HomeId
    home_id: Annotated[HomeId, Meta(description="The home that dispatched the referral")]
    referral_no: Annotated[ReferralNo, Meta(description="As that home numbers it")]
    verb: Verb
    at: Moment
    officer: Annotated[str, Meta(min_length=1, description="Who made the move, over there")]
    second_officer: Annotated[
        str | None, Meta(description="Who signed it off, where the move needs two")
    ] = None
    reason_code: str | None = None
    note: Annotated[str, Meta(max_length=2000)] = ""
    basis: Annotated[str, Meta(max_length=500, description="With reject")] = ""
    decision: Annotated[Decision | None, Meta(description="With decide")] = None
    until: Annotated[Day | None, Meta(description="With suspend")] = None
    extended_by: Annotated[
        Units | None, Meta(description="With extend, in the limit's own unit")
    ] = None
    due: Annotated[DueDates | None, Meta(description="Where the window set new days")] = None


class BatchEnd(Record, frozen=True, kw_only=True):
    """The last line of a batch; without it the file was cut off on its way."""

    kind: Literal["end"]
    batch: MessageId
    sender: HomeId
    rows: Annotated[int, Meta(ge=0, description="Lines before this one")]
    made_at: Moment


class Delivery(Record, frozen=True, kw_only=True):
    """What a department's own system said when a message was handed to it."""

    accepted: Annotated[bool, Meta(description="false: it is offered again later")]
    reference: Annotated[str | None, Meta(description="Its number over there")] = None
    note: Annotated[str, Meta(max_length=500)] = ""


class FeedbackRequest(Record, frozen=True, kw_only=True):
    """What a department's own system is asked for: news of these open referrals."""

    home_id: HomeId
    department: str
    referrals: list[ReferralNo]
    heard: Annotated[
        dict[str, int], Meta(description="Referral -> the last sequence heard; 0 for none")
    ]


class HandoverKey(Record, frozen=True, kw_only=True):
    """A public key, whose it is, and the days on which it counts."""

    key_id: KeyId
    department: Annotated[str | None, Meta(description="null: this home's own")]
    home_id: Annotated[HomeId | None, Meta(description="The home or system that signs with it")]
    public_key: Annotated[str, Meta(description="Ed25519, PEM")]
    from_date: Day
    to_date: Day | None


class HandoverRow(Record, frozen=True, kw_only=True):
    """What became of one row of a batch, in a code and in a sentence."""

    file: str
    row: Annotated[int | None, Meta(description="null: it had waited since an earlier file")]
    referral_no: str | None
    message_id: str | None
    result: RowResult
    detail: str
