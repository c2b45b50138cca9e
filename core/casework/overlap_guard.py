"""The guard before a referral: an open overlap on the same aid holds it back or is told with it.

It reads the overlaps and the filed report; what is held back goes out only by an officer's word and
with a reason. An overlap that an officer found false holds nothing back.
"""

from __future__ import annotations

from collections.abc import Iterable

from yimen.core.casework.desk import Desk
from yimen.core.errors import StaleRevision
from yimen.core.i18n import _
from yimen.core.records import CheckReport, Flag, ProgrammeResult
from yimen.core.results import DispatchWarning
from yimen.core.store import overlaps
from yimen.core.store.overlaps import Hit, Move
from yimen.core.words.overlaps import overlap_name, overlap_state_name

BLOCKING = frozenset({"duplicate", "multi_source"})


class Guard:
    """The overlaps of one household as they stand before its referrals are made."""

    def __init__(self, desk: Desk, household_no: str, report: CheckReport) -> None:
        self._desk = desk
        self._household_no = household_no
        self._hits = overlaps.hits(desk.home.casework, household_no=household_no)
        self._flags = [flag for flag in report.flags if flag.kind in BLOCKING and flag.programme]

    def blocking(self, result: ProgrammeResult) -> list[Hit]:
        """Duplicate and multi-source hits on the same aid: open, or still seen by the report.

        A confirmed or disputed one does not undo the flag that the filed report raises.
        """
        flags = self._flags_on(result)
        return [
            hit
            for hit in self._on(result)
            if hit.kind in BLOCKING
            and (
                hit.state == "open"
                or (hit.state == "resolved" and any(_is_of(flag, hit) for flag in flags))
            )
        ]

    def objection(self, result: ProgrammeResult) -> str | None:
        """Why the programme's referral is held back, with the hit's number where it has one."""
        hits = self.blocking(result)
        told = [
            _("overlap {no} is open: {kind}").format(no=h.hit_no, kind=overlap_name(h.kind))
            if h.state == "open"
            else _("overlap {no} is {resolution}, and the check still finds it: {kind}").format(
                no=h.hit_no,
                resolution=overlap_state_name(h.resolution or h.state),
                kind=overlap_name(h.kind),
            )
            for h in hits
        ]
        told += [flag.detail for flag in self._unnumbered(result, hits)]
        return "; ".join(told) or None

    def warnings(self, results: Iterable[ProgrammeResult]) -> list[DispatchWarning]:
        """Missed and wrongly kept aid that is open on what goes out all the same."""
        return [
            DispatchWarning(
                programme=result.programme,
                member_no=result.member,
                hit_no=hit.hit_no,
                kind=hit.kind,
            )
            for result in results
            for hit in self._on(result)
            if hit.state == "open" and hit.kind not in BLOCKING
        ]

    def overridden(self, results: Iterable[ProgrammeResult]) -> dict[str, list[str]]:
        """The hits' numbers, and the flags without one, that an override goes past."""
        found = list(results)
        hits = dict.fromkeys(hit.hit_no for r in found for hit in self.blocking(r))
        flags = dict.fromkeys(
            f"{flag.kind}:{flag.programme}"
            for r in found
            for flag in self._unnumbered(r, self.blocking(r))
        )
        return {"hits": list(hits), "flags": list(flags)}

    def record_override(self, hit_nos: Iterable[str], reason: str) -> None:
        """Adds the override to the hits' histories, inside the caller's transaction."""
        moves = [Move(hit_no=no, act="override", reason=reason) for no in hit_nos]
        desk = self._desk
        overlaps.add_moves(
            desk.home.casework, desk.home.clock.now(), desk.operator.operator_no, moves
        )

    def still_holds(self) -> None:
        """Refuses (`StaleRevision`) where an overlap of the household has changed since."""
        now = overlaps.hits(self._desk.home.casework, household_no=self._household_no)
        if now != self._hits:
            raise StaleRevision(
                _("The overlaps of household {no} were changed just now.").format(
                    no=self._household_no
                ),
                next_step=_("Nothing was dispatched; dispatch again."),
            )

    def _on(self, result: ProgrammeResult) -> list[Hit]:
        return [
            hit
            for hit in self._hits
            if result.programme in hit.programmes and _same_person(hit.member_no, result.member)
        ]

    def _unnumbered(self, result: ProgrammeResult, hits: Iterable[Hit]) -> list[Flag]:
        """The flags on the same aid that none of these hits stands for."""
        known = list(hits)
        return [f for f in self._flags_on(result) if not any(_is_of(f, hit) for hit in known)]

    def _flags_on(self, result: ProgrammeResult) -> list[Flag]:
        return [
            flag
            for flag in self._flags
            if result.programme in _programmes(flag)
            and _same_person(flag.member, result.member)
            and not self._found_false(flag)
        ]

    def _found_false(self, flag: Flag) -> bool:
        key = flag.kind, self._household_no, flag.member, _programmes(flag)
        return any(hit.key == key and hit.resolution == "false_hit" for hit in self._hits)


def _programmes(flag: Flag) -> tuple[str, ...]:
    return tuple(sorted((flag.programme or "").split("+")))


def _is_of(flag: Flag, hit: Hit) -> bool:
    """Whether a hit is what a report's flag tells of."""
    return (
        (hit.kind, hit.programmes) == (flag.kind, _programmes(flag))
        and _same_person(hit.member_no, flag.member)
    )  # fmt: skip


def _same_person(one: str | None, other: str | None) -> bool:
    """Whether two subjects may be the same: the household is every member of it."""
    return one is None or other is None or one == other
