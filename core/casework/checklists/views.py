"""The checklists of a subject, and one of them step by step.

Everything is computed from the records when it is asked for; reading it leaves a row in the
journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yimen.core.casework.checklists.cases import Case, Kind, application_cases, referral_cases
from yimen.core.casework.checklists.engine import standings, step_views
from yimen.core.casework.checklists.purchases import purchase_case
from yimen.core.casework.checklists.standing import Ground, Standing
from yimen.core.casework.desk import Desk
from yimen.core.checklist_declarations import Who
from yimen.core.checklist_records import ChecklistLine, ChecklistView, StepView
from yimen.core.errors import NotFound
from yimen.core.i18n import _
from yimen.core.records import Value
from yimen.core.rules.catalogue import Catalogue, Needed
from yimen.core.rules.checklists import WholeChecklist, whole_checklist
from yimen.core.rules.inputs import standards_on
from yimen.core.spelling import plain_number
from yimen.core.store import cases

_READ = {"application": "application.read", "referral": "referral.read"}


@dataclass(frozen=True)
class Found:
    """A subject's case with the one of its lists that is meant."""

    case: Case
    whole: WholeChecklist


def ground(desk: Desk, catalogue: Catalogue) -> Ground:
    """What states are computed on in this home today."""
    home, known = desk.home, dict[tuple[str, str], Value]()

    def pack_on(day: date) -> str | None:
        packs = catalogue.packs.values()
        text = day.isoformat()
        return next(
            (p.pack for p in packs if p.from_date <= text <= (p.to_date or "9999-12-31")), None
        )

    def standard(name: str, day: date) -> Value:
        if name not in catalogue.standards:
            return None
        key = name, day.isoformat()
        if key not in known:
            (found,) = standards_on(home, catalogue, [name], day).values()
            known[key] = found.value
        return known[key]

    def holds(needed: Needed, values: Mapping[str, Value]) -> bool | None:
        given = {f"n{i}": values[name] for i, name in enumerate(needed.names)}
        given["as_of"] = home.clock.today().isoformat()
        answer = home.casework.conn.execute(f"SELECT {needed.sql}", given).fetchone()[0]
        return None if answer is None else bool(answer)

    today = home.clock.today()
    ends = [date.fromisoformat(p.to_date) for p in catalogue.packs.values() if p.to_date]
    starts = [date.fromisoformat(p.from_date) for p in catalogue.packs.values()]
    turns = [*ends, *(day - timedelta(days=1) for day in starts)]

    return Ground(
        today=today,
        now=home.clock.now(),
        calendar=desk.calendar,
        pack_on=pack_on,
        standard=standard,
        holds=holds,
        pack_until=min((day for day in turns if day >= today), default=date.max),
    )


def find_case(desk: Desk, catalogue: Catalogue, subject: str) -> Case:
    """The case with this number, within the operator's scope; `NotFound` names what there is."""
    number, db = plain_number(subject), desk.home.casework
    found: list[Case] = []
    if applications := cases.applications(db, application_no=number):
        found = application_cases(desk, catalogue, applications)
    elif referrals := cases.referrals(db, referral_no=number):
        found = referral_cases(desk, catalogue, referrals)
    elif (purchase := purchase_case(desk, catalogue, number)) is not None:
        found = [purchase]
    if not found:
        raise NotFound(
            _("There is no application, referral or purchase {no}.").format(no=subject[:20]),
            next_step=_("`yimen checklist list` shows what is open on your desk."),
        )
    case = found[0]
    # A purchase was read by its own casework, which asked who may.
    if case.kind != "purchase":
        desk.require(_READ[case.kind], division=case.division, department=case.department)
    return case


def find_list(
    desk: Desk, catalogue: Catalogue, subject: str, checklist: str | None = None
) -> Found:
    """A subject's list by name, the one that is being worked on where no name is given.

    `handle` means the handling of a referral's programme. `NotFound` names the lists there are.
    """
    case = find_case(desk, catalogue, subject)
    lists = {
        name: whole
        for name in case.lists
        if (whole := whole_checklist(catalogue, name)) is not None
    }
    named = case.lists[0] if checklist == "handle" and case.kind == "referral" else checklist
    if named is None:
        named = _current(catalogue, case, lists, ground(desk, catalogue))
    if named not in lists:
        raise NotFound(
            _("{no} has no checklist '{name}'.").format(no=case.subject, name=named or ""),
            next_step=_("It has: {names}.").format(names=", ".join(lists) or "-"),
        )
    return Found(case, lists[named])


def _current(
    catalogue: Catalogue, case: Case, lists: Mapping[str, WholeChecklist], today: Ground
) -> str | None:
    """The first list with a step that can be done now, else the last."""
    for name, whole in lists.items():
        if any(step.ready for step in standings(whole, catalogue.links.needed, case, today)):
            return name
    return list(lists)[-1] if lists else None


def step_names(steps: Sequence[StepView]) -> dict[str, str]:
    """Step -> its number in its list and its words, as people call it."""
    return {
        view.step: _("step {n} ({words})").format(n=number, words=view.text)
        for number, view in enumerate(steps, 1)
    }


def view_of(desk: Desk, catalogue: Catalogue, found: Found) -> ChecklistView:
    """A list as it stands; nothing is journalled."""
    today = ground(desk, catalogue)
    whole = found.whole
    return ChecklistView(
        subject=found.case.subject,
        checklist=whole.checklist,
        name=whole.names.text(),
        household_no=found.case.household_no,
        on=today.today.isoformat(),
        no_notice=whole.no_notice.words() if whole.no_notice else "",
        steps=step_views(whole, catalogue.links.needed, found.case, today),
    )


def checklist_view(
    desk: Desk, catalogue: Catalogue, subject: str, checklist: str | None = None
) -> ChecklistView:
    """One checklist of an application, a referral or a purchase; the reading is journalled."""
    found = find_list(desk, catalogue, subject, checklist)
    desk.record_reading("checklist.show", found.case.subject, {"list": found.whole.checklist})
    return view_of(desk, catalogue, found)


def passed_over(desk: Desk, catalogue: Catalogue, referral_no: str) -> list[str]:
    """The steps, in words, that had to come before a referral's decision and had not.

    A department may keep its own records, so that the decision stands; it is told.
    """
    case = find_case(desk, catalogue, referral_no)
    whole = whole_checklist(catalogue, case.lists[0])
    if whole is None:
        return []
    views = view_of(desk, catalogue, Found(case, whole)).steps
    words = {view.step: view.text for view in views}
    missed = [name for v in views if v.computed == "referral_decided" for name in v.out_of_order]
    return [words[name] for name in dict.fromkeys(missed)]


def steps_of_notice(
    desk: Desk, catalogue: Catalogue, referral_no: str, kind: str
) -> list[StepView]:
    """The needed steps of a referral's handling that a notice of this kind does, as they stand."""
    case = find_case(desk, catalogue, referral_no)
    whole = whole_checklist(catalogue, case.lists[0])
    if whole is None:
        return []
    named = {p.step.step for p in whole.steps if p.step.by_notice == kind and not p.step.occasion}
    views = view_of(desk, catalogue, Found(case, whole)).steps
    return [view for view in views if view.step in named and view.state != "not_needed"]


def subject_lists(desk: Desk, catalogue: Catalogue, subject: str) -> list[ChecklistLine]:
    """The checklists of a subject, and of an application's referrals, each with how far it is."""
    case = find_case(desk, catalogue, subject)
    found = [case]
    if case.kind == "application":
        sent = cases.referrals(desk.home.casework, application_no=case.subject)
        found += referral_cases(desk, catalogue, sent)
    today = ground(desk, catalogue)
    lines = [line for each in found for line in _lines(catalogue, each, today)]
    desk.record_reading("checklist.list", case.subject, {"rows": len(lines)})
    return lines


def _lines(catalogue: Catalogue, case: Case, today: Ground) -> Iterator[ChecklistLine]:
    for name in case.lists:
        whole = whole_checklist(catalogue, name)
        if whole is None:
            continue
        found = standings(whole, catalogue.links.needed, case, today)
        ready = sorted((step for step in found if step.ready), key=_by_limit)
        yield ChecklistLine(
            subject=case.subject,
            checklist=name,
            name=whole.names.text(),
            household_no=case.household_no,
            done=sum(step.state == "done" for step in found),
            needed=sum(step.state != "not_needed" for step in found),
            overdue=sum(step.state == "overdue" for step in found),
            next_step=ready[0].step.step if ready else None,
            due_on=ready[0].due.until if ready and ready[0].due else None,
        )


def _by_limit(stands: Standing) -> str:
    return stands.due.until if stands.due else "9999"


def permission_of(kind: Kind, who: Who) -> str:
    """The action of desk.PERMISSIONS that a step of such a case needs."""
    if who == "helper":
        return "checklist.village"
    if who == "county" and kind == "referral":
        return "checklist.bureau"
    return f"checklist.{who}"
