"""What is printed and hung up."""

from __future__ import annotations

from yimen.core.i18n import _


def paper_name(kind: str) -> str:
    """What a printed paper is called."""
    return {
        "receipt": _("Receipt"), "notification": _("One-time notification"),
        "authorisation": _("Authorisation to be signed"), "pledge": _("Pledge to be signed"),
        "report": _("Check report"), "dispatch": _("Dispatch sheet"),
        "progress": _("Progress slip for the family"), "decision": _("Notice of the decision"),
        "change": _("Notice of a change of aid"), "notice": _("Public notice"),
        "booklet": _("The household's booklet"), "contract": _("Annex of the contract"),
        "acceptance": _("Acceptance sheet"),
    }[kind]  # fmt: skip


def notice_act_name(act: str) -> str:
    """What was done with a notice that hung."""
    return {
        "objected": _("objection"), "withdrawn": _("a family taken off"),
        "taken_down": _("taken down"),
    }[act]  # fmt: skip


def notice_state_name(state: str) -> str:
    """Whether a notice hangs as long as it should."""
    return {
        "posted": _("posted"), "overdue": _("to be taken down"), "taken_down": _("taken down"),
    }[state]  # fmt: skip
