"""A department's day: sign, take on, answer or return, each with one key on the chosen row."""

from __future__ import annotations

from yimen.core.casework.referral import find_referral, receive_all
from yimen.core.i18n import _
from yimen.core.words import state_name
from yimen.tui.keys import Key
from yimen.tui.screens.referral import do_verb
from yimen.tui.screens.verbs import possible, verb_label
from yimen.tui.screens.worklist import WorklistPage


class InboxPage(WorklistPage):
    """The referrals of the operator's department; what is not possible is said and not done."""

    KEYS = (
        Key("enter", "Open", "open"),
        Key("s", "Sign", "verb('receive')"),
        Key("a", "Take on", "verb('accept')"),
        Key("f", "Answer", "verb('decide')"),
        Key("b", "Return", "verb('return')"),
        Key("t", "Sign all", "receive_all"),
        Key("r", "Read again", "reload"),
    )

    def place(self) -> str:
        return _("Inbox")

    def action_verb(self, name: str) -> None:
        item = self.chosen
        if item is None:
            return
        with self.refusals():
            referral = find_referral(self.desk, item.number)
            verbs = possible(self.desk, referral)
            if name not in verbs:
                self.say(
                    _("! {no} is {state}. Possible: {verbs}.").format(
                        no=item.number, state=state_name(referral.state),
                        verbs=", ".join(map(verb_label, verbs)) or "-",
                    )
                )  # fmt: skip
                return
            do_verb(self, name, referral)

    def action_receive_all(self) -> None:
        department = self.desk.operator.department
        if department is None:
            self.say(_("! You belong to no department."))
            return

        def act() -> None:
            done = receive_all(self.desk, department)
            self.load()
            self.say(_("{n} were signed for.").format(n=sum(line.done for line in done)))

        self.clerk.confirm(_("Sign for all that has arrived?"), act)
