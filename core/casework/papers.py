"""Signed papers: the authorisation to read registers 授权书 and the pledge 承诺书.

The paper's file is hashed, not kept: the hash proves later that the paper shown is the one signed.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from yimen.core.casework.composition import check_members
from yimen.core.casework.desk import Desk
from yimen.core.errors import BadFile, BadInput
from yimen.core.i18n import _
from yimen.core.records import MissingItem
from yimen.core.store import cases
from yimen.core.words.files import reason_of

ADULT_AGE = 18
PaperKind = Literal["authorisation", "pledge"]

# No scan of a few pages is larger, and none is read whole into memory.
MOST_BYTES = 100 << 20


@dataclass(frozen=True)
class Papers:
    """Papers signed on one day: kind -> (file name, SHA-256), by whom, how far they reach.

    `signed_by` empty means every adult. `scope` names sources that an authorisation opens and
    departments it covers; * is all.
    """

    files: dict[PaperKind, tuple[str, str]]
    signed_on: date
    expires_on: date
    signed_by: list[str] = field(default_factory=list)
    scope: list[str] = field(default_factory=lambda: ["*"])


def hashed(path: Path) -> tuple[str, str]:
    """A signed paper's file name and SHA-256 in hex; `BadFile` for what is no paper."""
    reason = ""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            reason = _("it is a folder, not a file")
        elif not stat.S_ISREG(about.st_mode):
            reason = _("it is no file of a disk")
        elif not about.st_size:
            reason = _("it is empty")
        elif about.st_size > MOST_BYTES:
            reason = _("it is larger than {megabytes} MB").format(megabytes=MOST_BYTES >> 20)
        else:
            with path.open("rb") as file:
                return path.name, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = reason_of(error)
    raise BadFile(
        _("The paper cannot be read: {reason}.").format(reason=reason),
        where=str(path),
        next_step=_("Give the scan or text of the signed paper."),
    )


def seen(desk: Desk, kind: PaperKind, signed_on: date) -> tuple[str, str]:
    """A signed paper that was seen and not scanned: a name that says who saw it, and its hash.

    The hash is of the sentence that the officer vouches for, not of a picture; the paper itself
    stays in the office's files, and the name sends whoever looks for it there.
    """
    name = f"seen-by-{desk.operator.operator_no}-on-{desk.home.clock.today().isoformat()}"
    sentence = f"{kind} signed on {signed_on.isoformat()} {name}"
    return name, hashlib.sha256(sentence.encode()).hexdigest()


def year_after(day: date) -> date:
    """The last day of a paper that was signed on a day and says nothing else: a year later."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if leap else day.day)


def adults(desk: Desk, application_no: str) -> list[tuple[str, str]]:
    """(member_no, name) of members who must sign: those of 18 and more, or of unknown age."""
    return [
        (member["member_no"], member["name"])
        for member in cases.composition(desk.home.casework, application_no)
        if member["counted"] != 0 and not is_minor(desk, member["birth_date"])
    ]


def is_minor(desk: Desk, birth_date: str | None) -> bool:
    """Whether a person is under age today; one whose birth is not known counts as an adult."""
    if birth_date is None:
        return False
    today, born = desk.home.clock.today(), date.fromisoformat(birth_date)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < ADULT_AGE


def _minors(desk: Desk, application_no: str) -> list[str]:
    return [
        member["member_no"]
        for member in cases.composition(desk.home.casework, application_no)
        if is_minor(desk, member["birth_date"])
    ]


def record_papers(desk: Desk, application_no: str, papers: Papers) -> list[str]:
    """Writes one consent per paper and person inside the caller's transaction; their numbers.

    Guardians sign for the household's minors (PIPL §31).
    """
    today = desk.home.clock.today()
    if papers.signed_on > today:
        raise BadInput(
            _("A paper cannot be signed in the future ({day}).").format(day=papers.signed_on),
            next_step=_("Give the day of the signature."),
            field="signed_on",
        )
    if papers.expires_on < papers.signed_on:
        raise BadInput(_("The paper ends before it was signed."), next_step=_("Check --expires."))
    db = desk.home.casework
    signers = papers.signed_by or [member for member, __ in adults(desk, application_no)]
    check_members([m["member_no"] for m in cases.composition(db, application_no)], signers)
    persons = [*signers, *(m for m in _minors(desk, application_no) if m not in signers)]
    numbers = []
    for kind, (name, digest) in papers.files.items():
        for member in persons:
            number = cases.next_number(db, "consent", "consent_no", "S", today.year)
            db.conn.execute(
                "INSERT INTO consent (consent_no, application_no, member_no, kind, scope,"
                " signed_on, expires_on, paper_sha256, paper_name, recorded_by, recorded_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [number, application_no, member, kind, json.dumps(papers.scope),
                 papers.signed_on.isoformat(), papers.expires_on.isoformat(), digest, name,
                 desk.operator.operator_no, desk.home.clock.now()],
            )  # fmt: skip
            numbers.append(number)
    return numbers


def unsigned(
    desk: Desk, application_no: str, *, without: Collection[str] = ()
) -> list[MissingItem]:
    """The papers that adult members have not signed, or whose term is over."""
    today = desk.home.clock.today().isoformat()
    signers = [(m, name) for m, name in adults(desk, application_no) if m not in without]
    held = {
        (c.member_no, c.kind)
        for c in cases.consents(desk.home.casework, [member for member, __ in signers])
        if c.signed_on <= today <= c.expires_on
    }
    papers: tuple[tuple[PaperKind, str], ...] = (
        ("authorisation", _("authorisation to check the family's economic situation")),
        ("pledge", _("pledge of truth")),
    )
    return [
        MissingItem(fact=None, document=title, why=_("{name} has not signed it").format(name=name))
        for kind, title in papers
        for member, name in signers
        if (member, kind) not in held
    ]


def covers_department(desk: Desk, application_no: str, department: str, member: str | None) -> bool:
    """Whether valid authorisations let this department receive the facts.

    For one member's matter it is that member's own; for the household's, everybody's who counts.
    """
    today = desk.home.clock.today().isoformat()
    composed = cases.composition(desk.home.casework, application_no)
    needed = {member} if member else {m["member_no"] for m in composed if m["counted"] != 0}
    covered = {
        c.member_no
        for c in cases.consents(desk.home.casework, sorted(needed))
        if c.kind == "authorisation"
        and c.signed_on <= today <= c.expires_on
        and ("*" in c.scope or department in c.scope)
    }
    return needed <= covered
