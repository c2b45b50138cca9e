"""An application as it goes on: its listing's line, what is due, what its family may know."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.records import (
    ApplicationEnd,
    ApplicationNo,
    ApplicationState,
    Day,
    Division,
    EndVerb,
    HouseholdNo,
    OperatorNo,
    Record,
    ReferralNo,
    ReferralState,
)


class ApplicationLine(Record, frozen=True, kw_only=True):
    """An application as a listing shows it; its first officer owns it until it closes."""

    application_no: ApplicationNo
    household_no: HouseholdNo
    state: ApplicationState
    first_officer: OperatorNo
    division: Division
    submitted_on: Day
    accepted_on: Day | None
    closed_on: Day | None
    open_referrals: int
    proposed: Annotated[
        EndVerb | None,
        Meta(description="A refusal that waits for a second person"),
    ] = None


class SignedEnd(Record, frozen=True, kw_only=True):
    """A "no" of the one door as it stands; without a second person where nobody was refused."""

    end: ApplicationEnd
    second: OperatorNo | None


class DueLine(Record, frozen=True, kw_only=True):
    """One thing that is due: whose, which clock, when, and how far its lateness has climbed."""

    subject: Annotated[str, Meta(description="A referral's or an application's number")]
    application_no: ApplicationNo
    department: str | None
    programme: str | None
    division: Division
    owner: Annotated[OperatorNo, Meta(description="The application's first officer")]
    clock: Literal["sign", "accept", "finish", "redispatch", "confirm", "resume", "dispatch"]
    due_on: str
    light: Literal["green", "yellow", "red"]
    days_late: Annotated[int | None, Meta(description="Working days")]
    level: Annotated[
        int,
        Meta(
            ge=0,
            le=4,
            description="1 the handler's head, 2 the department's lead, 3 the leading group's"
            " office, 4 the supervision list",
        ),
    ]
    statutory_overdue: bool
    provisional: bool


class DueResult(Record, frozen=True, kw_only=True):
    """What is due on a day, the latest first, and how many rose to a new level just now."""

    today: Day
    lines: list[DueLine]
    escalated: int
    to_sign: Annotated[
        list[str], Meta(description="What another person proposed and waits for this one to sign")
    ]


class ProgressStep(Record, frozen=True, kw_only=True):
    """Where one hand-over stands, in words for the family; nothing of anybody else."""

    referral_no: ReferralNo
    department: str
    state: ReferralState
    step: str
    due_on: Annotated[str | None, Meta(description="None where nothing is due")]
    late: bool
    told: Annotated[str, Meta(description="The answer, once it is confirmed")] = ""


class Progress(Record, frozen=True, kw_only=True):
    """The public line of an application: which department, which step, due when, whom to call."""

    application_no: ApplicationNo
    state: ApplicationState
    step: str
    submitted_on: Day
    accepted_on: Day | None
    due_on: str | None
    steps: list[ProgressStep]
    contact: Annotated[str, Meta(description="The first officer and the office")]
    missing: Annotated[int, Meta(description="Papers or answers still awaited from the family")]
