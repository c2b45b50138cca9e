"""What an officer records of a step: done, left out, or taken back. Acts are only ever added to.

What the records show by themselves is never ticked, and no step is done before what must come
first. Each act is one transaction with its journal row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from yimen.core.casework import operators
from yimen.core.casework.checklists.cases import Case
from yimen.core.casework.checklists.conditions import how_to_meet
from yimen.core.casework.checklists.views import (
    Found,
    find_list,
    permission_of,
    step_names,
    view_of,
)
from yimen.core.casework.desk import PERMISSIONS, Desk
from yimen.core.checklist_records import Act, ChecklistView, Evidence, StepAct, StepView
from yimen.core.errors import BadInput, IllegalMove, NotFound, Refused, StaleRevision, about, naming
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import checklists
from yimen.core.words.work import condition_name

if TYPE_CHECKING:
    from yimen.core.records import Operator


def do_step(
    desk: Desk,
    catalogue: Catalogue,
    subject: str,
    checklist: str,
    step: str,
    *,
    answer: bool | None = None,
    evidence: Sequence[Evidence] = (),
    second: str | None = None,
    note: str = "",
    on: date | None = None,
) -> StepView:
    """Ticks a step by hand: with its answer, its paper and its second person where it asks them.

    `on` is the day it was done, where that is recorded later: not before the step could be done.
    `IllegalMove` names what must come first; `Refused` where nobody may tick it.
    """
    found, view = find_step(desk, catalogue, subject, checklist, step)
    with naming(lambda: step_names(view_of(desk, catalogue, found).steps)):
        _may_be_ticked(found.case, view)
    _require(desk, found.case, view)
    with naming(lambda: step_names(view_of(desk, catalogue, found).steps)):
        refuse_unfit(desk, view, answer=answer, evidence=evidence, second=second)
        if on is not None:
            refuse_day(desk, view, on)
    return _record(
        desk, catalogue, found, view, "done",
        answer=answer, evidence=evidence, second=second, note=note, on=on,
    )  # fmt: skip


def refuse_day(desk: Desk, view: StepView, on: date) -> None:
    """Refuses a day that has not come, or on which the step could not be done yet."""
    if on > desk.home.clock.today():
        raise BadInput(
            _("{day} lies in the future.").format(day=on),
            where=view.step,
            next_step=_("Give the day on which it was done."),
            field="on",
        )
    if view.earliest_on is not None and on.isoformat() < view.earliest_on:
        raise IllegalMove(
            _("It cannot have been done on {day}; the first day is {first}.").format(
                day=on, first=view.earliest_on
            ),
            where=view.step,
            next_step=_("Give a later day, or see what came first: `yimen checklist show`."),
            field="on",
        )


def skip_step(
    desk: Desk, catalogue: Catalogue, subject: str, checklist: str, step: str, *, note: str
) -> StepView:
    """Leaves a step out for a reason, where the list allows that."""
    found, view = find_step(desk, catalogue, subject, checklist, step)
    with naming(lambda: step_names(view_of(desk, catalogue, found).steps)):
        _may_be_left_out(found.case, view)
    _require(desk, found.case, view)
    return _record(desk, catalogue, found, view, "skipped", note=_reason(note))


def _may_be_left_out(case: Case, view: StepView) -> None:
    if not view.may_skip:
        raise Refused(
            _("The step '{step}' may not be left out.").format(step=view.step),
            where=case.subject,
            next_step=_("It rests on: {basis}.").format(basis=view.basis),
        )
    if view.state in ("done", "not_needed"):
        raise IllegalMove(
            _("The step '{step}' is not open.").format(step=view.step),
            where=case.subject,
            next_step=_("`yimen checklist show {no}` shows how it stands.").format(no=case.subject),
        )


def undo_step(
    desk: Desk, catalogue: Catalogue, subject: str, checklist: str, step: str, *, note: str
) -> StepView:
    """Takes the last tick of a step back, for a reason; what was recorded stays readable."""
    found, view = find_step(desk, catalogue, subject, checklist, step)
    if view.operator is None:
        with naming(lambda: step_names(view_of(desk, catalogue, found).steps)):
            raise IllegalMove(
                _("Nobody has ticked the step '{step}'.").format(step=view.step),
                where=found.case.subject,
                next_step=_("`yimen checklist show {no}` shows how it stands.").format(
                    no=found.case.subject
                ),
            )
    _require(desk, found.case, view)
    return _record(desk, catalogue, found, view, "undone", note=_reason(note))


def find_step(
    desk: Desk, catalogue: Catalogue, subject: str, checklist: str | None, step: str
) -> tuple[Found, StepView]:
    """A step of a subject's list by name, or by its number in it; `NotFound` names the list."""
    found = find_list(desk, catalogue, subject, checklist)
    for number, view in enumerate(view_of(desk, catalogue, found).steps, 1):
        if step in (view.step, str(number)):
            return found, view
    raise NotFound(
        _("The checklist '{name}' has no step '{step}'.").format(
            name=found.whole.checklist, step=step[:48]
        ),
        next_step=_("`yimen checklist show {no} {name}` shows its steps.").format(
            no=found.case.subject, name=found.whole.checklist
        ),
    )


def _may_be_ticked(case: Case, view: StepView) -> None:
    """Refuses a tick on what is computed, done, not needed, or waits for something."""
    where = f"{case.subject} {view.step}"
    if view.computed is not None:
        raise Refused(
            _("The records show this step by themselves; nobody ticks it."),
            where=where,
            next_step=how_to_meet(view.computed, case),
        )
    if view.state == "done":
        raise IllegalMove(
            _("It is done already, on {day}.").format(day=view.done_on),
            where=where,
            next_step=_("`yimen checklist undo` takes a tick back, with a reason."),
        )
    if view.state == "not_needed" and not view.occasion:
        raise IllegalMove(
            _("It is not needed: {why}.").format(why=view.why),
            where=where,
            next_step=_("`yimen checklist show {no}` shows what is.").format(no=case.subject),
        )
    if view.blocked_by:
        raise IllegalMove(
            _("First must come: {steps}.").format(
                steps=", ".join(map(condition_name, view.blocked_by))
            ),
            where=where,
            next_step=_("It rests on: {basis}.").format(basis=view.basis),
        )
    if view.not_before:
        raise IllegalMove(
            _("It may be done from {day} on, when the time before it has run.").format(
                day=view.not_before
            ),
            where=where,
            next_step=_("It rests on: {basis}.").format(basis=view.basis),
        )


def _require(desk: Desk, case: Case, view: StepView) -> None:
    desk.require(
        permission_of(case.kind, view.who), division=case.division, department=case.department
    )


def refuse_unfit(
    desk: Desk,
    view: StepView,
    *,
    answer: bool | None,
    evidence: Sequence[Evidence],
    second: str | None,
) -> None:
    """Refuses a tick that lacks what its step asks: an answer, a paper, another person."""
    if view.asks and answer is None:
        raise BadInput(
            _("The step asks: {question}").format(question=view.asks),
            where=view.step,
            next_step=_("Answer with --answer yes or --answer no."),
            field="answer",
        )
    if answer is not None and not view.asks:
        raise BadInput(
            _("The step asks nothing."), where=view.step, next_step=_("Leave the answer out.")
        )
    if view.evidence_wanted and answer is not False and not evidence:
        raise BadInput(
            _("The step needs its paper: {paper}.").format(paper=view.evidence_wanted),
            where=view.step,
            next_step=_("Give the scan with --evidence FILE."),
            field="evidence",
        )
    if view.persons == 2 and second is None:
        raise BadInput(
            _("The step needs two different persons."),
            where=view.step,
            next_step=_("Name the other one with --with OPERATOR."),
            field="second",
        )
    if second is not None:
        with about("second"):
            other_person(desk, second)


def other_person(desk: Desk, operator_no: str) -> Operator:
    """The operator who went along: another person, and one who works on cases."""
    other = operators.find(desk.home.casework, operator_no)
    if other.person_no == desk.operator.person_no:
        raise Refused(
            _("Both are the same person; the step needs two."),
            where=operator_no,
            next_step=_("Name another operator: `yimen operator list`."),
        )
    if PERMISSIONS["checklist.work"].isdisjoint(other.roles):
        raise Refused(
            _("Operator {no} does not work on cases.").format(no=operator_no),
            next_step=_("Name another operator: `yimen operator list`."),
        )
    return other


def _reason(note: str) -> str:
    if not note.strip():
        raise BadInput(
            _("This needs a reason."), next_step=_("Say why, with --reason."), field="note"
        )
    return note


def _record(
    desk: Desk,
    catalogue: Catalogue,
    found: Found,
    view: StepView,
    act: Act,
    *,
    answer: bool | None = None,
    evidence: Sequence[Evidence] = (),
    second: str | None = None,
    note: str = "",
    on: date | None = None,
) -> StepView:
    """Appends an act, unless somebody else has touched the step since it was read."""
    case, name = found.case, found.whole.checklist
    row = StepAct(
        subject=case.subject,
        checklist=name,
        step=view.step,
        act=act,
        answer=answer,
        evidence=list(evidence),
        note=mask_ids_in(note.strip()),
        operator=desk.operator.operator_no,
        second=second,
        at=desk.home.clock.now(),
        on=on.isoformat() if on else None,
    )
    with desk.home.writing() as db:
        if len(checklists.acts(db, [case.subject])) != len(case.acts):
            raise StaleRevision(
                _("Somebody else has just worked on this checklist."),
                where=case.subject,
                next_step=_("Look at it again: `yimen checklist show {no}`.").format(
                    no=case.subject
                ),
            )
        checklists.insert_act(db, row)
        body = {
            "list": name, "step": view.step, "answer": answer, "second": second,
            "evidence": [e.sha256 for e in evidence],
        } | ({"on": row.on} if row.on else {})  # fmt: skip
        desk.record(db, f"checklist.{act}", case.subject, body)
    return find_step(desk, catalogue, case.subject, name, view.step)[1]


def open_steps(view: ChecklistView) -> list[StepView]:
    """The steps that can be done now, in the list's order."""
    return [
        step
        for step in view.steps
        if step.state in ("open", "overdue") and not step.blocked_by and not step.not_before
    ]
