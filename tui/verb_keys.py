"""The keys of a referral's verbs, alike on its own page and in every list where one is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from yimen.core.i18n import _
from yimen.tui.keys import DECLINE, SECOND, VERB_KEYS
from yimen.tui.page import Page, both_cases


class VerbKeys(Page):
    """Base of the screens on which a referral stands or is chosen.

    A key whose verb is not legal now says what is; nothing else happens.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(both_cases(key.key), f"verb('{key.key}')", show=False)
        for key in dict.fromkeys(VERB_KEYS.values())
    ]

    # Whether what is to be signed stands on the screen already.
    SHOWS_PROPOSAL: ClassVar[bool] = False

    @property
    def referral_at(self) -> str | None:
        """The number of what the keys act on."""
        raise NotImplementedError

    def action_verb(self, key: str) -> None:
        number = self.referral_at
        if number is None:
            return
        with self.refusals():
            if key in (SECOND.key, DECLINE.key) and not self.SHOWS_PROPOSAL:
                from yimen.tui.screens import signing

                by_key = {SECOND.key: signing.sign_or_read, DECLINE.key: signing.decline}
                by_key[key](self, number)
                return
            if not number.startswith("R"):
                self.of_application(key, number)
                return
            # Imported with the first verb: the first screen of the day needs none.
            from yimen.tui.screens.referral import do_key

            do_key(self, key, number)

    def of_application(self, key: str, number: str) -> None:
        """What a verb's key does for an application among referrals."""
        self.say(_("! {no} is an application: Enter opens it.").format(no=number))

    def action_dispatch(self) -> None:
        self.action_verb("d")
