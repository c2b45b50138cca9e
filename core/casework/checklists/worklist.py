"""The steps that can be done now on a desk, of all its cases, the nearest limit first.

To work a case out costs a hundred times what it costs to ask whether it changed. What was worked
out is therefore kept, and counts while the database has counted no change of the case's records,
on the same rules, calendar and standards, and on the days for which it was worked out. Whether a
limit has passed is never kept: it is told from the clock at each reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from yimen.core.casework.checklists.cases import Case, Kind, application_cases, referral_cases
from yimen.core.casework.checklists.engine import ready_steps
from yimen.core.casework.checklists.purchases import purchase_cases
from yimen.core.casework.checklists.standing import Ground, is_past
from yimen.core.casework.checklists.views import ground, permission_of
from yimen.core.casework.desk import Desk
from yimen.core.checklist_declarations import Who
from yimen.core.checklist_records import DeskStep
from yimen.core.divisions import scope_prefix
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.checklists import WholeChecklist, whole_checklist
from yimen.core.store import cases, kept_steps
from yimen.core.store.kept_steps import Kept, Standing, Worked
from yimen.core.store.standards import county_values

# How long a desk still sees what is left to do of a closed case, such as calling the family back.
_AFTER_CLOSING = timedelta(days=90)
# What decides how a case stands, beside what the catalogue, the calendar and the records say.
_PROGRAM = (
    "casework/checklists/*.py", "casework/papers.py", "casework/terms.py", "rules/*.py",
    "store/cases.py", "store/checklists.py", "workdays.py",
)  # fmt: skip


class _Open(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A step that can be done, as it is kept: without anything that a person reads."""

    checklist: str
    step: str
    who: Who
    due_on: str | None
    provisional: bool


class _Subject(NamedTuple):
    """A case with its open steps, and what an operator's permission hangs on."""

    number: str
    kind: Kind
    household_no: str | None
    division: str
    department: str | None
    steps: list[_Open]
    closed: bool


class DeskList(NamedTuple):
    """The steps open on a desk that were asked for, and how many there are.

    `late` are the open cases of which a step is past its limit; what is left to do of a case that
    is over makes it late no more. `with_county` are further steps, which stand with the county.
    """

    steps: list[DeskStep]
    total: int
    late: int
    with_county: int


_STEPS = msgspec.json.Decoder(list[_Open])


def worklist(
    desk: Desk,
    catalogue: Catalogue,
    *,
    before: date | None = None,
    first: int = 0,
    most: int | None = None,
) -> DeskList:
    """The steps that can be done now and that this operator may do, the nearest limit first.

    A department sees its own. Where a list names no step of a department, the county's office in
    it is the department itself. `before` leaves out what is due on that day or later, and what
    has no limit. At most `most` are told from the `first` on.
    """
    desk.require("checklist.work")
    reading = _Reading(desk, catalogue)
    subjects = reading.subjects()
    last = before.isoformat() if before else "9999-99"
    may: dict[tuple[str, str, str | None], bool] = {}
    only_department = not desk.may("checklist.county")
    found: list[tuple[str, str, _Subject, _Open]] = []
    others = 0
    for subject in subjects:
        for step in subject.steps:
            if (step.due_on or "9999-98")[:10] >= last:
                continue
            key = permission_of(subject.kind, step.who), subject.division, subject.department
            if key not in may:
                may[key] = desk.objection(key[0], division=key[1], department=key[2]) is None
            if not may[key]:
                continue
            if only_department and step.who == "county" and reading.has_own(step.checklist):
                others += 1
            else:
                found.append((step.due_on or "9999", subject.number, subject, step))
    found.sort(key=lambda row: row[:2])
    now = reading.ground.now
    late = {
        subject.number
        for *__, subject, step in found
        if not subject.closed and step.due_on is not None and is_past(step.due_on, now)
    }
    shown = found[first : None if most is None else first + most]
    steps = [reading.desk_step(subject, step) for *__, subject, step in shown]
    # What was worked out is kept in the same transaction as the reading's row.
    with desk.home.writing() as db:
        kept_steps.keep(db, reading.new)
        desk.record(db, "checklist.worklist", "all", {"rows": len(steps)})
    return DeskList(steps, len(found), len(late), others)


def prepare(desk: Desk, catalogue: Catalogue) -> None:
    """Works out what changed on the desk since somebody looked, so that the next look is quick.

    It tells nothing, so that whoever may run it, as county IT at night, may do it for its place.
    """
    reading = _Reading(desk, catalogue)
    reading.subjects()
    if reading.new:
        with desk.home.writing() as db:
            kept_steps.keep(db, reading.new)


class _Reading:
    """One look at the cases of a desk; `new` is what had to be worked out for it."""

    def __init__(self, desk: Desk, catalogue: Catalogue) -> None:
        self.desk, self.catalogue = desk, catalogue
        self.ground: Ground = ground(desk, catalogue)
        self.new: list[Kept] = []
        self._standing = Standing(_ground_key(desk, catalogue), self.ground.today.isoformat())
        self._lists: dict[str, WholeChecklist | None] = {}
        self._words: dict[tuple[str, str], str] = {}

    def subjects(self) -> list[_Subject]:
        """Open cases, those closed not long ago or whose aid still runs, and purchases."""
        desk, db = self.desk, self.desk.home.casework
        prefix, day = scope_prefix(desk.operator.division), self.ground.today
        since = (day - _AFTER_CLOSING).isoformat()
        own = None if desk.may("application.read") else desk.operator.department
        found: list[_Subject] = []
        if own is None:
            applications = kept_steps.applications(db, self._standing, since=since, division=prefix)
            found += self._taken("application", applications)
        referrals = kept_steps.referrals(
            db,
            self._standing,
            since=since,
            month=day.isoformat()[:7],
            programmes=self._with_handling(),
            division=prefix,
            department=own,
        )
        found += self._taken("referral", referrals)
        for case in purchase_cases(desk, self.catalogue):
            steps, __ = self._work_out(case)
            found.append(
                _Subject(
                    case.subject,
                    "purchase",
                    None,
                    case.division,
                    None,
                    steps,
                    closed=bool(case.ended),
                )
            )
        return found

    def _taken(self, kind: Kind, worked: list[Worked]) -> Iterator[_Subject]:
        """The subjects with what is kept of them; where nothing is, it is worked out."""
        stale = {w.subject: w for w in worked if w.steps is None}
        fresh = {
            case.subject: self._kept(case, stale[case.subject])
            for case in self._cases(kind, list(stale))
        }
        for w in worked:
            steps = fresh[w.subject] if w.steps is None else _STEPS.decode(w.steps)
            yield _Subject(
                w.subject, kind, w.household_no, w.division, w.department, steps, w.closed
            )

    def _with_handling(self) -> list[str]:
        """The programmes whose handling is a list; the others' referrals have no step."""
        names = {owned.checklist.checklist for owned in self.catalogue.checklists}
        return sorted(n.removeprefix("handle/") for n in names if n.startswith("handle/"))

    def _cases(self, kind: Kind, numbers: list[str]) -> list[Case]:
        db = self.desk.home.casework
        if not numbers:
            return []
        if kind == "application":
            found = cases.applications(db, numbers=numbers)
            return application_cases(self.desk, self.catalogue, found)
        return referral_cases(self.desk, self.catalogue, cases.referrals(db, numbers=numbers))

    def _kept(self, case: Case, worked: Worked) -> list[_Open]:
        """Works a case out and remembers it for as long as it stands."""
        steps, until = self._work_out(case)
        if until is None or until >= self.ground.today:
            key, day = self._standing
            last = until or date.max
            body = msgspec.json.encode(steps).decode()
            self.new.append(Kept(worked.subject, worked.changes, key, day, last.isoformat(), body))
        return steps

    def _work_out(self, case: Case) -> tuple[list[_Open], date | None]:
        """The open steps of a case, and the last day on which they are the same."""
        found: list[_Open] = []
        # Of what moves with the clock nothing is kept, not even for the day.
        days = {
            "records": [],
            "day": [self.ground.today],
            "moment": [self.ground.today - timedelta(days=1)],
        }[case.rests_on]
        for name in case.lists:
            if (whole := self.whole(name)) is None:
                continue
            ready = ready_steps(whole, self.catalogue.links.needed, case, self.ground)
            days += [ready.until] if ready.until else []
            found += [
                _Open(
                    checklist=name,
                    step=s.step.step,
                    who=s.step.who,
                    due_on=s.due.until if s.due else None,
                    provisional=s.due.provisional if s.due else False,
                )
                for s in ready.steps
            ]
        return found, min(days, default=None)

    def whole(self, name: str) -> WholeChecklist | None:
        """A list by its name, or None where its owner declares none."""
        if name not in self._lists:
            self._lists[name] = whole_checklist(self.catalogue, name)
        return self._lists[name]

    def has_own(self, name: str) -> bool:
        """Whether a list parts what its department does from what the county does."""
        whole = self.whole(name)
        return whole is not None and whole.of_department

    def desk_step(self, subject: _Subject, step: _Open) -> DeskStep:
        """A step with its words, and whether its limit has passed by now."""
        key = step.checklist, step.step
        if key not in self._words:
            whole = self.whole(step.checklist)
            self._words[key] = whole.by_name[step.step].text.text() if whole else step.step
        late = step.due_on is not None and is_past(step.due_on, self.ground.now)
        return DeskStep(
            subject=subject.number,
            checklist=step.checklist,
            step=step.step,
            text=self._words[key],
            who=step.who,
            household_no=subject.household_no,
            division=subject.division,
            state="overdue" if late else "open",
            due_on=step.due_on,
            provisional=step.provisional,
        )


def _ground_key(desk: Desk, catalogue: Catalogue) -> str:
    """A hash of all that decides how a case stands, beside its records and the day."""
    own = [msgspec.structs.astuple(value) for value in county_values(desk.home.casework)]
    said = [_program(), catalogue.digest, desk.calendar.digest, own]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


@cache
def _program() -> str:
    """A hash of the code that works a case out: what other code kept counts no more."""
    digest, core = hashlib.sha256(), Path(__file__).parent.parent.parent
    for pattern in _PROGRAM:
        for file in sorted(core.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()
