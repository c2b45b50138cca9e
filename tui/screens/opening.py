"""Which screen shows which record: the one place that knows, for lists and for typed numbers.

Everything is imported when it is needed: the first screen of the day opens this file, and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yimen.tui.app import ClerkApp


def open_number(clerk: ClerkApp, text: str) -> None:
    """Opens the record that a typed number names; its error says what to type instead."""
    from yimen.core.casework.finding import find_number

    found = find_number(clerk.desk, text)
    match found.kind:
        case "person":
            from yimen.core.casework.household import query
            from yimen.tui.screens.household import HouseholdPage

            file = query(clerk.desk, clerk.catalogue, found.number)
            clerk.open(HouseholdPage(file.household.household_no))
        case "household":
            from yimen.tui.screens.household import HouseholdPage

            clerk.open(HouseholdPage(found.number))
        case "application":
            open_application(clerk, found.number)
        case "referral":
            from yimen.tui.screens.referral import ReferralPage

            clerk.open(ReferralPage(found.number))
        case "overlap":
            from yimen.tui.screens.overlap import OverlapPage

            clerk.open(OverlapPage(found.number))


def open_application(clerk: ClerkApp, application_no: str) -> None:
    """The screen on which an application goes on: its questions, its report, or its answers."""
    from yimen.core.casework.check import find_application

    application = find_application(clerk.desk, application_no)
    match application.state:
        case "draft" | "submitted" | "supplement_noticed":
            from yimen.tui.screens.intake import AnswersPage

            clerk.open(AnswersPage(application_no))
        case "accepted" | "checked":
            from yimen.tui.screens.report import ReportPage

            clerk.open(ReportPage(application_no))
        case _sent_or_closed:
            from yimen.tui.screens.answers import FeedbackPage

            clerk.open(FeedbackPage(application_no))


def open_draft(clerk: ClerkApp, form: str, subject: str) -> None:
    """The form that a draft belongs to; the form itself fills the draft in."""
    match form:
        case "intake":
            from yimen.tui.screens.intake import IntakePage

            clerk.open(IntakePage(subject))
        case "answers":
            from yimen.tui.screens.intake import AnswersPage

            clerk.open(AnswersPage(subject))
        case _other:
            open_number(clerk, subject)
