"""A referral's terms: the limits frozen at dispatch, and the days on which they end.

Everything here is computed from the terms and the moves, so that the days can be worked out anew
and a clock never depends on who looked at it when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from yimen.core.casework.desk import Desk
from yimen.core.casework.transitions import OPEN
from yimen.core.clock import SHANGHAI
from yimen.core.declarations import Limit, ProgrammeVersion
from yimen.core.records import ReferralState
from yimen.core.referral_records import DueDates, Referral, ReferralMove, Stop, Term, Terms
from yimen.core.rules.inputs import set_by_county
from yimen.core.store.standards import county_values
from yimen.core.workdays import Deadline, WorkingCalendar

STOPPED: frozenset[ReferralState] = frozenset({"returned", "suspended"})
# What a county follows where neither a programme's text nor the county sets a limit, in working
# days (design default). The civil department declares them as standards, so that a county sets
# its own; its declaration and this table are held to the same values by a test.
DEFAULT_DAYS: dict[str, int] = {
    "sign": 1,
    "accept": 2,
    "finish": 15,
    "redispatch": 1,
    "confirm": 5,
    "dispatch": 1,
}
STANDARD = "civil.clock_{name}"


@dataclass(frozen=True, slots=True)
class Leg:
    """A span in one state; the last one has no end."""

    state: ReferralState
    since: datetime
    until: datetime | None

    def seconds(self, now: datetime) -> int:
        """How long it lasted, or has lasted."""
        return max(0, int(((self.until or now) - self.since).total_seconds()))


def moment_of(text: str) -> datetime:
    """A moment as the records write it, in Shanghai time."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def county_days(desk: Desk, name: str) -> int:
    """The county's default of a clock on this day, in working days."""
    today = desk.home.clock.today().isoformat()
    own = set_by_county(county_values(desk.home.casework), STANDARD.format(name=name), "", today)
    return int(own.value) if own is not None else DEFAULT_DAYS[name]


def terms_of(desk: Desk, version: ProgrammeVersion, accepted_on: str | None) -> Terms:
    """The limits of a programme's version as they stand now, for a referral sent now."""
    limits = version.limits
    finish = _term(limits.finish) if limits.finish else None
    promised = _term(limits.promised) if limits.promised else finish
    return Terms(
        sign=_term(limits.sign) if limits.sign else _county_term(desk, "sign"),
        accept=_term(limits.accept) if limits.accept else _county_term(desk, "accept"),
        finish=promised or _county_term(desk, "finish"),
        # A limit that the county or the design set is a promise, and no law's.
        statutory=finish if finish and finish.tag != "D" else None,
        accepted_on=accepted_on,
        started_at=desk.home.clock.now(),
    )


def _term(limit: Limit) -> Term:
    basis = limit.basis
    return Term(
        n=limit.n,
        unit=limit.unit,
        starts=limit.starts,
        basis=basis.text,
        tag=basis.tag,
        basis_zh=basis.zh or None,
    )


def _county_term(desk: Desk, name: str) -> Term:
    return Term(
        n=county_days(desk, name),
        unit="WD",
        starts="dispatched",
        basis="county default",
        basis_zh="本县默认时限",
        tag="D",
    )


def kept_terms(desk: Desk, referral: Referral) -> Terms:
    """The referral's own terms; of one dispatched before they were kept, those of its due days."""
    if referral.terms is not None:
        return referral.terms
    start = date.fromisoformat(referral.dispatched_on)

    def term(due: str) -> Term:
        days = desk.calendar.working_days_between(start, date.fromisoformat(due[:10]))
        return Term(n=max(days, 0), unit="WD", starts="dispatched", basis="as dispatched", tag="D")

    return Terms(
        sign=term(referral.due.sign),
        accept=term(referral.due.accept),
        finish=term(referral.due.finish),
        statutory=None,
        accepted_on=None,
        started_at=datetime.combine(start, datetime.min.time(), SHANGHAI).isoformat(),
    )


class Reached(Protocol):
    """A move, as far as it parts the spans: to which state, and when."""

    @property
    def to_state(self) -> ReferralState:
        """The state that it led to."""

    @property
    def at(self) -> str:
        """The moment."""


def legs(moves: Iterable[Reached]) -> list[Leg]:
    """The spans between moves, in order; moves that stay in a state do not part its span."""
    found: list[Leg] = []
    for move in moves:
        if found and found[-1].state == move.to_state:
            continue
        at = moment_of(move.at)
        if found:
            found[-1] = Leg(found[-1].state, found[-1].since, at)
        found.append(Leg(move.to_state, at, None))
    return found


def stops(terms: Terms, found: Iterable[Leg]) -> list[Stop]:
    """The spans in which the clocks stood still and that have ended, with those carried over."""
    return [*terms.carried, *_stopped(found)]


def standing_still(carried: Sequence[Stop], moves: Iterable[Reached], now: str) -> list[Stop]:
    """Every span in which a referral stood still, one that lasts until now among them."""
    spans = [Leg(leg.state, leg.since, leg.until or moment_of(now)) for leg in legs(moves)]
    return [*carried, *_stopped(spans)]


def _stopped(spans: Iterable[Leg]) -> Iterator[Stop]:
    for leg in spans:
        if leg.state in STOPPED and leg.until is not None:
            yield Stop(since=leg.since.isoformat(), until=leg.until.isoformat())


def due_of(desk: Desk, terms: Terms, moves: Sequence[ReferralMove]) -> tuple[DueDates, bool]:
    """The due days after these moves, and whether one runs past the published calendar.

    Signing and taking on count from the last dispatch; finishing from the first one, or from the
    application's acceptance where the limit's text counts from it, less what stood still.
    """
    spans = legs(moves)
    sent = next((leg.since for leg in reversed(spans) if leg.state == "dispatched"), None)
    sent = sent or moment_of(terms.started_at)
    stood = stops(terms, spans)
    calendar = desk.calendar
    sign = ends(calendar, terms.sign, sent, [])
    accept = ends(calendar, terms.accept, sent, [])
    finish = ends(calendar, terms.finish, _start(terms, terms.finish), stood, terms.extended)
    statutory = _statutory(desk, terms, stood)
    due = DueDates(
        sign=_written(sign),
        accept=_written(accept),
        finish=_written(finish),
        statutory=_written(statutory) if statutory else None,
    )
    return due, any(d.provisional for d in (sign, accept, finish, statutory) if d)


def _statutory(desk: Desk, terms: Terms, stood: Sequence[Stop]) -> Deadline | None:
    """When the law's own limit ends; an extension counts where both are in the same unit."""
    term = terms.statutory
    if term is None:
        return None
    extended = terms.extended if term.unit == terms.finish.unit else 0
    return ends(desk.calendar, term, _start(terms, term), stood, extended)


def _start(terms: Terms, term: Term) -> datetime:
    if term.starts == "accepted" and terms.accepted_on:
        accepted = date.fromisoformat(terms.accepted_on)
        return datetime.combine(accepted, datetime.min.time(), SHANGHAI)
    return moment_of(terms.started_at)


def _written(deadline: Deadline) -> str:
    return deadline.at or deadline.due.isoformat()


def ends(
    calendar: WorkingCalendar, term: Term, start: datetime, stood: Sequence[Stop], extended: int = 0
) -> Deadline:
    """When a term that starts then ends, moved on by each stop that fell within it.

    A stop moves the end by as many of the term's own units as it lasted: working days for WD,
    calendar days for CD and MO, the time itself for H. A stop after the end moves nothing: what
    was late stays late. The last day rolls over a day off once, at the very end.
    """
    if term.unit == "H":
        moment = start + timedelta(hours=term.n + extended)
        for stop in stood:
            since, until = moment_of(stop.since), moment_of(stop.until)
            if start <= until and since <= moment:
                moment += until - max(since, start)
        return calendar.add_hours(moment, 0)
    end = calendar.add(start.date(), term.n + extended, term.unit, roll_over=False)
    due, provisional = end.due, end.provisional
    for stop in stood:
        first = max(moment_of(stop.since).date(), start.date())
        last = moment_of(stop.until).date()
        if first > calendar.add(due, 0, "CD").due or last <= first:
            continue
        unit: Literal["WD", "CD"] = "WD" if term.unit == "WD" else "CD"
        lasted = calendar.working_days_between(first, last) if unit == "WD" else (last - first).days
        moved = calendar.add(due, lasted, unit, roll_over=False)
        due, provisional = moved.due, provisional or moved.provisional
    rolled = calendar.add(due, 0, "CD")
    return Deadline(rolled.due, None, provisional or rolled.provisional)


def most_extra(term: Term) -> int:
    """The most by which a term may be extended: half of it, in its own unit (design default)."""
    return term.n // 2


def time_so_far(terms: Terms, moves: Sequence[ReferralMove], now: datetime) -> tuple[int, int]:
    """(running, stood still) seconds that the family has waited, a transfer's included.

    Time after an end does not count, unless the referral was reopened: then from that moment on.
    """
    spans = legs(moves)
    counted = [leg for leg in spans if leg.state in OPEN and leg.state != "draft"]
    # Of a transfer, what passed with the referrals before it.
    before = int((spans[0].since - moment_of(terms.started_at)).total_seconds()) if spans else 0
    still = sum(leg.seconds(now) for leg in counted if leg.state in STOPPED) + sum(
        int((moment_of(s.until) - moment_of(s.since)).total_seconds()) for s in terms.carried
    )
    total = max(before, 0) + sum(leg.seconds(now) for leg in counted)
    return total - still, still
