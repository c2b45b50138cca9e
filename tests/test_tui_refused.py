"""What a screen says of a refusal: keys and names where the casework says commands and codes."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from textual.geometry import Size

from yimen.core.errors import IllegalMove, Refused, naming
from yimen.core.render.document import wide, wrap
from yimen.tui.refused import told
from yimen.tui.widgets.bars import MessageLine


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("`yimen checklist run R2026-00001`", "F4"),
        ("`yimen referral show R2026-00001`", "G R2026-00001"),
        ("`yimen intake A2026-00001 --authorisation FILE`", "G A2026-00001"),
        ("`yimen query ID`", "F3"),
        ("`yimen purchase award`", "F7"),
        ("`yimen overlaps list`", "F9 9"),
        ("`yimen operator list`", "`yimen operator list` (asked of county IT)"),
        ("`yimen purchase items`", "`yimen purchase items` (asked of county IT)"),
    ],
)
def test_a_command_is_told_as_the_place_that_does_the_same(command: str, place: str) -> None:
    assert told(Refused("No.", next_step=f"{command} shows it.")) == f"No. {place} shows it."


def test_codes_are_told_by_their_names_and_where_it_is_shown_anyway_not_at_all() -> None:
    names = {"survey": "step 2 (Visit)", "opinion": "step 6 (Opinion)"}
    with pytest.raises(IllegalMove) as refused, naming(lambda: names):
        raise IllegalMove(
            "First must come: survey.", where="R2026-00001 opinion",
            next_step="Not the survey-sheet, nor `do survey`.",
        )  # fmt: skip
    assert told(refused.value) == (
        "R2026-00001: First must come: step 2 (Visit). Not the survey-sheet, nor `do survey`."
    )


def test_a_text_is_as_wide_as_the_screen_that_shows_it_and_a_page_otherwise() -> None:
    text = "word " * 30
    with wide(132):
        assert max(map(len, wrap(text))) > 120
    assert max(map(len, wrap(text))) <= 80


def test_a_long_chinese_sentence_begins_beside_its_mark() -> None:
    line = MessageLine()
    line.say("! " + "此项操作须由两名工作人员共同办理，请填写另一名经办人员的编号。" * 2)
    with patch.object(MessageLine, "size", Size(80, 2)):
        first, __ = line.render().plain.splitlines()
    assert first.startswith("! 此项操作")
