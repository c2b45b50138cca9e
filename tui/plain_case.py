"""One family's case line by line: file, application, questions, check, dispatch, referrals.

Each act is a numbered line; after it the case is told again, with what can be done next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from yimen.core.casework.check import (
    check_application,
    check_household,
    find_application,
    show_report,
)
from yimen.core.casework.closing import countersign_application, decline_application
from yimen.core.casework.drafts import differences
from yimen.core.casework.household import show_household
from yimen.core.casework.interview import interview
from yimen.core.casework.operators import operator_names
from yimen.core.casework.possible_ends import possible_ends
from yimen.core.casework.progress import progress
from yimen.core.casework.referral import (
    feedback,
    find_referral,
    moves_of,
    names_around,
    people_of,
    show_referral,
    waited,
)
from yimen.core.documents.handover_text import progress_text, referral_text
from yimen.core.documents.lists import file_page
from yimen.core.documents.report import report_text
from yimen.core.documents.signing_text import signing_text
from yimen.core.documents.texts import called, dispatch_text, feedback_text, intake_text
from yimen.core.errors import StaleRevision
from yimen.core.i18n import _
from yimen.core.records import CheckReport
from yimen.core.render.page import page_text
from yimen.core.words.cases import state_name
from yimen.core.words.checks import outcome_name, status_name
from yimen.tui.asking import Asker
from yimen.tui.screens.applying import (
    answered,
    dispatch_fields,
    dispatched,
    opened,
    opening_fields,
    others,
    question_fields,
    read_answers,
)
from yimen.tui.screens.ending import decline_fields, end_fields, ended, how_it_ended
from yimen.tui.screens.verbs import VERBS, possible, to_sign, verb_label

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.results import QueryResult
    from yimen.core.rules.catalogue import Catalogue

Act = tuple[str, Callable[[], None]]
_OPEN = ("draft", "submitted", "supplement_noticed", "accepted", "checked", "dispatched")


class PlainCase:
    """Tells a case and does what is chosen, until nothing is."""

    def __init__(self, desk: Desk, catalogue: Catalogue, asker: Asker) -> None:
        self._desk, self._catalogue, self._asker = desk, catalogue, asker

    def _menu(self, acts: list[Act]) -> bool:
        """Does what is chosen of these; False where nothing is."""
        chosen = self._asker.choose([name for name, __ in acts], _("Back"))
        if chosen is None:
            return False
        with self._asker.refusals():
            acts[chosen][1]()
        return True

    # -- the family -------------------------------------------------------------------------

    def household(self, file: QueryResult) -> None:
        """The family's file; its application is gone on with, or begun."""
        number = file.household.household_no
        while True:
            self._asker.lines(page_text(file_page(file, self._catalogue)))
            going = next((a for a in file.applications if a.state in _OPEN), None)
            acts: list[Act] = []
            if going is not None:
                told = _("Application {no}").format(no=going.application_no)
                acts.append((told, partial(self.application, going.application_no)))
            elif self._desk.may("intake"):
                acts.append((_("Begin an application"), partial(self._open, number)))
            if self._desk.may("check"):
                acts.append((_("Check, filing nothing"), partial(self._try, number)))
            if not acts or not self._menu(acts):
                return
            file = show_household(self._desk, self._catalogue, number)

    def _open(self, household_no: str) -> None:
        family = show_household(self._desk, self._catalogue, household_no).household
        made: list[str] = []

        def act(given: dict[str, str]) -> None:
            result = opened(self._desk, self._catalogue, household_no, given)
            made.append(result.application_no)

        fields = opening_fields(self._desk, family)
        self._asker.fill(fields, act, form="intake", subject=household_no)
        self._asker.say(_("Application {no} is opened.").format(no=made[0]))
        with self._asker.refusals():
            self._questions(made[0])
        self.application(made[0])

    def _try(self, household_no: str) -> None:
        self._report(check_household(self._desk, self._catalogue, household_no))

    # -- the application --------------------------------------------------------------------

    def application(self, number: str) -> None:
        """Where it stands, and the acts that its state has."""
        while True:
            state = find_application(self._desk, number).state
            if state in ("dispatched", "closed"):
                told = feedback(self._desk, self._catalogue, number)
                self._asker.lines(
                    feedback_text(told, self._catalogue, people_of(self._desk, number))
                )
            else:
                self._asker.lines(progress_text(progress(self._desk, self._catalogue, number)))
            if find_application(self._desk, number).proposal_to_end is not None:
                self._asker.lines(signing_text(self._desk, self._catalogue, number))
            if not self._menu(self._acts(number, state)):
                return

    def _acts(self, number: str, state: str) -> list[Act]:
        may = self._desk.may
        acts: list[Act] = []
        if state in ("submitted", "supplement_noticed", "accepted", "checked") and may("intake"):
            acts.append((_("Questions"), partial(self._questions, number)))
        if state in ("accepted", "checked") and may("check"):
            acts.append((_("Check"), partial(self._check, number)))
        report = show_report(self._desk, number)
        if report is not None:
            acts.append((_("Check report in full"), partial(self._full, report)))
        if state in ("checked", "dispatched") and may("dispatch"):
            acts.append((_("Dispatch"), partial(self._dispatch, number)))
        if state in ("dispatched", "closed"):
            names = people_of(self._desk, number)
            for line in feedback(self._desk, self._catalogue, number).answers:
                told = f"{line.referral_no} {line.name}{called(line.member_no, names)}"
                acts.append((told, partial(self.referral, line.referral_no)))
        verbs = to_sign(self._desk, number)
        acts += [(verb_label(verb), partial(self._sign, verb, number)) for verb in verbs]
        if may("application.end"):
            ends = possible_ends(self._desk, self._catalogue, number)
            if ends:
                acts.append((_("End it, or refuse a part"), partial(self._end, number, ends)))
        return acts

    def _sign(self, verb: str, number: str) -> None:
        """Signs what somebody else proposed, or says why not."""
        if verb == "countersign":
            self._asker.make_sure()
            after = countersign_application(self._desk, self._catalogue, number)
            self._asker.say(f"{number}{_(': ')}{state_name(after.state)}")
            return

        def act(given: dict[str, str]) -> None:
            decline_application(self._desk, number, note=given["note"])
            self._asker.say(_("{no}: not signed.").format(no=number))

        self._asker.fill(decline_fields(), act, form="decline", subject=number)

    def _end(self, number: str, ends: dict[str, dict[str, str]]) -> None:
        def act(given: dict[str, str]) -> None:
            self._asker.make_sure()
            self._asker.say(how_it_ended(ended(self._desk, self._catalogue, number, given)))

        self._asker.fill(end_fields(ends), act, form="end", subject=number)

    def _questions(self, number: str) -> None:
        """What registers know is told, what they do not know is asked."""
        found = interview(self._desk, self._catalogue, number)
        for k in found.known:
            who = found.names.get(k.member or "", "")
            known = f"{status_name(k.status)} {k.as_of or ''}".strip()
            self._asker.say(f"{who} {k.name}{_(': ')}{k.text} ({known})".strip())
        fields = question_fields(found)
        before = {field.name: field.value for field in fields}
        rev: list[int] = [found.application.rev]

        def act(given: dict[str, str]) -> None:
            typed, faults = read_answers(self._catalogue, before, given)
            for name, fault in faults.items():
                fault.field = name
                raise fault
            try:
                result = answered(
                    self._desk, self._catalogue, number, before, given, typed=typed, rev=rev[0]
                )
            except StaleRevision:
                rev[0] = self._settled(number, before, given)
                act(given)
                return
            if result.missing:
                called = operator_names(self._desk.home.casework)
                self._asker.lines(intake_text(result, called[result.first_officer]))
            else:
                self._asker.say(
                    _("Application {no} is accepted; its clock runs from today.").format(no=number)
                )

        self._asker.fill(fields, act, form="answers", subject=number)

    def _settled(self, number: str, before: dict[str, str], given: dict[str, str]) -> int:
        """Somebody else saved first: whose word is kept, field by field; the newer revision."""
        found = interview(self._desk, self._catalogue, number)
        theirs = {f"{q.subject}:{q.fact}": q.answer for q in found.questions if q.answer}
        fields = {field.name: field for field in question_fields(found)}
        self._asker.say(
            _("{by} saved this application while you were filling it in.").format(
                by=others(self._desk, found)
            )
        )
        for d in differences(before, given, theirs):
            field = fields[d.field]
            self._asker.say(field.label)
            names = [
                f"{_('theirs')}{_(': ')}{field.words(d.theirs)}",
                f"{_('mine')}{_(': ')}{field.words(d.mine)}",
            ]
            if self._asker.choose(names, _("theirs")) != 1:
                given[d.field] = d.theirs
        for name, said in theirs.items():
            given[name] = given.get(name) or said
        before.update(theirs)
        return found.application.rev

    def _check(self, number: str) -> None:
        check_application(self._desk, self._catalogue, number)
        report = show_report(self._desk, number)
        if report is not None:
            self._report(report)

    def _report(self, report: CheckReport) -> None:
        """What qualifies by name, and how much else there is; the whole is read on demand."""
        for outcome in ("eligible", "unknown", "ineligible"):
            found = [r for r in report.programmes if r.outcome == outcome]
            self._asker.say(f"{outcome_name(outcome)}{_(': ')}{len(found)}")
            if outcome == "eligible":
                self._asker.lines(f"  {r.programme} {r.name}" for r in found)

    def _full(self, report: CheckReport) -> None:
        self._asker.lines(report_text(report, self._catalogue))

    def _dispatch(self, number: str) -> None:
        def act(given: dict[str, str]) -> None:
            result = dispatched(self._desk, self._catalogue, number, given)
            names = people_of(self._desk, number)
            self._asker.lines(dispatch_text(result, self._catalogue, names))

        self._asker.fill(dispatch_fields(), act, form="dispatch", subject=number)

    # -- the referral -----------------------------------------------------------------------

    def referral(self, number: str) -> None:
        """Shows a referral and does what is chosen with it, until nothing is."""
        while True:
            referral, line = show_referral(self._desk, number)
            moves, total = moves_of(self._desk, referral), waited(self._desk, referral)
            names = names_around(self._desk, referral)
            self._asker.lines(referral_text(referral, line, moves, total, self._catalogue, names))
            verbs = possible(self._desk, referral)
            if not self._menu([(verb_label(v), partial(self._verb, v, number)) for v in verbs]):
                return

    def _verb(self, name: str, number: str) -> None:
        verb = VERBS[name]

        def act(given: dict[str, str]) -> None:
            if verb.sure:
                self._asker.make_sure()
            verb.act(self._desk, self._catalogue, number, given)
            state = state_name(find_referral(self._desk, number).state)
            self._asker.say(f"{number}{_(': ')}{state}")

        if verb.fields is None:
            act({})
            return
        fields = verb.fields(self._catalogue, find_referral(self._desk, number))
        self._asker.fill(fields, act, form="verb", subject=f"{number} {name}")
