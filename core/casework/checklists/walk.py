"""A walk through the open steps of a checklist, one question at a time.

Every answer is kept as it is given, so that a walk that was cut off goes on at the question where
it stopped. The walk asks; what it records goes through the same acts as every other way in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from yimen.core.casework import check, completion, dispatch, intake
from yimen.core.casework.checklists.acts import (
    do_step,
    open_steps,
    other_person,
    refuse_day,
    skip_step,
)
from yimen.core.casework.checklists.conditions import how_to_meet
from yimen.core.casework.checklists.views import find_list, permission_of, step_names, view_of
from yimen.core.casework.desk import Desk
from yimen.core.casework.papers import Papers, hashed, year_after
from yimen.core.checklist_records import ChecklistView, Evidence, StepView
from yimen.core.clock import parse_date
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.marks import bracketed
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import checklists
from yimen.core.words.roles import who_name

Kind = Literal[
    "action", "answer", "evidence", "second", "note", "reason",
    "authorisation", "pledge", "question", "start",
]  # fmt: skip
_YES = frozenset({"y", "yes", "是", "有", "1", "true"})
_NO = frozenset({"n", "no", "否", "无", "0", "false"})
_DONE = frozenset({"d", "done", "已办", "办结"})
_SKIP = frozenset({"s", "skip", "不办"})
_LATER = frozenset({"", "l", "later", "以后"})


@dataclass(frozen=True)
class Prompt:
    """One question of the walk; `key` names what is asked where a step asks several.

    `takes_nought` is whether 0 may be its answer, as of an amount.
    """

    kind: Kind
    step: StepView
    text: str
    key: str = ""
    takes_nought: bool = False


class Walk:
    """One operator's walk through one list of a subject."""

    def __init__(
        self, desk: Desk, catalogue: Catalogue, subject: str, checklist: str | None = None
    ) -> None:
        self.desk, self.catalogue = desk, catalogue
        self.found = find_list(desk, catalogue, subject, checklist)
        self.subject, self.name = self.found.case.subject, self.found.whole.checklist
        desk.record_reading("checklist.run", self.subject, {"list": self.name})
        self._draft: dict[str, Any] = checklists.draft(
            desk.home.casework, self.subject, self.name, desk.operator.operator_no
        )
        self.resumed = bool(self._draft)
        self._told: list[str] = []

    # -- what is asked next ---------------------------------------------------------------------

    def view(self) -> ChecklistView:
        """The list as it stands now."""
        self.found = find_list(self.desk, self.catalogue, self.subject, self.name)
        return view_of(self.desk, self.catalogue, self.found)

    def _called(self, step: StepView) -> str:
        return step_names(self.view().steps)[step.step]

    def told(self) -> list[str]:
        """What there is to say since it was last asked."""
        told, self._told = self._told, []
        return told

    def next(self) -> Prompt | None:
        """The next question, or None at the end of the walk, which then is over."""
        while True:
            later = self._draft.get("later", [])
            step = next((s for s in open_steps(self.view()) if s.step not in later), None)
            if step is None:
                self._save({})
                return None
            if self._draft.get("step") not in (None, step.step):
                # Somebody else has done with the step that waited here.
                self._draft.pop("answers", None)
            self._draft["step"] = step.step
            prompt = self._prompt(step)
            if prompt is not None:
                return prompt
            self._leave(step)

    def _prompt(self, step: StepView) -> Prompt | None:
        """What a step asks next; None where this desk can do nothing about it now."""
        case = self.found.case
        objection = self.desk.objection(
            permission_of(case.kind, step.who), division=case.division, department=case.department
        )
        if objection is not None:
            words = _("{step}: for another desk ({who}).").format(
                step=self._called(step), who=who_name(step.who)
            )
            if step.computed:
                words += " " + how_to_meet(step.computed, case)
            self._told.append(words)
            return None
        if step.computed is not None:
            return self._computed(step)
        return self._manual(step)

    def _manual(self, step: StepView) -> Prompt | None:
        given = self._answers
        if "action" not in given:
            choices = _("d done, d DAY done then, l later")
            if step.may_skip:
                choices = _("d done, d DAY done then, s leave out, l later")
            return Prompt("action", step, f"{step.text} {bracketed(choices)}")
        if given["action"] == "skip":
            return Prompt("reason", step, _("Why is it left out?"))
        if step.asks and "answer" not in given:
            return Prompt("answer", step, f"{step.asks} {bracketed(_('yes or no'))}")
        if step.evidence_wanted and given.get("answer") is not False and "evidence" not in given:
            return Prompt(
                "evidence",
                step,
                _("The file of the paper ({paper})").format(paper=step.evidence_wanted),
            )
        if step.persons == 2 and "second" not in given:
            return Prompt("second", step, _("The other person's operator number"))
        return Prompt("note", step, _("A note, or Enter"))

    def _computed(self, step: StepView) -> Prompt | None:
        """The window's own acts are done from here; of others the command is told."""
        case, given = self.found.case, self._answers
        if case.kind == "application" and step.computed == "papers_signed":
            if "authorisation" not in given:
                return Prompt(
                    "authorisation", step, _("The file of the signed authorisation, or Enter")
                )
            return Prompt("pledge", step, _("The file of the signed pledge, or Enter"))
        if case.kind == "application" and step.computed == "application_accepted":
            return self._question(step)
        starts = {
            "report_filed": _("Start the check now?"),
            "referrals_dispatched": _("Send the referrals now?"),
        }
        if case.kind == "application" and step.computed in starts:
            return Prompt("start", step, f"{starts[step.computed]} {bracketed(_('yes or no'))}")
        if step.computed is not None and step.computed != "notice_given":
            self._told.append(f"{self._called(step)}{_(': ')}{how_to_meet(step.computed, case)}")
        return None

    def _question(self, step: StepView) -> Prompt | None:
        """The next thing that no register holds; when none is left the papers are complete."""
        left = self._answers.get("left", [])
        asked = completion.questions(self.desk, self.catalogue, self.subject)
        for question in asked:
            key = f"{question.subject}:{question.fact}"
            if key not in left:
                about = f"{question.about}{_(': ')}" if question.about else ""
                choices = _(", ").join(f"{code} {name}" for code, name in question.codes.items())
                if question.type == "boolean":
                    choices = _("yes or no")
                words = f"{about}{question.text}" + (f" {bracketed(choices)}" if choices else "")
                return Prompt(
                    "question", step, words, key if question.about else question.fact,
                    takes_nought=not choices,
                )  # fmt: skip
        settled = completion.settle(self.desk, self.catalogue, self.subject)
        for item in settled.missing:
            self._told.append(_("Missing: {what}").format(what=item.document or item.why))
        return None

    # -- what was answered ----------------------------------------------------------------------

    @property
    def _answers(self) -> dict[str, Any]:
        found: dict[str, Any] = self._draft.setdefault("answers", {})
        return found

    def kept(self) -> list[str]:
        """The answers of the present step that are kept already, for people."""
        words = {"answer": _("answer"), "evidence": _("paper"), "second": _("other person"),
                 "authorisation": _("authorisation"), "pledge": _("pledge")}  # fmt: skip
        return [f"{words[k]}{_(': ')}{_shown(v)}" for k, v in self._answers.items() if k in words]

    def give(self, prompt: Prompt, said: str) -> None:
        """Takes an answer and keeps it; an error says what to answer, and changes nothing."""
        takers: dict[Kind, Callable[[Prompt, str], None]] = {
            "action": self._give_action,
            "answer": self._give_answer,
            "evidence": self._give_evidence,
            "second": self._give_second,
            "note": self._give_note,
            "reason": self._give_reason,
            "authorisation": self._give_paper,
            "pledge": self._give_paper,
            "question": self._give_question,
            "start": self._give_start,
        }
        takers[prompt.kind](prompt, said.strip())

    def _give_action(self, prompt: Prompt, said: str) -> None:
        word, __, day = said.lower().partition(" ")
        if word in _DONE:
            if day:
                on = parse_date(day)
                refuse_day(self.desk, prompt.step, on)
                self._answers["on"] = on.isoformat()
            self._keep("action", "done")
        elif said.lower() in _LATER:
            self._leave(prompt.step)
        elif said.lower() in _SKIP and prompt.step.may_skip:
            self._keep("action", "skip")
        else:
            raise BadInput(
                _("'{text}' is no answer here.").format(text=said[:20]),
                next_step=_("Answer with one of the letters in brackets."),
            )

    def _give_answer(self, prompt: Prompt, said: str) -> None:
        self._keep("answer", yes_or_no(said))

    def _give_evidence(self, prompt: Prompt, said: str) -> None:
        name, digest = hashed(Path(said).expanduser())
        self._keep("evidence", [{"name": name, "sha256": digest}])

    def _give_second(self, prompt: Prompt, said: str) -> None:
        self._keep("second", other_person(self.desk, said).operator_no)

    def _give_note(self, prompt: Prompt, said: str) -> None:
        given = self._answers
        do_step(
            self.desk,
            self.catalogue,
            self.subject,
            self.name,
            prompt.step.step,
            answer=given.get("answer"),
            evidence=[Evidence(**paper) for paper in given.get("evidence", [])],
            second=given.get("second"),
            note=said,
            on=parse_date(given["on"]) if "on" in given else None,
        )
        self._close(prompt.step)

    def _give_reason(self, prompt: Prompt, said: str) -> None:
        skip_step(self.desk, self.catalogue, self.subject, self.name, prompt.step.step, note=said)
        self._close(prompt.step)

    def _give_paper(self, prompt: Prompt, said: str) -> None:
        paper = list(hashed(Path(said).expanduser())) if said else None
        if prompt.kind == "authorisation":
            self._keep("authorisation", paper)
            return
        first = self._answers["authorisation"]
        files = {"authorisation": first, "pledge": paper}
        if not any(files.values()):
            self._leave(prompt.step)
            return
        today = self.desk.home.clock.today()
        papers = Papers(
            files={kind: (p[0], p[1]) for kind, p in files.items() if p},  # type: ignore[misc]
            signed_on=today,
            expires_on=year_after(today),
        )
        intake.continue_application(
            self.desk, self.catalogue, self.subject, papers=papers, tell=False
        )
        self._leave_unless_done(prompt.step)

    def _give_question(self, prompt: Prompt, said: str) -> None:
        if not said:
            key = prompt.key if ":" in prompt.key else f"{self._household()}:{prompt.key}"
            self._keep("left", [*self._answers.get("left", []), key])
            return
        answer = intake.parse_answer(self.catalogue, f"{prompt.key}={said}")
        intake.continue_application(
            self.desk, self.catalogue, self.subject, answers=[answer], tell=False
        )

    def _household(self) -> str | None:
        return self.found.case.household_no

    def _give_start(self, prompt: Prompt, said: str) -> None:
        if not yes_or_no(said):
            self._leave(prompt.step)
            return
        if prompt.step.computed == "report_filed":
            report = check.check_application(self.desk, self.catalogue, self.subject)
            self._told.append(_("Report {no} is filed.").format(no=report.report_no))
        else:
            sent = dispatch.dispatch(self.desk, self.catalogue, self.subject)
            self._told += [
                f"{referral.referral_no} {referral.programme} {referral.department}"
                for referral in sent.referrals
            ]
            self._told += [f"{held.programme}: {held.reason}" for held in sent.held_back]
        self._leave_unless_done(prompt.step)

    # -- how it is kept -------------------------------------------------------------------------

    def _keep(self, name: str, value: object) -> None:
        self._answers[name] = value
        self._save(self._draft)

    def _close(self, step: StepView) -> None:
        """The step's answers have become an act."""
        self._told.append(_("Recorded: {step}").format(step=self._called(step)))
        later = self._draft.get("later", [])
        self._save({"later": later} if later else {})

    def _leave(self, step: StepView) -> None:
        """Comes back to the step in another walk; what was answered of it is asked again."""
        self._save({"later": [*self._draft.get("later", []), step.step]})

    def _leave_unless_done(self, step: StepView) -> None:
        stands = {s.step: s.state for s in self.view().steps}
        self._close(step) if stands[step.step] == "done" else self._leave(step)

    def _save(self, body: dict[str, Any]) -> None:
        self._draft = body
        with self.desk.home.writing() as db:
            checklists.save_draft(
                db,
                self.subject,
                self.name,
                self.desk.operator.operator_no,
                body,
                self.desk.home.clock.now(),
            )


def yes_or_no(said: str) -> bool:
    """An answer of one word, in either language; `BadInput` for any other."""
    word = said.strip().lower()
    if word not in _YES | _NO:
        raise BadInput(
            _("'{text}' is neither yes nor no.").format(text=said[:20]),
            next_step=_("Answer yes or no."),
        )
    return word in _YES


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return ", ".join(str(paper["name"]) for paper in value)
    if isinstance(value, list):
        return str(value[0]) if value else "-"
    return str(value) if value is not None else "-"
