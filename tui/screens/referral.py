"""One referral: how it stands, its terms and moves, the frozen facts; and what may be done now."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.referral import (
    find_referral,
    moves_of,
    names_around,
    show_referral,
    waited,
)
from yimen.core.documents.handover_text import note_text, referral_text
from yimen.core.i18n import _
from yimen.core.referral_records import Referral
from yimen.core.words.cases import state_name
from yimen.core.words.referrals import verb_name
from yimen.tui.acting import ActsPage
from yimen.tui.form import FormPage
from yimen.tui.keys import BACK, FAMILY, PAGE_DOWN, PRINT, RELOAD, VERB_KEYS, Act
from yimen.tui.page import Page
from yimen.tui.screens.text import LongPage
from yimen.tui.screens.verbs import VERBS, possible, verb_label
from yimen.tui.verb_keys import VerbKeys
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field
from yimen.tui.widgets.scroll import Scroll


class ReferralPage(VerbKeys, LongPage, ActsPage):
    """What is legal now stands at the foot, each verb with its own key."""

    CSS_PATH = "referral.tcss"
    KEYS = (FAMILY, PRINT, PAGE_DOWN, RELOAD, BACK)
    AUTO_FOCUS = "Scroll"
    SHOWS_PROPOSAL = True

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
        self._referral, line = show_referral(self.desk, self.referral_no)
        referral = self._referral
        moves = moves_of(self.desk, referral)
        total = waited(self.desk, referral)
        names = names_around(self.desk, referral)
        self.query_one(Scroll).show(
            lambda: referral_text(referral, line, moves, total, self.catalogue, names)
        )
        self.on_scroll_moved()
        self.show_acts(list(map(self._act, possible(self.desk, referral))))

    def _act(self, verb: str) -> Act:
        key = VERB_KEYS[verb].name
        return Act(verb_label(verb), lambda: do_verb(self, verb, self._referral), key)

    @property
    def referral_at(self) -> str:
        return self.referral_no

    def action_family(self) -> None:
        from yimen.tui.screens.household import HouseholdPage

        self.clerk.open(HouseholdPage(self._referral.household_no))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.referral_no, self._referral.application_no]))


def do_key(page: Page, key: str, number: str) -> None:
    """Does what a verb's key means for a referral now, or says what its state allows."""
    referral = find_referral(page.desk, number)
    verbs = possible(page.desk, referral)
    meant = next((verb for verb in verbs if VERB_KEYS[verb].key == key), None)
    if meant is not None:
        do_verb(page, meant, referral)
        return
    page.say(
        _("! {no} is {state}. Possible: {verbs}.").format(
            no=number, state=state_name(referral.state),
            verbs=_(", ").join(f"{VERB_KEYS[v].name} {verb_label(v)}" for v in verbs) or "-",
        )
    )  # fmt: skip


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
        page.clerk.confirm(
            _("{what}: {no}?").format(what=verb_label(name), no=referral.referral_no), act
        )
    else:
        with page.refusals():
            act()


def said(page: Page, referral_no: str, verb: str) -> str:
    """What was just done, and how the referral stands."""
    now = find_referral(page.desk, referral_no)
    return _("{no}: {what}. {state}.").format(
        no=referral_no, what=verb_name(verb), state=state_name(now.state)
    )


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
            self.clerk.confirm_act(verb_label(self._verb), self._number, lambda: self._do(answers))
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
        done = verb_name(last.verb or "dispatch")
        self.say(
            _("! Changed meanwhile by {no}: {what}. Now: {state}. F12 again if it holds.").format(
                no=self.clerk.operator_name(last.operator),
                what=_(": ").join(filter(None, [done, note_text(last.note or "")])),
                state=state_name(now.state),
            )
        )
