"""A checklist as a clerk reads it, 80 columns wide: each step's state, limit, law and record.

It shows what the engine computed and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.checklist_records import ChecklistView, StepView
from yimen.core.declarations import CONFIRMED
from yimen.core.i18n import _
from yimen.core.render.document import heading, wrap
from yimen.core.words.referrals import due_text
from yimen.core.words.roles import who_name
from yimen.core.words.work import condition_name, step_state_mark, step_state_name


def checklist_text(view: ChecklistView, *, coded: bool = True) -> Iterator[str]:
    """The whole list; what is not needed is told in one line a step.

    `coded` tells each step's code, by which a command is told which step is meant.
    """
    done = sum(step.state == "done" for step in view.steps)
    needed = sum(step.state != "not_needed" for step in view.steps)
    yield from heading(f"{view.subject} {view.name}")
    yield _("Done {done} of {needed}, on {day}").format(done=done, needed=needed, day=view.on)
    if view.no_notice:
        yield from wrap(_("No public notice: {basis}").format(basis=view.no_notice))
    yield ""
    numbers = {step.step: number for number, step in enumerate(view.steps, 1)}
    for step in view.steps:
        yield from _step(step, numbers, coded=coded)


def step_lines(view: ChecklistView, step: StepView) -> Iterator[str]:
    """One step of a list alone, as the whole list tells it without codes."""
    numbers = {known.step: number for number, known in enumerate(view.steps, 1)}
    yield from _step(step, numbers, coded=False)


def _named(names: list[str], numbers: dict[str, int], *, coded: bool) -> str:
    """Steps by number, and by code where those are told; what comes before all by its words."""
    return ", ".join(
        (f"{numbers[name]} {name}" if coded else str(numbers[name]))
        if name in numbers
        else condition_name(name)
        for name in names
    )


def _step(step: StepView, numbers: dict[str, int], *, coded: bool) -> Iterator[str]:
    number = numbers[step.step]
    name = f"{step.step}: " if coded else ""
    first = f"{step_state_mark(step.state)} {number:>2} {name}{step.text}"
    yield from wrap(first, indent="       ")
    if step.state == "not_needed":
        yield from _detail(step.why)
        return
    yield from _detail(
        _("; ").join([step_state_name(step.state), who_name(step.who), _limit(step)])
    )
    if step.blocked_by:
        yield from _detail(
            _("First: {steps}").format(steps=_named(step.blocked_by, numbers, coded=coded))
        )
    if step.not_before:
        yield from _detail(_("From {day} on").format(day=step.not_before))
    if step.assumed:
        yield from _detail(assumed_words(step.assumed))
    if step.out_of_order:
        words = _("Done before what had to come first: {steps}")
        yield from _detail(words.format(steps=_named(step.out_of_order, numbers, coded=coded)))
    if step.state != "done":
        if step.asks:
            yield from _detail(_("Asks: {question}").format(question=step.asks))
        if step.evidence_wanted:
            yield from _detail(_("Paper: {paper}").format(paper=step.evidence_wanted))
        if step.persons == 2:
            yield from _detail(_("Needs two different persons"))
    yield from _recorded(step)
    unsure = "" if step.confidence in CONFIRMED else f" ({_('to be confirmed')})"
    yield from _detail(_("Law: {law}").format(law=step.basis) + unsure)


def assumed_words(standard: str) -> str:
    """That a period is a default, since the county has not set its own."""
    return _("The county has not set {standard}; the default counts until it does.").format(
        standard=standard
    )


def _limit(step: StepView) -> str:
    if step.no_limit:
        return _("no time limit")
    if step.due_on is None:
        return _("its time limit does not run yet")
    words = _("due {day}").format(day=due_text(step.due_on))
    if step.provisional:
        words += " " + _("(PROVISIONAL)")
    return words


def _recorded(step: StepView) -> Iterator[str]:
    if step.done_on is None:
        return
    words = _("Done {day}").format(day=step.done_on)
    if step.late:
        words += " " + _("(late)")
    if step.recorded_on and step.recorded_on != step.done_on and step.computed is None:
        words += " " + _("(recorded {day})").format(day=step.recorded_on)
    if step.operator:
        words += " " + _("by {operator}").format(operator=step.operator)
    if step.second:
        words += " " + _("with {operator}").format(operator=step.second)
    if step.answer is not None:
        words += _(": ") + (_("yes") if step.answer else _("no"))
    yield from _detail(words)
    for paper in step.evidence:
        yield from _detail(f"{paper.name} sha256 {paper.sha256[:12]}")
    if step.note:
        yield from _detail(_("Note: {note}").format(note=step.note))


def _detail(text: str) -> Iterator[str]:
    yield from wrap(f"       {text}", indent="       ")
