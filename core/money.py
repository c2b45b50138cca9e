"""Money as an integer number of fen, from what people write and back.

A float must never touch an amount: 0.1 + 0.2 yuan is thirty fen exactly, and a limit compared in
fen gives the same answer on every machine.
"""

from __future__ import annotations

import re
import unicodedata

from yimen.core.errors import BadAmount
from yimen.core.i18n import _

_AMOUNT = re.compile(
    r"(?P<sign>-?)\s*¥?\s*(?P<minus>-?)"
    r"(?P<yuan>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<fen>[0-9]{1,2}))?\s*元?"
)
_MOST_DIGITS = 15
"""Of whole yuan: ninety amounts of this size still add up inside a 64-bit integer of fen."""


def parse_yuan(text: str) -> int:
    """The fen in an amount of yuan: 1234.5, 1,234.50, ¥1234.50, 1234.50元, -12; else `BadAmount`.

    Exact: no more than two decimals and fifteen digits of whole yuan. Powers of ten (1E10) and
    larger units (万元) are refused rather than guessed.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    amount = _AMOUNT.fullmatch(plain)
    if not amount or (amount["sign"] and amount["minus"]):
        raise BadAmount(
            _("'{text}' is not an amount in yuan.").format(text=_in_short(plain)),
            next_step=_("Write it as 1234.50, with at most two decimals."),
        )
    yuan = amount["yuan"].replace(",", "")
    if len(yuan) > _MOST_DIGITS:
        raise BadAmount(
            _("An amount of {count} digits is too large.").format(count=len(yuan)),
            next_step=_("Write at most {most} digits of whole yuan.").format(most=_MOST_DIGITS),
        )
    fen = int(yuan) * 100 + int((amount["fen"] or "").ljust(2, "0"))
    return -fen if amount["sign"] or amount["minus"] else fen


def _in_short(text: str) -> str:
    """A text for an error: a long one is cut, since it may be an ID number in the wrong column."""
    return text if len(text) <= 12 else f"{text[:4]}..."


def format_yuan(fen: int) -> str:
    """Fen as yuan with two decimals and nothing else, 1234.50; `parse_yuan` reads it back."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def ceil_to_yuan(fen: int) -> int:
    """Fen rounded up to a whole yuan, still in fen: 12301 gives 12400, -199 gives -100."""
    return -(-fen // 100) * 100
