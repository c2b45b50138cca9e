"""What may not be purchased as a service, found in a text however it is written.

Spaces, dots and hyphens between the signs, full-width letters and numerals in Chinese hide nothing.
A comma or a list's sign does part two words: "staff, dispatch of cars" is no dispatch of staff.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from yimen.core.casework.purchase.rules import NotPurchasable, law
from yimen.core.errors import Refused
from yimen.core.i18n import _

_BETWEEN = re.compile(r"[\s\-_·•・.~|'\"`()\[\]{}<>《》〈〉「」『』“”‘’【】]+")
_NUMERALS = str.maketrans(
    "〇零一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万", "0011222334455667788990000000"
)


def refuse_not_purchasable(texts: Iterable[str]) -> None:
    """Refuses (`Refused`) a purchase whose title, item or specification is on the list."""
    for text in texts:
        for listed in law().not_purchasable:
            if words := found_in(listed, text):
                raise Refused(
                    _("'{words}' may not be purchased as a service. Rule: {rule}.").format(
                        words=words, rule=listed.words()
                    ),
                    next_step=_("`yimen purchase items --not-purchasable` shows the list."),
                )


def found_in(listed: NotPurchasable, text: str) -> str | None:
    """The listed words that a text shows, or its own words that fit a listed pattern, or None."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(c for c in plain if c.isprintable() or c.isspace())
    close = _BETWEEN.sub("", visible)
    for word in listed.shown_by:
        if _BETWEEN.sub("", word.casefold()) in close:
            return word
    for written in (visible, "".join(visible.split())):
        # A numeral is one digit here, so that places in both texts are the same.
        counted = written.translate(_NUMERALS)
        for pattern in listed.patterns:
            if found := re.search(pattern, counted):
                return written[found.start() : found.end()]
    return None
