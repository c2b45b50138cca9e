"""One purchase of services: its eleven steps, each with its law and evidence, and what is done."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.purchase.listing import show_purchase
from yimen.core.casework.purchase.rules import law
from yimen.core.documents.purchase_text import purchase_text, step_text
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.purchase_records import Purchase, StepFact
from yimen.core.render.safe import terminal_safe
from yimen.core.words.roles import who_name
from yimen.core.words.work import step_state_mark
from yimen.tui.acting import ON_STEPS, ActsPage
from yimen.tui.keys import Act
from yimen.tui.screens.deed import deed_acts
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.bars import Line, Words
from yimen.tui.widgets.cells import progress_bar
from yimen.tui.widgets.listing import Column, Listing

# step -> the deeds that belong to it
_DEEDS: dict[str, tuple[str, ...]] = {
    "demand": ("demand",), "budget": ("budget",), "catalogue": ("method",), "method": ("method",),
    "tender": ("tender", "award", "publish", "challenge", "reply"),
    "contract": ("contract", "publish", "file"), "performance": ("order", "incident"),
    "acceptance": ("publish",), "score": ("score",), "payment": ("pay",),
    "publication": ("publish",),
}  # fmt: skip
_BEFORE_CONTRACT = ("demand", "budget", "catalogue", "method", "tender")


class PurchasePage(ActsPage):
    """The step under the cursor is told in full below; digits do what belongs to it."""

    CSS_PATH = "purchase.tcss"
    KEYS = ON_STEPS

    def __init__(self, purchase_no: str) -> None:
        super().__init__()
        self.purchase_no = purchase_no

    def place(self) -> str:
        return _("Purchase")

    @property
    def case_no(self) -> str:
        return self.purchase_no

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Listing(
            [
                Column(4, ""),
                Column(3, "", right=True),
                Column(18, "step"),
                Column(8, "whose"),
                Column(11, "since"),
                Column(11, "due"),
                Column(24, "what is recorded", grows=True),
            ]
        )
        yield Words(id="step")
        yield from self.act_lines()

    def load(self) -> None:
        self.head()
        found = show_purchase(self.desk, self.catalogue, self.purchase_no)
        self._found = found
        done = sum(step.state in ("done", "not_needed") for step in found.steps)
        self.query_one("#which", Line).show(
            f"{found.purchase_no}  {found.title}",
            f"{self._money(found)}  {progress_bar(done, len(found.steps))} "
            f"{done}/{len(found.steps)}",
        )
        listing = self.query_one(Listing)
        listing.fill(
            [(step.step, _cells(n, step)) for n, step in enumerate(found.steps, 1)],
            at=found.step or listing.chosen,
        )
        self._tell_step()
        self.say("" if not found.remarks else f"! {found.remarks[0]}")

    @staticmethod
    def _money(found: Purchase) -> str:
        budget = "-" if found.budget_fen is None else format_yuan(found.budget_fen)
        return _("budget {budget}, paid {paid}").format(
            budget=budget, paid=format_yuan(found.paid_fen)
        )

    def on_data_table_row_highlighted(self) -> None:
        self._tell_step()

    def _tell_step(self) -> None:
        chosen = self.query_one(Listing).chosen
        step = next((s for s in self._found.steps if s.step == chosen), None)
        if step is None:
            return
        lines = step_text(step, {s.step: s.name for s in self._found.steps})
        self.query_one("#step", Words).show(list(map(terminal_safe, lines)))
        self.show_acts(self._possible(step))

    def _possible(self, step: StepFact) -> list[Act]:
        if self._found.stopped:
            return []
        deeds = [
            name
            for name in _DEEDS[step.step]
            # What was signed is not signed again.
            if name != "contract" or self._found.contract is None
        ]
        acts = deed_acts(self, self.purchase_no, deeds)
        if step.step in ("performance", "acceptance"):
            acts.append(Act(_("Orders"), self._orders))
        if step.step == "payment":
            acts.append(Act(_("Payments"), self._payments))
        if step.step in _BEFORE_CONTRACT and self._found.contract is None:
            acts += deed_acts(self, self.purchase_no, ["stop"])
        return acts

    def _orders(self) -> None:
        from yimen.tui.screens.orders import OrdersPage

        self.clerk.open(OrdersPage(self.purchase_no))

    def _payments(self) -> None:
        from yimen.tui.screens.payments import PaymentsPage

        self.clerk.open(PaymentsPage(self.purchase_no))

    def on_data_table_row_selected(self) -> None:
        """Enter does what comes first for the step."""
        self.action_digit(1)

    def action_full(self) -> None:
        self.clerk.open(TextPage(_("Purchase"), lambda: list(purchase_text(self._found))))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.purchase_no]))


def step_names() -> dict[str, str]:
    """The eleven steps by name, in the language in force."""
    return {rule.step: rule.names.text() for rule in law().steps}


def _cells(number: int, step: StepFact) -> list[str]:
    return [
        step_state_mark(step.state),
        f"{number}",
        step.name,
        who_name(step.who),
        step.since or "",
        step.due_on or "",
        step.detail,
    ]
