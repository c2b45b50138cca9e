"""A department's day: sign, take on, answer or return, each with one key on the chosen row."""

from __future__ import annotations

from yimen.core.casework.referral import receive_all
from yimen.core.i18n import _
from yimen.tui.keys import ANSWER, OPEN, RELOAD, RETURN, SIGN, SIGN_ALL, TAKE_ON
from yimen.tui.screens.worklist import WorklistPage


class InboxPage(WorklistPage):
    """The referrals of the operator's department; what is not possible is said and not done."""

    KEYS = (OPEN, SIGN, TAKE_ON, ANSWER, RETURN, SIGN_ALL, RELOAD)

    def place(self) -> str:
        return _("Inbox")

    def action_receive_all(self) -> None:
        department = self.desk.operator.department
        if department is None:
            self.say(_("! You belong to no department."))
            return

        def act() -> None:
            done = receive_all(self.desk, department)
            self.load()
            self.say(_("Signed for: {n}.").format(n=sum(line.done for line in done)))

        self.clerk.confirm(_("Sign for all that has arrived?"), act)
