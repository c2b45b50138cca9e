"""Steps 5, 6, 8 and 11: what is published, where and when; nothing personal is ever among it."""

from __future__ import annotations

from datetime import date
from typing import get_args

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.reading import add_act, past_day, said, working
from yimen.core.casework.purchase.rules import refuse
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.purchase_records import Published
from yimen.core.store.purchases import Planned
from yimen.core.words.purchases import purchase_act_name

WHAT: tuple[Published, ...] = get_args(Published)


def publish(
    desk: Desk, purchase_no: str, what: str, *, where: str, day: date | None = None
) -> None:
    """Records that the award, the contract, the acceptance or the whole result was published.

    The result (catalogue, project, supplier, amount, acceptance, score) comes last, after the
    payment and the three others.
    """
    if what not in WHAT:
        raise BadInput(
            _("'{what}' is nothing that is published.").format(what=what[:20]),
            next_step=_("Choose from: {names}.").format(names=", ".join(WHAT)),
        )
    where = said(where, "--where")
    with working(desk, purchase_no, "purchase.contract") as found:
        first = _from_when(found, what)
        on = past_day(desk, day, not_before=first)
        add_act(desk, found, f"publish.{what}", on, {"where": where})


def _from_when(found: Planned, what: str) -> str:
    """The day from which it can be published; `Refused` names what is missing before."""
    signed = found.contract
    lines = signed.lines if signed else []
    needed = {
        "award": [("chosen", found.day_of("chosen"))],
        "contract": [("contract", found.day_of("contract"))],
        "acceptance": [
            ("accept", found.day_of("contract") if any(n.accepted for n in lines) else None)
        ],
        "result": [
            ("pay", found.day_of("contract") if any(n.paid for n in lines) else None),
            ("publish.contract", found.day_of("publish.contract")),
            ("publish.acceptance", found.day_of("publish.acceptance")),
        ],
    }[what]
    if what == "result" and found.last("chosen"):
        needed.append(("publish.award", found.day_of("publish.award")))
    missing = [purchase_act_name(act) for act, day in needed if day is None]
    if missing:
        refuse(
            "published",
            _("This cannot be published before: {acts}.").format(acts=", ".join(missing)),
            _("`yimen purchase show {no}` shows the open steps.").format(no=found.purchase_no),
        )
    return max(day for __, day in needed if day)
