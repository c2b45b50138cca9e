"""The needs of a family that nobody has assessed yet: yes, no, or left open."""

from __future__ import annotations

from collections.abc import Sequence

from textual.events import DescendantFocus

from yimen.core.casework.intake import Answer
from yimen.core.casework.needs import assess, open_questions
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.words.people import need_name
from yimen.tui.form import FormPage
from yimen.tui.widgets.fields import Chosen, Field


class AssessPage(FormPage):
    """Each open need as a question; what is left open stays unknown and never counts as none."""

    CSS_PATH = "assess.tcss"
    FORM = "assess"

    def place(self) -> str:
        return _("Needs")

    def fields(self) -> Sequence[Field]:
        words = {"yes": _("yes"), "no": _("no")}
        self._asked = open_questions(self.desk, self.catalogue, self.subject)
        return [
            Field("source", _("How it was seen"), required=True,
                  hint=_("a visit, a call, a scale")),
            *(
                Field(f"{q.subject}:{q.fact}", f"{need_name(q.need)} {q.about}".strip(), "choice",
                      choices=words)
                for q in self._asked
            ),
        ]  # fmt: skip

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The question in full stands on the message line."""
        if isinstance(event.widget, Chosen):
            name = event.widget.spec.name
            asked = next(q for q in self._asked if f"{q.subject}:{q.fact}" == name)
            self.say(f"{asked.about} {asked.text}".strip())

    def save(self, answers: dict[str, str]) -> None:
        given = [
            Answer(q.subject, q.fact, answers[f"{q.subject}:{q.fact}"] == "yes")
            for q in self._asked
            if answers[f"{q.subject}:{q.fact}"]
        ]
        if not given:
            raise BadInput(_("No need was assessed."), next_step=_("Answer at least one question."))
        assess(self.desk, self.catalogue, self.subject, given, source=answers["source"])
        self.done()
        self.clerk.back()
        self.clerk.later(_("Recorded: {n} needs.").format(n=len(given)))
