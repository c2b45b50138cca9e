"""Text from files made safe for the program that will show it: a terminal, a spreadsheet, JSON.

A name in a register can hold anything: a sequence that moves the cursor or renames the window, a
mark that reverses the reading order, a formula. This is the last door before it is shown. It never
decides what a name *is*: registers and records keep the characters that they were given.
"""

from __future__ import annotations

import json
import re

# Written out rather than asked of unicodedata one character at a time, because every cell of a
# long listing passes here; a test holds the classes against the Unicode tables.
_CONTROLS = "\x00-\x1f\x7f-\x9f"
_FORMATS = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Letters and marks that Unicode says to draw as nothing: joiners, fillers, variation selectors.
_INVISIBLES = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIDDEN = re.compile(f"[{_CONTROLS}{_FORMATS}{_INVISIBLES}]")
_HIDDEN_KEEPING_LINES = re.compile(f"(?!\n)[{_CONTROLS}{_FORMATS}{_INVISIBLES}]")
_UNSAFE_IN_JSON = re.compile(f"(?!\n)[{_CONTROLS}{_FORMATS}{_INVISIBLES}\ud800-\udfff]")

# ECMA-48 5.4 and 5.6: control sequences, control strings, and the short escapes. A control string
# that nobody ends loses only its introducer, so that a stray byte cannot swallow the text after it.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    rf"|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^{_CONTROLS}]*+(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*+[0-~]"
)

# Half-width, full-width and small forms: a spreadsheet of an East Asian locale reads all of them.
_FORMULA_STARTS = "=+-@＝＋－＠﹦﹢﹣﹫"
_PLAIN_NEGATIVE = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def terminal_safe(text: str, lines: bool = False) -> str:
    """The text without anything that drives a terminal or hides: what is left can be printed.

    Removes control characters, escape sequences whole, bidi marks, and zero-width and format
    characters; half of a surrogate pair, which no stream can write, becomes `?`. With `lines` a
    line feed stays (and CR LF becomes one); without it none does.
    """
    plain = _SURROGATE.sub("?", _SEQUENCE.sub("", text))
    return (_HIDDEN_KEEPING_LINES if lines else _HIDDEN).sub("", plain)


def spreadsheet_safe(text: str) -> str:
    """The text as a cell that a spreadsheet shows instead of running it.

    A cell whose first sign is = + - @ (also full-width, also after blanks or invisible characters)
    or that begins with a tab or a carriage return gets a leading apostrophe. A plain negative
    number, such as -12.50, stays as it is.
    """
    bare = _HIDDEN.sub("", text).strip()
    starts_with_control = text.lstrip(" \u3000").startswith(("\t", "\r"))
    if not starts_with_control and _PLAIN_NEGATIVE.fullmatch(bare):
        return text
    return f"'{text}" if starts_with_control or bare.startswith(tuple(_FORMULA_STARTS)) else text


def json_safe(document: str) -> str:
    r"""JSON text with every hidden character inside its strings written as `\uXXXX`.

    A reader gets the same values, byte for byte; a terminal gets nothing that it would obey.
    """
    return _UNSAFE_IN_JSON.sub(lambda hidden: json.dumps(hidden[0])[1:-1], document)
