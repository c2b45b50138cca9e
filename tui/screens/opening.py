"""Which screen shows which record: the one place that knows, for lists and for typed numbers.

Everything is imported when it is needed: the first screen of the day opens this file, and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yimen.core.checklist_records import ChecklistView
    from yimen.tui.app import ClerkApp


def open_number(clerk: ClerkApp, text: str) -> None:
    """Opens the record that a typed number names; its error says what to type instead."""
    from yimen.core.casework.finding import find_number

    found = find_number(clerk.desk, text)
    match found.kind:
        case "person":
            from yimen.core.casework.household import query
            from yimen.core.errors import SharedNumber
            from yimen.tui.screens.household import HouseholdPage

            try:
                file = query(clerk.desk, clerk.catalogue, found.number)
            except SharedNumber as shared:
                from yimen.tui.screens.families import FamiliesPage

                clerk.open(FamiliesPage(shared))
            else:
                clerk.open(HouseholdPage(file.household.household_no))
        case "household":
            from yimen.tui.screens.household import HouseholdPage

            clerk.open(HouseholdPage(found.number))
        case "application":
            from yimen.core.casework.second_person import may_sign

            if may_sign(clerk.desk, found.number):
                from yimen.tui.screens.signing import SigningPage

                clerk.open(SigningPage(found.number))
            else:
                open_application(clerk, found.number)
        case "referral" | "payment":
            open_case(clerk, found.number)
        case "overlap":
            from yimen.tui.screens.overlap import OverlapPage

            clerk.open(OverlapPage(found.number))
        case "notice":
            from yimen.tui.screens.notices import NoticePage

            clerk.open(NoticePage(found.number))
        case "benefit":
            from yimen.tui.screens.benefits import BenefitPage

            clerk.open(BenefitPage(found.number))
        case "purchase":
            from yimen.tui.screens.purchase import PurchasePage

            clerk.open(PurchasePage(found.number))
        case "order":
            from yimen.tui.screens.orders import OrderPage

            clerk.open(OrderPage(found.number))


def open_case(clerk: ClerkApp, number: str) -> None:
    """The screen on which an application, a referral or a payment goes on, signed for or not."""
    match number[0]:
        case "A":
            open_application(clerk, number)
        case "R":
            from yimen.tui.screens.referral import ReferralPage

            clerk.open(ReferralPage(number))
        case _payment:
            from yimen.tui.screens.payments import PaymentPage

            clerk.open(PaymentPage(number))


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
    if application.proposal_to_end is not None:
        from yimen.core.casework.operators import operator_names
        from yimen.core.documents.handover_text import proposal_standing

        names = operator_names(clerk.desk.home.casework)
        clerk.later(proposal_standing(application.proposal_to_end, names))


def open_step(clerk: ClerkApp, view: ChecklistView, condition: str) -> bool:
    """Opens where a step of an application is done; False where that is the subject's own screen.

    What the records must show tells the screen: the papers at the questions, a report at the check.
    """
    if view.subject[:1] != "A":
        return False
    match condition:
        case "papers_signed" | "notice_given" | "application_accepted":
            from yimen.tui.screens.intake import AnswersPage

            clerk.open(AnswersPage(view.subject))
        case "report_filed":
            from yimen.tui.screens.report import ReportPage

            clerk.open(ReportPage(view.subject))
        case "referrals_dispatched":
            from yimen.tui.screens.report import DispatchPage

            clerk.open(DispatchPage(view.subject))
        case _answered_or_closed:
            return False
    return True


def open_draft(clerk: ClerkApp, form: str, subject: str) -> None:
    """The form that a draft belongs to; the form itself fills the draft in."""
    match form:
        case "intake":
            from yimen.tui.screens.intake import IntakePage

            clerk.open(IntakePage(subject))
        case "answers":
            from yimen.tui.screens.intake import AnswersPage

            clerk.open(AnswersPage(subject))
        case "step":
            from yimen.tui.screens.step import StepPage

            clerk.open(StepPage(*subject.split(" ")))
        case "deed":
            from yimen.tui.screens.deed import DeedPage

            number, __, name = subject.rpartition(" ")
            clerk.open(DeedPage(name, number))
        case "verb":
            from yimen.tui.screens.referral import VerbPage

            number, __, name = subject.rpartition(" ")
            clerk.open(VerbPage(name, number))
        case "assess":
            from yimen.tui.screens.assess import AssessPage

            clerk.open(AssessPage(subject))
        case "verify":
            from yimen.tui.screens.verify import VerifyPage

            clerk.open(VerifyPage(subject))
        case "dispatch":
            from yimen.tui.screens.report import DispatchPage

            clerk.open(DispatchPage(subject))
        case "end":
            from yimen.tui.screens.ending import EndPage

            clerk.open(EndPage(subject))
        case "decline":
            from yimen.tui.screens.signing import DeclinePage

            clerk.open(DeclinePage(subject))
        case _other:
            open_number(clerk, subject)
