"""The citizen number of GB 11643-1999, and how names and numbers are masked on a screen.

One spelling of a number inside (18 upper-case characters), whatever was typed or loaded. This file
must never put a whole number into a sentence, and keeps no table of counties: a person keeps the
number of a county that was renamed long ago, and residence permits (810000, 820000, 830000) and
foreigners' cards (first digit 9) are checked like any other.
"""

from __future__ import annotations

import re
from datetime import date

from yimen.core.errors import BadIdNumber
from yimen.core.i18n import _
from yimen.core.spelling import plain_number

SYNTHETIC_COUNTY = "370499"
"""An unassigned county: a number made in it can never be a real person's."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_MASKABLE = re.compile(r"([0-9]{6})[0-9*]{8}([0-9]{3}[0-9X])|([0-9]{6})[0-9*]{6}([0-9]{3})")
_WHOLE = re.compile(r"(?<!\d)(?:\d{17}[\dXxＸｘ]|\d{15})(?!\d)")
_COUNTRY_CODE = re.compile(r"(?:\+|00)86(?=1[0-9]{10}$)")
_EARLIEST_BIRTH = date(1900, 1, 1)


def check_digit(first17: str) -> str:
    """The 18th character for the first seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    weighted = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[weighted % 11]


def birth_date(id18: str) -> date:
    """The birth date in a normalised number; `ValueError` if its places 7 to 14 are no date."""
    return date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))


def sex(id18: str) -> str:
    """The sex in a normalised number, as in GB/T 2261.1: "1" male (odd 17th digit), "2" female."""
    return "1" if int(id18[16]) % 2 else "2"


def normalise_id(text: str, *, synthetic: bool) -> str:
    """The 18 upper-case characters of a citizen number; `BadIdNumber` names the first fault.

    Takes full-width digits, spaces, a small x and the old form of 15 digits (GB 11643-1989, which
    gets the century 19 and a check digit). `synthetic` is the home's own kind: a synthetic home
    holds numbers of `SYNTHETIC_COUNTY` and no other, a real home holds none of them. Whether a
    birth lies in the future is for the caller, who has the clock.
    """
    plain = plain_number(text)
    if not _SHAPE.fullmatch(plain):
        raise _refused(_why_misshapen(plain), plain)
    number = plain if len(plain) == 18 else _lengthened(plain)
    if not _has_birth_date(number):
        raise _refused(
            _(
                "ID number {masked}: places 7 to {last} are not a birth date from 1900-01-01 on."
            ).format(masked=mask_id(plain), last=14 if len(plain) == 18 else 12),
            plain,
        )
    expected = check_digit(number[:17])
    if number[17] != expected:
        raise _refused(
            _(
                "ID number {masked}: the check digit in place 18 should be {expected}, "
                "but it is {found}."
            ).format(masked=mask_id(plain), expected=expected, found=number[17]),
            plain,
        )
    _refuse_other_county(number, synthetic=synthetic)
    return number


def _lengthened(id15: str) -> str:
    """The 18 characters of a number in the old form."""
    first17 = f"{id15[:6]}19{id15[6:]}"
    return first17 + check_digit(first17)


def _has_birth_date(number: str) -> bool:
    """Whether places 7 to 14 are a date of the calendar, 1900-01-01 or later."""
    try:
        return birth_date(number) >= _EARLIEST_BIRTH
    except ValueError:
        return False


def _why_misshapen(plain: str) -> str:
    """The sentence for a text that has not the length or the characters of a number."""
    if not plain:
        return _("No ID number was given.")
    if len(plain) not in (15, 18):
        return _("ID number {masked} has {count} characters, not 18 (or the old 15).").format(
            masked=mask_id(plain), count=len(plain)
        )
    place = next(
        place
        for place, character in enumerate(plain, start=1)
        if character not in ("0123456789X" if place == 18 else "0123456789")
    )
    if place == 18:
        return _("ID number {masked}: place 18 is neither a digit nor X.").format(
            masked=mask_id(plain)
        )
    return _("ID number {masked}: place {place} is not a digit.").format(
        masked=mask_id(plain), place=place
    )


def _refused(why: str, plain: str) -> BadIdNumber:
    """The error for a number that is not as its card has it."""
    step = _("Check it against the card.") if plain else _("Enter the number on the card.")
    return BadIdNumber(why, next_step=step)


def _refuse_other_county(number: str, *, synthetic: bool) -> None:
    """Keeps real people out of a synthetic home, and made-up people out of a real one."""
    if (number[:6] == SYNTHETIC_COUNTY) == synthetic:
        return
    if synthetic:
        raise BadIdNumber(
            _(
                "ID number {masked} is not of the test county {county}, "
                "and a synthetic home holds no real person."
            ).format(masked=mask_id(number), county=SYNTHETIC_COUNTY),
            next_step=_("Use a number of the test county, or a home made without --synthetic."),
        )
    raise BadIdNumber(
        _("ID number {masked} is of the test county {county}, where nobody is registered.").format(
            masked=mask_id(number), county=SYNTHETIC_COUNTY
        ),
        next_step=_("Enter the number on the card, or use a home made with --synthetic."),
    )


def mask_id(id_number: str) -> str:
    """A number with its birth date and more hidden, 370481********0021; any other text all stars.

    The old form keeps six and three digits. Text that is no number gets at most 18 stars, since
    half of an unknown thing may be half of a name. Never raises, and masking twice changes nothing.
    """
    plain = plain_number(id_number)
    shape = _MASKABLE.fullmatch(plain)
    if not shape:
        return "*" * min(len(plain), 18)
    return f"{shape[1]}{'*' * 8}{shape[2]}" if shape[1] else f"{shape[3]}{'*' * 6}{shape[4]}"


def mask_ids_in(text: str) -> str:
    """A text with every whole ID number in it masked, for messages and records."""
    return _WHOLE.sub(lambda found: mask_id(found[0]), text)


def mask_name(name: str) -> str:
    """A name with the middle hidden: 张*三 of three characters or more, 张* of two, * of one."""
    plain = name.strip()
    if len(plain) < 3:
        return plain[:1] + "*" if len(plain) == 2 else "*" * len(plain)
    return f"{plain[0]}{'*' * (len(plain) - 2)}{plain[-1]}"


def mask_phone(phone: str) -> str:
    """A telephone number of eleven digits as 138****1234; any other text all stars."""
    plain = _COUNTRY_CODE.sub("", plain_number(phone).replace("-", ""))
    if re.fullmatch(r"[0-9]{3}[0-9*]{4}[0-9]{4}", plain):
        return f"{plain[:3]}****{plain[-4:]}"
    return "*" * min(len(plain), 11)
