"""Policy consultation: what could this family get? Nobody is named, nothing is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.consult import Advice, consult, county_standards, describe, open_facts
from yimen.core.documents.lists import amount_text
from yimen.core.i18n import _
from yimen.core.render.document import wrap
from yimen.core.rules.trial import TrialHousehold
from yimen.core.words.checks import outcome_name
from yimen.core.words.people import relation_code, sex_code
from yimen.tui.form import FormPage
from yimen.tui.keys import BACK, OPEN, QUESTIONS, RANGE
from yimen.tui.page import Page
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field
from yimen.tui.widgets.listing import Column, Listing

_MEMBERS = 6
_MARKS = {"eligible": "[v]", "unknown": "[?]", "ineligible": "[-]"}
# Of the open facts, so many are asked at once: those for which most programmes wait.
_ASKED = 10


class ConsultPage(FormPage):
    """Where the family lives, and each member's age, sex and relation to the head."""

    CSS_PATH = "consult.tcss"

    def __init__(self) -> None:
        super().__init__("-")

    def place(self) -> str:
        return _("Consultation")

    def fields(self) -> Sequence[Field]:
        zones = {"RURAL": _("rural"), "URBAN": _("urban")}
        hint = _("age, sex, relation to the head, as: 67 f spouse")
        return [
            Field("zone", _("Registered in"), "choice", choices=zones, value="RURAL"),
            Field("1", _("Head: age and sex"), required=True, hint=_("as: 67 f")),
            *(Field(str(n), _("Member {n}").format(n=n), hint=hint)
              for n in range(2, _MEMBERS + 1)),
        ]  # fmt: skip

    def save(self, answers: dict[str, str]) -> None:
        members = [_member(answers[str(n)], head=n == 1) for n in range(1, _MEMBERS + 1)
                   if answers[str(n)]]  # fmt: skip
        # Said wrongly, it is said here and not on the next screen.
        describe(self.catalogue, members, [], answers["zone"])
        self.clerk.open(AdvicePage(members, answers["zone"]))


def _member(text: str, *, head: bool) -> str:
    """`67 f spouse` or `67 2 10` as the casework reads it; the head's relation is known."""
    words = unicodedata.normalize("NFKC", text).replace(",", " ").split()
    parts = dict(zip(("age", "sex"), words, strict=False))
    if "sex" in parts:
        parts["sex"] = sex_code(parts["sex"])
    if head:
        parts["relation"] = "02"
    elif len(words) > 2:
        parts["relation"] = relation_code(" ".join(words[2:]))
    return ",".join(f"{name}={value}" for name, value in parts.items())


class AdvicePage(Page):
    """What qualifies, then what is open; Q asks what programmes wait for."""

    CSS_PATH = "consult.tcss"
    KEYS = (OPEN, QUESTIONS, RANGE, BACK)

    def __init__(self, members: Sequence[str], zone: str) -> None:
        super().__init__()
        self._members, self._zone = members, zone
        self.said: dict[str, str] = {}
        self._all = False
        self._advice: list[Advice] = []

    def place(self) -> str:
        return _("Consultation")

    def body(self) -> ComposeResult:
        yield Line(id="family")
        yield Listing(
            [
                Column(4, ""),
                Column(27, "programme", grows=True),
                Column(9, "member"),
                Column(13, "amount", right=True),
                Column(26, "still to be known", grows=True),
            ]
        )

    def _family(self) -> TrialHousehold:
        answers = [f"{name}={value}" for name, value in self.said.items()]
        return describe(self.catalogue, self._members, answers, self._zone)

    def load(self) -> None:
        self.head(_("nothing is kept"))
        today = self.desk.home.clock.today()
        county = county_standards(self.desk, self.catalogue)
        family = self._family()
        found = consult(self.catalogue, family, on=today, county=county)
        self._advice = [a for a in found if self._all or a.outcome != "ineligible"]
        counts = "  ".join(
            f"{mark}{outcome_name(outcome)} {sum(a.outcome == outcome for a in found)}"
            for outcome, mark in _MARKS.items()
        )
        self.query_one("#family", Line).show(
            counts, _("answers given: {n}").format(n=len(self.said))
        )
        self.query_one(Listing).fill([(str(n), self._cells(a)) for n, a in enumerate(self._advice)])
        self.say(_("What the rules say of what was told; a department decides."))

    @staticmethod
    def _cells(advice: Advice) -> list[str]:
        return [
            _MARKS[advice.outcome],
            advice.name,
            str(int(advice.member[1:])) if advice.member else "",
            amount_text(advice.amount_fen, advice.per),
            _("; ").join(why.rstrip(".。") for why in advice.to_know or advice.not_met),
        ]

    def on_data_table_row_selected(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen is not None:
            advice = self._advice[int(chosen)]
            self.clerk.open(TextPage(advice.name, lambda: _lines(advice)))

    def action_range(self) -> None:
        self._all = not self._all
        self.action_reload()

    def action_questions(self) -> None:
        today = self.desk.home.clock.today()
        county = county_standards(self.desk, self.catalogue)
        with self.refusals():
            asked = open_facts(
                self.catalogue,
                self._family(),
                on=today,
                county=county,
            )
            self.clerk.open(MorePage(self, asked[:_ASKED]))


def _lines(advice: Advice) -> list[str]:
    return [
        f"{advice.name}{_(': ')}{outcome_name(advice.outcome)}",
        "",
        *(line for text in advice.to_know
          for line in wrap(f"[?] {_('to be known: {what}').format(what=text)}", indent="    ")),
        *(line for text in advice.not_met
          for line in wrap(f"[x] {_('not met: {what}').format(what=text)}", indent="    ")),
    ]  # fmt: skip


class MorePage(FormPage):
    """The facts for which most programmes wait; an empty answer stays unknown."""

    CSS_PATH = "consult.tcss"

    def __init__(self, advice: AdvicePage, asked: Sequence[str]) -> None:
        super().__init__("-")
        self._advice, self._asked = advice, asked

    def place(self) -> str:
        return _("Consultation")

    def fields(self) -> Sequence[Field]:
        kinds = {"money": "money", "integer": "number", "date": "day"}
        fields = []
        for name in self._asked:
            fact = self.catalogue.facts[name]
            choices = {code: t.text() for code, t in fact.codes.items()}
            if fact.type == "boolean":
                choices = {"yes": _("yes"), "no": _("no")}
            label = fact.ask.text() if fact.ask else fact.names.text()
            kind = "choice" if choices else kinds.get(fact.type, "text")
            fields.append(Field(name, label, kind, choices=choices))  # type: ignore[arg-type]
        return fields

    def save(self, answers: dict[str, str]) -> None:
        self._advice.said.update({name: said for name, said in answers.items() if said})
        self._advice.stale = True
        self.clerk.back()
