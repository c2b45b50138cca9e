"""What an application asks on its way, and what is done with the answers: the forms without a face.

Screens and the line-by-line mode show the same fields and hand the answers to the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from yimen.core.casework.composition import Word
from yimen.core.casework.desk import Desk
from yimen.core.casework.dispatch import dispatch
from yimen.core.casework.household import show_household
from yimen.core.casework.intake import (
    Answer,
    continue_application,
    open_application,
    parse_answer,
)
from yimen.core.casework.interview import Interview
from yimen.core.casework.operators import operator_names
from yimen.core.casework.papers import PaperKind, Papers, hashed, seen, year_after
from yimen.core.clock import parse_date
from yimen.core.errors import BadInput, YimenError, about
from yimen.core.i18n import _
from yimen.core.records import Household
from yimen.core.results import DispatchResult, IntakeResult
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.library import named_programmes
from yimen.core.words.people import relation_name
from yimen.tui.widgets.fields import Field, Kind

Answers = Mapping[str, str]
_PAPERS: tuple[PaperKind, ...] = ("authorisation", "pledge")
# The type of a fact -> the kind of its field, where it is more than a line of text.
_KINDS: dict[str, Kind] = {"money": "money", "integer": "number", "date": "day"}


# -- opening ------------------------------------------------------------------------------------


def opening_fields(desk: Desk, family: Household) -> list[Field]:
    """What was signed, what is asked for, and the officer's word on who counts."""
    words = {"": _("by the rules"), "yes": _("counts"), "no": _("does not count")}
    return [
        Field("authorisation", _("Authorisation"), "tick", hint=_("every adult has signed")),
        Field("pledge", _("Pledge of truth"), "tick", hint=_("every adult has signed")),
        Field("signed_on", _("Signed on"), "day", value=desk.home.clock.today().isoformat()),
        Field("scan", _("Scan on this server"), "file",
              hint=_("a file; empty where there is none")),
        Field("requested", _("Asks for"), hint=_("programmes by name or number, or empty")),
        *(
            Field(m.member_no, f"{m.name} {relation_name(m.relation)}", "choice", choices=words)
            for m in family.members
        ),
    ]  # fmt: skip


def opened(desk: Desk, catalogue: Catalogue, household_no: str, answers: Answers) -> IntakeResult:
    """Opens the application of a household with the answers to `opening_fields`."""
    word = Word({name: said == "yes" for name, said in answers.items()
                 if name.startswith("M") and said})  # fmt: skip
    return open_application(
        desk,
        catalogue,
        # The household's number stands for its people: nobody types an ID number twice.
        _applicant(desk, catalogue, household_no),
        household_no=household_no,
        papers=_papers(desk, answers),
        word=word,
        requested=named_programmes(catalogue, answers["requested"]),
        tell=False,
    )


def _applicant(desk: Desk, catalogue: Catalogue, household_no: str) -> str:
    family = show_household(desk, catalogue, household_no, unmask=True).household
    found = next((m.id_number for m in family.members if m.id_number), None)
    if found is None:
        raise BadInput(
            _("Nobody in this family has an ID number in the register."),
            next_step=_("Have the residence register corrected first."),
        )
    return found


def _papers(desk: Desk, answers: Answers) -> Papers | None:
    signed: list[PaperKind] = [kind for kind in _PAPERS if answers[kind]]
    if not signed:
        return None
    with about("signed_on"):
        day = parse_date(answers["signed_on"])
    scan = Path(answers["scan"]).expanduser() if answers["scan"] else None
    files = {kind: hashed(scan) if scan else seen(desk, kind, day) for kind in signed}
    return Papers(files=files, signed_on=day, expires_on=year_after(day))


# -- questions ----------------------------------------------------------------------------------


def question_fields(found: Interview) -> list[Field]:
    """The papers still to be signed, and only what no register knows."""
    left = len(found.unsigned)
    missing = _("missing: {n}; Space: all have signed").format(n=left)
    papers = Field(
        "papers",
        _("Signatures"),
        "tick",
        hint=missing if left else _("all have signed"),
        value="" if left else "1",
    )
    return [papers, *_questions(found)]


def _questions(found: Interview) -> list[Field]:
    fields = []
    for q in found.questions:
        choices = {"yes": _("yes"), "no": _("no")} if q.type == "boolean" else q.codes
        fields.append(
            Field(
                f"{q.subject}:{q.fact}",
                f"{q.about} {q.text}".strip(),
                "choice" if choices else _KINDS.get(q.type, "text"),
                value=q.answer,
                choices=choices,
                hint=_("yuan") if q.type == "money" else "",
            )
        )
    return fields


def read_answers(
    catalogue: Catalogue, before: Answers, answers: Answers
) -> tuple[list[Answer], dict[str, YimenError]]:
    """What was newly said, and for each field that cannot be read why."""
    typed: list[Answer] = []
    faults: dict[str, YimenError] = {}
    for name, said in answers.items():
        if name == "papers" or not said or said == before.get(name):
            continue
        subject, __, fact = name.partition(":")
        try:
            typed.append(
                parse_answer(catalogue, f"{fact if subject.startswith('H') else name}={said}")
            )
        except YimenError as error:
            faults[name] = error
    return typed, faults


def answered(
    desk: Desk,
    catalogue: Catalogue,
    application_no: str,
    before: Answers,
    answers: Answers,
    *,
    typed: Sequence[Answer],
    rev: int | None,
) -> IntakeResult:
    """Adds what was newly said, and the papers where they were signed now."""
    papers = None
    if answers["papers"] and not before.get("papers"):
        today = desk.home.clock.today()
        files = {kind: seen(desk, kind, today) for kind in _PAPERS}
        papers = Papers(files=files, signed_on=today, expires_on=year_after(today))
    return continue_application(
        desk, catalogue, application_no, papers=papers, answers=typed, rev=rev
    )


def others(desk: Desk, found: Interview) -> str:
    """The names of those who answered beside the one at this desk."""
    called = operator_names(desk.home.casework)
    own = desk.operator.operator_no
    names = [called.get(no, no) for no in found.answered_by if no != own]
    return _(", ").join(names) or _("Somebody else")


# -- dispatch -----------------------------------------------------------------------------------


def dispatch_fields() -> list[Field]:
    """Which programmes go out, and the reason where an open overlap stands in the way."""
    return [
        Field("programmes", _("Programmes"), hint=_("names or numbers; empty: all that qualify")),
        Field("override", _("In spite of an overlap"), hint=_("the reason, where one is open")),
    ]


def dispatched(
    desk: Desk, catalogue: Catalogue, application_no: str, answers: Answers
) -> DispatchResult:
    """Sends out what was named, or all that qualifies."""
    return dispatch(
        desk,
        catalogue,
        application_no,
        only=named_programmes(catalogue, answers["programmes"]),
        override=answers["override"] or None,
    )
