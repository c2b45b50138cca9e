"""Working an overlap: listing, showing, assigning and resolving one; a named officer decides.

A resolution says what was found out, for which months and how much; it stops no payment and claims
nothing back by itself. Each act is one transaction with its journal row and its move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import get_args

from msgspec import structs

from yimen.core.casework import operators
from yimen.core.casework.desk import NAMED_ROLES, PERMISSIONS, Desk
from yimen.core.casework.months import is_month, month_number
from yimen.core.casework.overlap_evidence import Evidence
from yimen.core.casework.overlap_ledger import Ledger
from yimen.core.casework.overlaps import evidence_for, resolved_through
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, NotFound, Refused, StaleRevision, about
from yimen.core.i18n import _
from yimen.core.identity import mask_id, mask_ids_in, mask_name
from yimen.core.laws import law_text
from yimen.core.overlap_records import Overlap, OverlapLine, OverlapMove
from yimen.core.records import Resolution
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import overlaps
from yimen.core.store.overlaps import Hit, Move

RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)
# What lets registers be compared, and what an office must do before aid is cut or is given.
_LAW = {
    "duplicate": "SAL §41–43; DB2021 §17",
    "multi_source": "SAL §41–43; DB2021 §17",
    "missed": "LI2023",
    "wrongly_kept": "SAL §48; LI2023",
}


def find_hit(desk: Desk, hit_no: str) -> Hit:
    """The overlap with this number; `NotFound` names the listing."""
    hit = overlaps.find(desk.home.casework, plain_number(hit_no))
    if hit is None:
        raise NotFound(
            _("There is no overlap {no}.").format(
                no=mask_id(hit_no) if len(hit_no) > 14 else hit_no
            ),
            next_step=_("`yimen overlaps list` shows them."),
        )
    return hit


def line_of(hit: Hit) -> OverlapLine:
    """A hit as a listing shows it."""
    return OverlapLine(
        hit_no=hit.hit_no,
        kind=hit.kind,
        household_no=hit.household_no,
        member=hit.member_no,
        programmes=list(hit.programmes),
        from_month=hit.from_month,
        to_month=hit.to_month,
        amount_fen=hit.amount_fen,
        owner=hit.owner,
        resolution=hit.resolution,
        state=hit.state,
    )


def overlap_lines(
    desk: Desk,
    catalogue: Catalogue,
    *,
    kind: str | None = None,
    state: str | None = "open",
    owner: str | None = None,
    division: str | None = None,
) -> list[OverlapLine]:
    """The overlaps within the operator's scope, oldest first; a department sees its programmes'.

    `division` (12 digits) narrows the scope; `state` None means all. `NotFound` where nobody is
    called `owner`. The reading is journalled.
    """
    desk.require("overlaps.read", division=division)
    own = None
    if PERMISSIONS["overlaps.read"] & set(desk.operator.roles) == {"department"}:
        own = [
            p.programme
            for p in catalogue.programmes.values()
            if p.department == desk.operator.department
        ]
    place = division or desk.operator.division
    found = overlaps.hits(
        desk.home.casework,
        prefix=scope_prefix(place),
        kind=kind,
        state=state,
        owner=owner,
        programmes=own,
    )
    if owner is not None and not found:
        _require_owner(desk, catalogue, owner)
    desk.record_reading("overlaps.list", place, {"rows": len(found)})
    return [line_of(hit) for hit in found]


def _require_owner(desk: Desk, catalogue: Catalogue, owner: str) -> None:
    """Refuses a name of nobody, whose empty list would read as one of nothing to do."""
    if owner in catalogue.departments or owner == "county":
        return
    if owner not in operators.operator_names(desk.home.casework):
        raise NotFound(
            _("'{owner}' is neither an operator nor a department.").format(
                owner=mask_ids_in(owner)[:20]
            ),
            next_step=_("`yimen operator list` and `yimen department list` show them."),
            field="owner",
        )


def _departments(catalogue: Catalogue, hit: Hit) -> list[str]:
    known = catalogue.programmes
    return list(dict.fromkeys(known[p].department for p in hit.programmes if p in known))


def _body(catalogue: Catalogue, hit: Hit, own: str | None) -> str:
    """The department to ask permission for: the operator's own one where it has a part in it."""
    bodies = _departments(catalogue, hit)
    return own if own in bodies else next(iter(bodies), "county")


def _require(desk: Desk, catalogue: Catalogue, action: str, hit: Hit) -> None:
    body = _body(catalogue, hit, desk.operator.department)
    desk.require(action, division=hit.division, department=body)


def _evidence(desk: Desk, catalogue: Catalogue, hit: Hit) -> tuple[Ledger, Evidence]:
    """The evidence as the registers show it for the day on which the hit was last found."""
    day = date.fromisoformat(hit.last_seen_on)
    ledger = Ledger(desk, catalogue, rules_on=day, facts_as_of=day)
    events = []
    if hit.kind == "multi_source" and hit.member_no:
        events = ledger.overpaid(scope_prefix(hit.division), hit.member_no)
    ledger.read([hit.household_no], events)
    begin = month_number(hit.from_month) if hit.from_month else None
    since = ledger.now if begin is None else begin
    return ledger, evidence_for(ledger, hit, since=since, begin=begin)


def show_overlap(desk: Desk, catalogue: Catalogue, hit_no: str) -> Overlap:
    """One overlap with its months, payers, history and law; the reading is journalled."""
    hit = find_hit(desk, hit_no)
    _require(desk, catalogue, "overlaps.read", hit)
    ledger, evidence = _evidence(desk, catalogue, hit)
    member = next((r for r in ledger.members(hit.household_no) if r[1] == hit.member_no), None)
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    shown = Overlap(
        **structs.asdict(line_of(hit)),
        division=hit.division,
        name=(member[3] if named else mask_name(member[3])) if member else None,
        id_number=mask_id(member[2]) if member and member[2] else None,
        found_on=hit.found_on,
        last_seen_on=hit.last_seen_on,
        attributable=evidence.attributable,
        spans=evidence.spans,
        payers=evidence.payers(),
        history=[OverlapMove(**row) for row in overlaps.moves_of(desk.home.casework, hit.hit_no)],
        basis=list(_basis(catalogue, hit)),
        next_step=_next_step(hit, evidence),
    )
    desk.record_reading("overlaps.show", hit.hit_no, {})
    return shown


def _basis(catalogue: Catalogue, hit: Hit) -> Iterator[str]:
    """The law of the kind, then of each programme as it stood when the hit was last found."""
    yield law_text(_LAW[hit.kind])
    versions = catalogue.versions_on(date.fromisoformat(hit.last_seen_on))
    for programme in hit.programmes:
        if programme in versions:
            laws = "; ".join(basis.words() for basis in versions[programme].basis)
            yield f"{catalogue.programmes[programme].names.text()}: {laws}"


def _next_step(hit: Hit, evidence: Evidence) -> str:
    if hit.state == "ended" and hit.kind == "missed":
        return _("It is no longer missed; if it is found again, it opens again.")
    if hit.state == "ended":
        return _("The registers no longer show it; resolve it where money is still to be returned.")
    if hit.state == "resolved":
        return _reopens_if(hit)
    if not evidence.attributable:
        return _("Mend the ID number or the name in the register first: its rows may be anybody's.")
    match hit.kind:
        case "missed":
            return _("Visit the family and take in an application if it wishes; then resolve this.")
        case "wrongly_kept":
            return _("Verify with the family and hear it before aid is reduced or ended.")
        case _other:
            return _("Ask the payers whether both paid the same person for the same months.")


def _reopens_if(hit: Hit) -> str:
    if hit.kind == "missed":
        return (
            _("It reopens by itself if it is still missed in a later month.")
            if hit.resolution == "confirmed"
            else _("It reopens by itself if it ends and is found again.")
        )
    return (
        _("It reopens by itself if other rows appear.")
        if hit.resolution == "false_hit"
        else _("It reopens by itself if other rows appear or aid is paid on.")
    )


def assign(desk: Desk, catalogue: Catalogue, hit_no: str, operator_no: str) -> OverlapLine:
    """Gives an overlap to an operator who may resolve it; `Refused` says why one may not."""
    hit = find_hit(desk, hit_no)
    _require(desk, catalogue, "overlaps.assign", hit)
    with about("operator"):
        operator = operators.find(desk.home.casework, operator_no)
    body = _body(catalogue, hit, operator.department)
    reason = Desk(desk.home, operator, desk.account).objection(
        "overlaps.resolve", division=hit.division, department=body
    )
    if reason is not None:
        raise Refused(
            reason,
            next_step=_("Choose somebody who may resolve it: `yimen operator list`."),
            field="operator",
        )
    move = Move(hit_no=hit.hit_no, act="assign", reason=operator.operator_no)
    after = structs.replace(hit, owner=operator.operator_no)
    return _write(desk, hit, after, move, {"from": hit.owner, "to": operator.operator_no})


def resolve(
    desk: Desk,
    catalogue: Catalogue,
    hit_no: str,
    *,
    code: str,
    reason: str,
    from_month: str | None = None,
    to_month: str | None = None,
    amount_fen: int | None = None,
) -> OverlapLine:
    """Records what was found out: false_hit, disputed or confirmed, with its months and money.

    Months and the fen to be returned are those given, else those of the evidence; months lie
    within those that were found. A confirmed one needs months, a false one has nothing to return.
    It may be resolved again when more is known.
    An ID number in the reason is masked before it is kept.
    """
    hit = find_hit(desk, hit_no)
    _require(desk, catalogue, "overlaps.resolve", hit)
    if code not in RESOLUTIONS:
        raise BadInput(
            _("'{code}' is not a resolution.").format(code=code[:20]),
            next_step=_("It is one of: {codes}.").format(codes=", ".join(RESOLUTIONS)),
            field="code",
        )
    if not reason.strip():
        raise BadInput(
            _("A resolution needs a reason."),
            next_step=_("Say what was found out, with --reason."),
            field="reason",
        )
    first, last, amount = _months_and_money(
        desk, catalogue, hit, code, from_month, to_month, amount_fen
    )
    after = structs.replace(
        hit,
        state="resolved",
        resolution=code,
        resolved_to=last,
        resolved_evidence=hit.evidence,
    )
    move = Move(
        hit_no=hit.hit_no,
        act="resolve",
        code=code,
        from_month=first,
        to_month=last,
        amount_fen=amount,
        reason=mask_ids_in(reason.strip()),
    )
    body = {"code": code, "from": first, "to": last, "amount_fen": amount, "reason": move.reason}
    return _write(desk, hit, after, move, body)


def _months_and_money(
    desk: Desk,
    catalogue: Catalogue,
    hit: Hit,
    code: str,
    from_month: str | None,
    to_month: str | None,
    amount_fen: int | None,
) -> tuple[str | None, str | None, int | None]:
    for field, month in (("from", from_month), ("to", to_month)):
        if month is not None and not is_month(month):
            raise BadInput(
                _("'{month}' is not a month.").format(month=month[:20]),
                next_step=_("Write it as 2026-12."),
                field=field,
            )
        if month is not None:
            _require_found(desk, hit, field, month)
    first, last = from_month or hit.from_month, to_month or hit.to_month
    if first and last and last < first:
        raise BadInput(
            _("The last month lies before the first."),
            next_step=_("Check --from and --to."),
            field="to",
        )
    if code == "false_hit":
        if amount_fen:
            raise BadInput(
                _("A false hit has no money to be returned."),
                next_step=_("Leave --amount out, or choose confirmed."),
                field="amount",
            )
        return first, last, None
    if code == "confirmed" and not (first and last):
        raise BadInput(
            _("The months of this overlap are not known, and a confirmed one needs them."),
            next_step=_("Give --from and --to."),
            field="from",
        )
    if amount_fen is not None and amount_fen < 0:
        raise BadInput(
            _("An amount cannot be negative."), next_step=_("Give it in yuan."), field="amount"
        )
    if amount_fen is None and first and last:
        through = resolved_through(hit) if hit.state != "resolved" else None
        if (first, last) == (hit.from_month, hit.to_month):
            amount_fen = hit.amount_fen
        elif through is None or month_number(first) > through:
            # What was resolved before has been counted; what of it is new is for the officer.
            amount_fen = _evidence(desk, catalogue, hit)[1].within(first, last)
    return first, last, amount_fen


def _require_found(desk: Desk, hit: Hit, field: str, month: str) -> None:
    """Refuses a month in which a hit was not found, or that has not come."""
    if hit.from_month and hit.to_month and not hit.from_month <= month <= hit.to_month:
        raise BadInput(
            _("{month} is none of the months of overlap {no}: {first} to {last}.").format(
                month=month, no=hit.hit_no, first=hit.from_month, last=hit.to_month
            ),
            next_step=_("Give --from and --to within them; a run adds the months that follow."),
            field=field,
        )
    if month > desk.home.clock.today().isoformat()[:7]:
        raise BadInput(
            _("{month} is still to come, and is no month of overlap {no} yet.").format(
                month=month, no=hit.hit_no
            ),
            next_step=_("Give months up to the present one."),
            field=field,
        )


def _write(
    desk: Desk, before: Hit, after: Hit, move: Move, body: Mapping[str, object]
) -> OverlapLine:
    with desk.home.writing() as db:
        if not overlaps.replace(db, before, after):
            raise StaleRevision(
                _("Overlap {no} was changed by somebody else just now.").format(no=before.hit_no),
                next_step=_("Look at it again: `yimen overlaps show {no}`.").format(
                    no=before.hit_no
                ),
            )
        overlaps.add_moves(db, desk.home.clock.now(), desk.operator.operator_no, [move])
        desk.record(db, f"overlaps.{move.act}", before.hit_no, body)
    return line_of(after)
