"""A fact that an officer verified: it stands before what registers hold and people declare."""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.household import show_household
from yimen.core.casework.intake import parse_answer, verify_fact
from yimen.core.i18n import _
from yimen.core.spelling import half_width
from yimen.tui.form import FormPage
from yimen.tui.widgets.fields import Field


class VerifyPage(FormPage):
    """Whose fact, which, its value, and what was seen."""

    CSS_PATH = "verify.tcss"
    FORM = "verify"

    def __init__(self, household_no: str, member: str = "", fact: str = "") -> None:
        super().__init__(household_no)
        self._member, self._fact = member, fact

    def place(self) -> str:
        return _("Verify a fact")

    def fields(self) -> Sequence[Field]:
        family = show_household(self.desk, self.catalogue, self.subject).household
        people = {"": _("household"), **{m.member_no: m.name for m in family.members}}
        fact = self.catalogue.facts.get(self._fact)
        return [
            Field("member", _("Whom"), "choice", choices=people, value=self._member),
            Field("fact", _("Fact"), value=fact.names.text() if fact else "", required=True,
                  hint=_("its name; the tab of facts fills it in")),
            Field("value", fact.names.text() if fact else _("Value"), required=True),
            Field("source", _("What was seen"), required=True,
                  hint=_("a paper, a visit, an office")),
        ]  # fmt: skip

    def save(self, answers: dict[str, str]) -> None:
        about = f"{answers['member']}:" if answers["member"] else ""
        # The name stands for the fact that was chosen; another department may call its own so too.
        chosen = self.catalogue.facts.get(self._fact)
        name = answers["fact"]
        same = chosen is not None and half_width(chosen.names.text()) == half_width(name)
        fact = chosen.fact if chosen is not None and same else name
        answer = parse_answer(self.catalogue, f"{about}{fact}={answers['value']}")
        verify_fact(self.desk, self.catalogue, self.subject, answer, source=answers["source"])
        self.done()
        self.clerk.back()
        self.clerk.later(_("The fact is recorded as verified."))
