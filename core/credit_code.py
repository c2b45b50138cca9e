"""The unified social credit code of GB 32100-2015, by which an organisation is named.

Eighteen characters: who registered it, what kind it is, six digits of the registering division,
nine of the organisation, and a check character. A code is public; it may stand in a sentence.
"""

from __future__ import annotations

import re

from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.spelling import plain_number

# I, O, S, V and Z are left out, since they are read as digits or one another.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE = re.compile(rf"[{_SIGNS}]{{2}}[0-9]{{6}}[{_SIGNS}]{{9}}")


def check_sign(first17: str) -> str:
    """The 18th character for the first seventeen (ISO 7064 with the powers of 3, modulo 31)."""
    weighted = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return _SIGNS[-weighted % 31]


def normalise_credit_code(text: str, where: str) -> str:
    """The 18 upper-case characters of a code; `BadInput` names the first fault."""
    plain = plain_number(text)
    if len(plain) != 18:
        raise _refused(
            _("A unified social credit code has 18 characters; this has {count}.").format(
                count=len(plain)
            ),
            where,
        )
    if not _SHAPE.fullmatch(plain[:17]):
        raise _refused(
            _(
                "This is no unified social credit code: places 3 to 8 are digits, and the letters "
                "I, O, S, V and Z are in none."
            ),
            where,
        )
    expected = check_sign(plain[:17])
    if plain[17] != expected:
        raise _refused(
            _(
                "The check character in place 18 of the unified social credit code should be "
                "{expected}, but it is {found}."
            ).format(expected=expected, found=plain[17]),
            where,
        )
    return plain


def _refused(what: str, where: str) -> BadInput:
    return BadInput(
        what, where=where, next_step=_("Copy it from the supplier's registration certificate.")
    )
