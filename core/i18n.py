"""The language of everything a person reads: English msgids, zh_CN complete, chosen once a process.

`YIMEN_LANG` wins, then the locale, then Chinese. It never formats numbers or dates: those print
alike in both languages, so that a script can rely on them.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
DOMAIN = "yimen"


def language() -> str:
    """The language in force, `zh` or `en`: YIMEN_LANG, else the locale, else Chinese."""
    wanted = os.environ.get("YIMEN_LANG") or next(
        (v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), ""
    )
    return "en" if wanted.lower().startswith("en") else "zh"


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    names = ["zh_CN"] if code == "zh" else []
    return gettext.translation(DOMAIN, LOCALE_DIR, languages=names, fallback=True)


def _(msgid: str) -> str:
    """The message in the language in force; an empty msgid stays empty."""
    return _catalogue(language()).gettext(msgid) if msgid else ""


def pick(texts: Mapping[str, str]) -> str:
    """The text of a bilingual `{zh, en}` pair in the language in force."""
    return texts[language()]


def speak_to_click() -> None:
    """Lets click's own sentences (Usage, Options, Error) come from this project's catalogue."""
    gettext.bindtextdomain(DOMAIN, str(LOCALE_DIR))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = "zh_CN" if language() == "zh" else "en"
