"""Intake on one path: papers and who counts, then only what no register knows, then the receipt."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.household import show_household
from yimen.core.casework.interview import Interview, interview
from yimen.core.documents.texts import intake_text
from yimen.core.errors import StaleRevision
from yimen.core.i18n import _
from yimen.core.results import IntakeResult
from yimen.core.words.cases import state_name
from yimen.core.words.checks import status_name
from yimen.tui.form import FormPage
from yimen.tui.screens.applying import (
    answered,
    opened,
    opening_fields,
    others,
    question_fields,
    read_answers,
)
from yimen.tui.screens.differences import DifferencesPage
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field

# How many known values fit above the questions; the household's file has them all.
_KNOWN_LINES = 4


class IntakePage(FormPage):
    """The first half: what was signed, what is asked for, and the officer's word on who counts."""

    CSS_PATH = "intake.tcss"
    FORM = "intake"

    def place(self) -> str:
        return _("Intake")

    def above(self) -> ComposeResult:
        yield Line(id="family")

    def fields(self) -> Sequence[Field]:
        family = show_household(self.desk, self.catalogue, self.subject).household
        head = family.members[0].name if family.members else ""
        self.query_one("#family", Line).show(
            f"{family.household_no}  {head}", _("members: {n}").format(n=len(family.members))
        )
        return opening_fields(self.desk, family)

    def save(self, answers: dict[str, str]) -> None:
        result = opened(self.desk, self.catalogue, self.subject, answers)
        self.done()
        self.clerk.replace(AnswersPage(result.application_no))


class AnswersPage(FormPage):
    """The second half: what registers know is shown, and only the unknown is asked."""

    CSS_PATH = "intake.tcss"
    FORM = "answers"

    def place(self) -> str:
        return _("Questions")

    @property
    def case_no(self) -> str:
        return self.subject

    def above(self) -> ComposeResult:
        for number in range(_KNOWN_LINES + 1):
            yield Line(id=f"known{number}")

    def fields(self) -> Sequence[Field]:
        found = interview(self.desk, self.catalogue, self.subject)
        self.rev = found.application.rev
        self._show_known(found)
        return question_fields(found)

    def _show_known(self, found: Interview) -> None:
        application = found.application
        self.query_one("#known0", Line).show(
            f"{application.application_no}  {application.household_no}"
            f"  {state_name(application.state)}",
            _("known from registers: {n}").format(n=len(found.known)),
        )
        for number in range(_KNOWN_LINES):
            line = self.query_one(f"#known{number + 1}", Line)
            if number < len(found.known):
                k = found.known[number]
                line.show(f"  {found.names.get(k.member or '', '')} {k.name}{_(': ')}{k.text}",
                          f"{status_name(k.status)} {k.as_of or ''}")  # fmt: skip
            line.display = number < len(found.known)

    def save(self, answers: dict[str, str]) -> None:
        typed, faults = read_answers(self.catalogue, self._before, answers)
        if faults:
            self.tell_wrong(faults)
            return
        try:
            result = answered(
                self.desk, self.catalogue, self.subject, self._before, answers, typed=typed,
                rev=self.rev,
            )  # fmt: skip
        except StaleRevision:
            self._compare()
            return
        self.done()
        self._go_on(result)

    def _compare(self) -> None:
        """Somebody else saved first: show where the two differ, before anything is overwritten."""
        found = interview(self.desk, self.catalogue, self.subject)
        theirs = {f"{q.subject}:{q.fact}": q.answer for q in found.questions if q.answer}
        fields = {w.spec.name: w.spec for w in self.field_widgets()}
        self.clerk.open(
            DifferencesPage(
                self.clashes(theirs),
                fields,
                others(self.desk, found),
                lambda kept: self._settled(kept, theirs, found.application.rev),
            )
        )

    def _settled(self, kept: dict[str, str], theirs: dict[str, str], rev: int) -> None:
        """The clerk chose field by field; F12 then saves on the newer revision."""
        for widget in self.field_widgets():
            name = widget.spec.name
            if name in kept:
                widget.put(kept[name])
            elif name in theirs and not widget.answer:
                widget.put(theirs[name])
        self._before.update(theirs)
        self.rev = rev
        self.keep()
        self.say(_("The other's answers were taken in. F12 saves yours with them."))

    def _go_on(self, result: IntakeResult) -> None:
        if result.missing:
            officer = self.clerk.operator_name(result.first_officer)
            self.clerk.replace(
                TextPage(_("Notification"), lambda: list(intake_text(result, officer)))
            )
            return
        from yimen.tui.screens.report import ReportPage

        page = ReportPage(result.application_no)
        self.clerk.replace(page)
        self.clerk.later(_("Application {no} is accepted; its clock runs from today.").format(
            no=result.application_no))  # fmt: skip
