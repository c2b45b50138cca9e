"""The keys: one table of places, so that a key means the same on every screen.

F-keys open places from anywhere. Terminals that swallow function keys have F9's menu, or `M`, where
each place has a digit.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A key, what it does in a word, and the action; `shown` is how the key bar writes the key."""

    key: str
    label: str
    action: str
    shown: str = ""

    @property
    def name(self) -> str:
        """The key as clerks read it."""
        return self.shown or (self.key.upper() if len(self.key) <= 3 else self.key.capitalize())


# place -> its key; the menu's digits are the order here.
PLACES: dict[str, Key] = {
    "worklist": Key("f2", "Work", "go('worklist')"),
    "query": Key("f3", "Family", "go('query')"),
    "checklist": Key("f4", "Lists", "go('checklist')"),
    "check": Key("f5", "Check", "go('check')"),
    "board": Key("f6", "Send", "go('board')"),
    "purchase": Key("f7", "Buy", "go('purchase')"),
    "monitor": Key("f8", "Watch", "go('monitor')"),
    "inbox": Key("", "Department inbox", "go('inbox')"),
    "overlaps": Key("", "Overlapping aid", "go('overlaps')"),
    "consult": Key("", "Policy consultation", "go('consult')"),
    "programmes": Key("", "Aid programmes", "go('programmes')"),
    "drafts": Key("", "My drafts", "go('drafts')"),
}
HELP = Key("f1", "Help", "help")
MENU = Key("f9", "More", "menu")
LEAVE = Key("f10", "Leave", "leave")
SAVE = Key("f12", "Save", "save")
BACK = Key("escape", "Back", "back", "Esc")
NUMBER = Key("g", "Number", "number")
FUNCTION_KEYS = (HELP, *(key for key in PLACES.values() if key.key), MENU, LEAVE)
