"""What waits for this operator's signature: the list of it, and what is to be signed in full.

Y signs and the full stop declines; who may do either is told by the casework.
"""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.check import find_application
from yimen.core.casework.closing import countersign_application, decline_application
from yimen.core.casework.drafts import discard_draft
from yimen.core.casework.referral import find_referral
from yimen.core.casework.second_person import may_sign
from yimen.core.documents.signing_text import signing_text
from yimen.core.i18n import _
from yimen.core.words.cases import state_name
from yimen.tui.form import FormPage
from yimen.tui.keys import (
    APPLICATION,
    BACK,
    DECLINE,
    FAMILY,
    NUMBER,
    OPEN,
    PAGE_DOWN,
    RELOAD,
    SECOND,
)
from yimen.tui.screens.ending import decline_fields
from yimen.tui.screens.opening import open_case
from yimen.tui.screens.referral import VerbPage
from yimen.tui.screens.text import TextPage
from yimen.tui.screens.worklist import WorklistPage
from yimen.tui.verb_keys import VerbKeys
from yimen.tui.widgets.fields import Field


class ToSignPage(WorklistPage):
    """All that others proposed and this operator may sign as the second person, late first."""

    KEYS = (OPEN, SECOND, DECLINE, NUMBER, RELOAD, BACK)
    WHOSE = "sign"

    def place(self) -> str:
        return _("To be signed")

    def action_range(self) -> None:
        """There is no other range: what others are to sign is theirs."""


class SigningPage(VerbKeys, TextPage):
    """A proposal as its second person reads it before signing."""

    KEYS = (SECOND, DECLINE, APPLICATION, FAMILY, PAGE_DOWN, BACK)

    def __init__(self, number: str) -> None:
        super().__init__(_("To be signed"), self._text)
        self.number = number

    def _text(self) -> list[str]:
        return list(signing_text(self.desk, self.catalogue, self.number))

    @property
    def case_no(self) -> str | None:
        return None if self.number.startswith("F") else self.number

    @property
    def referral_at(self) -> str:
        return self.number

    def action_verb(self, key: str) -> None:
        if key == SECOND.key:
            self._sign()
        elif key == DECLINE.key:
            decline(self, self.number)
        else:
            super().action_verb(key)

    def _sign(self) -> None:
        if self.number.startswith("F"):
            # Who confirms a payment writes its voucher down; F12 there is the signature.
            from yimen.tui.screens.deed import DeedPage

            self.clerk.replace(DeedPage("confirm", self.number))
            return
        self.clerk.confirm_act(_("Sign as second"), self.number, self._signed)

    def _signed(self) -> None:
        from yimen.tui.screens.verbs import VERBS

        if self.number.startswith("A"):
            countersign_application(self.desk, self.catalogue, self.number)
        else:
            VERBS["countersign"].act(self.desk, self.catalogue, self.number, {})
        # A reason against it that was begun has nothing left to be about.
        discard_draft(self.desk, DeclinePage.FORM, self.number)
        discard_draft(self.desk, VerbPage.FORM, f"{self.number} decline")
        self.clerk.changed()
        # What was signed is owed to the family on paper.
        from yimen.tui.screens.papers import PapersPage

        self.clerk.replace(PapersPage([self.number]))
        self.clerk.later(
            _("{no} is signed: {state}. Its notice goes to the family.").format(
                no=self.number, state=state_now(self, self.number)
            )
        )

    def action_application(self) -> None:
        with self.refusals():
            open_case(self.clerk, self.number)

    def action_family(self) -> None:
        from yimen.tui.screens.household import HouseholdPage

        if self.number.startswith("F"):
            self.say(_("! A payment belongs to no family."))
            return
        found = (
            find_application(self.desk, self.number)
            if self.number.startswith("A")
            else find_referral(self.desk, self.number)
        )
        self.clerk.open(HouseholdPage(found.household_no))


def state_now(page: VerbKeys, number: str) -> str:
    """How an application or a referral stands."""
    if number.startswith("A"):
        return state_name(find_application(page.desk, number).state)
    return state_name(find_referral(page.desk, number).state)


def sign_or_read(page: VerbKeys, number: str) -> None:
    """Opens what is to be signed, where it waits for this operator; else says why not."""
    if may_sign(page.desk, number):
        page.clerk.open(SigningPage(number))
    else:
        page.say(_("! Nothing of {no} waits for your signature.").format(no=number))


def decline(page: VerbKeys, number: str) -> None:
    """Opens the form that asks why a proposal is not signed."""
    if not may_sign(page.desk, number):
        page.say(_("! Nothing of {no} waits for your signature.").format(no=number))
    elif number.startswith("A"):
        page.clerk.open(DeclinePage(number))
    elif number.startswith("R"):
        page.clerk.open(VerbPage("decline", number))
    else:
        from yimen.tui.screens.deed import DeedPage

        page.clerk.open(DeedPage("withdraw", number))


class DeclinePage(FormPage):
    """Why an application's proposal is not signed; its proposer reads it."""

    CSS_PATH = "ending.tcss"
    FORM = "decline"

    def place(self) -> str:
        return _("Decline")

    def fields(self) -> Sequence[Field]:
        return decline_fields()

    def save(self, answers: dict[str, str]) -> None:
        decline_application(self.desk, self.subject, note=answers["note"])
        self.done()
        self.clerk.back()
        self.clerk.later(_("{no}: not signed.").format(no=self.subject))
