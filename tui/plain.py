"""The clerk's day line by line: numbered menus, no cursor, for screen readers and dumb terminals.

It asks the same functions as the screens and prints the same documents; what a verb needs is asked
from the same fields. It draws nothing and clears nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from yimen.core.casework.check import find_application, show_report
from yimen.core.casework.checklists.walk import Walk
from yimen.core.casework.finding import Found, find_number
from yimen.core.casework.household import query, show_household
from yimen.core.casework.operators import operator_names
from yimen.core.casework.overlap_cases import show_overlap
from yimen.core.casework.progress import progress
from yimen.core.casework.purchase.listing import show_order, show_payment, show_purchase
from yimen.core.casework.referral import (
    feedback,
    find_referral,
    moves_of,
    names_around,
    show_referral,
    waited,
)
from yimen.core.casework.worklist import worklist
from yimen.core.documents.checklist_text import checklist_text
from yimen.core.documents.handover_text import progress_text, referral_text
from yimen.core.documents.lists import file_page
from yimen.core.documents.overlap_text import overlap_text
from yimen.core.documents.purchase_text import order_text, payment_text, purchase_text
from yimen.core.documents.report import report_text
from yimen.core.documents.texts import feedback_text
from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.core.render.page import page_text
from yimen.core.render.safe import terminal_safe
from yimen.core.rules.library import search_programmes
from yimen.core.words import state_name, step_name, work_name
from yimen.tui.screens.deeds import DEEDS, DEEDS_OF, deed_label
from yimen.tui.screens.verbs import VERBS, possible, verb_label
from yimen.tui.widgets.fields import Field

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.rules.catalogue import Catalogue

# So many lines of the worklist are read out at once.
_READ_OUT = 20


class PlainDesk:
    """Prints lines with `say` and reads them with `hear`, until the clerk leaves."""

    def __init__(
        self,
        desk: Desk,
        catalogue: Catalogue,
        say: Callable[[str], None],
        hear: Callable[[str], str],
    ) -> None:
        self._desk, self._catalogue = desk, catalogue
        self._say, self._hear = say, hear

    def run(self) -> None:
        """The main menu, again and again; an end of input leaves it too."""
        acts: list[tuple[str, Callable[[], None]]] = [
            (_("Worklist"), self._worklist),
            (
                _("A number: person, household, application, referral, overlap, purchase"),
                self._number,
            ),
            (_("Checklist of a case"), self._checklist),
            (_("Programmes by a word"), self._programmes),
        ]
        while True:
            chosen = self._choose([name for name, __ in acts], _("Leave"))
            if chosen is None:
                return
            try:
                acts[chosen][1]()
            except YimenError as error:
                self._say(f"! {error}")

    def _choose(self, names: Sequence[str], none: str) -> int | None:
        """The place of what was chosen by its number; 0 and an empty line choose nothing."""
        for number, name in enumerate(names, 1):
            self._say(f"{number} {name}")
        self._say(f"0 {none}")
        while True:
            said = self._hear(_("Number:")).strip()
            if said in ("", "0"):
                return None
            if said.isdecimal() and int(said) <= len(names):
                return int(said) - 1
            self._say(_("! '{text}' is none of the numbers.").format(text=said[:20]))

    def _print(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._say(terminal_safe(line))

    def _worklist(self) -> None:
        found = worklist(self._desk, most=_READ_OUT)
        self._say(_("{total} open, {soon} soon, {late} late").format(
            total=found.total, soon=found.lights["soon"], late=found.lights["late"]))  # fmt: skip
        programmes = self._catalogue.programmes
        names = []
        for item in found.items:
            known = programmes.get(item.programme or "")
            matter = known.names.text() if known else state_name(item.state)
            words = (work_name(item.light), item.number, item.applicant, matter,
                     step_name(item.step), item.due_on or "")  # fmt: skip
            names.append("  ".join(filter(None, words)))
        chosen = self._choose(names, _("Back"))
        if chosen is not None:
            self._show(find_number(self._desk, found.items[chosen].number))

    def _number(self) -> None:
        typed = self._hear(_("ID number or case number:"))
        if typed.strip():
            self._show(find_number(self._desk, typed))

    def _programmes(self) -> None:
        for found in search_programmes(self._catalogue, self._hear(_("Word:"))):
            self._say(f"{found['programme']}  {found['name']}")

    def _show(self, found: Found) -> None:
        desk, catalogue = self._desk, self._catalogue
        match found.kind:
            case "person":
                self._print(page_text(file_page(query(desk, catalogue, found.number), catalogue)))
            case "household":
                file = show_household(desk, catalogue, found.number)
                self._print(page_text(file_page(file, catalogue)))
            case "application":
                self._application(found.number)
            case "referral":
                self._referral(found.number)
            case "overlap":
                names = operator_names(desk.home.casework)
                hit = show_overlap(desk, catalogue, found.number)
                self._print(overlap_text(hit, catalogue, names))

            case "purchase" | "order" | "payment":
                self._purchase(found)

    def _purchase(self, found: Found) -> None:
        """Shows a purchase, an order or a payment and does what is chosen, until nothing is."""
        desk, catalogue, number = self._desk, self._catalogue, found.number
        while True:
            match found.kind:
                case "purchase":
                    self._print(purchase_text(show_purchase(desk, catalogue, number)))
                case "order":
                    self._print(order_text(show_order(desk, catalogue, number), catalogue))
                case _payment:
                    self._print(payment_text(show_payment(desk, number)))
            names = [n for n in DEEDS_OF[found.kind] if desk.may(DEEDS[n].permission)]
            chosen = self._choose(list(map(deed_label, names)), _("Back"))
            if chosen is None:
                return
            deed = DEEDS[names[chosen]]
            given = {f.name: self._ask(f) for f in deed.fields(desk, catalogue, number)}
            if deed.sure and self._hear(_("Type Y to do it:")).strip().upper() != "Y":
                self._say(_("Nothing was done."))
                continue
            try:
                self._say(f"{number}: {deed.act(desk, catalogue, number, given)}")
            except YimenError as error:
                self._say(f"! {error}")

    def _checklist(self) -> None:
        """Shows the list of a case that is being worked on, then asks what is open, one by one."""
        typed = self._hear(_("Case number:")).strip()
        if not typed:
            return
        subject = find_number(self._desk, typed).number
        walk = Walk(self._desk, self._catalogue, subject)
        self._print(checklist_text(walk.view(), coded=False))
        self._say(_("Every answer is kept; q stops."))
        while True:
            prompt = walk.next()
            self._print(walk.told())
            if prompt is None:
                return
            said = self._hear(f"{prompt.text}:").strip()
            if said.lower() == "q":
                return
            try:
                walk.give(prompt, said)
            except YimenError as error:
                self._say(f"! {error}")

    def _application(self, number: str) -> None:
        state = find_application(self._desk, number).state
        if state in ("dispatched", "closed"):
            told = feedback(self._desk, self._catalogue, number)
            self._print(feedback_text(told, self._catalogue))
            return
        self._print(progress_text(progress(self._desk, self._catalogue, number)))
        report = show_report(self._desk, number)
        if report is not None:
            self._print(report_text(report, self._catalogue))

    def _referral(self, number: str) -> None:
        """Shows a referral and does what is chosen with it, until nothing is."""
        while True:
            referral, line = show_referral(self._desk, number)
            moves = moves_of(self._desk, referral)
            total = waited(self._desk, referral)
            names = names_around(self._desk, referral)
            self._print(referral_text(referral, line, moves, total, self._catalogue, names))
            verbs = possible(self._desk, referral)
            chosen = self._choose(list(map(verb_label, verbs)), _("Back"))
            if chosen is None:
                return
            verb = VERBS[verbs[chosen]]
            fields = verb.fields(self._catalogue, referral) if verb.fields else []
            given = {field.name: self._ask(field) for field in fields}
            if verb.sure and self._hear(_("Type Y to do it:")).strip().upper() != "Y":
                self._say(_("Nothing was done."))
                continue
            try:
                verb.act(self._desk, self._catalogue, number, given)
            except YimenError as error:
                self._say(f"! {error}")
                continue
            self._say(f"{number}: {state_name(find_referral(self._desk, number).state)}")

    def _ask(self, field: Field) -> str:
        """One field of a verb: a choice by its number, or a line; a required one is asked again."""
        while True:
            if field.choices:
                self._say(f"{field.label}:")
                codes = list(field.choices)
                chosen = self._choose(list(field.choices.values()), _("none"))
                said = codes[chosen] if chosen is not None else ""
            else:
                known = f" [{field.value}]" if field.value else ""
                hint = f" ({field.hint})" if field.hint else ""
                said = self._hear(f"{field.label}{hint}{known}:").strip() or field.value
            if said or not field.required:
                return said
            self._say(_("This must be filled in."))
