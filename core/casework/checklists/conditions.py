"""How each condition that the records show is met: the command, for the desk whose step it is."""

from __future__ import annotations

from yimen.core.casework.checklists.cases import Case
from yimen.core.checklist_declarations import Condition
from yimen.core.i18n import _

# condition -> the command that meets it; {no} is the subject's number, {application} and
# {household} those of its application and its family
COMMANDS: dict[str, str] = {
    "application_opened": "yimen intake ID",
    "papers_signed": "yimen intake {no} --authorisation FILE --pledge FILE",
    "notice_given": "yimen intake {no}",
    "application_accepted": "yimen intake {application}",
    "report_filed": "yimen check {application}",
    "referrals_dispatched": "yimen dispatch {no}",
    "referrals_received": "yimen referral list --application {no}",
    "referrals_accepted": "yimen referral list --application {no}",
    "referrals_answered": "yimen feedback {no}",
    "application_closed": "yimen feedback {no}",
    "needs_assessed": "yimen need assess {household} NEED=yes --source HOW",
    "referral_received": "yimen referral receive {no}",
    "referral_accepted": "yimen referral accept {no}",
    "referral_decided": "yimen referral decide {no} OUTCOME --basis LAW",
    "referral_confirmed": "yimen referral complete {no}",
}
_OF_PURCHASE = "yimen purchase show {no}"


def command_for(condition: Condition, case: Case) -> str:
    """The command line that leads to a condition."""
    return COMMANDS.get(condition, _OF_PURCHASE).format(
        no=case.subject, application=case.application_no, household=case.household_no
    )


def how_to_meet(condition: Condition, case: Case) -> str:
    """A sentence with the command that leads to a condition."""
    return _("It follows from `{command}`.").format(command=command_for(condition, case))
