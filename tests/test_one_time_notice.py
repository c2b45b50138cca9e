"""What is missing is told once; what a first notification should have said is kept as a breach."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def told(civil: Any, civil_stories: Any) -> Any:
    """A family that was told once what is missing; its number."""
    number = civil_stories["unknown"]["id_number"]
    return civil.json("intake", number, "--no-ask")["application_no"]


def notices(home: Path, number: str) -> list[dict[str, Any]]:
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(
        "SELECT items, breach, asked FROM supplement_notice WHERE application_no = ? ORDER BY id",
        [number],
    ).fetchall()
    conn.close()
    return [{"items": json.loads(i), "breach": json.loads(b), "asked": json.loads(a)}
            for i, b, a in rows]  # fmt: skip


def breaches(yimen: Any, number: str) -> list[Any]:
    rows = yimen.json("journal", "show", "--subject", number)
    return [json.loads(r["body"]) for r in rows if r["action"] == "intake.notice_breach"]


def breach_rate(yimen: Any) -> tuple[int, int]:
    """Accepted applications with a breach, and all of them, as the monitor counts them."""
    return rate(yimen, "notice_breach")


def rate(yimen: Any, name: str) -> tuple[int, int]:
    """The two numbers of one indicator of the monitor."""
    rows = yimen.json("monitor", "--by", "indicator")
    return next((r["part"], r["whole"]) for r in rows if r["indicator"] == name)


def accept(yimen: Any, number: str) -> None:
    """Takes the application as accepted, whatever is still open."""
    conn = sqlite3.connect(yimen.home / "casework.db")
    with conn:
        conn.execute(
            "UPDATE application SET state = 'accepted', accepted_on = '2026-11-20'"
            " WHERE application_no = ?",
            [number],
        )
    conn.close()


def forgotten(home: Path, number: str) -> str:
    """Takes one fact out of the first notification, as if it had not been named."""
    items = notices(home, number)[0]["items"]
    (fact, *__), *rest = [i for i in items if i[0]]
    left = [i for i in items if i[0] != fact]
    assert rest
    conn = sqlite3.connect(home / "casework.db")
    with conn:
        conn.execute("UPDATE supplement_notice SET items = ?", [json.dumps(left)])
    conn.close()
    return str(fact)


def test_the_first_notification_is_no_breach_and_the_same_one_is_not_given_twice(
    civil: Any, told: str
) -> None:
    civil("intake", told, "--no-ask")
    (first,) = notices(civil.home, told)
    assert first["breach"] == []
    assert "CIV-DB" in first["asked"]["programmes"]
    assert breaches(civil, told) == []


def test_an_answer_shortens_the_list_and_breaks_nothing(civil: Any, told: str) -> None:
    civil("intake", told, "--no-ask", "--answer", "civil.other_income_year=0")
    assert [n["breach"] for n in notices(civil.home, told)] == [[], []]
    assert breaches(civil, told) == []
    accept(civil, told)
    # What is left of a list tells the family nothing twice.
    assert rate(civil, "told_twice") == (0, 2)


def test_what_the_first_notification_left_out_is_a_breach_of_telling_once(
    civil: Any, told: str
) -> None:
    fact = forgotten(civil.home, told)
    civil("intake", told, "--no-ask")
    assert [n["breach"] for n in notices(civil.home, told)] == [[], [fact]]
    (kept,) = breaches(civil, told)
    assert kept == {"breach": "ONE_TIME_NOTICE_BREACH", "items": [fact]}
    assert breach_rate(civil) == (0, 1)
    accept(civil, told)
    assert breach_rate(civil) == (1, 2)


def test_what_a_newly_requested_programme_asks_is_no_breach(civil: Any, told: str) -> None:
    civil("intake", told, "--no-ask", "--for", "CIV-TEMP")
    first, second = notices(civil.home, told)
    assert {i[0] for i in second["items"]} - {i[0] for i in first["items"]}
    assert second["breach"] == []
    assert breaches(civil, told) == []
    accept(civil, told)
    assert rate(civil, "told_twice") == (1, 2)
