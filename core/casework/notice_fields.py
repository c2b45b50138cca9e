"""What a notice shows of a family: the fields of its kind, and what an officer has to say for them.

Nothing that a kind does not list is stored with the notice, and no field of it stays blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yimen.core.casework.desk import Desk
from yimen.core.casework.notice_kinds import NoticeKind
from yimen.core.casework.papers import is_minor
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.identity import mask_name
from yimen.core.referral_records import Referral
from yimen.core.store import cases

# Fields that no record holds and the officer says in a code, so that nothing else slips in.
CODED: dict[str, tuple[str, ...]] = {
    "care_form": ("home", "institution"),
    "cause_class": ("illness", "accident", "schooling", "living", "other"),
}
# So long a class of a school is; more may be a sentence about the child.
_LONGEST_CLASS = 20


def shown_of(
    desk: Desk,
    kind: NoticeKind,
    referral: Referral,
    division: str,
    said: Mapping[str, str | None],
    amount: int | None,
) -> dict[str, str]:
    """What the notice shows, field by field of its kind; a minor's name is never shown whole."""
    members = cases.composition(desk.home.casework, referral.application_no)
    person = _person(desk, referral, members)
    whole = kind.name == "full" and not is_minor(desk, person["birth_date"])
    known = {
        "programme": referral.programme,
        "applicant": person["name"] if whole else mask_name(person["name"]),
        "village": division,
        "member_count": str(sum(m["counted"] != 0 for m in members)),
        "result": kind.stage,
    }
    shown = {name: known[name] for name in kind.show if name in known}
    for name, value in said.items():
        if name in kind.show:
            shown[name] = _said(name, value)
        elif value is not None:
            raise BadInput(
                _("The notice {kind} does not show this: {field}.").format(
                    kind=kind.kind, field=name
                ),
                next_step=_("Leave it out."),
            )
    return shown | _amount(kind, referral, amount)


def _amount(kind: NoticeKind, referral: Referral, given: int | None) -> dict[str, str]:
    """The amount as a kind shows it; nothing of a programme that pays none, such as the edge.

    An amount that no record holds is never a blank on the wall: `BadInput` asks for it.
    """
    per = referral.proposal.get("per")
    decided = referral.decision.amount_fen if referral.decision else None
    if "amount" not in kind.show or (per is None and given is None and decided is None):
        if given is not None:
            raise BadInput(
                _("The notice {kind} does not show this: {field}.").format(
                    kind=kind.kind, field="amount"
                ),
                next_step=_("Leave it out."),
                field="amount",
            )
        return {}
    if decided is not None and given not in (None, decided):
        raise BadInput(
            _("{no} was decided with another amount.").format(no=referral.referral_no),
            next_step=_("Leave --amount out: the notice shows what was decided."),
            field="amount",
        )
    amount = next(
        (a for a in (decided, given, referral.proposal.get("amount_fen")) if a is not None), None
    )
    if amount is None:
        raise BadInput(
            _("The notice shows the proposed amount, and none is known for {no}.").format(
                no=referral.referral_no
            ),
            next_step=_("Give what the opinion proposes, with --amount in yuan."),
            field="amount",
        )
    return {"amount": str(amount), "per": str(per or "")}


def _said(name: str, value: str | None) -> str:
    codes = CODED.get(name)
    text = " ".join((value or "").split())
    if codes is not None and text not in codes:
        raise BadInput(
            _("This notice shows {field}.").format(field=name),
            next_step=_("Choose from: {codes}.").format(codes=", ".join(codes)),
        )
    if codes is None and (not text or len(text) > _LONGEST_CLASS):
        raise BadInput(
            _("This notice shows {field}.").format(field=name),
            next_step=_("Give it in at most {n} characters.").format(n=_LONGEST_CLASS),
        )
    return text


def _person(desk: Desk, referral: Referral, members: list[dict[str, Any]]) -> dict[str, Any]:
    """The member a referral is about, else the applicant."""
    (application,) = cases.applications(desk.home.casework, application_no=referral.application_no)
    wanted = referral.member_no or application.applicant
    return next(m for m in members if m["member_no"] == wanted)
