"""How numbers and codes are spelt inside, whatever an input method made of them.

For numbers, codes, amounts and days alone. A name or a text is never spelt anew: a rare character
may have a common twin.
"""

from __future__ import annotations

import unicodedata

# Characters that count as letters or signs, and are drawn as nothing.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"


def half_width(text: str) -> str:
    """A code that somebody typed: full-width made narrow, invisible signs left out, case kept."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if c.isprintable() or c.isspace()).strip()


def plain_number(text: str) -> str:
    """A number as it is written inside: full-width characters narrow, no spaces, upper-case."""
    return "".join(half_width(text).split()).upper()


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: only spaces, control and format characters, and fillers."""
    return not any(c.isprintable() and not c.isspace() and c not in _FILLERS for c in text)
