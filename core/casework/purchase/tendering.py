"""Step 5: the call for bids and the award, day by day (GPL §35, GPR §43).

What must not be short is refused (the period for bids, the order of the acts); what should have
been sooner is recorded with its day and shown as late, since it cannot be undone.
"""

from __future__ import annotations

from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.planning import require_budget
from yimen.core.casework.purchase.reading import add_act, past_day, said, working
from yimen.core.casework.purchase.rules import Method, law, refuse
from yimen.core.casework.purchase.rules import method as method_named
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.store.purchases import Planned


def chosen_method(found: Planned) -> Method:
    """The method; `Refused` before one was chosen for the budget as it is now."""
    require_budget(found)
    if found.method is None:
        refuse(
            "method_by_limit",
            _("Purchase {no} has no method for its budget yet.").format(no=found.purchase_no),
            _("Choose it: `yimen purchase method {no}`.").format(no=found.purchase_no),
        )
    return method_named(found.method)


def call_for_bids(
    desk: Desk, purchase_no: str, *, closes_on: date, day: date | None = None
) -> None:
    """Records the call for bids and its last day, twenty days later at the earliest."""
    with working(desk, purchase_no, "purchase.plan") as found:
        chosen = chosen_method(found)
        if not chosen.bids:
            raise BadInput(
                _("The method {name} has no call for bids.").format(name=chosen.names.text()),
                next_step=_("Record the award: `yimen purchase award {no}`.").format(
                    no=found.purchase_no
                ),
            )
        _once(found, "chosen")
        on = past_day(desk, day, not_before=found.day_of("method"))
        limit = law().bid_days
        first = desk.calendar.add(date.fromisoformat(on), limit.n, "CD", roll_over=False).due
        if closes_on < first:
            refuse(
                "tender_period",
                _("Bids would close on {day}; the earliest day is {first}.").format(
                    day=closes_on, first=first
                ),
                _("Give a later day with --closes."),
            )
        add_act(desk, found, "tender", on, {"closes_on": closes_on.isoformat()})


def _once(found: Planned, act: str) -> None:
    """Refuses an act of the award that was recorded already."""
    if found.last(act) is not None:
        refuse(
            "award_order",
            _("This was recorded already, on {day}.").format(day=found.day_of(act)),
            _("`yimen purchase show {no}` shows it.").format(no=found.purchase_no),
        )


def award(
    desk: Desk,
    purchase_no: str,
    *,
    supplier: str = "",
    evaluated_on: date | None = None,
    reported_on: date | None = None,
    chosen_on: date | None = None,
) -> None:
    """Records, together or one after the other, the evaluation, its report and the choice.

    Each needs the one before it; the supplier is named with the choice. Where bids are called, the
    evaluation follows their last day.
    """
    given = {"evaluated": evaluated_on, "reported": reported_on, "chosen": chosen_on}
    if not any(given.values()):
        raise BadInput(
            _("No day of the award is given."),
            next_step=_("Give --evaluated, --reported or --chosen."),
        )
    if supplier.strip() and chosen_on is None:
        raise BadInput(
            _("The supplier is named with the day of the choice."),
            next_step=_("Give --chosen, or leave --supplier out."),
        )
    with working(desk, purchase_no, "purchase.plan") as found:
        chosen = chosen_method(found)
        if chosen.free:
            raise BadInput(
                _("The method {name} has no award.").format(name=chosen.names.text()),
                next_step=_("Sign the contract: `yimen purchase contract {no}`.").format(
                    no=found.purchase_no
                ),
            )
        before = _earliest_evaluation(found, chosen)
        known = {act: found.day_of(act) for act in given}
        for act, day in given.items():
            if day is None:
                before = known[act]
                continue
            _once(found, act)
            if before is None:
                refuse(
                    "award_order",
                    _("What comes before '{act}' is not recorded.").format(act=act),
                    _("Give --evaluated, --reported and --chosen in this order."),
                )
            on = past_day(desk, day, not_before=before)
            body = {"supplier": said(supplier, "--supplier")} if act == "chosen" else {}
            add_act(desk, found, act, on, body)
            before = on


def _earliest_evaluation(found: Planned, chosen: Method) -> str | None:
    """The day from which bids may be evaluated; None where the call for them is missing."""
    if not chosen.bids:
        return found.day_of("method")
    call = found.last("tender")
    return None if call is None else str(call.body["closes_on"])


def challenge(desk: Desk, purchase_no: str, what: str, *, day: date | None = None) -> None:
    """Records a supplier's challenge 质疑, from which its reply is due (GPL §53).

    Against an award it comes within seven working days of the award's notice; before the award it
    is against the call for bids.
    """
    what = said(what, "WHAT")
    with working(desk, purchase_no, "purchase.plan") as found:
        chosen_method(found)
        on = past_day(desk, day, not_before=found.day_of("method"))
        noticed, limit = found.day_of("publish.award"), law().challenge_days
        if noticed is not None and limit.unit != "H":
            last = desk.calendar.add(date.fromisoformat(noticed), limit.n, limit.unit).due
            if on > last.isoformat():
                refuse(
                    "challenge_time",
                    _("The award was published on {day}; the last day was {last}.").format(
                        day=noticed, last=last
                    ),
                    _("Tell the supplier so; a complaint goes to the supervising office."),
                )
        add_act(desk, found, "challenged", on, {"what": what})


def reply(desk: Desk, purchase_no: str, what: str, *, day: date | None = None) -> None:
    """Records the reply to the challenge that waits for one."""
    what = said(what, "--reply")
    with working(desk, purchase_no, "purchase.plan") as found:
        waiting = found.last("challenged")
        replied = found.last("replied")
        if waiting is None or (
            replied is not None and found.acts.index(replied) > found.acts.index(waiting)
        ):
            raise BadInput(
                _("No challenge waits for a reply."),
                next_step=_("Record it first: `yimen purchase challenge {no}`.").format(
                    no=found.purchase_no
                ),
            )
        on = past_day(desk, day, not_before=waiting.on_day)
        add_act(desk, found, "replied", on, {"what": what})
