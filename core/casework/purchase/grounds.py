"""Why a supplier is asked alone: the law's own grounds (GPL §31), and what each of them asks.

A single source without a ground of the law is a purchase from whom the office likes; so the method
is not recorded before the ground, what happened, and for a further purchase the former contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yimen.core.casework.purchase.reading import contract_of, find_purchase, said
from yimen.core.casework.purchase.rules import Ground, Method, refuse
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.store.purchases import Planned

if TYPE_CHECKING:
    from yimen.core.store.database import Database


@dataclass(frozen=True)
class Why:
    """What was typed: the ground's code, what happened, and the purchase that is followed."""

    ground: str = ""
    reason: str = ""
    former: str = ""


UNGROUNDED = Why()


def grounded(db: Database, chosen: Method, budget_fen: int, why: Why) -> dict[str, object]:
    """What is recorded of a method's ground; `Refused` where the law's ground is missing."""
    if not chosen.grounds:
        if why.ground or why.reason.strip() or why.former:
            raise BadInput(
                _("{method} needs no ground.").format(method=chosen.names.text()),
                next_step=_("Leave --ground, --reason and --former out."),
            )
        return {}
    ground = _ground(chosen, why.ground)
    body: dict[str, object] = {"ground": ground.ground}
    body["reason"] = said(why.reason, "--reason")
    if ground.share_percent is None:
        return body
    if not why.former:
        refuse(
            "single_source",
            _("A further purchase names the one whose contract it follows."),
            _("Give --former PURCHASE."),
        )
    former = find_purchase(db, why.former)
    contract = contract_of(former)
    most = contract.total_fen * ground.share_percent // 100
    if budget_fen > most:
        refuse(
            "single_source",
            _(
                "The budget of {budget} yuan is above {percent} % of the former contract, "
                "{most} yuan."
            ).format(
                budget=format_yuan(budget_fen),
                percent=ground.share_percent,
                most=format_yuan(most),
            ),
            _("Choose another method, or buy less."),
        )
    return {**body, "former": former.purchase_no, "only_supplier": contract.supplier}


def refuse_another_supplier(found: Planned, supplier: str) -> None:
    """Refuses to contract with another than whom a further purchase was grounded on."""
    chosen = found.last("method")
    only = chosen.body.get("only_supplier") if chosen else None
    if only is not None and supplier != only:
        refuse(
            "single_source",
            _("'{supplier}' is not the former contract's supplier '{only}'.").format(
                supplier=supplier, only=only
            ),
            _("Write the name as in the former contract, or choose another method."),
        )


def _ground(chosen: Method, code: str) -> Ground:
    found = next((g for g in chosen.grounds if g.ground == code), None)
    if found is None:
        known = ", ".join(f"{g.ground} ({g.names.text()})" for g in chosen.grounds)
        refuse(
            "single_source",
            _("'{code}' is no ground of the law for a single source.").format(code=code[:30])
            if code
            else _("A single source needs its ground of the law."),
            _("Give --ground with one of: {grounds}; and --reason.").format(grounds=known),
        )
    return found
