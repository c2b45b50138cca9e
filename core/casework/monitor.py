"""How the county's work stands and how punctual it was: the figures of an appraisal.

The formulas are those of the appraisal's indicators as far as the records hold what they ask for;
what only a call-back, a spot check or an audit can tell is not guessed here. It holds no person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Annotated, Literal, get_args

from msgspec import Meta

from yimen.core.casework.clocks import CLOCK_OF
from yimen.core.casework.desk import Desk
from yimen.core.casework.worklist import Lit, lit_work
from yimen.core.divisions import scope_prefix
from yimen.core.records import Day, Record
from yimen.core.store import monitoring
from yimen.core.store.monitoring import Kept, Rate

IndicatorName = Literal[
    "on_time", "on_time_sign", "on_time_accept", "on_time_finish", "told_twice", "sent_back",
    "overlaps_settled", "notice_breach", "missed_found", "notices_hung",
]  # fmt: skip
# Indicators of the appraisal of which this home has no record: named, so that nobody takes the
# others for all.
UnkeptName = Literal[
    "accuracy", "paid_by_day", "reviewed_in_time", "satisfaction", "complaints_upheld",
    "audit_open", "privacy_incidents",
]  # fmt: skip
NOT_KEPT: tuple[UnkeptName, ...] = get_args(UnkeptName)


class Group(Record, frozen=True, kw_only=True):
    """The open work of a town or a department, and how much of the rest was done in time."""

    key: Annotated[str, Meta(description="A division of twelve digits, or a department")]
    open: int
    soon: int
    late: int
    days_late: Annotated[int, Meta(description="Working days that the late ones are late, summed")]
    ended: Annotated[int, Meta(description="Clocks that ended in the period")]
    in_time: int
    sent: Annotated[int, Meta(description="Referrals sent in the period")]
    sent_back: int


class Indicator(Record, frozen=True, kw_only=True):
    """An indicator as the two numbers of its formula; a whole of nought has no rate."""

    indicator: IndicatorName
    part: int
    whole: int


class LateStep(Record, frozen=True, kw_only=True):
    """How many cases are late at one clock, and by how many working days together."""

    clock: str
    cases: int
    days_late: int


class Monitor(Record, frozen=True, kw_only=True):
    """All figures of a desk's scope on a day, counted from `since` on."""

    on: Day
    since: Day
    towns: list[Group]
    departments: list[Group]
    late_steps: list[LateStep]
    indicators: list[Indicator]
    not_kept: Annotated[
        list[UnkeptName], Meta(description="Indicators that no record of this home can tell")
    ]


def monitor(desk: Desk, *, since: date | None = None) -> Monitor:
    """The figures of the operator's scope since a day, by default this year's.

    On-time rate: clocks that ended by their last day, of all that ended. Return rate: referrals
    sent back, of all sent. Told twice: accepted applications whose family was told later of papers
    that no notification before had named; a breach is one where the first should have said it.
    Missed aid found: confirmed findings beside new applications. Notices: hung to their last day,
    and down since; one that was put up again is one notice, as its last posting went. A department
    sees its own referrals.
    """
    desk.require("due")
    today = desk.home.clock.today()
    begin = (since or today.replace(month=1, day=1)).isoformat()
    serves = "department" in desk.operator.roles and not desk.may("application.read")
    own = desk.operator.department if serves else None
    db, prefix = desk.home.casework, scope_prefix(desk.operator.division)
    work = lit_work(desk)
    kept = monitoring.clocks_kept(db, prefix=prefix, department=own, since=begin)
    back = monitoring.sent_back(db, prefix=prefix, department=own, since=begin)
    desk.record_reading("monitor", own or "all", {"open": len(work), "since": begin})
    indicators = list(_on_time(kept))
    indicators.append(_indicator("sent_back", back.values()))
    if own is None:
        of_windows: dict[IndicatorName, Rate] = {
            "told_twice": monitoring.told_twice(db, prefix=prefix, since=begin),
            "notice_breach": monitoring.notice_breaches(db, prefix=prefix, since=begin),
            "overlaps_settled": monitoring.overlaps_settled(db, prefix=prefix, since=begin),
            "missed_found": monitoring.missed_found(db, prefix=prefix, since=begin),
            "notices_hung": monitoring.notices_hung(
                db, prefix=prefix, since=begin, today=today.isoformat()
            ),
        }
        indicators += [_indicator(name, [rate]) for name, rate in of_windows.items()]
    return Monitor(
        on=today.isoformat(),
        since=begin,
        towns=_groups(work, kept, [(town, rate) for (town, __), rate in back.items()],
                      lambda lit: f"{lit.row.division[:9]}000", lambda k: k.town),
        departments=_groups(work, kept, [(body, rate) for (__, body), rate in back.items()],
                            lambda lit: lit.row.department, lambda k: k.department),
        late_steps=_late_steps(work),
        indicators=indicators,
        not_kept=[] if own else list(NOT_KEPT),
    )  # fmt: skip


def _indicator(name: IndicatorName, rates: Iterable[Rate]) -> Indicator:
    known = list(rates)
    return Indicator(
        indicator=name, part=sum(r.part for r in known), whole=sum(r.whole for r in known)
    )


def _on_time(kept: list[Kept]) -> Iterator[Indicator]:
    yield _indicator("on_time", [Rate(k.in_time, k.ended) for k in kept])
    names: dict[str, IndicatorName] = {
        "sign": "on_time_sign", "accept": "on_time_accept", "finish": "on_time_finish"
    }  # fmt: skip
    for clock, name in names.items():
        yield _indicator(name, [Rate(k.in_time, k.ended) for k in kept if k.clock == clock])


def _groups(
    work: list[Lit],
    kept: list[Kept],
    back: list[tuple[str, Rate]],
    group_of: Callable[[Lit], str | None],
    key_of: Callable[[Kept], str],
) -> list[Group]:
    """One line a group, most late first, then most open."""
    lights: Counter[tuple[str, str]] = Counter()
    late: Counter[str] = Counter()
    for lit in work:
        if group := group_of(lit):
            lights[group, lit.light] += 1
            late[group] += lit.days_late or 0
    names = {name for name, __ in lights} | {key_of(k) for k in kept} | {name for name, __ in back}
    groups = [
        Group(
            key=name,
            open=sum(count for (of, __), count in lights.items() if of == name),
            soon=lights[name, "soon"],
            late=lights[name, "late"],
            days_late=late[name],
            ended=sum(k.ended for k in kept if key_of(k) == name),
            in_time=sum(k.in_time for k in kept if key_of(k) == name),
            sent=sum(rate.whole for of, rate in back if of == name),
            sent_back=sum(rate.part for of, rate in back if of == name),
        )
        for name in names
    ]
    return sorted(groups, key=lambda g: (-g.late, -g.open, g.key))


def _late_steps(work: list[Lit]) -> list[LateStep]:
    """Where the late cases wait, the clock with most of them first."""
    cases: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for lit in work:
        if lit.days_late is not None:
            # Of an application only its check and dispatch are timed.
            clock = CLOCK_OF[lit.row.state] if lit.row.programme else "dispatch"
            cases[clock] += 1
            days[clock] += lit.days_late
    return [
        LateStep(clock=clock, cases=count, days_late=days[clock])
        for clock, count in cases.most_common()
    ]
