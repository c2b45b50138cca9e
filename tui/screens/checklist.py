"""A checklist step by step: state, who, until when, by which law, on what evidence; and acts."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.checklists.views import checklist_view, subject_lists
from yimen.core.checklist_records import ChecklistLine, ChecklistView, StepView
from yimen.core.documents.checklist_text import checklist_text, step_lines
from yimen.core.i18n import _
from yimen.core.render.safe import terminal_safe
from yimen.core.rules.checklists import whole_checklist
from yimen.core.words.referrals import due_text
from yimen.core.words.roles import who_name
from yimen.core.words.work import step_state_mark
from yimen.tui.acting import ON_STEPS, ActsPage
from yimen.tui.keys import BACK, OPEN, Act
from yimen.tui.page import Page
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line, Words
from yimen.tui.widgets.cells import progress_bar
from yimen.tui.widgets.listing import Column, Listing


class ChecklistPage(ActsPage):
    """One list of a case; the step under the cursor is told in full below, with its acts."""

    CSS_PATH = "checklist.tcss"
    TELLS_ROW = False
    FRESH = True
    KEYS = ON_STEPS

    def __init__(self, subject: str, checklist: str | None = None, step: str = "") -> None:
        super().__init__()
        self.subject, self._checklist, self._at = subject, checklist, step

    def place(self) -> str:
        return _("Checklist")

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Listing(
            [
                Column(4, ""),
                Column(3, "", right=True),
                Column(38, "step", grows=True),
                Column(11, "whose"),
                Column(11, "due", wraps=True),
                Column(11, "done"),
            ]
        )
        yield Words(id="step")
        yield from self.act_lines()

    def load(self) -> None:
        self.head()
        view = checklist_view(self.desk, self.catalogue, self.subject, self._checklist)
        self._view, self._checklist = view, view.checklist
        done = sum(step.state == "done" for step in view.steps)
        needed = sum(step.state != "not_needed" for step in view.steps)
        self.query_one("#which", Line).show(
            f"{view.subject}  {view.name}", f"{progress_bar(done, needed)} {done}/{needed}"
        )
        listing = self.query_one(Listing)
        listing.fill(
            [(step.step, self._cells(n, step)) for n, step in enumerate(view.steps, 1)],
            at=listing.chosen or self._at or self._first_open(view),
        )
        self._tell_step()

    @staticmethod
    def _first_open(view: ChecklistView) -> str | None:
        return next((s.step for s in view.steps if s.state in ("open", "overdue")), None)

    @staticmethod
    def _cells(number: int, step: StepView) -> list[str]:
        return [
            step_state_mark(step.state),
            f"{number}",
            step.text,
            who_name(step.who),
            due_text(step.due_on or ""),
            step.done_on or "",
        ]

    @property
    def step(self) -> StepView | None:
        """The step under the cursor."""
        chosen = self.query_one(Listing).chosen
        return next((step for step in self._view.steps if step.step == chosen), None)

    def on_data_table_row_highlighted(self) -> None:
        self._tell_step()

    def _tell_step(self) -> None:
        step = self.step
        if step is None:
            return
        lines = [terminal_safe(line.strip()) for line in step_lines(self._view, step)]
        self.query_one("#step", Words).show(lines)
        self.show_acts(self._possible(step))

    # -- acts -------------------------------------------------------------------------------

    def _possible(self, step: StepView) -> list[Act]:
        acts = []
        if step.computed is not None and step.state != "not_needed":
            acts.append(Act(_("Go where it is done"), self._go_there))
        elif step.state in ("open", "overdue", "blocked") or step.occasion:
            if step.by_notice and self.desk.may("notice.post"):
                acts.append(Act(_("Put a notice up"), self._post))
            acts.append(Act(_("Tick it"), lambda: self._form("done")))
        if step.may_skip and step.state in ("open", "overdue", "blocked"):
            acts.append(Act(_("Leave it out"), lambda: self._form("skip")))
        if step.operator is not None:
            acts.append(Act(_("Take the tick back"), lambda: self._form("undo")))
        acts.append(Act(_("Other lists of the case"), self._others))
        return acts

    def on_data_table_row_selected(self) -> None:
        """Enter does what comes first for the step."""
        self.action_digit(1)

    def _form(self, act: str) -> None:
        from yimen.tui.screens.step import StepPage

        if self.step is not None:
            self.clerk.open(StepPage(self._view.subject, self._view.checklist, self.step.step, act))

    def _post(self) -> None:
        from yimen.tui.screens.deed import DeedPage

        self.clerk.open(DeedPage("notice_post", self._view.subject))

    def _go_there(self) -> None:
        from yimen.tui.screens.opening import open_number, open_step

        step = self.step
        if step is None or step.computed is None:
            return
        if not open_step(self.clerk, self._view, step.computed):
            open_number(self.clerk, self._view.subject)

    def _others(self) -> None:
        self.clerk.open(ListsPage(self._view.subject))

    def action_full(self) -> None:
        self.clerk.open(
            TextPage(self._view.name, lambda: list(checklist_text(self._view, coded=False)))
        )

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self._view.subject]))


class ListsPage(Page):
    """The lists of a case, and of an application's referrals, each with how far it is."""

    CSS_PATH = "checklist.tcss"
    KEYS = (OPEN, BACK)

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject

    def place(self) -> str:
        return _("Checklists")

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column(4, ""),
                Column(13, "number"),
                Column(15, "list", grows=True),
                Column(18, "progress"),
                Column(18, "next step", grows=True),
                Column(11, "due", wraps=True),
            ]
        )

    def load(self) -> None:
        self.head()
        rows: list[tuple[str, Sequence[str]]] = []
        for line in subject_lists(self.desk, self.catalogue, self.subject):
            done, needed = line.done, line.needed
            rows.append(
                (f"{line.subject} {line.checklist}",
                 ["[X]" if line.overdue else "[v]" if done == needed else "[ ]", line.subject,
                  line.name, f"{progress_bar(done, needed)} {done}/{needed}",
                  self._words(line), due_text(line.due_on or "")])
            )  # fmt: skip
        self.query_one(Listing).fill(rows)

    def _words(self, line: ChecklistLine) -> str:
        """The next step as its list says it."""
        whole = whole_checklist(self.catalogue, line.checklist)
        steps = whole.steps if whole else ()
        return next((p.step.text.text() for p in steps if p.step.step == line.next_step), "")

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            subject, checklist = chosen.split(" ")
            self.clerk.replace(ChecklistPage(subject, checklist))
