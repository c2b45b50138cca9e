"""What a step asks before it is ticked: an answer, its paper, the other person; or a reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult

from yimen.core.casework.checklists.acts import do_step, find_step, skip_step, undo_step
from yimen.core.casework.papers import hashed
from yimen.core.checklist_records import Evidence, StepView
from yimen.core.clock import parse_date
from yimen.core.i18n import _
from yimen.core.words.work import step_state_name
from yimen.tui.form import FormPage
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field


class StepPage(FormPage):
    """`act` is done, skip or undo; F12 does it."""

    CSS_PATH = "step.tcss"
    FORM = "step"

    def __init__(self, subject: str, checklist: str, step: str, act: str) -> None:
        super().__init__(f"{subject} {checklist} {step} {act}")
        self._subject, self._checklist, self._step, self._act = subject, checklist, step, act

    def place(self) -> str:
        return {
            "done": _("Tick it"), "skip": _("Leave it out"), "undo": _("Take the tick back"),
        }[self._act]  # fmt: skip

    def above(self) -> ComposeResult:
        yield Line(id="which")
        yield Line(id="asked")

    def fields(self) -> Sequence[Field]:
        __, step = find_step(
            self.desk, self.catalogue, self._subject, self._checklist, self._step
        )  # fmt: skip
        self.query_one("#which", Line).show(
            f"{self._subject}  {step.text}", step_state_name(step.state)
        )
        self.query_one("#asked", Line).show(step.asks or step.basis)
        if self._act != "done":
            return [Field("note", _("Reason"), required=True)]
        return list(self._asked(step))

    @staticmethod
    def _asked(step: StepView) -> Sequence[Field]:
        fields = []
        if step.asks:
            words = {"yes": _("yes"), "no": _("no")}
            fields.append(Field("answer", _("Answer"), "choice", choices=words, required=True))
        if step.evidence_wanted:
            fields.append(
                Field("evidence", step.evidence_wanted, "file", hint=_("its file on this server"),
                      required=not step.asks)
            )  # fmt: skip
        if step.persons == 2:
            fields.append(
                Field("second", _("The other person"), hint=_("operator number"), required=True)
            )
        fields.append(Field("on", _("Done on"), "day", hint=_("where earlier; empty: today")))
        return [*fields, Field("note", _("Note"))]

    def save(self, answers: dict[str, str]) -> None:
        where = (self.desk, self.catalogue, self._subject, self._checklist, self._step)
        match self._act:
            case "done":
                step = self._tick(answers)
            case "skip":
                step = skip_step(*where, note=answers["note"])
            case _undo:
                step = undo_step(*where, note=answers["note"])
        self.done()
        self.clerk.back()
        self.clerk.later(f"{step.text}{_(': ')}{step_state_name(step.state)}")

    def _tick(self, answers: dict[str, str]) -> StepView:
        file, answer = answers.get("evidence"), answers.get("answer")
        papers = []
        if file:
            name, digest = hashed(Path(file).expanduser())
            papers.append(Evidence(name=name, sha256=digest))
        return do_step(
            self.desk,
            self.catalogue,
            self._subject,
            self._checklist,
            self._step,
            answer=None if not answer else answer == "yes",
            evidence=papers,
            second=answers.get("second") or None,
            note=answers["note"],
            on=parse_date(answers["on"]) if answers["on"] else None,
        )
