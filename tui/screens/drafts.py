"""The operator's drafts: forms that were begun and not saved; Enter goes on with one."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.drafts import discard_draft, drafts
from yimen.core.i18n import _
from yimen.tui.keys import BACK, DISCARD, OPEN
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_draft
from yimen.tui.widgets.listing import Column, Listing


class DraftsPage(Page):
    """What was typed and not saved, newest first; nobody sees another's."""

    CSS_PATH = "drafts.tcss"
    KEYS = (OPEN, DISCARD, BACK)

    def place(self) -> str:
        return _("My drafts")

    def body(self) -> ComposeResult:
        yield Listing(
            [Column(20, "form"), Column(24, "about", grows=True), Column(20, "kept at"),
             Column(8, "fields", right=True)]
        )  # fmt: skip

    def load(self) -> None:
        self.head()
        found = drafts(self.desk)
        self.query_one(Listing).fill(
            [
                (f"{d.form} {d.subject}",
                 [form_name(d.form), d.subject, d.saved_at[:16].replace("T", " "),
                  str(sum(map(bool, d.values.values())))])
                for d in found
            ]
        )  # fmt: skip
        if not found:
            self.say(_("There are no drafts."))

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            form, __, subject = chosen.partition(" ")
            with self.refusals():
                open_draft(self.clerk, form, subject)

    def action_discard(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen is None:
            return
        form, __, subject = chosen.partition(" ")

        def discard() -> None:
            discard_draft(self.desk, form, subject)
            self.load()

        self.clerk.confirm(_("Discard the draft about {subject}?").format(subject=subject), discard)


def form_name(form: str) -> str:
    """What a form is called."""
    return {
        "intake": _("Intake"), "answers": _("Questions"), "return": _("Return"),
        "decide": _("Decision"), "verify": _("Verified fact"), "note": _("Note"),
        "overlap": _("Resolution"), "step": _("Step"), "deed": _("Deed"), "verb": _("Referral"),
        "assess": _("Needs"), "end": _("End"), "dispatch": _("Dispatch"), "assign": _("Hand on"),
        "consult": _("Policy consultation"), "decline": _("Decline"),
    }.get(form, form)  # fmt: skip
