"""Takes what a run over the registers found into the worked overlaps: 重复、多头、遗漏、错保.

A hit is a suspicion with an owner, never a finding against a family, and no money moves here. A run
opens, continues, reopens and ends hits; only a named officer resolves one. Nothing is deleted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from operator import itemgetter

from msgspec import structs

from yimen.core.casework.desk import Desk
from yimen.core.casework.months import month_number
from yimen.core.casework.overlap_evidence import Evidence, evidence_of, unattributable
from yimen.core.casework.overlap_ledger import Ledger
from yimen.core.divisions import scope_prefix
from yimen.core.overlap_records import TakenHits
from yimen.core.records import OverlapKind
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, overlaps
from yimen.core.store.aid_rows import OverpaidEvent
from yimen.core.store.journal import canonical
from yimen.core.store.overlaps import Hit, HitKey, Move


@dataclass(frozen=True)
class FoundHit:
    """What a run found of one household or member; `monthly_fen` is what is missed each month.

    What is `past` may be over by now: it is a hit only if there are months in which it was so.
    """

    kind: OverlapKind
    household_no: str
    member_no: str | None
    programmes: tuple[str, ...]
    monthly_fen: int | None = None
    past: bool = False

    @property
    def key(self) -> HitKey:
        """What makes it the same hit in every run; the order of its programmes does not."""
        return self.kind, self.household_no, self.member_no, tuple(sorted(self.programmes))


@dataclass(frozen=True)
class RunScope:
    """What a run looked at: only what it covers can end because it was not found.

    `division` is a prefix of 6, 9 or 12 digits or the 12 digits themselves; `whole` says that every
    household below it was looked at. `programmes` are those that the run could judge.
    """

    run_no: str
    rules_on: date
    facts_as_of: date
    division: str
    whole: bool
    kinds: frozenset[OverlapKind]
    programmes: frozenset[str]

    @property
    def prefix(self) -> str:
        """The division's digits before its empty levels."""
        return scope_prefix(self.division.ljust(12, "0"))


def past_duplicates(ledger: Ledger, run: RunScope) -> list[FoundHit]:
    """Persons whom two records of one programme paid for the same month, ended or not.

    One query over all registers of aid; persons without an ID number, or with one under two names,
    are left out (`Ledger.unattributable` counts their rows).
    """
    return [
        FoundHit("duplicate", household, member, (programme,), past=True)
        for household, member, programme in ledger.paid_twice(run.prefix)
        if programme in run.programmes
    ]


# Households whose findings are taken in at once: so few that no clerk waits for a county's.
PORTION = 1000


def take(desk: Desk, catalogue: Catalogue, found: Iterable[FoundHit], run: RunScope) -> TakenHits:
    """Takes a run's findings in, which come in order of households.

    Some households at a time, each portion in one transaction with one journal row; what was taken
    in before a kill is seen again then. A run of a whole division also takes the duplicates that
    lie in the past, and the events for which several payers gave more than the eligible cost.
    """
    desk.require("check.all", division=run.division.ljust(12, "0"))
    ledger = Ledger(desk, catalogue, rules_on=run.rules_on, facts_as_of=run.facts_as_of)
    lost = ledger.unattributable()
    nobody = sum(r.without_number + r.shared_number for r in lost)
    counts = Counter[str]()
    for portion in _portions(((hit.household_no, hit) for hit in found), _beside(ledger, run)):
        counts.update(_take_portion(ledger, run, portion, nobody))
        ledger.forget()
        nobody = 0
    return TakenHits(
        new=counts["new"],
        continued=counts["continued"],
        reopened=counts["reopened"],
        ended=counts["ended"],
        unattributable=lost,
    )


Finding = tuple[str, FoundHit | OverpaidEvent | None]
"""A household and something found of it; None where it is only waited for."""


def _beside(ledger: Ledger, run: RunScope) -> list[Finding]:
    """What else the run is about, in order of households: open hits, what is past, and events."""
    waiting = overlaps.waiting_households(ledger.desk.home.casework, run.prefix)
    beside: list[Finding] = [(household, None) for household in waiting]
    if run.whole and "duplicate" in run.kinds:
        beside += [(hit.household_no, hit) for hit in past_duplicates(ledger, run)]
    if run.whole and "multi_source" in run.kinds:
        events = (e for e in ledger.overpaid(run.prefix) if set(e.programmes) <= run.programmes)
        beside += [(event.household_no, event) for event in events]
    return sorted(beside, key=itemgetter(0))


def _portions(*streams: Iterable[Finding]) -> Iterator[list[Finding]]:
    """All that was found of some households at a time; one portion where nothing was found."""
    portion: list[Finding] = []
    households, last = 0, ""
    for household, found in merge(*streams, key=itemgetter(0)):
        assert household >= last, "what a run found comes in order of households"
        if household != last:
            if households == PORTION:
                yield portion
                portion, households = [], 0
            households, last = households + 1, household
        portion.append((household, found))
    yield portion


def _take_portion(
    ledger: Ledger, run: RunScope, portion: Sequence[Finding], nobody: int
) -> dict[str, int]:
    """Takes in what was found of some households; tells how many hits became what.

    `nobody` counts the rows that could not be attributed, for the journal.
    """
    desk = ledger.desk
    events = [found for __, found in portion if isinstance(found, OverpaidEvent)]
    hits = [found for __, found in portion if isinstance(found, FoundHit)]
    hits += [FoundHit("multi_source", e.household_no, e.member_no, e.programmes) for e in events]
    seen: dict[HitKey, FoundHit] = {}
    for hit in sorted(hits, key=lambda hit: hit.past):
        seen.setdefault(hit.key, hit)
    households = {household for household, __ in portion}
    ledger.read(households, events)
    officers = _officers(desk, {hit.household_no for hit in hits})
    with desk.home.writing() as db:
        known = overlaps.by_key(db, households)
        intake = _Intake(run, ledger, officers)
        for key in sorted(seen, key=canonical):
            intake.see(known.get(key), seen[key])
        if run.whole:
            unread = [h for key, h in known.items() if key not in seen and _covered(ledger, run, h)]
            intake.end(unread)
        year = desk.home.clock.today().year
        intake.number_from(cases.next_number(db, "overlap_hit", "hit_no", "V", year))
        overlaps.write(db, intake.hits)
        overlaps.add_moves(db, desk.home.clock.now(), desk.operator.operator_no, intake.moves)
        rows = [[h.hit_no, h.state, h.evidence] for h in intake.hits]
        body = {
            **intake.counts,
            "rows_of_nobody": nobody,
            "digest": hashlib.sha256(canonical(rows).encode()).hexdigest(),
        }
        desk.record(db, "overlaps.take", run.run_no, body)
    return intake.counts


def _officers(desk: Desk, households: Iterable[str]) -> dict[str, str]:
    """The officer of each household's open application."""
    wanted, found = sorted(households), {}
    for start in range(0, len(wanted), 2000):
        some = wanted[start : start + 2000]
        for application in cases.applications(desk.home.casework, households=some):
            if application.state in cases.OPEN_APPLICATION:
                found[application.household_no] = application.first_officer
    return found


def _covered(ledger: Ledger, run: RunScope, hit: Hit) -> bool:
    """Whether a hit that was not found is thereby known to be over.

    It is not where its register cannot be relied on today, or its person's rows are nobody's. The
    ledger has read its household.
    """
    if (
        not _may_end(hit)
        or hit.kind not in run.kinds
        or not hit.division.startswith(run.prefix)
        or not set(hit.programmes) <= run.programmes
        or not all(ledger.readable(p) for p in hit.programmes)
    ):
        return False
    return ledger.attributable(hit.household_no, hit.member_no)


def _may_end(hit: Hit) -> bool:
    """An open hit; and what was missed also when it is resolved, as it has no rows to change."""
    return hit.state == "open" or (hit.state == "resolved" and hit.kind == "missed")


def resolved_through(hit: Hit) -> int | None:
    """The last of a hit's months that an officer has resolved; None where there is none."""
    if hit.resolved_to is None:
        return None
    return month_number(min(hit.resolved_to, hit.to_month or hit.resolved_to))


def evidence_for(
    ledger: Ledger,
    hit: Hit | FoundHit,
    *,
    since: int,
    begin: int | None = None,
    monthly_fen: int | None = None,
) -> Evidence:
    """A hit's evidence from a ledger that has read its household; see `evidence_of`."""
    household, member = hit.household_no, hit.member_no
    programmes = tuple(sorted(hit.programmes))
    found = evidence_of(
        hit.kind,
        programmes,
        [p for name in programmes for p in ledger.payments(household, member, name)],
        ledger.events(household, member, programmes) if hit.kind == "multi_source" else [],
        since=since,
        now=ledger.now,
        begin=begin,
        monthly_fen=monthly_fen,
    )
    of_rows = hit.kind in ("duplicate", "multi_source")
    if of_rows and not found.spans and not ledger.attributable(household, member):
        return unattributable()
    return found


class _Intake:
    """Decides what each hit of a run becomes; holds the rows to be written."""

    def __init__(self, run: RunScope, ledger: Ledger, officers: dict[str, str]) -> None:
        self._run = run
        self._ledger = ledger
        self._officers = officers
        self._fresh: list[Hit] = []
        self.hits: list[Hit] = []
        self.moves: list[Move] = []
        self.counts = {"new": 0, "continued": 0, "reopened": 0, "ended": 0}

    def see(self, before: Hit | None, found: FoundHit) -> None:
        """Takes a hit that the run found, for the first time or again.

        Two records that may be anybody's are nobody's overlap, and leave what stands as it was.
        """
        begin = _begin(before)
        evidence = self._evidence(before, found, begin)
        if not evidence.attributable or (found.past and not evidence.spans):
            return
        if before is None:
            self._open(found, evidence)
        elif before.state != "resolved" and _settled(before, evidence):
            if self._run.whole and _covered(self._ledger, self._run, before):
                self.end([before])
        elif before.state == "resolved" and not _goes_on(before, evidence):
            self.counts["continued"] += 1
            self.hits.append(self._seen_again(before))
        else:
            reopened = before.state != "open"
            self.counts["reopened" if reopened else "continued"] += 1
            if reopened:
                self._move(before.hit_no, "reopen")
            if before.resolution == "false_hit" and evidence.settled:
                # Nothing was counted in these months, and they are in question by other rows.
                before = structs.replace(before, resolved_to=None)
                evidence = self._evidence(before, found, None)
            self.hits.append(
                structs.replace(
                    self._seen_again(before),
                    state="open",
                    resolution=None,
                    from_month=evidence.from_month,
                    to_month=evidence.to_month,
                    amount_fen=evidence.amount_fen,
                    evidence=evidence.digest,
                )
            )

    def end(self, unseen: Iterable[Hit]) -> None:
        """Ends hits that the run would have found if they were still there."""
        for hit in unseen:
            self.counts["ended"] += 1
            self._move(hit.hit_no, "end")
            ended = structs.replace(hit, state="ended", last_run=self._run.run_no, rev=hit.rev + 1)
            self.hits.append(ended)

    def number_from(self, first: str) -> None:
        """Gives the new hits their numbers, from the first free one on."""
        prefix, __, counted = first.partition("-")
        for number, hit in enumerate(self._fresh, int(counted)):
            self.hits.append(structs.replace(hit, hit_no=f"{prefix}-{number:05d}"))
            self._move(self.hits[-1].hit_no, "found")

    def _evidence(self, before: Hit | None, found: FoundHit, begin: int | None) -> Evidence:
        """What is found now, gone on since the month in which the hit began, from `begin` on."""
        since = self._ledger.now
        if before is not None and before.state != "ended" and before.from_month is not None:
            since = month_number(before.from_month)
        return evidence_for(
            self._ledger, found, since=since, begin=begin, monthly_fen=found.monthly_fen
        )

    def _open(self, found: FoundHit, evidence: Evidence) -> None:
        self.counts["new"] += 1
        day = self._run.facts_as_of.isoformat()
        __, household, member, programmes = found.key
        self._fresh.append(
            Hit(
                hit_no="",
                kind=found.kind,
                household_no=household,
                member_no=member,
                programmes=programmes,
                division=self._ledger.division(household),
                first_run=self._run.run_no,
                last_run=self._run.run_no,
                found_on=day,
                last_seen_on=day,
                from_month=evidence.from_month,
                to_month=evidence.to_month,
                amount_fen=evidence.amount_fen,
                evidence=evidence.digest,
                owner=self._owner(household, programmes),
                state="open",
            )
        )

    def _owner(self, household: str, programmes: tuple[str, ...]) -> str:
        """The officer of the open application, else the body of the first programme."""
        known = self._ledger.catalogue.programmes
        bodies = (known[p].department for p in programmes if p in known)
        return self._officers.get(household) or next(bodies, "county")

    def _seen_again(self, hit: Hit) -> Hit:
        return structs.replace(
            hit,
            division=self._ledger.division(hit.household_no),
            last_run=self._run.run_no,
            last_seen_on=self._run.facts_as_of.isoformat(),
            rev=hit.rev + 1,
        )

    def _move(self, hit_no: str, act: str) -> None:
        self.moves.append(Move(hit_no=hit_no, act=act, run=self._run.run_no))


def _begin(hit: Hit | None) -> int | None:
    """The month after those that were resolved, never before the first one that was found."""
    through = resolved_through(hit) if hit else None
    if hit is None or through is None:
        return None
    return max(through + 1, month_number(hit.from_month) if hit.from_month else 0)


def _settled(hit: Hit, evidence: Evidence) -> bool:
    """Whether nothing is found of a hit but the rows and months that were resolved before."""
    return evidence.settled and evidence.digest == hit.resolved_evidence


def _goes_on(hit: Hit, evidence: Evidence) -> bool:
    """Whether a resolved hit needs an officer again: other rows, or months beyond its resolution.

    What was found false stays so as long as the rows are the same. What is missed has no rows: it
    goes on beyond a confirmation alone, and else must have ended first.
    """
    if evidence.digest != hit.resolved_evidence:
        return True
    if hit.resolution == "false_hit" or (hit.kind == "missed" and hit.resolution == "disputed"):
        return False
    through = resolved_through(hit)
    last = month_number(evidence.to_month) if evidence.to_month else None
    return last is not None and (through is None or last > through)
