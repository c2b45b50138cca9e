"""How a clerk types lines: A1=480, A2/hour=120, A1=480@80 with a price in yuan, NAME=40."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.spelling import half_width

if TYPE_CHECKING:
    from yimen.core.casework.purchase.contracts import Priced
    from yimen.core.casework.purchase.reading import Asked, Paper


def asked(text: str) -> Asked:
    """ITEM=QUANTITY or ITEM/UNIT=QUANTITY."""
    from yimen.core.casework.purchase.reading import Asked

    name, quantity = _pair(text, "ITEM=QUANTITY")
    item, slash, unit = name.partition("/")
    return Asked(item=item.strip(), quantity=quantity, unit=unit.strip() if slash else None)


def priced(text: str) -> Priced:
    """ITEM=QUANTITY@PRICE, with the price of one unit in yuan."""
    from yimen.core.casework.purchase.contracts import Priced
    from yimen.core.money import parse_yuan

    line, at, price = text.rpartition("@")
    if not at:
        raise _misshapen(text, "ITEM=QUANTITY@PRICE")
    return Priced(asked(line), parse_yuan(price))


def numbers(texts: Sequence[str], shape: str) -> dict[str, int]:
    """NAME=NUMBER of an option that may be given several times, each name once."""
    found: dict[str, int] = {}
    for text in texts:
        name, number = _pair(text, shape)
        if name in found:
            raise BadInput(
                _("'{name}' is given twice.").format(name=name[:30]),
                next_step=_("Give each name once."),
            )
        found[name] = number
    return found


def line_numbers(texts: Sequence[str]) -> dict[int, int]:
    """LINE=QUANTITY, by the contract's line numbers."""
    found = numbers(texts, "LINE=QUANTITY")
    for name in found:
        if not (name.isascii() and name.isdigit()):
            raise _misshapen(name, "LINE=QUANTITY")
    return {int(name): quantity for name, quantity in found.items()}


def paper(path: Path) -> Paper:
    """The name and hash of a paper's file."""
    from yimen.core.casework.papers import hashed
    from yimen.core.casework.purchase.reading import Paper

    return Paper(*hashed(path))


def _pair(text: str, shape: str) -> tuple[str, int]:
    name, equals, number = (part.strip() for part in text.replace("＝", "=").rpartition("="))
    number = half_width(number)
    if not (equals and name and number.isascii() and number.isdigit() and len(number) < 10):
        raise _misshapen(text, shape)
    return name, int(number)


def _misshapen(text: str, shape: str) -> BadInput:
    return BadInput(
        _("'{text}' is not written as {shape}.").format(text=text[:40], shape=shape),
        next_step=_("Write a whole number after the sign, such as A1=480 or A2/hour=120."),
    )
