"""Computes how each step of a checklist stands: from the records of one case, on one day.

Nothing is stored and nothing is read here. A step whose condition is not known to be false is
needed; a step that is not needed lets those behind it go on, once what stands before it is done.

A list also says how long it stands as it does when nothing is recorded: until a wait ends, or for
the day alone where the day itself was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from yimen.core.casework.checklists.cases import Case, day_of
from yimen.core.casework.checklists.limits import due_of, wait_ends
from yimen.core.casework.checklists.standing import Due, Ground, Ready, Standing
from yimen.core.checklist_declarations import ChecklistStep
from yimen.core.checklist_records import NoticeMove, StepAct, StepState, StepView
from yimen.core.declarations import Limit
from yimen.core.i18n import _
from yimen.core.records import Value
from yimen.core.rules.catalogue import Needed
from yimen.core.rules.checklists import EVENTS, PlacedStep, WholeChecklist


def standings(
    whole: WholeChecklist, conditions: Mapping[str, Needed], case: Case, ground: Ground
) -> list[Standing]:
    """Every step of a list as it stands, in the list's order."""
    sheet = _Sheet(whole, conditions, case, ground)
    return [sheet.standing(placed.step) for placed in whole.steps]


def ready_steps(
    whole: WholeChecklist, conditions: Mapping[str, Needed], case: Case, ground: Ground
) -> Ready:
    """Of all steps those that can be done now; of the others no more is worked out than why not."""
    if whole.starts_when and whole.starts_when not in case.met:
        return Ready([], None)
    sheet = _Sheet(whole, conditions, case, ground)
    found = [stands for placed in whole.steps if (stands := sheet.ready(placed.step)) is not None]
    return Ready(found, sheet.until)


def step_views(
    whole: WholeChecklist, conditions: Mapping[str, Needed], case: Case, ground: Ground
) -> list[StepView]:
    """Every step of a list with its words, its law and its record, in the list's order."""
    sheet = _Sheet(whole, conditions, case, ground)
    return [sheet.view(placed) for placed in whole.steps]


class _Sheet:
    """One list of one case; each question about a step is answered once."""

    def __init__(
        self, whole: WholeChecklist, conditions: Mapping[str, Needed], case: Case, ground: Ground
    ) -> None:
        self.case, self.ground, self.name = case, ground, whole.checklist
        self.conditions, self.starts_when = conditions, whole.starts_when
        self.steps, self.behind_objections = whole.by_name, whole.behind_objections
        # An act that was taken back leaves the step as if nobody had touched it.
        self.ticks: dict[str, StepAct] = {}
        for act in case.acts:
            if act.checklist != whole.checklist:
                continue
            if act.act == "undone":
                self.ticks.pop(act.step, None)
            else:
                self.ticks[act.step] = act
        self.until: date | None = None
        self._known_done: dict[str, str | None] = {}
        self._known_needed: dict[str, bool] = {}
        self._known_roots: dict[str, tuple[str, ...]] = {}
        self._known_answers: dict[str, bool | None] = {}

    def standing(self, step: ChecklistStep) -> Standing:
        """One step as it stands."""
        done = self.done_at(step)
        if done is not None and not step.repeats:
            return Standing(step, "done", done, self._due(step), [], None)
        blocked, not_before = self.blocked_by(step), self._not_before(step)
        due = self._due(step)
        state = self._state(step, done, due, blocked, not_before)
        waits = not_before if not_before and not_before > self.ground.today else None
        return Standing(step, state, done, due, blocked, waits)

    def ready(self, step: ChecklistStep) -> Standing | None:
        """The step as it stands if it can be done now, else None."""
        done = self.done_at(step)
        if (done is not None and not step.repeats) or (step.after and self.blocked_by(step)):
            return None
        not_before = self._not_before(step)
        if not_before is not None and not_before > self.ground.today:
            self._stands_until(not_before - timedelta(days=1))
            return None
        if not self.needed(step.step):
            return None
        due = self._due(step)
        late = due is not None and due.passed(self.ground.now)
        return Standing(step, "overdue" if late else "open", done, due, [], None)

    def _stands_until(self, day: date) -> None:
        self.until = day if self.until is None else min(self.until, day)

    def view(self, placed: PlacedStep) -> StepView:
        """One step with its words."""
        step, tick = placed.step, self.ticks.get(placed.step.step)
        stands = self.standing(step)
        state, done, due = stands.state, stands.done, stands.due
        waits = stands.waits_until
        limit = step.due if isinstance(step.due, Limit) else None
        earliest = self._earliest(step)
        notice = self._by_notice(step) if tick is None else None
        provisional = (due is not None and due.provisional) and state != "done"
        return StepView(
            step=step.step,
            text=step.text.text(),
            who=step.who,
            plugin=placed.plugin,
            state=state,
            due_on=due.until if due else None,
            no_limit=limit is None,
            provisional=provisional,
            late=bool(done and due and not step.repeats and due.passed(done)),
            blocked_by=stands.blocked,
            not_before=waits.isoformat() if waits else None,
            assumed=self._assumed(step) if waits else "",
            out_of_order=self._out_of_order(step, done),
            why=self._why(step) if state == "not_needed" else "",
            basis=step.basis.words(),
            confidence=step.basis.tag,
            limit_basis=limit.basis.words() if limit else "",
            computed=step.done_when,
            occasion=step.occasion,
            by_notice=step.by_notice if step.notice else None,
            asks=step.asks.text() if step.asks else "",
            persons=step.persons,
            may_skip=step.may_skip,
            guard=step.guard,
            evidence_wanted=step.evidence.text() if step.evidence else "",
            done_on=done[:10] if done else None,
            recorded_on=tick.at[:10] if tick else None,
            earliest_on=earliest.isoformat() if earliest else None,
            answer=tick.answer if tick else None,
            evidence=tick.evidence if tick else [],
            note=tick.note
            if tick
            else _("notice {no}").format(no=notice.notice_no)
            if notice
            else "",
            operator=tick.operator if tick else None,
            second=tick.second if tick else None,
        )

    # -- is it done, is it needed ---------------------------------------------------------------

    def done_at(self, step: ChecklistStep) -> str | None:
        """The day or time at which a step was done."""
        name, known = step.step, self._known_done
        if name not in known:
            known[name] = self._done_at(step)
        return known[name]

    def _done_at(self, step: ChecklistStep) -> str | None:
        # A tick from before its step was computed stays what it is.
        if step.done_when and (met := self.case.met.get(step.done_when)):
            return met
        tick = self.ticks.get(step.step)
        if tick and tick.act == "done":
            return tick.on or tick.at
        notice = self._by_notice(step) if self.case.notices else None
        return notice.at if notice else None

    def _by_notice(self, step: ChecklistStep) -> NoticeMove | None:
        """The notice that does the step, or the objection: the first after what must come first."""
        act = "objected" if step.occasion else "posted"
        moves = [m for m in self.case.notices if m.kind == step.by_notice and m.act == act]
        if not moves or step.occasion:
            return moves[0] if moves else None
        if self.blocked_by(step):
            return None
        if step.step in self.behind_objections:
            # What was objected to does not hang anew by itself.
            objected = {m.notice_no for m in self.case.notices if m.act == "objected"}
            moves = [m for m in moves if m.notice_no not in objected]
        before = max(filter(None, (self.done_at(self.steps[n]) for n in step.after)), default="")
        return next((move for move in moves if not _earlier(move.at, before)), None)

    def holds(self, name: str) -> bool | None:
        """A step's condition: true where it has none, None while it is unknown."""
        needed = self.conditions.get(f"{self.name}:{name}")
        if needed is None:
            return True
        if name not in self._known_answers:
            self._known_answers[name] = self._answer(name, needed)
        return self._known_answers[name]

    def _answer(self, name: str, needed: Needed) -> bool | None:
        if ":as_of" in needed.sql:
            self._stands_until(self.ground.today)
        values = {each: self._value(self.steps[name], each) for each in needed.names}
        # 1 and True are equal, but no condition may take one for the other.
        key = (needed.sql, *values.values(), *map(type, values.values()))
        answers = self.ground.answers
        if key not in answers:
            answers[key] = self.ground.holds(needed, values)
        return answers[key]

    def _value(self, step: ChecklistStep, name: str) -> Value:
        table, __, other = name.partition(".")
        if table == "step":
            tick = self.ticks.get(other)
            if self.steps[other].occasion:
                return self.done_at(self.steps[other]) is not None
            return tick.answer if tick else None
        if name == "pack_then":
            return self.ground.pack_on(self._opened(step))
        if name in self.case.values:
            return self.case.values[name]
        if self.case.rules_on is None:
            self._stands_until(self.ground.today)
        found = self.ground.standard(name, day_of(self.case.rules_on or self.ground.now))
        if found is not None:
            return found
        # A declared fact grows too old, and one of a later day comes to count.
        self._stands_until(self.ground.today)
        return self.case.fact(name)

    def needed(self, name: str) -> bool:
        """Whether a step must be done, as far as anybody knows."""
        if name not in self._known_needed:
            self._known_needed[name] = self._needed(name)
        return self._known_needed[name]

    def _needed(self, name: str) -> bool:
        step, tick = self.steps[name], self.ticks.get(name)
        if tick is not None and tick.act == "skipped":
            return False
        if step.occasion:
            return self.done_at(step) is not None
        if self.holds(name) is False:
            return False
        return not self.case.ended or self._outlives(name)

    def _outlives(self, name: str) -> bool:
        """Whether a step is asked for by what was decided or recorded, though the case ended."""
        needed = self.conditions.get(f"{self.name}:{name}")
        asked = needed is not None and any(
            n == "decision" or n.startswith("step.") for n in needed.names
        )
        return asked and self.holds(name) is True

    def _why(self, step: ChecklistStep) -> str:
        tick = self.ticks.get(step.step)
        if tick is not None and tick.act == "skipped":
            return _("left out by {operator}: {note}").format(
                operator=tick.operator, note=tick.note
            )
        if step.occasion:
            return _("only when it happens")
        if self.holds(step.step) is False:
            return _("its condition is not met")
        return self.case.ended

    # -- what stands before it ------------------------------------------------------------------

    def roots(self, name: str) -> tuple[str, ...]:
        """The steps that hold up whatever waits for this one; none when it is done with."""
        if name not in self._known_roots:
            self._known_roots[name] = self._roots(name)
        return self._known_roots[name]

    def _roots(self, name: str) -> tuple[str, ...]:
        step = self.steps[name]
        if self.done_at(step) is not None:
            return ()
        if self.needed(name):
            return (name,)
        return tuple(root for before in step.after for root in self.roots(before))

    def blocked_by(self, step: ChecklistStep) -> list[str]:
        """What must come before this step, each once: other steps, or the start of the list."""
        starts = self.starts_when
        if starts is not None and starts not in self.case.met:
            return [starts]
        if len(step.after) < 2:
            return [root for before in step.after for root in self.roots(before)]
        return list(dict.fromkeys(root for before in step.after for root in self.roots(before)))

    def _opened(self, step: ChecklistStep) -> date:
        """The day on which the step could first be taken up; today while it cannot."""
        days = [day for before in step.after if (day := self.done_at(self.steps[before]))]
        if not days or self.blocked_by(step):
            # Only the pack in force on it is ever asked for.
            self._stands_until(self.ground.pack_until)
            return self.ground.today
        return day_of(max(days))

    def _not_before(self, step: ChecklistStep) -> date | None:
        """The first day on which the step may be done, by its wait; None where nothing runs."""
        if step.wait is None:
            return None
        days = [day for before in step.after if (day := self.done_at(self.steps[before]))]
        own = self.done_at(step) if step.repeats else None
        if not days:
            return None
        return wait_ends(self.ground, step.wait, day_of(own or max(days)))

    def _earliest(self, step: ChecklistStep) -> date | None:
        """The first day on which the step can have been done; None where nothing tells."""
        starts = self.case.met.get(self.starts_when) if self.starts_when else None
        known = [starts, self.case.moments.get("submitted")]
        known += [self.done_at(self.steps[before]) for before in step.after]
        days = [day_of(day) for day in known if day]
        if (wait := self._not_before(step)) is not None:
            days.append(wait)
        return max(days, default=None)

    def _assumed(self, step: ChecklistStep) -> str:
        """The standard that tells how long the step waits, where the county has not set it."""
        name = step.wait.n_by if step.wait else None
        known = name is None or self.ground.standard(name, self._opened(step)) is not None
        return "" if known else str(name)

    def _out_of_order(self, step: ChecklistStep, done: str | None) -> list[str]:
        """What had to come first and had not, when the step was done."""
        if done is None or step.repeats:
            return []
        not_before = self._not_before(step)
        early = not_before is not None and day_of(done) < not_before
        found = []
        for name in step.after:
            before = self.done_at(self.steps[name])
            missed = before is None and self.needed(name)
            if missed or (before is not None and (early or before[:10] > done[:10])):
                found.append(name)
        return found

    # -- when it is due -------------------------------------------------------------------------

    def _due(self, step: ChecklistStep) -> Due | None:
        if not isinstance(step.due, Limit) or step.due_from is None:
            return None
        start = self.done_at(step) if step.repeats else None
        start = start or self._start(step.due_from)
        if start is None:
            return None
        return due_of(self.ground, step.due, step.due_by, start, self.case.stood)

    def _start(self, name: str) -> str | None:
        """When a limit starts: a step of the list hides an event of the same name."""
        step = self.steps.get(name)
        if step is None and name in EVENTS:
            return self.case.moments.get(name)
        return self.done_at(step) if step else None

    def _state(
        self,
        step: ChecklistStep,
        done: str | None,
        due: Due | None,
        blocked: list[str],
        not_before: date | None,
    ) -> StepState:
        waits = not_before is not None and self.ground.today < not_before
        if done is not None and not (step.repeats and not waits):
            return "done"
        if not self.needed(step.step):
            return "not_needed"
        if due is not None and due.passed(self.ground.now):
            return "overdue"
        return "blocked" if blocked or waits else "open"


def _earlier(moment: str, other: str) -> bool:
    """Whether a moment lies before another; of which only the day is known, the day counts."""
    known = 19 if "T" in moment and "T" in other else 10
    return moment[:known] < other[:known]
