"""Intake on one path: papers and who counts, then only what no register knows, then the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult

from yimen.core.casework.composition import Word
from yimen.core.casework.household import show_household
from yimen.core.casework.intake import continue_application, open_application, parse_answer
from yimen.core.casework.interview import Interview, interview
from yimen.core.casework.papers import PaperKind, Papers, hashed, seen, year_after
from yimen.core.clock import parse_date
from yimen.core.documents.texts import intake_text
from yimen.core.errors import BadInput, StaleRevision, YimenError, about
from yimen.core.i18n import _
from yimen.core.records import Household
from yimen.core.results import IntakeResult
from yimen.core.rules.library import named_programmes
from yimen.core.words import relation_name, state_name, status_name
from yimen.tui.form import FormPage
from yimen.tui.screens.differences import DifferencesPage
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field

_PAPERS: tuple[PaperKind, ...] = ("authorisation", "pledge")
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
            f"{family.household_no}  {head}", _("{n} members").format(n=len(family.members))
        )
        return [*self._paper_fields(), *self._member_fields(family)]

    def _paper_fields(self) -> list[Field]:
        return [
            Field("authorisation", _("Authorisation"), "tick", hint=_("every adult has signed")),
            Field("pledge", _("Pledge of truth"), "tick", hint=_("every adult has signed")),
            Field("signed_on", _("Signed on"), "day",
                  value=self.desk.home.clock.today().isoformat()),
            Field("scan", _("Scan on this server"), "file",
                  hint=_("a file; empty where there is none")),
            Field("requested", _("Asks for"), hint=_("programmes by name or number, or empty")),
        ]  # fmt: skip

    @staticmethod
    def _member_fields(family: Household) -> list[Field]:
        words = {"": _("by the rules"), "yes": _("counts"), "no": _("does not count")}
        return [
            Field(m.member_no, f"{m.name} {relation_name(m.relation)}", "choice", choices=words)
            for m in family.members
        ]

    def save(self, answers: dict[str, str]) -> None:
        word = Word({name: said == "yes" for name, said in answers.items()
                     if name.startswith("M") and said})  # fmt: skip
        papers = self._papers(answers)
        requested = named_programmes(self.catalogue, answers["requested"])
        # The household's number stands for its people: nobody types an ID number twice.
        number = self._applicant()
        result = open_application(
            self.desk, self.catalogue, number, papers=papers, word=word, requested=requested,
            tell=False,
        )  # fmt: skip
        self.done()
        self.clerk.replace(AnswersPage(result.application_no))

    def _applicant(self) -> str:
        family = show_household(self.desk, self.catalogue, self.subject, unmask=True).household
        found = next((m.id_number for m in family.members if m.id_number), None)
        if found is None:
            raise BadInput(
                _("Nobody in this family has an ID number in the register."),
                next_step=_("Have the residence register corrected first."),
            )
        return found

    def _papers(self, answers: dict[str, str]) -> Papers | None:
        signed: list[PaperKind] = [kind for kind in _PAPERS if answers[kind]]
        if not signed:
            return None
        with about("signed_on"):
            day = parse_date(answers["signed_on"])
        scan = Path(answers["scan"]).expanduser() if answers["scan"] else None
        files = {kind: hashed(scan) if scan else seen(self.desk, kind, day) for kind in signed}
        return Papers(files=files, signed_on=day, expires_on=year_after(day))


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
        return [self._paper(found), *self._questions(found)]

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

    @staticmethod
    def _paper(found: Interview) -> Field:
        left = len(found.unsigned)
        missing = _("{n} signatures are missing; Space: all have signed").format(n=left)
        return Field(
            "papers",
            _("Signed papers"),
            "tick",
            hint=missing if left else _("all have signed"),
            value="" if left else "1",
        )

    def _questions(self, found: Interview) -> list[Field]:
        kinds = {"money": "money", "integer": "number", "date": "day"}
        fields = []
        for q in found.questions:
            choices = {"yes": _("yes"), "no": _("no")} if q.type == "boolean" else q.codes
            fields.append(
                Field(
                    f"{q.subject}:{q.fact}",
                    f"{q.about} {q.text}".strip(),
                    "choice" if choices else kinds.get(q.type, "text"),  # type: ignore[arg-type]
                    value=q.answer,
                    choices=choices,
                    hint=_("yuan") if q.type == "money" else "",
                )
            )
        return fields

    def save(self, answers: dict[str, str]) -> None:
        papers = self._signed_now(answers.pop("papers"))
        typed, faults = [], {}
        for name, said in answers.items():
            if said and said != self._before.get(name):
                try:
                    typed.append(parse_answer(self.catalogue, self._as_answer(name, said)))
                except YimenError as error:
                    faults[name] = error
        if faults:
            self.tell_wrong(faults)
            return
        try:
            result = continue_application(
                self.desk, self.catalogue, self.subject, papers=papers, answers=typed,
                rev=self.rev,
            )  # fmt: skip
        except StaleRevision:
            self._compare()
            return
        self.done()
        self._go_on(result)

    @staticmethod
    def _as_answer(name: str, said: str) -> str:
        subject, __, fact = name.partition(":")
        return f"{fact}={said}" if subject.startswith("H") else f"{name}={said}"

    def _signed_now(self, ticked: str) -> Papers | None:
        if not ticked or self._before.get("papers"):
            return None
        today = self.desk.home.clock.today()
        files = {kind: seen(self.desk, kind, today) for kind in _PAPERS}
        return Papers(files=files, signed_on=today, expires_on=year_after(today))

    def _compare(self) -> None:
        """Somebody else saved first: show where the two differ, before anything is overwritten."""
        found = interview(self.desk, self.catalogue, self.subject)
        theirs = {f"{q.subject}:{q.fact}": q.answer for q in found.questions if q.answer}
        labels = {w.spec.name: w.spec.label for w in self.field_widgets()}
        self.clerk.open(
            DifferencesPage(
                self.clashes(theirs),
                labels,
                ", ".join(found.answered_by),
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
            self.clerk.replace(TextPage(_("Notification"), lambda: list(intake_text(result))))
            return
        from yimen.tui.screens.report import ReportPage

        page = ReportPage(result.application_no)
        self.clerk.replace(page)
        self.clerk.later(_("Application {no} is accepted; its clock runs from today.").format(
            no=result.application_no))  # fmt: skip
