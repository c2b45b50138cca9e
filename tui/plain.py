"""The clerk's day line by line: numbered menus, no cursor, for screen readers and dumb terminals.

It asks the same functions as the screens and prints the same documents; what an act needs is asked
from the same fields. It draws nothing and clears nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from yimen.core.casework.checklists.walk import Walk
from yimen.core.casework.finding import Found, find_number
from yimen.core.casework.household import query, show_household
from yimen.core.casework.monitor import monitor
from yimen.core.casework.operators import operator_names
from yimen.core.casework.overlap_cases import show_overlap
from yimen.core.casework.purchase.listing import show_order, show_payment, show_purchase
from yimen.core.casework.worklist import WorkItem, worklist
from yimen.core.divisions import division_name
from yimen.core.documents.checklist_text import checklist_text
from yimen.core.documents.overlap_text import overlap_text
from yimen.core.documents.purchase_text import order_text, payment_text, purchase_text
from yimen.core.i18n import _
from yimen.core.rules.library import search_programmes
from yimen.core.words.cases import state_name
from yimen.core.words.work import indicator_name, step_name, work_name
from yimen.tui.asking import Asker
from yimen.tui.plain_case import PlainCase
from yimen.tui.refused import in_lines, line_name
from yimen.tui.screens.deeds import DEEDS, DEEDS_OF, deed_label
from yimen.tui.widgets.cells import percent

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
        self._asker = Asker(desk, say, hear)

    def run(self) -> None:
        """The main menu, again and again; an end of input leaves it too.

        It offers what the operator's role may do at all.
        """
        acts: list[tuple[str, str | None, Callable[[], None]]] = [
            ("worklist", "referral.read", self._worklist),
            ("number", "referral.read", self._number),
            ("checklist", "checklist.work", self._checklist),
            ("programmes", None, self._programmes),
            ("figures", "due", self._figures),
        ]
        offered = [(line_name(line), act) for line, action, act in acts
                   if action is None or self._desk.may(action)]  # fmt: skip
        names = [name for name, __ in offered]
        while (chosen := self._asker.choose(names, _("Leave"))) is not None:
            with self._asker.refusals():
                offered[chosen][1]()

    def _worklist(self) -> None:
        """The list twenty lines at a time; what is chosen is opened, and the list comes again."""
        first = 0
        while True:
            found = worklist(self._desk, first=first, most=_READ_OUT)
            lights = found.lights
            self._asker.say(
                _("{total} open, {soon} soon, {late} late").format(
                    total=found.total, soon=lights["soon"], late=lights["late"]
                )
            )
            names = list(map(self._told, found.items))
            more = first + len(found.items) < found.total
            if more:
                names.append(_("The next {n}").format(n=_READ_OUT))
            chosen = self._asker.choose(names, _("Back"))
            if chosen is None:
                return
            if chosen == len(found.items):
                first += _READ_OUT
                continue
            with self._asker.refusals():
                self._show(find_number(self._desk, found.items[chosen].number))

    def _told(self, item: WorkItem) -> str:
        known = self._catalogue.programmes.get(item.programme or "")
        matter = known.names.text() if known else state_name(item.state)
        words = (work_name(item.light), item.number, item.applicant, matter,
                 step_name(item.step), item.due_on or "")  # fmt: skip
        return _(", ").join(filter(None, words))

    def _number(self) -> None:
        typed = self._asker.line(_("ID number or case number:"))
        if typed:
            self._show(find_number(self._desk, typed))

    def _figures(self) -> None:
        """How the work stands by town, and the indicators of the appraisal."""
        figures = monitor(self._desk)
        for town in figures.towns:
            told = _("{total} open, {soon} soon, {late} late").format(
                total=town.open, soon=town.soon, late=town.late
            )
            self._asker.say(f"{division_name(town.key)}{_(': ')}{told}")
        for known in figures.indicators:
            share = f"{percent(known.part, known.whole)} ({known.part}/{known.whole})"
            self._asker.say(f"{indicator_name(known.indicator)}{_(': ')}{share}")
        for name in figures.not_kept:
            self._asker.say(f"{indicator_name(name)}{_(': ')}{_('not kept')}")

    def _programmes(self) -> None:
        for found in search_programmes(self._catalogue, self._asker.line(_("Word:"))):
            self._asker.say(f"{found['programme']}  {found['name']}")

    def _show(self, found: Found) -> None:
        desk, catalogue = self._desk, self._catalogue
        match found.kind:
            case "person":
                file = query(desk, catalogue, found.number)
                PlainCase(desk, catalogue, self._asker).household(file)
            case "household":
                file = show_household(desk, catalogue, found.number)
                PlainCase(desk, catalogue, self._asker).household(file)
            case "application":
                PlainCase(desk, catalogue, self._asker).application(found.number)
            case "referral":
                PlainCase(desk, catalogue, self._asker).referral(found.number)
            case "overlap":
                names = operator_names(desk.home.casework)
                hit = show_overlap(desk, catalogue, found.number)
                self._asker.lines(overlap_text(hit, catalogue, names))
            case "purchase" | "order" | "payment":
                self._purchase(found)

    def _purchase(self, found: Found) -> None:
        """Shows a purchase, an order or a payment and does what is chosen, until nothing is."""
        desk, catalogue, number = self._desk, self._catalogue, found.number
        while True:
            match found.kind:
                case "purchase":
                    self._asker.lines(purchase_text(show_purchase(desk, catalogue, number)))
                case "order":
                    self._asker.lines(order_text(show_order(desk, catalogue, number), catalogue))
                case _payment:
                    self._asker.lines(payment_text(show_payment(desk, number)))
            names = [n for n in DEEDS_OF[found.kind] if desk.may(DEEDS[n].permission)]
            chosen = self._asker.choose(list(map(deed_label, names)), _("Back"))
            if chosen is None:
                return
            with self._asker.refusals():
                self._deed(names[chosen], number)

    def _deed(self, name: str, number: str) -> None:
        deed = DEEDS[name]

        def act(given: dict[str, str]) -> None:
            if deed.sure:
                self._asker.make_sure()
            told = deed.act(self._desk, self._catalogue, number, given)
            self._asker.say(f"{number}{_(': ')}{told}")

        fields = deed.fields(self._desk, self._catalogue, number)
        self._asker.fill(fields, act, form="deed", subject=f"{number} {name}")

    def _checklist(self) -> None:
        """Shows the list of a case that is being worked on, then asks what is open, one by one."""
        typed = self._asker.line(_("Case number:"))
        if not typed:
            return
        subject = find_number(self._desk, typed).number
        walk = Walk(self._desk, self._catalogue, subject)
        self._asker.lines(checklist_text(walk.view(), coded=False))
        self._asker.say(_("Every answer is kept; q stops."))
        while True:
            prompt = walk.next()
            self._asker.lines(map(in_lines, walk.told()))
            if prompt is None:
                return
            said = self._asker.line(f"{prompt.text}{_(':')}")
            if said.lower() == "q":
                return
            with self._asker.refusals():
                walk.give(prompt, said)
