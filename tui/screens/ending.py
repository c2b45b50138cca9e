"""An application that is ended or said no to: taken back, not met, not taken on, no cooperation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yimen.core.casework import closing
from yimen.core.casework.applications import withdraw_application
from yimen.core.casework.check import find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.possible_ends import possible_ends
from yimen.core.i18n import _
from yimen.core.records import Application
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.library import named_programmes
from yimen.core.words.cases import state_name
from yimen.tui.form import FormPage
from yimen.tui.page import Page
from yimen.tui.widgets.fields import Field

Answers = Mapping[str, str]


def end_fields(ends: Mapping[str, Mapping[str, str]]) -> list[Field]:
    """Which of these ends, its coded reason, its law, what the family is told."""
    names = {
        "withdraw": _("the family takes it back"),
        "close": _("nothing was to be dispatched"),
        "refuse": _("refuse programmes that are not met"),
        "terminate": _("refused to cooperate"),
        "reject": _("not taken on"),
    }
    coded = {end: {code: _(t) for code, t in codes.items()} for end, codes in ends.items()}
    refusing = "end", frozenset(ends) - {"withdraw"}
    return [
        Field("end", _("End"), "choice", required=True,
              choices={end: name for end, name in names.items() if end in ends}),
        Field("reason", _("Reason"), "choice", required=True, only_with=refusing,
              choices={code: text for codes in coded.values() for code, text in codes.items()},
              choices_with=coded),
        Field("basis", _("Legal basis"), only_with=refusing),
        Field("note", _("Note")),
        Field("programmes", _("Programmes refused"), hint=_("empty: all that are not met"),
              only_with=("end", frozenset({"refuse"}))),
    ]  # fmt: skip


def ended(desk: Desk, catalogue: Catalogue, number: str, answers: Answers) -> Application:
    """Ends the application or proposes it, as was answered."""
    note, code, basis = answers["note"], answers["reason"], answers["basis"]
    match answers["end"]:
        case "withdraw":
            return withdraw_application(desk, number, note=note)
        case "terminate":
            return closing.terminate_application(
                desk, number, reason_code=code, basis=basis, note=note
            )
        case "reject":
            return closing.reject_application(
                desk, number, reason_code=code, basis=basis, note=note
            )
        case "refuse":
            return closing.refuse_programmes(
                desk, catalogue, number, reason_code=code, basis=basis, note=note,
                programmes=named_programmes(catalogue, answers["programmes"]),
            )  # fmt: skip
        case _close:
            return closing.close_application(
                desk, catalogue, number, reason_code=code, basis=basis, note=note
            )


def decline_fields() -> list[Field]:
    """Why a proposal is not signed."""
    return [Field("note", _("Why it is not signed"), required=True)]


def open_end(page: Page, number: str) -> None:
    """Opens the form, or says why this application has no end to choose."""
    with page.refusals():
        if possible_ends(page.desk, page.catalogue, number):
            page.clerk.open(EndPage(number))
            return
        state = state_name(find_application(page.desk, number).state)
        page.say(
            _("! {no} is {state}: nothing is left to end or refuse.").format(no=number, state=state)
        )


class EndPage(FormPage):
    """Which end, why, under which law, and a Y; what one person proposes another one signs."""

    CSS_PATH = "ending.tcss"
    FORM = "end"

    def place(self) -> str:
        return _("End")

    def fields(self) -> Sequence[Field]:
        return end_fields(possible_ends(self.desk, self.catalogue, self.subject))

    def save(self, answers: dict[str, str]) -> None:
        self.clerk.confirm(
            _("End application {no}?").format(no=self.subject), lambda: self._end(answers)
        )

    def _end(self, answers: dict[str, str]) -> None:
        after = ended(self.desk, self.catalogue, self.subject, answers)
        self.done()
        self.clerk.back()
        self.clerk.later(how_it_ended(after))


def how_it_ended(after: Application) -> str:
    """The state that it is in now, or that a second person has to sign first."""
    if after.proposal_to_end is not None:
        return _("{no}: proposed; a second person signs it.").format(no=after.application_no)
    return f"{after.application_no}{_(': ')}{state_name(after.state)}"
