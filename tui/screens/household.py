"""The household file 一户一档: who they are, what is known, what they receive, what goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from yimen.core.casework.care import service_list
from yimen.core.casework.dossier import known_facts, timeline
from yimen.core.casework.household import show_household
from yimen.core.divisions import division_title
from yimen.core.documents.lists import aid_span, file_page, member_names, services_page
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.render.page import page_text
from yimen.core.results import QueryResult
from yimen.core.words.cases import state_name
from yimen.core.words.checks import status_name
from yimen.core.words.people import need_name, relation_name
from yimen.core.words.referrals import due_text
from yimen.tui.keys import (
    APPLICATION,
    BACK,
    CHECK,
    DIGIT_BINDINGS,
    FULL,
    OPEN,
    PRINT,
    UNMASK,
    VERIFY,
)
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_application, open_number
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.cells import choice_line
from yimen.tui.widgets.listing import Column, Listing

Row = tuple[str, Sequence[str]]
# Whether something answers an assessed need, or nobody can tell.
_MET = {True: "[v]", False: "[ ]", None: "[?]"}
_TABS = 6
_OPEN = ("draft", "submitted", "supplement_noticed", "accepted", "checked", "dispatched")


class HouseholdPage(Page):
    """Six tabs by digit; N goes on with the open application, or begins one.

    On the tab of needs V assesses those that are open, and L is the family's service list.
    """

    CSS_PATH = "household.tcss"
    KEYS = (APPLICATION, VERIFY, CHECK, UNMASK, FULL, PRINT, OPEN, BACK)
    BINDINGS = DIGIT_BINDINGS

    def __init__(self, household_no: str) -> None:
        super().__init__()
        self.household_no = household_no
        self._tab = 1
        self._unmasked = False

    def place(self) -> str:
        return _("Family")

    def body(self) -> ComposeResult:
        yield Line(id="family")
        yield Line(id="tabs")
        yield Listing(_columns(1))

    def load(self) -> None:
        self.head()
        self._file = show_household(
            self.desk, self.catalogue, self.household_no, unmask=self._unmasked
        )
        family = self._file.household
        self.query_one("#family", Line).show(
            f"{family.household_no}  {family.members[0].name}  {division_title(family.division)}",
            _("members: {n}").format(n=len(family.members)),
        )
        self._show()

    def _show(self) -> None:
        names = (_("Members"), _("Facts"), _("Aid"), _("Cases"), _("Timeline"), _("Needs"))
        self.query_one("#tabs", Line).show(
            choice_line(names, self._tab),
            _("digits change the tab"),
        )
        rows = (self._members, self._facts, self._aid, self._cases, self._timeline, self._needs)
        made: Callable[[QueryResult], list[Row]] = rows[self._tab - 1]
        listing = self.query_one(Listing)
        listing.reshape(_columns(self._tab))
        found = made(self._file)
        listing.fill(found)
        self.say("" if found else _("Nothing is known here."))

    def action_digit(self, number: int) -> None:
        if number > _TABS:
            return
        self._tab = number
        with self.refusals():
            self._show()

    def _names(self) -> dict[str, str]:
        return {m.member_no: m.name for m in self._file.household.members}

    def _members(self, file: QueryResult) -> list[Row]:
        return [
            (m.member_no,
             [m.member_no, m.name, relation_name(m.relation), m.id_number or _("no ID number"),
              m.birth_date or "-"])
            for m in file.household.members
        ]  # fmt: skip

    def _facts(self, file: QueryResult) -> list[Row]:
        names = self._names()
        found = known_facts(self.desk, self.catalogue, self.household_no)
        return [
            (f"{f.member or ''}:{f.fact}",
             [names.get(f.member or "", _("household")), f.name, f.text, status_name(f.status),
              f.as_of or "", self._register(f.source)])
            for f in found
        ]  # fmt: skip

    def _register(self, source: str | None) -> str:
        """What the register is called from which a fact comes."""
        known = self.catalogue.sources.get(source or "")
        return known.names.text() if known else source or ""

    def _aid(self, file: QueryResult) -> list[Row]:
        names, programmes = self._names(), self.catalogue.programmes
        return [
            (b.benefit_no or str(number),
             ["[v]" if b.active else "[-]",
              programmes[b.programme].names.text() if b.programme in programmes else b.programme,
              names.get(b.member_no or "", _("household")),
              "" if b.amount_fen is None else format_yuan(b.amount_fen),
              aid_span(b), self.clerk.who_is(b.payer)])
            for number, b in enumerate(file.benefits)
        ]  # fmt: skip

    def _cases(self, file: QueryResult) -> list[Row]:
        programmes = self.catalogue.programmes
        applications = [
            (a.application_no,
             [a.application_no, _("application"), state_name(a.state), a.submitted_on,
              self.clerk.operator_name(a.first_officer)])
            for a in file.applications
        ]  # fmt: skip
        referrals = [
            (r.referral_no,
             [r.referral_no,
              programmes[r.programme].names.text() if r.programme in programmes else r.programme,
              state_name(r.state), due_text(r.due_on or ""), self.clerk.who_is(r.department)])
            for r in file.referrals
        ]  # fmt: skip
        return [*applications, *referrals]

    def _timeline(self, file: QueryResult) -> list[Row]:
        called = self.clerk.operator_name
        return [
            (
                f"{number}:{e.subject}",
                [
                    e.at[:16].replace("T", " "),
                    e.what,
                    e.subject,
                    called(e.operator),
                ],
            )
            for number, e in enumerate(timeline(self.desk, self.catalogue, self.household_no))
        ]

    def _needs(self, file: QueryResult) -> list[Row]:
        names = self._names()
        found = service_list(self.desk, self.catalogue, self.household_no)
        return [
            (f"{n.member or ''}:{n.need}",
             [_MET[n.met] if n.assessed else "[?]" if n.assessed is None else "[-]",
              names.get(n.member or "", _("household")), need_name(n.need),
              "" if n.assessed is None else _("yes") if n.assessed else _("no"), n.as_of or "",
              _(", ").join([*(self.clerk.programme_name(a.programme) for a in n.answers),
                           *(o.order_no for o in n.orders)])])
            for n in found.needs
        ]  # fmt: skip

    # -- keys -------------------------------------------------------------------------------

    def on_data_table_row_selected(self) -> None:
        chosen = self.query_one(Listing).chosen or ""
        number = chosen.partition(":")[2] if self._tab == 5 else chosen
        if self._tab == 6:
            self.action_verify()
        elif self._tab in (3, 4, 5) and number[:1] in ("A", "R", "B"):
            with self.refusals():
                open_number(self.clerk, number)

    def action_application(self) -> None:
        going = next((a for a in self._file.applications if a.state in _OPEN), None)
        with self.refusals():
            if going is not None:
                open_application(self.clerk, going.application_no)
                return
            from yimen.tui.screens.intake import IntakePage

            self.clerk.open(IntakePage(self.household_no))

    def action_verify(self) -> None:
        if self._tab == 6:
            from yimen.tui.screens.assess import AssessPage

            self.clerk.open(AssessPage(self.household_no))
            return
        from yimen.tui.screens.verify import VerifyPage

        about, __, fact = (self.query_one(Listing).chosen or "").partition(":")
        if self._tab != 2 or not fact:
            about, fact = "", ""
        self.clerk.open(VerifyPage(self.household_no, about, fact))

    def action_check(self) -> None:
        from yimen.tui.screens.report import ReportPage

        self.clerk.open(ReportPage(self.household_no))

    def action_full(self) -> None:
        """The service list on the tab of needs, elsewhere the whole file."""
        file = self._file
        if self._tab == 6:
            with self.refusals():
                found = service_list(self.desk, self.catalogue, self.household_no)
                blocks = services_page(found, member_names(file.household))
                self.clerk.open(TextPage(_("Service list"), lambda: list(page_text(blocks))))
            return
        blocks = file_page(file, self.catalogue)
        self.clerk.open(TextPage(_("Family"), lambda: list(page_text(blocks))))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        sent = [r.referral_no for r in self._file.referrals]
        taken = [a.application_no for a in self._file.applications]
        self.clerk.open(PapersPage([self.household_no, *taken, *sent]))

    def action_unmask(self) -> None:
        self._unmasked = not self._unmasked
        self.action_reload()


def _columns(tab: int) -> list[Column]:
    return [
        [Column(10, "member"), Column(14, "full name", grows=True), Column(18, "relation"),
         Column(21, "ID number"), Column(12, "born")],
        [Column(10, "whom"), Column(23, "fact", grows=True, wraps=True),
         Column(10, "value", wraps=True), Column(10, "known"), Column(11, "as of"),
         Column(15, "source", grows=True, wraps=True)],
        [Column(4, ""), Column(19, "programme", grows=True, wraps=True), Column(10, "whom"),
         Column(11, "amount", right=True), Column(24, "from, to"),
         Column(11, "payer", wraps=True)],
        [Column(12, "number"), Column(26, "matter", grows=True, wraps=True), Column(15, "state"),
         Column(11, "date"), Column(15, "with", wraps=True)],
        [Column(17, "when"), Column(36, "what was done", grows=True), Column(13, "number"),
         Column(12, "by")],
        [Column(4, ""), Column(10, "whom"), Column(14, "need", wraps=True), Column(10, "assessed"),
         Column(11, "as of"), Column(26, "what answers it", grows=True, wraps=True)],
    ][tab - 1]  # fmt: skip
