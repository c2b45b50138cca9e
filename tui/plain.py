"""The clerk's day line by line: numbered menus, no cursor, for screen readers and dumb terminals.

It asks the same functions as the screens and prints the same documents; what an act needs is asked
from the same fields. It draws nothing and clears nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from yimen.core.casework.benefit_changes import show_benefit
from yimen.core.casework.checklists.walk import Walk
from yimen.core.casework.checklists.worklist import worklist as steps_to_do
from yimen.core.casework.finding import Found, find_number
from yimen.core.casework.household import query, show_household
from yimen.core.casework.monitor import monitor
from yimen.core.casework.notice_kinds import kind_name
from yimen.core.casework.notice_reading import notice_lines, show_notice
from yimen.core.casework.operators import operator_names
from yimen.core.casework.overlap_cases import show_overlap
from yimen.core.casework.purchase.listing import show_order, show_payment, show_purchase
from yimen.core.casework.worklist import WorkItem, worklist
from yimen.core.divisions import division_name
from yimen.core.documents.checklist_text import checklist_text
from yimen.core.documents.lists import amount_text
from yimen.core.documents.overlap_text import overlap_text
from yimen.core.documents.public_notice import notice_page
from yimen.core.documents.purchase_text import order_text, payment_text, purchase_text
from yimen.core.errors import SharedNumber
from yimen.core.i18n import _
from yimen.core.render.page import page_text
from yimen.core.rules.library import search_programmes
from yimen.core.words.cases import proposal_name, state_name
from yimen.core.words.papers import notice_state_name
from yimen.core.words.referrals import due_text
from yimen.core.words.work import indicator_name, step_name, step_state_name, work_name
from yimen.tui.asking import STOP, Asker, leaves
from yimen.tui.plain_case import PlainCase
from yimen.tui.refused import in_lines, line_name
from yimen.tui.screens.deed import deed_of, label_of
from yimen.tui.screens.deeds import DEEDS_OF
from yimen.tui.screens.posting import POSTING_OF
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
            ("notices", "notice.read", self._notices),
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
            if found.to_sign:
                self._asker.say(_("{n} wait for my signature").format(n=found.to_sign))
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
        matter = proposal_name(item.proposed) if item.proposed else state_name(item.state)
        matter = known.names.text() if known else matter
        words = (work_name(item.light), item.number, item.applicant, matter,
                 step_name(item.step), due_text(item.due_on or ""))  # fmt: skip
        return _(", ").join(filter(None, words))

    def _number(self) -> None:
        typed = self._asker.number(_("ID number or case number:"))
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

    def _one_of(self, shared: SharedNumber) -> None:
        """The families of a number that several people have; the chosen one's file is told."""
        self._asker.say(shared.what)
        names = [f"{household_no} {name}" for household_no, name in shared.families]
        chosen = self._asker.choose(names, _("Back"))
        if chosen is not None:
            self._show(Found(kind="household", number=shared.families[chosen][0]))

    def _show(self, found: Found) -> None:
        desk, catalogue = self._desk, self._catalogue
        match found.kind:
            case "person":
                try:
                    file = query(desk, catalogue, found.number)
                except SharedNumber as shared:
                    self._one_of(shared)
                else:
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
            case "notice" | "benefit":
                self._aid(found)
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
            if not self._deeds(DEEDS_OF[found.kind], number):
                return

    def _deeds(self, names: Sequence[str], number: str) -> bool:
        """Does what is chosen of these deeds; False where nothing is."""
        may = [name for name in names if self._desk.may(deed_of(name).permission)]
        chosen = self._asker.choose(list(map(label_of, may)), _("Back"))
        if chosen is None:
            return False
        with self._asker.refusals():
            self._deed(may[chosen], number)
        return True

    def _aid(self, found: Found) -> None:
        """Shows a public notice or aid that was granted, and does what is chosen with it."""
        while True:
            if found.kind == "notice":
                notice = show_notice(self._desk, found.number)
                page = notice_page(notice, self._catalogue, self._desk)
                self._asker.say(notice_state_name(notice.line.state))
                self._asker.lines(page_text(list(page)))
            else:
                aid = show_benefit(self._desk, found.number)
                amount = "" if aid.amount_fen is None else amount_text(aid.amount_fen, aid.per)
                words = (aid.benefit_no, aid.programme, amount, aid.from_month, aid.to_month or "")
                self._asker.say(_(", ").join(filter(None, words)))
            if not self._deeds(POSTING_OF[found.kind], found.number):
                return

    def _notices(self) -> None:
        """What hangs, late first; one is opened, or a new one put up."""
        lines = [line for line in notice_lines(self._desk) if line.state != "taken_down"]
        lines.sort(key=lambda line: (line.state != "overdue", line.last_day))
        names = [
            _(", ").join((notice_state_name(li.state), li.notice_no, kind_name(li.kind),
                          li.last_day))
            for li in lines
        ]  # fmt: skip
        chosen = self._asker.choose([*names, label_of("notice_post")], _("Back"))
        if chosen is None:
            return
        if chosen == len(lines):
            self._deed("notice_post", "")
        else:
            self._aid(find_number(self._desk, lines[chosen].notice_no))

    def _deed(self, name: str, number: str) -> None:
        deed = deed_of(name)

        def act(given: dict[str, str]) -> None:
            if deed.sure:
                self._asker.make_sure()
            told = deed.act(self._desk, self._catalogue, number, given)
            self._asker.say(f"{number}{_(': ')}{told}" if number else told)

        fields = deed.fields(self._desk, self._catalogue, number)
        self._asker.fill(fields, act, form="deed", subject=f"{number} {name}".strip())

    def _checklist(self) -> None:
        """The steps that can be done now, twenty at a time; the list of one's case is gone through.

        A case of which nothing can be done here is named by its number.
        """
        first = 0
        while True:
            found = steps_to_do(self._desk, self._catalogue, first=first, most=_READ_OUT)
            self._asker.say(
                _("{total} steps, {late} cases late").format(total=found.total, late=found.late)
            )
            names = [
                _(", ").join(filter(None, (step_state_name(s.state), s.subject, s.text,
                                           due_text(s.due_on or ""))))
                for s in found.steps
            ]  # fmt: skip
            more = first + len(found.steps) < found.total
            further = [_("The next {n}").format(n=_READ_OUT)] if more else []
            chosen = self._asker.choose([*names, *further, _("Another case")], _("Back"))
            if chosen is None:
                return
            with self._asker.refusals():
                if chosen < len(names):
                    step = found.steps[chosen]
                    self._walk(step.subject, step.checklist)
                elif more and chosen == len(names):
                    first += _READ_OUT
                elif typed := self._asker.number(_("Case number:")):
                    self._walk(find_number(self._desk, typed).number)

    def _walk(self, subject: str, checklist: str | None = None) -> None:
        """Shows the list of a case that is being worked on, then asks what is open, one by one."""
        walk = Walk(self._desk, self._catalogue, subject, checklist)
        self._asker.lines(checklist_text(walk.view(), coded=False))
        self._asker.say(_("Every answer is kept; q stops, and so does 0 where it is no answer."))
        while True:
            prompt = walk.next()
            self._asker.lines(map(in_lines, walk.told()))
            if prompt is None:
                return
            said = self._asker.line(f"{prompt.text}{_(':')}")
            if said.lower() == STOP or (leaves(said) and not prompt.takes_nought):
                return
            with self._asker.refusals():
                walk.give(prompt, said)
