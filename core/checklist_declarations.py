"""What a checklist declares: its steps, each with who, by when, under which law, after what.

The core declares intake, check, dispatch and purchase in core/checklists.json; a department
declares the handling of its programmes, and may add steps to any list. Nothing here computes a
state.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from yimen.core.declarations import (
    Basis,
    Declared,
    Expression,
    Limit,
    LocalName,
    QualifiedName,
    Texts,
)

Who = Literal["county", "town", "village", "department", "helper"]
Event = Annotated[
    Literal["submitted", "accepted", "checked", "dispatched", "received", "decided", "closed"],
    Meta(description="A day of the case that a time limit may run from"),
]
Condition = Annotated[
    Literal[
        "application_opened", "papers_signed", "notice_given", "application_accepted",
        "report_filed", "referrals_dispatched", "referrals_received", "referrals_accepted",
        "referrals_answered", "application_closed", "needs_assessed", "referral_received",
        "referral_accepted", "referral_decided", "referral_confirmed",
        "purchase_demand", "purchase_budget", "purchase_catalogue", "purchase_method",
        "purchase_tender", "purchase_contract", "purchase_performance", "purchase_acceptance",
        "purchase_score", "purchase_payment", "purchase_publication",
    ],
    Meta(description="A condition that the core computes from the records"),
]  # fmt: skip


class Wait(Declared, frozen=True, kw_only=True):
    """A time that must have run since the last of `after` was done, such as a public notice's."""

    n: Annotated[int, Meta(ge=1)]
    n_by: Annotated[
        QualifiedName | None,
        Meta(
            description="A standard of type integer that the county sets instead of `n`; until it "
            "does, `n` counts and whoever looks is told so"
        ),
    ] = None
    unit: Literal["WD", "CD", "MO"]
    unit_by: Annotated[
        QualifiedName | None,
        Meta(
            description="A standard of type code that the county sets instead of `unit`: CD, WD, "
            "or CD_FIXED for calendar days whose last day does not move to a working day"
        ),
    ] = None
    basis: Basis


class ChecklistStep(Declared, frozen=True, kw_only=True):
    """One step of a checklist: who does what by when under which law."""

    step: LocalName
    text: Texts
    who: Who
    basis: Basis
    due: Annotated[
        Limit | Literal["none"],
        Meta(description='A time limit from `due_from`, or "none" where there is none on purpose'),
    ]
    due_from: Annotated[
        LocalName | None, Meta(description="A step of the list, or a day of the case")
    ] = None
    due_by: Annotated[
        QualifiedName | None,
        Meta(
            description="A standard of type integer that the county sets instead of the limit's n"
        ),
    ] = None
    after: Annotated[
        list[LocalName], Meta(description="Steps that must be done, or not be needed, before it")
    ] = field(default_factory=list)
    wait: Wait | None = None
    needed_when: Annotated[
        Expression | None,
        Meta(
            description="A condition over facts, standards and the case; while it is unknown the "
            "step is needed"
        ),
    ] = None
    done_when: Annotated[
        Condition | None, Meta(description="Computed from the records; left out: an officer ticks")
    ] = None
    asks: Annotated[
        Texts | None,
        Meta(description="A question that is answered yes or no with the tick: step.NAME"),
    ] = None
    evidence: Annotated[Texts | None, Meta(description="The paper that the tick needs")] = None
    persons: Annotated[
        Literal[1, 2], Meta(description="How many different officers the step needs")
    ] = 1
    occasion: Annotated[
        bool, Meta(description="Only when it happens: not needed until somebody records it")
    ] = False
    repeats: Annotated[
        bool, Meta(description="Comes again after `wait`, counted from the day it was last done")
    ] = False
    may_skip: Annotated[
        bool, Meta(description="An officer may leave it out, with a reason that is kept")
    ] = False
    notice: Annotated[bool, Meta(description="A public notice 公示")] = False
    by_notice: Annotated[
        LocalName | None,
        Meta(
            description="A kind of `yimen notice kinds`: putting one up after what must come first "
            "does the step, as a tick would; on an occasion, an objection to one does"
        ),
    ] = None
    guard: Annotated[
        Literal["hold", "reason"] | None,
        Meta(
            description="A grant made here waits for the step: `hold` in any case, `reason` unless "
            "an officer says why it may go first, where the law lets urgent aid; on the step that "
            "is the decision itself, for its `wait`"
        ),
    ] = None


class Checklist(Declared, frozen=True, kw_only=True):
    """The steps of one list, or steps that a plugin adds to it."""

    checklist: Annotated[str, Meta(pattern=r"^(intake|check|dispatch|purchase|handle/[A-Z0-9-]+)$")]
    names: Texts
    no_notice: Annotated[
        Basis | None,
        Meta(description="The law that forbids a public notice; then no step may be one"),
    ] = None
    starts_when: Annotated[
        Condition | None, Meta(description="The list is blocked until this holds")
    ] = None
    steps: Annotated[list[ChecklistStep], Meta(min_length=1)]
