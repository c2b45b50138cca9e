"""What a deed about a purchase, an order or a payment asks; F12 does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from yimen.core.i18n import _
from yimen.tui.form import FormPage
from yimen.tui.keys import Act
from yimen.tui.page import Page
from yimen.tui.screens.deeds import DEEDS, Deed, deed_label
from yimen.tui.screens.opening import open_number
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Field


class DeedPage(FormPage):
    """The form of one deed; a new purchase opens when it is planned."""

    CSS_PATH = "deed.tcss"
    FORM = "deed"

    def __init__(self, deed: str, number: str = "") -> None:
        super().__init__(f"{number} {deed}".strip())
        self._deed, self._number = deed, number

    def place(self) -> str:
        return label_of(self._deed)

    def above(self) -> ComposeResult:
        yield Line(self._number, id="which")

    def fields(self) -> Sequence[Field]:
        return deed_of(self._deed).fields(self.desk, self.catalogue, self._number)

    def save(self, answers: dict[str, str]) -> None:
        if deed_of(self._deed).sure:
            # A notice that no case's step opened is told by what it is about.
            about = self._number or answers["referrals"]
            self.clerk.confirm_act(label_of(self._deed), about, lambda: self._do(answers))
        else:
            self._do(answers)

    def _do(self, answers: dict[str, str]) -> None:
        told = deed_of(self._deed).act(self.desk, self.catalogue, self._number, answers)
        self.done()
        self.clerk.back()
        if self._deed == "plan":
            open_number(self.clerk, told)
            told = _("Purchase {no} is planned.").format(no=told)
        self.clerk.later(told)


def deed_of(name: str) -> Deed:
    """A deed about a purchase, else one about a notice, aid or an application."""
    if name in DEEDS:
        return DEEDS[name]
    from yimen.tui.screens.posting import POSTING

    return POSTING[name]


def label_of(name: str) -> str:
    """What the operator is about to do."""
    if name in DEEDS:
        return deed_label(name)
    from yimen.tui.screens.posting import posting_label

    return posting_label(name)


def deed_acts(page: Page, number: str, names: Sequence[str]) -> list[Act]:
    """The deeds of these that the operator's role allows, each opening its form."""

    def opening(name: str) -> Callable[[], None]:
        return lambda: page.clerk.open(DeedPage(name, number))

    return [
        Act(label_of(name), opening(name))
        for name in names
        if page.desk.may(deed_of(name).permission)
    ]
