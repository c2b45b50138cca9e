"""F5: the check report, programmes by outcome; Enter opens one to its criteria and their values."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.check import (
    check_application,
    check_household,
    find_application,
    show_report,
)
from yimen.core.casework.household import show_household
from yimen.core.casework.referral import people_of
from yimen.core.documents.report import programme_entry, report_text, values_with_sources
from yimen.core.documents.texts import dispatch_text
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.records import CheckReport, ProgrammeResult
from yimen.core.render.page import Entries, page_text
from yimen.core.words.amounts import per_name
from yimen.core.words.cases import state_name
from yimen.core.words.checks import flag_name, outcome_name, result_mark
from yimen.tui.form import FormPage
from yimen.tui.keys import BACK, CHECK, DISPATCH, END, FULL, OPEN, PRINT, QUESTIONS
from yimen.tui.page import Page
from yimen.tui.screens.applying import dispatch_fields, dispatched
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line, Words
from yimen.tui.widgets.fields import Field
from yimen.tui.widgets.listing import Column, Listing

_MARKS = {"eligible": "[v]", "unknown": "[?]", "ineligible": "[-]"}
_ORDER = ("eligible", "unknown", "ineligible")


class ReportPage(Page):
    """The report of an application (A...), filed when it is checked, or of a household (H...)."""

    CSS_PATH = "report.tcss"
    KEYS = (OPEN, CHECK, DISPATCH, QUESTIONS, FULL, PRINT, END, BACK)

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject
        self._report: CheckReport | None = None
        self._names: dict[str, str] = {}

    def place(self) -> str:
        return _("Check")

    @property
    def case_no(self) -> str | None:
        return self.subject if self._of_application else None

    @property
    def _of_application(self) -> bool:
        return self.subject.startswith("A")

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Line(id="result")
        yield Listing(
            [
                Column(4, ""), Column(27, "programme", grows=True), Column(9, "whom"),
                Column(12, "amount", right=True), Column(27, "says", grows=True),
            ]
        )  # fmt: skip
        yield Words(id="flags")

    def load(self) -> None:
        self.head()
        household = self.subject
        if self._of_application:
            application = find_application(self.desk, self.subject)
            household = application.household_no
            self._report = show_report(self.desk, self.subject)
            state = state_name(application.state)
        else:
            self._report = check_household(self.desk, self.catalogue, self.subject)
            state = _("nothing is filed")
        family = show_household(self.desk, self.catalogue, household).household
        self._names = {m.member_no: m.name for m in family.members}
        self.query_one("#which", Line).show(
            f"{self.subject}  {family.members[0].name}  {state}", self._dates()
        )
        self._show()

    def _dates(self) -> str:
        report = self._report
        if report is None:
            return ""
        return _("rules {rules}, facts {facts}").format(
            rules=report.rules_on, facts=report.facts_as_of
        )

    def _results(self) -> list[ProgrammeResult]:
        found = self._report.programmes if self._report else []
        return sorted(found, key=lambda r: _ORDER.index(r.outcome))

    def _show(self) -> None:
        results = self._results()
        counts = "  ".join(
            f"{_MARKS[o]}{outcome_name(o)} {sum(r.outcome == o for r in results)}" for o in _ORDER
        )
        self.query_one("#result", Line).show(counts if results else _("Not checked yet: K checks."))
        listing = self.query_one(Listing)
        listing.fill([(str(n), self._cells(r)) for n, r in enumerate(results)], at=listing.chosen)
        flags = self._report.flags if self._report else []
        shown = [
            f"! {flag_name(f.kind)}{_(': ')}{f'{self._who(f.member)} {f.detail}'.strip()}"
            for f in flags[:3]
        ]
        if len(flags) > len(shown):
            shown.append(_("and {n} more: L shows all").format(n=len(flags) - len(shown)))
        self.query_one("#flags", Words).show(shown)

    def _who(self, member: str | None) -> str:
        return self._names.get(member or "", member or "")

    def _cells(self, result: ProgrammeResult) -> Sequence[str]:
        amount = ""
        if result.amount_fen is not None:
            amount = f"{format_yuan(result.amount_fen)} {per_name(result.per)}"
        why = [m.plain() for m in result.missing[:1]]
        if result.outcome == "ineligible":
            why = [c.text for c in result.criteria if c.result == "fail"][:1]
        if result.receiving:
            why = [_("being received")]
        return [
            _MARKS[result.outcome], result.name, self._who(result.member), amount, "".join(why)
        ]  # fmt: skip

    def on_data_table_row_selected(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen is not None and self._report is not None:
            result = self._results()[int(chosen)]
            self.clerk.open(ResultPage(self._report, result, self._who(result.member)))

    def action_check(self) -> None:
        with self.refusals():
            if self._of_application:
                check_application(self.desk, self.catalogue, self.subject)
                self.clerk.changed()
            self.load()
            self.say(_("Checked. D makes referrals of what qualifies; a department decides."))

    def action_dispatch(self) -> None:
        if not self._of_application:
            self.say(_("A family without an application cannot be dispatched: N in its file."))
            return
        self.clerk.open(DispatchPage(self.subject))

    def action_end(self) -> None:
        if not self._of_application:
            self.say(_("A family without an application has nothing to be ended."))
            return
        from yimen.tui.screens.ending import open_end

        open_end(self, self.subject)

    def action_questions(self) -> None:
        if self._of_application:
            from yimen.tui.screens.intake import AnswersPage

            self.clerk.open(AnswersPage(self.subject))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.subject]))

    def action_full(self) -> None:
        report = self._report
        if report is not None:
            self.clerk.open(
                TextPage(
                    _("Check report"),
                    lambda: list(report_text(report, self.catalogue, full=True)),
                )
            )


class ResultPage(Page):
    """One programme's answer: each criterion, and below it its values with their source."""

    CSS_PATH = "report.tcss"
    KEYS = (FULL, BACK)
    TELLS_ROW = False

    def __init__(self, report: CheckReport, result: ProgrammeResult, who: str) -> None:
        super().__init__()
        self._report, self._result, self._who = report, result, who

    def place(self) -> str:
        return _("Check")

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Listing(
            [Column(4, ""), Column(46, "criterion", grows=True), Column(28, "legal basis")]
        )
        yield Words(id="values")

    def load(self) -> None:
        self.head()
        result = self._result
        self.query_one("#which", Line).show(
            f"{result.name} {self._who}".rstrip(), outcome_name(result.outcome)
        )
        self.query_one(Listing).fill(
            [
                (str(n), [result_mark(c.result), c.text, c.basis])
                for n, c in enumerate(result.criteria)
            ]
        )

    def on_data_table_row_highlighted(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen is not None:
            criterion = self._result.criteria[int(chosen)]
            known = values_with_sources(self._report, self._result, criterion, self.catalogue)
            lines = [
                f"{result_mark(criterion.result)} {criterion.text} [{criterion.basis}]",
                *known,
            ]
            self.query_one("#values", Words).show(lines)

    def _opened(self) -> list[str]:
        entry = programme_entry(self._report, self._result, self.catalogue)
        return list(page_text([Entries([entry])]))

    def action_full(self) -> None:
        self.clerk.open(
            TextPage(
                self._result.name,
                self._opened,
            )
        )


class DispatchPage(FormPage):
    """Which programmes go out, and the reason where an open overlap stands in the way."""

    CSS_PATH = "report.tcss"
    FORM = "dispatch"

    def place(self) -> str:
        return _("Dispatch")

    def fields(self) -> Sequence[Field]:
        return dispatch_fields()

    def load(self) -> None:
        super().load()
        self.say(_("F12 sends the referrals out; each department has its own clock from then on."))

    def save(self, answers: dict[str, str]) -> None:
        result = dispatched(self.desk, self.catalogue, self.subject, answers)
        names = people_of(self.desk, result.application_no)
        self.done()
        self.clerk.replace(
            TextPage(_("Dispatch"), lambda: list(dispatch_text(result, self.catalogue, names)))
        )
