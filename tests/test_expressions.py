"""What a department may write as an expression, its type, and how the rest is refused."""

from __future__ import annotations

import pytest

from yimen.core.errors import BadDeclaration
from yimen.core.rules.expressions import Name, Scope, parse, parse_aggregate, type_of

NAMES = {
    "poor": Name("boolean"),
    "old": Name("boolean"),
    "n": Name("integer"),
    "m": Name("integer"),
    "income": Name("money"),
    "limit": Name("money"),
    "born": Name("date"),
    "died": Name("date"),
    "kind": Name("code", frozenset({"CAR", "TRUCK"})),
    "place": Name("code"),
    "civil.wage_year": Name("money"),
}
COLUMNS = {
    "amount_fen": Name("money"),
    "items": Name("integer"),
    "paid_on": Name("date"),
    "full_time": Name("boolean"),
    "kind": Name("code", frozenset({"CAR", "TRUCK"})),
}
PLACE = "civil/facts.json:12"


def scope() -> Scope:
    return Scope(PLACE, NAMES, frozenset({"CIV-DB", "MED-IN"}))


def typed(text: str) -> str:
    return type_of(parse(text, PLACE), scope())


def refused(text: str) -> str:
    with pytest.raises(BadDeclaration) as caught:
        typed(text)
    return str(caught.value)


def aggregate(text: str) -> tuple[str, str]:
    found, kind = parse_aggregate(text, Scope(PLACE, COLUMNS))
    return found.kind, kind


def refused_aggregate(text: str) -> str:
    with pytest.raises(BadDeclaration) as caught:
        aggregate(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("poor", "boolean"),
        ("NOT poor AND (old OR TRUE)", "boolean"),
        ("poor = old", "boolean"),
        ("n", "integer"),
        ("n + 1 - m * 2", "integer"),
        ("-n", "integer"),
        ("7", "number"),
        ("9223372036854775807", "number"),
        ("income", "money"),
        ("12 * income - limit", "money"),
        ("income * n", "money"),
        ("n * income", "money"),
        ("civil.wage_year", "money"),
        ("MAX(0, income - limit)", "money"),
        ("MIN(n, m, 3)", "integer"),
        ("MAX(born, died, AS_OF)", "date"),
        ("DIV_FLOOR(income * 600000, 1000000)", "money"),
        ("DIV_CEIL(income, n)", "money"),
        ("DIV_CEIL(income, limit)", "integer"),
        ("DIV_FLOOR(n, 12)", "integer"),
        ("AS_OF", "date"),
        ("AGE_YEARS(born, AS_OF)", "integer"),
        ("MONTHS_BETWEEN('2025-12-31', AS_OF)", "integer"),
        ("YEAR(AS_OF)", "integer"),
        ("MONTH(AS_OF)", "integer"),
        ("DAYS_BETWEEN(born, AS_OF)", "integer"),
        ("ENTITLED('CIV-DB') OR ENTITLED('MED-IN')", "boolean"),
        ("income < limit", "boolean"),
        ("income >= 30000", "boolean"),
        ("born <= '2008-11-20'", "boolean"),
        ("born BETWEEN '2008-02-29' AND AS_OF", "boolean"),
        ("n NOT BETWEEN 1 AND m", "boolean"),
        ("kind IN ('CAR', 'TRUCK')", "boolean"),
        ("n NOT IN (1, 2, 3)", "boolean"),
        ("kind <> 'CAR'", "boolean"),
        ("place = 'any text where no codes are declared'", "boolean"),
        ("place = 'it''s quoted'", "boolean"),
        ("kind = place", "boolean"),
        ("CASE WHEN poor THEN income ELSE 0 END", "money"),
        ("CASE WHEN poor THEN 1 WHEN old THEN n ELSE 3 END", "integer"),
        ("CASE WHEN poor THEN 'CAR' ELSE kind END", "code"),
        ("CASE WHEN poor THEN '2026-01-01' ELSE born END", "date"),
        ("RECOGNISED('CIV-DB') OR QUALIFIES('MED-IN')", "boolean"),
        (" OR ".join(["n = 1"] * 200), "boolean"),
    ],
)  # fmt: skip
def test_an_expression_has_the_type_of_what_it_is_made_of(text: str, kind: str) -> None:
    assert typed(text) == kind


def test_the_names_and_programmes_that_an_expression_uses_are_remembered() -> None:
    seen = scope()
    text = (
        "civil.wage_year > limit AND RECOGNISED('CIV-DB') AND QUALIFIES('MED-IN') AND AS_OF > born"
    )
    type_of(parse(text, PLACE), seen)
    assert seen.used == {"civil.wage_year", "limit", "born"}
    assert seen.calls == {("RECOGNISED", "CIV-DB"), ("QUALIFIES", "MED-IN")}


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        # what SQL has and a rule must not have
        ("n IN (SELECT id FROM person)", "SELECT id FROM person", "list of literals"),
        ("(SELECT 1)", "SELECT 1", "not a function or form"),
        ("SELECT 1", "SELECT 1", "not a function or form"),
        ("EXISTS(SELECT 1)", "EXISTS", "not a function or form"),
        ("CAST(n AS TEXT) = 'x'", "CAST(n AS TEXT)", "not a function or form"),
        ("n::text = 'x'", "CAST(n AS TEXT)", "not a function or form"),
        ("DATE '2026-01-01' < born", "2026-01-01", "not a function or form"),
        ("COALESCE(n, 0) > 1", "COALESCE(n, 0)", "not a function or form"),
        ("IFNULL(n, 0) > 1", "n, 0", "not a function or form"),
        ("n IS NULL", "n IS NULL", "not a function or form"),
        ("poor IS NOT NULL", "poor IS NULL", "not a function or form"),
        ("poor IS TRUE", "poor IS TRUE", "not a function or form"),
        ("NULL", "NULL", "not a function or form"),
        ("n = NULL", "NULL", "not a function or form"),
        ("n <=> m", "n IS NOT DISTINCT FROM m", "not a function or form"),
        ("kind LIKE 'C%'", "kind LIKE 'C%'", "not a function or form"),
        ("kind GLOB 'C*'", "kind GLOB 'C*'", "not a function or form"),
        ("place || kind = 'x'", "place || kind", "not a function or form"),
        ("income / 12 < limit", "income / 12", "not a function or form"),
        ("n % 2 = 1", "n % 2", "not a function or form"),
        ("n & 1 = 1", "n & 1", "not a function or form"),
        ("SUM(n) OVER () > 1", "SUM(n) OVER ()", "not a function or form"),
        ("SUM(n) > 1", "SUM(n)", "not a function or form"),
        ("COUNT(*) > 1", "COUNT(*)", "not a function or form"),
        ("random() > 1", "RAND()", "not a function or form"),
        ("load_extension('x')", "LOAD_EXTENSION('x')", "not a function or form"),
        ("CURRENT_DATE > born", "CURRENT_DATE", "not a function or form"),
        ("born + INTERVAL '1' DAY", "INTERVAL", "not a function or form"),
        ("n COLLATE NOCASE = 1", "n COLLATE NOCASE", "not a function or form"),
        ("n AS x", "n AS x", "not a function or form"),
        ("(n, m)", "(n, m)", "not a function or form"),
        (":as_of", ":as_of", "not a function or form"),
        ("?", "?", "not a function or form"),
        ("{civil.hukou}", "civil.hukou", "not a function or form"),
        # text that would escape
        ("n > 1 -- and more", "n > 1 -- and more", "comments and semicolons"),
        ("n /* hidden */ > 1", "n /* hidden */ > 1", "comments and semicolons"),
        ("{# hidden #} n > 1", "{# hidden #} n > 1", "comments and semicolons"),
        ("n > 1; DROP TABLE household", "n > 1; DROP TABLE household", "comments and semicolons"),
        ("n > 1;", "n > 1;", "comments and semicolons"),
        ("n > ", ">", "cannot be read"),
        ("n >> )", ")", "cannot be read"),
        ("(" * 200 + "n" + ")" * 200, "((((", "nested too deeply"),
        ("NOT " * 40 + "poor", "NOT NOT", "nested too deeply"),
        (" + ".join(["n"] * 500), "n + n", "nested too deeply"),
        ("DIV_FLOOR(" * 9 + "n" + ", 2)" * 9, "DIV_FLOOR(DIV_FLOOR(", "too large"),
        # names
        ("wage > 1", "wage", "not declared"),
        ("civil.wage > 1", "civil.wage", "not declared"),
        ("INCOME > 1", "INCOME", "not declared"),
        ("as_of > born", "as_of", "not declared"),
        ('"n" > 1', '"n"', "not a plain name"),
        ('civil."wage_year" > 1', 'civil."wage_year"', "not a plain name"),
        ('kind = "CAR"', '"CAR"', "not a plain name"),
        ("a.civil.wage_year > 1", "a.civil.wage_year", "not a plain name"),
        ("civil.* > 1", "civil.*", "not declared"),
        # types
        ("income * limit", "income * limit", "money times money"),
        ("income < n", "income < n", "mixes money and integer"),
        ("income + n", "income + n", "mixes money and integer"),
        ("born = kind", "born = kind", "mixes date and code"),
        ("poor = 1", "poor = 1", "mixes boolean and number"),
        ("n = '1'", "n = '1'", "mixes integer and text"),
        ("MIN(income, n)", "MIN(income, n)", "mixes money and integer"),
        ("CASE WHEN poor THEN n ELSE income END", "CASE WHEN poor", "mixes money and integer"),
        ("poor AND n", "n", "it is integer, and boolean is needed"),
        ("NOT income", "income", "it is money, and boolean is needed"),
        ("CASE WHEN n THEN 1 ELSE 2 END", "n", "it is integer, and boolean is needed"),
        ("poor < old", "poor < old", "true and false have no order"),
        ("n < m < 3", "n < m < 3", "mixes boolean and number"),
        ("born + 1 > died", "born + 1", "arithmetic needs"),
        ("poor + 1", "poor + 1", "arithmetic needs"),
        ("n = 1.5", "1.5", "only whole numbers"),
        ("income < 1e3", "1e3", "only whole numbers"),
        ("n < 9223372036854775808", "9223372036854775808", "only whole numbers"),
        ("DIV_FLOOR(n, income)", "DIV_FLOOR(n, income)", "divides money or integers"),
        ("AGE_YEARS(n, AS_OF)", "n", "mixes integer and date"),
        # values
        ("kind = 'CRA'", "kind = 'CRA'", "kind has no code CRA"),
        ("(kind) = ('CRA')", "(kind) = ('CRA')", "kind has no code CRA"),
        ("kind IN ('CAR', 'BUS')", "kind = 'BUS'", "kind has no code BUS"),
        ("CASE WHEN poor THEN 'BUS' ELSE kind END", "'BUS'", "kind has no code BUS"),
        ("MAX(kind, 'BUS') = place", "MAX(kind, 'BUS')", "kind has no code BUS"),
        ("born = '2026-1-2'", "born = '2026-1-2'", "a date is written"),
        ("born = '2026-02-30'", "born = '2026-02-30'", "a date is written"),
        ("born < '20260102'", "born < '20260102'", "a date is written"),
        ("AGE_YEARS('long ago', AS_OF)", "'long ago'", "a date is written"),
        ("YEAR('2026')", "YEAR('2026')", "a date is written"),
        ("CASE WHEN poor THEN 'never' ELSE born END", "'never'", "a date is written"),
        ("n IN (m)", "n IN (m)", "list of literals"),
        ("n IN ()", "n IN", "list of literals"),
        # forms
        ("CASE WHEN poor THEN 1 END", "CASE WHEN poor THEN 1 END", "ELSE"),
        ("CASE n WHEN 1 THEN 2 ELSE 3 END", "CASE n", "WHEN conditions"),
        ("MAX(n)", "MAX(n)", "compares two values or more"),
        ("AGE_YEARS(born)", "AGE_YEARS(born)", "takes 2 values"),
        ("DIV_FLOOR(n, 2, 3)", "DIV_FLOOR(n, 2, 3)", "takes 2 values"),
        ("MONTHS_BETWEEN(born, died, TRUE)", "MONTHS_BETWEEN(born", "not a function or form"),
        ("n BETWEEN SYMMETRIC 2 AND 1", "n BETWEEN", "not a function or form"),
        ("GREATEST(n, m)", "GREATEST(n, m)", "not a function or form"),
        ("RECOGNISED('CIV-XX')", "CIV-XX", "there is no programme CIV-XX"),
        ("QUALIFIES(CIV)", "QUALIFIES(CIV)", "a programme in quotes"),
        ("QUALIFIES('CIV-DB', 'MED-IN')", "QUALIFIES", "a programme in quotes"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_place_the_words_and_the_reason(
    text: str, words: str, reason: str
) -> None:
    sentence = refused(text)
    assert sentence.startswith(f"{PLACE}: the expression '")
    assert words in sentence
    assert reason in sentence
    assert sentence.endswith("See docs/rules.md for what an expression may hold.")


def test_a_long_refused_expression_is_quoted_in_part() -> None:
    assert len(refused("NOT " * 400 + "poor")) < 300


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("SUM(amount_fen)", "SUM", "money"),
        ("SUM(12 * amount_fen)", "SUM", "money"),
        ("SUM(items)", "SUM", "integer"),
        ("COUNT(*)", "COUNT", "integer"),
        ("MIN(paid_on)", "MIN", "date"),
        ("MAX(items)", "MAX", "integer"),
        ("MAX(MAX(items, 1))", "MAX", "integer"),
        ("ANY(full_time)", "ANY", "boolean"),
        ("ANY(TRUE)", "ANY", "boolean"),
        ("ANY(kind = 'CAR' AND paid_on <= AS_OF)", "ANY", "boolean"),
        ("ALL(NOT full_time)", "ALL", "boolean"),
        ("ONLY(kind)", "ONLY", "code"),
    ],
)  # fmt: skip
def test_an_aggregate_gives_what_it_takes(text: str, kind: str, result: str) -> None:
    assert aggregate(text) == (kind, result)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("AVG(items)", "it is not SUM, COUNT, MIN, MAX, ANY, ALL or ONLY"),
        ("items", "it is not SUM"),
        ("SUM(items) + 1", "it is not SUM"),
        ("SUM(items) OVER ()", "it is not SUM"),
        ("SUM(items) FILTER (WHERE full_time)", "it is not SUM"),
        ("COUNT(*) FILTER (WHERE full_time)", "it is not SUM"),
        ("GROUP_CONCAT(kind)", "it is not SUM"),
        ("SUM(DISTINCT items)", "an aggregate takes one value"),
        ("COUNT(DISTINCT items)", "an aggregate takes one value"),
        ("COUNT(*, items)", "an aggregate takes one value"),
        ("COUNT()", "an aggregate takes one value"),
        ("MAX(items, 1)", "an aggregate takes one value"),
        ("ONLY(kind, kind)", "an aggregate takes one value"),
        ("COUNT(items)", "only COUNT(*) is allowed"),
        ("COUNT(1)", "only COUNT(*) is allowed"),
        ("SUM(paid_on)", "SUM cannot take date"),
        ("SUM(full_time)", "SUM cannot take boolean"),
        ("ANY(items)", "ANY cannot take integer"),
        ("ALL(kind)", "ALL cannot take code"),
        ("ANY(kind = 'BUS')", "kind has no code BUS"),
        ("SUM(SUM(items))", "not a function or form"),
        ("SUM((SELECT 1))", "not a function or form"),
        ("SUM(items ORDER BY items)", "not a function or form"),
        ("SUM(balance)", "not declared"),
        ("SUM(amount_fen * amount_fen)", "money times money"),
        ("COUNT(*) -- all", "comments and semicolons"),
    ],
)  # fmt: skip
def test_anything_but_one_aggregate_of_one_value_is_refused(text: str, reason: str) -> None:
    sentence = refused_aggregate(text)
    assert sentence.startswith(f"{PLACE}: ")
    assert reason in sentence


def test_the_reason_speaks_the_operators_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "zh")
    sentence = refused("n / 2")
    assert sentence.startswith(f"{PLACE}：")
    assert "n / 2" in sentence
    assert "expression" not in sentence
