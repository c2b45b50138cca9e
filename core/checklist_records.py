"""Checklists as they are worked: what officers recorded, and how each step stands on a day.

Scripts and screens rely on these shapes; schemas/ publishes them. A state is computed from the
records each time it is shown and is never stored.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from yimen.core.checklist_declarations import Condition, Who
from yimen.core.records import Day, Division, HouseholdNo, Moment, OperatorNo, Record

Subject = Annotated[str, Meta(description="The number of an application, a referral or a purchase")]
StepState = Literal["done", "open", "blocked", "overdue", "not_needed"]
Act = Literal["done", "skipped", "undone"]


class Evidence(Record, frozen=True, kw_only=True):
    """A paper that was shown: its file's name and hash; the file itself is not kept."""

    name: str
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class StepAct(Record, frozen=True, kw_only=True):
    """What an officer did with a step; acts are only ever added to."""

    subject: Subject
    checklist: str
    step: str
    act: Act
    answer: Annotated[bool | None, Meta(description="For a step that asks: yes or no")] = None
    evidence: list[Evidence] = field(default_factory=list)
    note: str = ""
    operator: OperatorNo
    second: Annotated[OperatorNo | None, Meta(description="The other person of a visit")] = None
    at: Moment
    on: Annotated[
        Day | None, Meta(description="The day it was done; null: when it was recorded")
    ] = None


class NoticeMove(Record, frozen=True, kw_only=True):
    """A public notice that was put up for a referral, or an objection that was made to one."""

    kind: str
    act: Literal["posted", "objected"]
    notice_no: str
    at: Moment


class StepView(Record, frozen=True, kw_only=True):
    """One step as it stands: its state, its limit, its law, and what was recorded."""

    step: str
    text: str
    who: Who
    plugin: Annotated[str, Meta(description="Who declares the step; the core, or a plugin")]
    state: StepState
    due_on: Annotated[
        str | None, Meta(description="Last day, or a moment for hours; null: none, or not yet")
    ]
    no_limit: Annotated[bool, Meta(description="Has no time limit, on purpose")]
    provisional: Annotated[bool, Meta(description="Runs past the published calendar")]
    late: Annotated[bool, Meta(description="Done after it was due")]
    blocked_by: Annotated[list[str], Meta(description="Steps that must be done before it")]
    not_before: Annotated[Day | None, Meta(description="The first day on which it may be done")]
    assumed: Annotated[
        str, Meta(description="The standard that the county has not set, so that a default counts")
    ]
    out_of_order: Annotated[
        list[str], Meta(description="Steps that had to come first and were not done when it was")
    ]
    why: Annotated[str, Meta(description="Why it is not needed or was skipped")]
    basis: Annotated[str, Meta(description="The law in the language in force")]
    confidence: str
    limit_basis: Annotated[str, Meta(description="The law of the time limit")]
    computed: Annotated[Condition | None, Meta(description="What the records must show")]
    occasion: bool
    by_notice: Annotated[
        str | None, Meta(description="The kind of public notice that does the step")
    ]
    asks: Annotated[str, Meta(description="A question to answer with the tick, or empty")]
    persons: int
    may_skip: bool
    guard: Annotated[
        Literal["hold", "reason"] | None,
        Meta(description="A grant waits for it, always or unless an officer gives a reason"),
    ] = None
    evidence_wanted: str
    done_on: Day | None
    recorded_on: Annotated[Day | None, Meta(description="When an officer ticked it")]
    earliest_on: Annotated[
        Day | None, Meta(description="The first day on which it can have been done, where known")
    ]
    answer: bool | None
    evidence: list[Evidence]
    note: str
    operator: OperatorNo | None
    second: OperatorNo | None


class ChecklistView(Record, frozen=True, kw_only=True):
    """A checklist of one subject on a day."""

    subject: Subject
    checklist: str
    name: str
    household_no: HouseholdNo | None
    on: Day
    no_notice: Annotated[str, Meta(description="The law that forbids a public notice, or empty")]
    steps: list[StepView]


class ChecklistLine(Record, frozen=True, kw_only=True):
    """A checklist in a listing: how far it is, and what is due next."""

    subject: Subject
    checklist: str
    name: str
    household_no: HouseholdNo | None
    done: int
    needed: int
    overdue: int
    next_step: str | None
    due_on: str | None


class DeskStep(Record, frozen=True, kw_only=True):
    """A step that is open on a desk, of whatever case; the nearest limit stands first."""

    subject: Subject
    checklist: str
    step: str
    text: str
    who: Who
    household_no: HouseholdNo | None
    division: Division
    state: StepState
    due_on: str | None
    provisional: bool
