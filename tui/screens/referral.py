"""One referral: how it stands, its terms and moves, the frozen facts; and what may be done now."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.referral import find_referral, moves_of, show_referral, waited
from yimen.core.documents.handover_text import referral_text
from yimen.core.i18n import _
from yimen.core.referral_records import Referral
from yimen.core.words import state_name, verb_name
from yimen.tui.acting import ON_A_RECORD, Act, ActsPage
from yimen.tui.form import FormPage
from yimen.tui.page import Page
from yimen.tui.screens.verbs import VERBS, possible, verb_label
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field
from yimen.tui.widgets.scroll import Scroll


class ReferralPage(ActsPage):
    """Digits do what is legal now; H opens the family's file, P the papers."""

    CSS_PATH = "referral.tcss"
    KEYS = ON_A_RECORD
    AUTO_FOCUS = "Scroll"

    def __init__(self, referral_no: str) -> None:
        super().__init__()
        self.referral_no = referral_no

    def place(self) -> str:
        return _("Referral")

    @property
    def case_no(self) -> str:
        return self.referral_no

    def body(self) -> ComposeResult:
        yield Scroll()
        yield from self.act_lines()

    def load(self) -> None:
        self.head()
        self._referral, line = show_referral(self.desk, self.referral_no)
        moves = moves_of(self.desk, self._referral)
        total = waited(self.desk, self._referral)
        lines = referral_text(self._referral, line, moves, total, self.catalogue)
        self.query_one(Scroll).show(lines)
        self.show_acts(list(map(self._act, possible(self.desk, self._referral))))

    def _act(self, verb: str) -> Act:
        return Act(verb_label(verb), lambda: do_verb(self, verb, self._referral))

    def action_family(self) -> None:
        from yimen.tui.screens.household import HouseholdPage

        self.clerk.open(HouseholdPage(self._referral.household_no))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.referral_no, self._referral.application_no]))


def do_verb(page: Page, name: str, referral: Referral) -> None:
    """Does a verb at once, or opens the form that asks what it needs."""
    verb = VERBS[name]
    if verb.fields is not None:
        page.clerk.open(VerbPage(name, referral.referral_no))
        return

    def act() -> None:
        verb.act(page.desk, page.catalogue, referral.referral_no, {})
        page.load()
        page.say(said(page, referral.referral_no, name))

    if verb.sure:
        page.clerk.confirm(f"{verb_label(name)}: {referral.referral_no}?", act)
    else:
        with page.refusals():
            act()


def said(page: Page, referral_no: str, verb: str) -> str:
    """What was just done, and how the referral stands."""
    now = find_referral(page.desk, referral_no)
    return f"{referral_no}: {verb_name(verb)}. {state_name(now.state)}."


class VerbPage(FormPage):
    """What a verb asks: a reason, a note, a decision. F12 does it."""

    CSS_PATH = "referral.tcss"
    FORM = "verb"

    def __init__(self, verb: str, referral_no: str) -> None:
        super().__init__(f"{referral_no} {verb}")
        self._verb, self._number = verb, referral_no

    def place(self) -> str:
        return verb_label(self._verb)

    def above(self) -> ComposeResult:
        yield Line(id="which")

    def fields(self) -> Sequence[Field]:
        referral, __ = show_referral(self.desk, self._number)
        self.rev = referral.rev
        known = self.catalogue.programmes.get(referral.programme)
        name = known.names.text() if known else referral.programme
        self.query_one("#which", Line).show(
            f"{referral.referral_no}  {name}", state_name(referral.state)
        )
        made = VERBS[self._verb].fields
        return made(self.catalogue, referral) if made else []

    def save(self, answers: dict[str, str]) -> None:
        now = find_referral(self.desk, self._number)
        if now.rev != self.rev:
            self._tell_difference(now)
            return
        if VERBS[self._verb].sure:
            self.clerk.confirm(f"{verb_label(self._verb)}: {self._number}?",
                               lambda: self._do(answers))  # fmt: skip
        else:
            self._do(answers)

    def _do(self, answers: dict[str, str]) -> None:
        VERBS[self._verb].act(self.desk, self.catalogue, self._number, answers)
        self.done()
        words = said(self, self._number, self._verb)
        self.clerk.back()
        self.clerk.later(words)

    def _tell_difference(self, now: Referral) -> None:
        """Somebody moved the referral since the form was opened: say what, and ask again."""
        last = moves_of(self.desk, now)[-1]
        self.rev = now.rev
        self.say(
            _("! Changed meanwhile by {no}: {what} {note} Now: {state}. F12 again if it holds."
              ).format(
                no=last.operator, what=verb_name(last.verb or "dispatch"), note=last.note or "",
                state=state_name(now.state),
            )
        )  # fmt: skip
