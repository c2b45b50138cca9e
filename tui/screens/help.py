"""F1: the keys of the screen that one came from, what the marks say, and where the law is found."""

from __future__ import annotations

from yimen.core.casework.worklist import LIGHTS
from yimen.core.i18n import _
from yimen.core.laws import law_list
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.words.checks import result_mark, result_name
from yimen.core.words.work import step_state_mark, step_state_name, work_mark, work_name
from yimen.tui.keys import MENU, NUMBER, VERB_KEYS, Key
from yimen.tui.page import Page
from yimen.tui.screens.text import TextPage
from yimen.tui.screens.verbs import verb_label
from yimen.tui.verb_keys import VerbKeys

_STEPS = ("done", "open", "blocked", "overdue", "not_needed")


class HelpPage(TextPage):
    """Keys, words and laws, from the tables that the screens themselves use."""

    def __init__(self, of: Page) -> None:
        super().__init__(_("Help"), self._help)
        self._of = of

    def _help(self) -> list[str]:
        return [
            *heading(f"{_('Help')}{_(': ')}{self._of.place()}"),
            _("Keys of this screen"),
            *_keys(self._of.own_keys),
            *self._verbs(),
            "",
            _("Keys that mean the same everywhere"),
            *_keys((*self.clerk.function_keys, NUMBER)),
            *key_values(
                [
                    ("Esc", _("back; nothing that was typed is lost")),
                    ("Tab, Enter", _("next field or list")),
                    ("PgUp, PgDn", _("a page up or down; past the end, the next 200")),
                    ("Ctrl+L", _("draw the screen again")),
                ]
            ),
            *wrap(
                _("Where a terminal swallows function keys, {key} or M opens the menu of digits.")
                .format(key=MENU.name)
            ),
            "",
            _("Marks"),
            *key_values([(work_mark(light), work_name(light)) for light in LIGHTS]),
            *key_values([(result_mark(r), result_name(r)) for r in ("pass", "fail", "unknown")]),
            *key_values([(step_state_mark(s), step_state_name(s)) for s in _STEPS]),
            "",
            _("Laws that the screens cite"),
            *(
                line
                for key, title in law_list()
                for line in wrap(f"{key:<10} {title}", indent=" " * 11)
            ),
        ]  # fmt: skip

    def _verbs(self) -> list[str]:
        """The keys of a referral's verbs, where there is one to act on."""
        if not isinstance(self._of, VerbKeys):
            return []
        told: dict[str, list[str]] = {}
        for verb, key in VERB_KEYS.items():
            told.setdefault(key.name, []).append(verb_label(verb))
        rows = [(name, _(", ").join(labels)) for name, labels in told.items()]
        return ["", _("Keys of a referral"), *key_values(rows)]


def _keys(keys: tuple[Key, ...]) -> list[str]:
    return key_values([(key.name, _(key.label)) for key in keys])
