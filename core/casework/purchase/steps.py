"""The eleven steps of a purchase, each as it stands: done, open, blocked, overdue or not needed.

Nothing of this is stored: it is computed from the acts, each time it is shown. A checklist, a
listing or a screen asks `purchase_facts` and calls the acts; it must never tick a step itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.planning import demand_needed
from yimen.core.casework.purchase.reading import find_purchase, item_name
from yimen.core.casework.purchase.rules import ClockRule, StepRule, law
from yimen.core.casework.purchase.rules import method as method_named
from yimen.core.declarations import CONFIRMED
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.purchase_records import PurchaseClock, PurchaseStep, StepFact, StepState
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import purchases
from yimen.core.store.purchases import Planned, PricedLine


@dataclass
class Standing:
    """What is known of one step before its clocks: whether, since when, and what it waits for."""

    done: bool = False
    since: str | None = None
    due_on: str | None = None
    waits_for: list[PurchaseStep] = field(default_factory=list)
    needed: bool = True
    detail: str = ""


def purchase_facts(desk: Desk, catalogue: Catalogue, purchase_no: str) -> list[StepFact]:
    """The eleven steps of a purchase, for a checklist; `NotFound` without such a purchase."""
    desk.require("purchase.read")
    return step_facts(desk, catalogue, find_purchase(desk.home.casework, purchase_no))


def steps_done(desk: Desk, catalogue: Catalogue, purchase_no: str) -> dict[str, str]:
    """Step -> the day since when it is done or not needed; steps that are left are not in it."""
    return {
        fact.step: fact.since
        for fact in purchase_facts(desk, catalogue, purchase_no)
        if fact.state in ("done", "not_needed") and fact.since is not None
    }


def step_facts(desk: Desk, catalogue: Catalogue, found: Planned) -> list[StepFact]:
    """The eleven steps of a purchase that was read already."""
    seen = _Seen(desk, catalogue, found)
    return [_fact(desk, rule, seen, _STANDING[rule.step](seen)) for rule in law().steps]


@dataclass
class _Seen:
    """A purchase with the days of its work, read once for all steps."""

    desk: Desk
    catalogue: Catalogue
    found: Planned

    def __post_init__(self) -> None:
        signed = self.found.contract
        self.lines: list[PricedLine] = signed.lines if signed else []
        self.days: dict[str, str | None] = (
            purchases.days_of_work(self.desk.home.casework, signed.contract_no) if signed else {}
        )
        self.today = self.desk.home.clock.today().isoformat()
        self.free = self.found.method is not None and method_named(self.found.method).free

    def sum(self, name: str) -> int:
        """The sum of one number over the contract's lines."""
        return sum(int(getattr(line, name)) for line in self.lines)

    @property
    def work_is_over(self) -> bool:
        """Whether nothing more comes: all is ordered and delivered, or the term has ended."""
        signed = self.found.contract
        if signed is None or not self.sum("delivered") or self.sum("undelivered"):
            return False
        return self.sum("ordered") == self.sum("quantity") or self.today > signed.to_day


def _demand(seen: _Seen) -> Standing:
    demand = seen.found.last("demand")
    if demand is None:
        return Standing(since=seen.found.planned_on,
                        needed=demand_needed(seen.catalogue, seen.found))  # fmt: skip
    return Standing(done=True, since=demand.on_day,
                    detail=f"{demand.body['asked']} ({demand.body['answers']})")  # fmt: skip


def _budget(seen: _Seen) -> Standing:
    budget, demand = seen.found.last("budget"), _demand(seen)
    if budget is not None:
        detail = _("{amount} yuan, {document}").format(
            amount=format_yuan(budget.body["amount_fen"]), document=budget.body["document"]
        )
        return Standing(done=True, since=budget.on_day, detail=detail)
    return Standing(since=demand.since,
                    waits_for=["demand"] if demand.needed and not demand.done else [])  # fmt: skip


def _catalogue(seen: _Seen) -> Standing:
    known = seen.catalogue.service_items
    strange = [line.item for line in seen.found.lines if line.item not in known]
    names = _(", ").join(f"{n.item} {item_name(seen.catalogue, n.item)}" for n in seen.found.lines)
    since = seen.found.day_of("budget")
    waits: list[PurchaseStep] = [] if since else ["budget"]
    return Standing(done=since is not None and not strange, since=since, waits_for=waits,
                    detail=names)  # fmt: skip


def _method(seen: _Seen) -> Standing:
    if seen.found.method is not None:
        names = method_named(seen.found.method).names.text()
        return Standing(done=True, since=seen.found.day_of("method"), detail=names)
    since = seen.found.day_of("budget")
    return Standing(since=since, waits_for=[] if since else ["budget"])


def _tender(seen: _Seen) -> Standing:
    found = seen.found
    if found.method is None:
        return Standing(waits_for=["method"])
    chosen = found.last("chosen")
    published = found.day_of("publish.award")
    call = found.last("tender")
    closes = str(call.body["closes_on"]) if call and chosen is None else None
    detail = str(chosen.body["supplier"]) if chosen else ""
    return Standing(
        done=chosen is not None and published is not None and not _challenged(found),
        since=published or found.day_of("method"),
        due_on=closes if closes and closes >= seen.today else None,
        needed=not seen.free,
        detail=detail or (_("bids close on {day}").format(day=closes) if closes else ""),
    )


def _challenged(found: Planned) -> bool:
    """Whether a supplier's challenge waits for its reply."""
    acts = [a.act for a in found.acts if a.act in ("challenged", "replied")]
    return acts[-1:] == ["challenged"]


def _contract(seen: _Seen) -> Standing:
    found, signed = seen.found, seen.found.contract
    if signed is None:
        ready = seen.free or found.last("chosen") is not None
        since = found.day_of("method") if seen.free else found.day_of("chosen")
        return Standing(since=since if ready else None, waits_for=[] if ready else ["tender"])
    days = [signed.signed_on, found.day_of("publish.contract"), found.day_of("filed")]
    return Standing(
        done=all(days),
        since=max(d for d in days if d) if all(days) else signed.signed_on,
        detail=_("{no} of {day}, {amount} yuan, {supplier}").format(
            no=signed.contract_no, day=signed.signed_on, amount=format_yuan(signed.total_fen),
            supplier=signed.supplier,
        ),
    )  # fmt: skip


def _performance(seen: _Seen) -> Standing:
    signed = seen.found.contract
    if signed is None:
        return Standing(waits_for=["contract"])
    done = seen.work_is_over
    due = seen.days["due"] or (signed.to_day if not done else None)
    return Standing(
        done=done,
        since=seen.days["delivered"] if done else signed.from_day,
        due_on=due,
        detail=_("ordered {ordered} of {quantity}, delivered {delivered}").format(
            ordered=seen.sum("ordered"), quantity=seen.sum("quantity"),
            delivered=seen.sum("delivered"),
        ),
    )  # fmt: skip


def _acceptance(seen: _Seen) -> Standing:
    if not seen.sum("delivered"):
        return Standing(waits_for=["performance"])
    published, last = seen.found.day_of("publish.acceptance"), seen.days["accepted"]
    told = published is not None and last is not None and published >= last
    return Standing(
        done=seen.work_is_over and not seen.sum("waiting") and told,
        since=published if told else seen.days["delivered"],
        detail=_("accepted {accepted} of {delivered}").format(
            accepted=seen.sum("accepted"), delivered=seen.sum("delivered")
        ),
    )


def _score(seen: _Seen) -> Standing:
    last = seen.found.last("score")
    if not seen.sum("accepted"):
        return Standing(waits_for=["acceptance"])
    whole = seen.sum("scored") == seen.sum("accepted")
    over = seen.work_is_over and not seen.sum("waiting")
    return Standing(
        done=over and whole,
        since=last.on_day if last and whole else seen.days["accepted"],
        detail=_("score {score}").format(score=last.body["score"]) if last else "",
    )


def _payment(seen: _Seen) -> Standing:
    score = _score(seen)
    if not seen.sum("scored"):
        return Standing(waits_for=["score"])
    return Standing(
        done=score.done and seen.sum("paid") == seen.sum("accepted"),
        since=score.since,
        detail=_("paid {paid} of {contracted} yuan").format(
            paid=format_yuan(sum(n.paid * n.unit_price_fen for n in seen.lines)),
            contracted=format_yuan(sum(n.quantity * n.unit_price_fen for n in seen.lines)),
        ),
    )


def _publication(seen: _Seen) -> Standing:
    if not seen.sum("paid"):
        return Standing(waits_for=["payment"])
    result = seen.found.last("publish.result")
    return Standing(
        done=result is not None and _payment(seen).done,
        since=result.on_day if result else seen.found.day_of("score"),
        detail=str(result.body["where"]) if result else "",
    )


_STANDING: dict[str, Callable[[_Seen], Standing]] = {
    "demand": _demand, "budget": _budget, "catalogue": _catalogue, "method": _method,
    "tender": _tender, "contract": _contract, "performance": _performance,
    "acceptance": _acceptance, "score": _score, "payment": _payment,
    "publication": _publication,
}  # fmt: skip


def _fact(desk: Desk, rule: StepRule, seen: _Seen, standing: Standing) -> StepFact:
    clocks = [
        clock
        for known in law().clocks
        if known.step == rule.step
        and (clock := _clock(desk, known, seen.found, seen.today)) is not None
    ]
    running = [c for c in clocks if c.done_on is None]
    due = min([c.due_on for c in running] + ([standing.due_on] if standing.due_on else []),
              default=None)  # fmt: skip
    late = due is not None and due < seen.today
    return StepFact(
        step=rule.step,  # type: ignore[arg-type]
        name=rule.names.text(),
        who=rule.who,
        state=_state(standing, late=late),
        since=None if standing.waits_for else standing.since,
        due_on=None if standing.done else due,
        provisional=any(c.provisional for c in running),
        waits_for=standing.waits_for,
        detail=standing.detail,
        evidence=rule.evidence.text() if rule.evidence else None,
        basis=rule.basis.words(),
        confirmed=rule.basis.tag in CONFIRMED,
        clocks=clocks,
    )


def _state(standing: Standing, *, late: bool) -> StepState:
    if standing.done:
        return "done"
    if not standing.needed:
        return "not_needed"
    if standing.waits_for:
        return "blocked"
    return "overdue" if late else "open"


def _clock(desk: Desk, rule: ClockRule, found: Planned, today: str) -> PurchaseClock | None:
    """A limit that has begun, or None before the act that it runs from."""
    begun, end = found.last(rule.start), found.last(rule.end)
    if begun is None or rule.limit.unit == "H":
        return None
    start = begun.on_day
    deadline = desk.calendar.add(date.fromisoformat(start), rule.limit.n, rule.limit.unit)
    # What was done before the limit began answers an earlier one.
    answered = end is not None and found.acts.index(end) > found.acts.index(begun)
    ended = end.on_day if end is not None and answered else None
    return PurchaseClock(
        clock=rule.clock,
        name=rule.names.text(),
        started_on=start,
        due_on=deadline.due.isoformat(),
        done_on=ended,
        overdue=(ended or today) > deadline.due.isoformat(),
        provisional=deadline.provisional,
        basis=rule.limit.basis.words(),
    )
