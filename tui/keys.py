"""The keys: one table, so that a key means the same on every screen.

F-keys open places from anywhere, letters and signs act on what stands on the screen. Terminals that
swallow function keys have F9's menu, or `M`, where each place has a digit, and so has under 0 what
the screen below it can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.binding import BindingType


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


@dataclass(frozen=True)
class Act:
    """Something that can be done now: its words, what is called, and its key where it has one."""

    label: str
    run: Callable[[], object]
    key: str = ""


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
    "sign": Key("", "Waits for my signature", "go('sign')"),
    "notices": Key("", "Public notices", "go('notices')"),
}
# place -> what its screen refuses to whoever may not do it; any other place refuses nobody.
NEEDED: dict[str, str] = {
    "query": "referral.read", "checklist": "checklist.work", "check": "application.read",
    "board": "referral.read", "purchase": "purchase.read", "monitor": "due",
    "inbox": "referral.read", "overlaps": "overlaps.read", "sign": "referral.read",
    "notices": "notice.read",
}  # fmt: skip
HELP = Key("f1", "Help", "help")
MENU = Key("f9", "More", "menu")
LEAVE = Key("f10", "Leave", "leave")
SAVE = Key("f12", "Save", "save")
BACK = Key("escape", "Back", "back", "Esc")
FUNCTION_KEYS = (HELP, *(key for key in PLACES.values() if key.key), MENU, LEAVE)

# Enter goes on: into what is chosen, or to the next field.
OPEN = Key("enter", "Open", "open")
SEARCH = Key("enter", "Search", "search")
NEXT = Key("enter", "Next field", "next")
PREVIOUS = Key("shift+tab", "Previous", "app.focus_previous", "Shift+Tab")
NEXT_ERROR = Key("ctrl+e", "Next error", "next_error", "Ctrl+E")
OTHER_PART = Key("tab", "Word or list", "app.focus_next", "Tab")
PAGE_DOWN = Key("pagedown", "Next page", "page(1)", "PgDn")
PAGE_UP = Key("pageup", "Page before", "page(-1)", "PgUp")

# A digit does what stands beside it on the screen: a tab, an act, a choice.
DIGITS = Key("1", "choose by number", "digit(1)", "1-9")
DIGIT_BINDINGS: list[BindingType] = [(str(n), f"digit({n})", "") for n in range(1, 10)]

NUMBER = Key("g", "Number", "number")
RELOAD = Key("r", "Read again", "reload")
RANGE = Key("o", "Other range", "range")
PRINT = Key("p", "Print", "papers")
FULL = Key("l", "In full", "full")
FAMILY = Key("h", "Family", "family")
APPLICATION = Key("n", "Application", "application")
QUESTIONS = Key("q", "Questions", "questions")
CHECK = Key("k", "Check", "check")
VERIFY = Key("v", "Verify", "verify")
UNMASK = Key("u", "Unmask", "unmask")
RESOLVE = Key("z", "Resolve", "resolve")

# What is done with a referral; signs are those of the block of digits.
SIGN = Key("s", "Sign", "verb('s')")
SIGN_ALL = Key("asterisk", "Sign all", "receive_all", "*")
TAKE_ON = Key("a", "Take on", "verb('a')")
NOT_TAKE_ON = Key("x", "Not take on", "verb('x')")
BEGIN = Key("t", "Begin", "verb('t')")
ANSWER = Key("f", "Answer", "verb('f')")
RETURN = Key("b", "Return", "verb('b')")
STOP_OR_GO_ON = Key("w", "Stop or go on", "verb('w')")
EXTEND = Key("plus", "Extend", "verb('plus')", "+")
SECOND = Key("y", "Sign as second", "verb('y')")
DECLINE = Key("full_stop", "Decline", "verb('full_stop')", ".")
CONFIRM = Key("c", "Confirm", "verb('c')")
ASK_AGAIN = Key("i", "Ask again", "verb('i')")
TAKE_BACK = Key("minus", "Take back", "verb('minus')", "-")
# Of a referral, and of what is like it: an application, an overlap, a draft.
DISPATCH = Key("d", "Dispatch", "dispatch")
HAND_ON = Key("j", "Hand on", "hand_on")
END = Key("e", "End", "end")
DISCARD = Key("delete", "Discard", "discard", "Del")

# verb -> its key. Verbs that share one are never possible together: whatever stands still goes on.
VERB_KEYS: dict[str, Key] = {
    "send": DISPATCH, "redispatch": DISPATCH, "receive": SIGN, "accept": TAKE_ON,
    "reject": NOT_TAKE_ON, "start": BEGIN, "decide": ANSWER, "return": RETURN,
    "suspend": STOP_OR_GO_ON, "resume": STOP_OR_GO_ON, "reopen": STOP_OR_GO_ON,
    "extend": EXTEND, "countersign": SECOND, "decline": DECLINE, "fail": END, "complete": CONFIRM,
    "clarify": ASK_AGAIN, "transfer": HAND_ON, "withdraw": TAKE_BACK, "void": DISCARD,
}  # fmt: skip
