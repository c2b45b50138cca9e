"""Who belongs to an application's household: the register's members, and an officer's word on them.

The rule pack says who counts; an officer may say otherwise, or add someone who is registered
elsewhere, such as a spouse. It must never drop a member that the register shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yimen.core.casework.desk import Desk
from yimen.core.casework.household import refuse_shared, shown_number
from yimen.core.casework.selecting import current_roster
from yimen.core.errors import BadInput, NotFound
from yimen.core.i18n import _
from yimen.core.identity import mask_id, normalise_id
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases, roster
from yimen.core.store.roster import RosterRow


@dataclass(frozen=True)
class AddedMember:
    """A person registered elsewhere who belongs to the family, and the relation to its head."""

    row: RosterRow
    relation: str


@dataclass(frozen=True)
class Word:
    """An officer's word on a composition: who counts, who does not, and who is added."""

    counted: Mapping[str, bool]
    added: Sequence[AddedMember] = ()


NO_WORD = Word({})


def find_added(desk: Desk, catalogue: Catalogue, text: str) -> AddedMember:
    """`ID=relation` as the person in the residence register, and the relation's code.

    A member's number stands for one person where several have the ID number.
    """
    id_text, sign, relation = text.partition("=")
    if not sign:
        raise BadInput(
            _("'{text}' names no relation.").format(text=mask_id(text.strip())),
            next_step=_("Write it as ID=relation, for instance with 10 for a spouse."),
        )
    table = current_roster(desk, catalogue, desk.home.clock.today())
    number, column = plain_number(id_text), "member_no"
    if not number.startswith("M"):
        number, column = normalise_id(id_text, synthetic=desk.home.synthetic), "id_number"
    rows = roster.find_rows(desk.home, table, column, [number])
    if not rows:
        raise NotFound(
            _("The residence register holds nobody with the number {id}.").format(
                id=shown_number(number)
            ),
            next_step=_("Compare with the ID card."),
        )
    refuse_shared(
        desk,
        rows,
        lambda __: _("Write the member's number in the place of the ID number: M0000012=10."),
    )
    desk.require("intake", division=rows[0][7])
    return AddedMember(rows[0], _relation_code(catalogue, relation.strip()))


def _relation_code(catalogue: Catalogue, text: str) -> str:
    source = catalogue.residence
    columns = source.columns if source else []
    name = source.residence.relation if source and source.residence else ""
    codes = next((c.codes for c in columns if c.column == name), {})
    for code, spellings in codes.items():
        if text == code or text in spellings:
            return code
    raise BadInput(
        _("'{text}' is not a relation.").format(text=text[:20]),
        next_step=_("Codes are: {codes}.").format(codes=", ".join(codes)),
    )


def check_members(members: Sequence[str], named: Sequence[str]) -> None:
    """Refuses numbers that are not members of the household."""
    if strangers := sorted(set(named) - set(members)):
        raise BadInput(
            _("{no} is not a member of this household.").format(no=", ".join(strangers)),
            next_step=_("`yimen query ID` shows the members' numbers."),
        )


def write_proposal(
    desk: Desk,
    application_no: str,
    rows: Sequence[RosterRow],
    pack: str,
    counted: Mapping[str, int | None],
) -> None:
    """Writes the register's members as the composition, inside the caller's transaction."""
    for row in rows:
        _insert(desk, application_no, pack, row, row[4], counted.get(row[1]), "rule")


def apply_word(desk: Desk, application_no: str, word: Word) -> None:
    """Writes the officer's word, inside the caller's transaction."""
    db = desk.home.casework
    members = cases.composition(db, application_no)
    present = {m["member_no"] for m in members}
    for added in word.added:
        if added.row[1] not in present:
            pack = members[0]["rule_pack"]
            _insert(desk, application_no, pack, added.row, added.relation, 1, "officer")
    for member, counts in word.counted.items():
        db.conn.execute(
            "UPDATE composition SET counted = ?, source = 'officer' WHERE application_no = ?"
            " AND member_no = ?",
            [int(counts), application_no, member],
        )


def _insert(
    desk: Desk,
    application_no: str,
    pack: str,
    row: RosterRow,
    relation: str,
    counted: int | None,
    source: str,
) -> None:
    desk.home.casework.conn.execute(
        "INSERT INTO composition (application_no, rule_pack, version, member_no, id_number, name,"
        " relation, birth_date, sex, counted, from_date, source)"
        " VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [application_no, pack, row[1], row[2], row[3], relation, row[5], row[6], counted,
         desk.home.clock.today().isoformat(), source],
    )  # fmt: skip
