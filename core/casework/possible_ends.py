"""Which ends an application has now, and with which reasons: what a form may offer at all.

The ends themselves refuse whatever is not among these; nothing is decided here.
"""

from __future__ import annotations

from yimen.core.casework.applications import verbs_now
from yimen.core.casework.check import filed_report, find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import CLOSING_CODES, REFUSAL_CODES, TERMINATION_CODES
from yimen.core.casework.refusable import reasons_to_refuse
from yimen.core.records import Application
from yimen.core.rules.catalogue import Catalogue


def possible_ends(
    desk: Desk, catalogue: Catalogue, application_no: str
) -> dict[str, dict[str, str]]:
    """end -> code -> reason: what the application's state, its referrals and its report allow.

    An end for which no reason is asked has none; one for which none is left is not there. Empty
    where nothing can be ended. `Refused` where the operator's role may end nothing.
    """
    application = find_application(desk, application_no)
    desk.require("application.end", division=application.division)
    found: dict[str, dict[str, str]] = {}
    for verb in verbs_now(desk, application):
        codes = _codes(desk, catalogue, application, verb)
        if codes or verb == "withdraw":
            found[verb] = codes
    return found


def _codes(desk: Desk, catalogue: Catalogue, application: Application, verb: str) -> dict[str, str]:
    match verb:
        case "withdraw":
            return {}
        case "terminate":
            return TERMINATION_CODES
        case "reject":
            return REFUSAL_CODES
    report = filed_report(desk, application.application_no)
    refusal = (
        reasons_to_refuse(desk, catalogue, application, report, whole=verb == "close")
        if report
        else {}
    )
    return refusal | CLOSING_CODES if verb == "close" else refusal
