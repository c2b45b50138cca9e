"""The plain moves of a hand-over: sent, signed for, taken on, begun, clarified, taken back."""

from __future__ import annotations

from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.many import each
from yimen.core.casework.papers import covers_department
from yimen.core.casework.referral.finding import referral_lines
from yimen.core.casework.referral.moving import move, noted, ready
from yimen.core.casework.terms import terms_of
from yimen.core.declarations import ProgrammeVersion
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.referral_records import Referral
from yimen.core.results import BulkLine
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.words.cases import state_name


def send(desk: Desk, catalogue: Catalogue, referral_no: str) -> Referral:
    """Sends a draft 草稿 to its department; its clocks start now."""
    referral = ready(desk, "send", referral_no)
    refuse_uncovered(desk, referral.application_no, referral.department, referral.member_no)
    version = version_of(catalogue, referral)
    (application,) = cases.applications(desk.home.casework, application_no=referral.application_no)

    def sent(before: Referral, __: Referral) -> None:
        desk.home.casework.conn.execute(
            "UPDATE application SET state = 'dispatched', rev = rev + 1"
            " WHERE application_no = ? AND state = 'checked'",
            [before.application_no],
        )

    return move(
        desk,
        "send",
        referral,
        terms=terms_of(desk, version, application.accepted_on),
        changes={"dispatched_on": desk.home.clock.today().isoformat()},
        follow=sent,
    )


def receive(desk: Desk, referral_no: str) -> Referral:
    """The department signs for the referral 签收."""
    return move(desk, "receive", ready(desk, "receive", referral_no))


def receive_all(desk: Desk, department: str) -> list[BulkLine]:
    """Signs for all that waits for a department in the desk's scope, each on its own."""
    desk.require("referral.work", department=department)
    waiting = [
        line.referral_no
        for line in referral_lines(desk, department=department, state="dispatched")
        if line.department == department
    ]
    return each(waiting, lambda no: state_name(receive(desk, no).state))


def accept(desk: Desk, referral_no: str) -> Referral:
    """The department takes the matter on 受理."""
    return move(desk, "accept", ready(desk, "accept", referral_no))


def start(desk: Desk, referral_no: str) -> Referral:
    """The department begins to handle what it took on 办理中."""
    return move(desk, "start", ready(desk, "start", referral_no))


def clarify(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """The window sends an unclear answer back to the department before it is confirmed."""
    referral = ready(desk, "clarify", referral_no)
    return move(
        desk, "clarify", referral, note=noted(note), changes={"decision": None, "due_office": None}
    )


def withdraw(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """The window takes the referral back 撤回, as when the family no longer asks."""
    return move(desk, "withdraw", ready(desk, "withdraw", referral_no), note=noted(note))


def version_of(catalogue: Catalogue, referral: Referral) -> ProgrammeVersion:
    """The version of its programme under which a referral was dispatched."""
    versions = catalogue.versions_on(date.fromisoformat(referral.dispatched_on))
    version = versions.get(referral.programme)
    if version is None:
        raise Refused(
            _("The rules of {programme} cannot be read now.").format(programme=referral.programme),
            next_step=_("`yimen department list` shows why."),
        )
    return version


def refuse_uncovered(
    desk: Desk, application_no: str, department: str, member_no: str | None
) -> None:
    """Refuses to let a department have facts that no valid authorisation covers."""
    if not covers_department(desk, application_no, department, member_no):
        raise Refused(
            _("No valid authorisation covers the department {department}.").format(
                department=department
            ),
            next_step=_("Take one in: `yimen intake {no} --authorisation FILE`.").format(
                no=application_no
            ),
        )
