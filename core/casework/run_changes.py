"""What changed between two runs of a county, and why: criteria that turned, and what they rest on.

Only answers are compared: outcome, receipt and amount. That a household has other numbers, or that
a condition turned and the answer is the same, is no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yimen.core.casework.batch import CountyRun, Kind
from yimen.core.casework.desk import Desk
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.rules.view import Ruling
from yimen.core.run_records import Change, RunPlan, RunRecord
from yimen.core.store import runs
from yimen.core.store.runs import EngineName
from yimen.core.words.checks import result_name, status_name

Cell = int | str | None
# An answer's columns, after the programme's name.
_ANSWER = ("", ".receiving", ".amount_fen")
_LETTERS = {"p": "pass", "f": "fail", "?": "unknown"}


def comparable(desk: Desk, run_no: str, kind: Kind, engine: EngineName | None) -> RunRecord:
    """The earlier run, if one of this kind, and of this engine if it was named, compares with it.

    `Refused` for one that is unfinished, of another kind or engine, or whose results are gone.
    """
    before = runs.run_of(desk.home, run_no)
    reason = None
    if before.state != "done":
        reason = _("Run {no} was never finished.")
    elif before.plan.kind != kind:
        reason = _("Run {no} looked at other households.")
    elif engine not in (None, before.plan.engine):
        reason = _("Run {no} was made by another engine.")
    elif not runs.folder_of(desk.home, before.run_no).exists():
        reason = _("The results of run {no} are not in this home any more.")
    if reason:
        raise Refused(
            reason.format(no=before.run_no),
            next_step=_("`yimen screen --runs` shows the runs; --engine chooses an engine."),
        )
    return before


def changes(run: CountyRun, before: RunRecord) -> Iterator[Change]:
    """Answers of households in both runs that differ, in order of households and programmes."""
    ruling = run.ruling
    shared = [
        name
        for name in sorted(ruling.versions)
        if name in before.plan.criteria and name in ruling.statement.programmes
    ]
    if not shared:
        return
    folder = runs.folder_of(run.desk.home, before.run_no)
    # An amount may have come to a programme since, or gone from it.
    held = run.files.columns(run.files.folder) & run.files.columns(folder)
    answers = [f"{name}{part}" for name in shared for part in _ANSWER]
    cells = ", ".join(
        f'a."{c}", b."{c}"' if c in held else "NULL, NULL"
        for name in shared
        for c in (*(f"{name}{part}" for part in _ANSWER), f"{name}.criteria")
    )
    differs = " OR ".join(f'a."{c}" IS DISTINCT FROM b."{c}"' for c in answers if c in held)
    rows = run.files.query(
        f"SELECT a.household_no, a.member_no, {cells} FROM {{rows}} AS a JOIN {{before}} AS b"
        " ON a.household_no = b.household_no AND a.member_no = b.member_no"
        f" WHERE {differs} ORDER BY a.household_no, a.k",
        folder,
    )
    why = _Why(ruling, run.record.plan, before.plan)
    for row in rows:
        for place, name in enumerate(shared):
            given = row[2 + 8 * place : 10 + 8 * place]
            if change := _change(row, name, given, ruling, why):
                yield change


def _change(
    row: Sequence[Cell], name: str, given: Sequence[Cell], ruling: Ruling, why: _Why
) -> Change | None:
    outcome, earlier, receiving, received, __, __, letters, before = (
        None if cell is None else str(cell) for cell in given
    )
    amount, paid = (int(cell) if cell is not None else None for cell in given[4:6])
    if (outcome, receiving, amount) == (earlier, received, paid):
        return None
    personal = ruling.catalogue.programmes[name].unit == "person"
    return Change(
        household_no=str(row[0]),
        member_no=str(row[1]) if personal else None,
        programme=name,
        before=earlier,
        now=outcome,
        receiving_before=received,
        receiving_now=receiving,
        amount_fen_before=paid,
        amount_fen_now=amount,
        why=[
            *why.criteria(name, before or "", letters or ""),
            *(why.receipt(name) if receiving != received else []),
            *(why.amount(name) if outcome == earlier and amount != paid else []),
        ],
    )


class _Why:
    """The sentences behind a change, each made once."""

    def __init__(self, ruling: Ruling, now: RunPlan, before: RunPlan) -> None:
        self._ruling = ruling
        self._now = now
        self._before = before
        self._rested: dict[str, str] = {}

    def criteria(self, name: str, before: str, now: str) -> list[str]:
        """The criteria that turned, each with what is new under it."""
        version = self._ruling.versions[name]
        own = [c.criterion for c in version.criteria]
        earlier = dict(zip(self._before.criteria.get(name, []), before, strict=False))
        found = []
        for criterion, letter in zip(version.criteria, now, strict=False):
            old = earlier.get(criterion.criterion)
            if old == letter:
                continue
            key = f"criterion:{name}:{version.from_date}:{criterion.criterion}"
            text, __ = self._ruling.criterion_words(criterion)
            found.append(
                _("{criterion}: {old} -> {new} ({why})").format(
                    criterion=text,
                    old=_result_name(old),
                    new=_result_name(letter),
                    why=self._under(key),
                )
            )
        if set(earlier) != set(own):
            found.append(_("the programme has other conditions now"))
        return found

    def receipt(self, name: str) -> list[str]:
        """Why it is received now, or no longer."""
        rows = self._ruling.catalogue.programmes[name].recognised_by
        news = self._news(rows.source) if rows else None
        return [_("received: {why}").format(why=news or _("granted or ended in this home"))]

    def amount(self, name: str) -> list[str]:
        """Why another amount is due to whom the programme was due before."""
        key = f"amount:{name}:{self._ruling.versions[name].from_date}"
        return [_("amount: {why}").format(why=self._under(key))]

    def _under(self, key: str) -> str:
        if key not in self._rested:
            sources = self._sources(key, set())
            news = [n for s in sorted(sources) if (n := self._news(s))]
            if not news and self._now.rules_hash != self._before.rules_hash:
                news = [_("the rules or a standard changed")]
            self._rested[key] = "; ".join(news) or _("time, or what was recorded in this home")
        return self._rested[key]

    def _sources(self, key: str, seen: set[str]) -> set[str]:
        """The sources under an expression, through facts and other programmes."""
        if key in seen:
            return set()
        seen.add(key)
        catalogue, found = self._ruling.catalogue, set[str]()
        for name in catalogue.links.uses.get(key, []):
            __, colon, programme = name.partition(":")
            if colon:
                found |= self._under_programme(programme, seen)
            elif (fact := catalogue.facts.get(name)) is not None:
                if fact.source:
                    found.add(fact.source)
                found |= self._sources(f"fact:{name}", seen)
        return found

    def _under_programme(self, programme: str, seen: set[str]) -> set[str]:
        found = set[str]()
        declared = self._ruling.catalogue.programmes.get(programme)
        if declared and declared.recognised_by:
            found.add(declared.recognised_by.source)
        version = self._ruling.versions.get(programme)
        if version is not None:
            for criterion in version.criteria:
                key = f"criterion:{programme}:{version.from_date}:{criterion.criterion}"
                found |= self._sources(key, seen)
        return found

    def _news(self, source: str) -> str | None:
        """What is new about a source since the earlier run, or None."""
        now, before = self._now.snapshots.get(source), self._before.snapshots.get(source)
        if now == before:
            return None
        name = self._ruling.catalogue.sources[source].names.text()
        return _("{source}: {old} -> {new}").format(
            source=name, old=_state(before), new=_state(now)
        )


def _state(cited: Sequence[str | None] | None) -> str:
    """A source's extract as a run cited it: its day, and its state where it is not usable."""
    if cited is None:
        return "-"
    status, __, day = cited
    if status == "ok":
        return day or "-"
    return f"{day or '-'} ({status_name(status or 'not_loaded')})"


def _result_name(letter: str | None) -> str:
    return result_name(_LETTERS.get(letter or "?", "unknown"))
