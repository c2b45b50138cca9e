"""Settlements that a department declares: wrong columns are its problem, an event is one sum."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from overlap_county import LI, Small
from plugin_files import heating, named

from yimen.core.rules.catalogue import load_catalogue

SPOILT = {
    "there is no such column": {"cost": "moon_fen"},
    "it is no column of type date": {"day": "amount_fen"},
    "it is no column of type money": {"cost": "billed_on"},
    "it is named twice": {"paid": [{"column": "amount_fen"}, {"column": "amount_fen"}]},
    "it is a part of no payer's column": {
        "paid": [{"column": "amount_fen", "part_of": "billed_on"}]
    },
}


@pytest.mark.parametrize("reason", SPOILT)
def test_a_settlement_that_names_wrong_columns_is_one_problem_of_its_department(
    yimen_nowhere: Any, install: Any, reason: str
) -> None:
    files = heating()
    good = {"day": "billed_on", "cost": "amount_fen", "paid": [{"column": "amount_fen"}]}
    files["sources.json"][0]["settlement"] = good | SPOILT[reason]
    install(files)
    said = yimen_nowhere("department", "list").err
    assert reason in said
    assert "heating.bills" in said


def test_a_settlement_by_event_adds_the_rows_of_one_event_up(
    yimen_empty: Any, install: Any, tmp_path: Path
) -> None:
    files = heating()
    source = files["sources.json"][0]
    source["columns"] += [
        {"column": c, "type": t, "names": named(c)}
        for c, t in (("cost_fen", "money"), ("other_fen", "money"), ("matter", "text"))
    ]
    source["settlement"] = {
        "day": "billed_on", "cost": "cost_fen", "event": "matter",
        "paid": [{"column": "amount_fen", "programme": "HEA-WARM"}, {"column": "other_fen"}],
    }  # fmt: skip
    install(files)
    catalogue = load_catalogue(yimen_empty.home / "cache")
    county = Small(yimen_empty, catalogue, tmp_path)
    header = ["姓名", "身份证号", "Billed on", "Amount", "cost_fen", "other_fen", "matter"]
    rows = [
        # Each above nothing of its own, and 50 above the cost of the whole.
        ["李一", LI, "2026-03-01", "100", "150", "0", "one"],
        ["李一", LI, "2026-04-01", "0", "100", "200", "one"],
        ["李一", LI, "2026-05-01", "300", "300", "0", "two"],
    ]
    county.load("heating.bills", header, rows)
    programmes = frozenset({"HEA-WARM"})
    assert county.take(kinds=frozenset({"multi_source"}), programmes=programmes)["new"] == 1
    (hit,) = county.hits()
    assert (hit.to_month, hit.amount_fen, hit.owner) == ("2026-04", 50_00, "heating")
    county.desk.home.close()
