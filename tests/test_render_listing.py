"""One listing in five formats."""

from __future__ import annotations

import csv
import io
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from yimen.core.errors import BadInput, ExitCode
from yimen.core.render.listing import LISTING_FORMATS, Column, render_listing
from yimen.core.render.safe import spreadsheet_safe, terminal_safe

COLUMNS = (
    Column("household_no", "Household"),
    Column("name", "Name"),
    Column("amount_fen", "Amount", "money"),
    Column("overdue", "Overdue", "boolean"),
    Column("members", "Members", "integer"),
)
WANG = {
    "household_no": "H1",
    "name": "王建国",
    "amount_fen": 123450,
    "overdue": 1,
    "members": 3,
    "not_shown": "x",
}
LI = {"household_no": "H2", "name": None, "amount_fen": -5, "overdue": False, "members": None}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")


def listed(fmt: str, *rows: Mapping[str, object], only: list[str] | None = None) -> list[str]:
    return list(render_listing(rows, COLUMNS, fmt, only))


def test_a_table_shows_yuan_and_yes_and_keeps_its_columns_straight() -> None:
    assert listed("table", WANG, LI) == [
        "Household    Name      Amount  Overdue      Members",
        "-----------  ------  --------  ---------  ---------",
        "H1           王建国   1234.50  yes                3",
        "H2           -          -0.05  no                 -",
    ]


def test_a_table_translates_its_titles_and_its_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = {"Household": "户号", "Overdue": "超期", "yes": "是", "no": "否"}
    monkeypatch.setattr("yimen.core.render.listing._", lambda msgid: chinese.get(msgid, msgid))
    table = listed("table", WANG, LI, only=["household_no", "overdue"])
    assert table == ["户号    超期", "------  ------", "H1      是", "H2      否"]


def test_a_table_does_not_read_codes_as_numbers() -> None:
    rows = [{"code": code} for code in ("1E10", "007", "370499000000", "True", "nan", "1,000")]
    table = list(render_listing(rows, [Column("code", "Code")], "table"))
    assert table[2:] == [row["code"] for row in rows]


def test_an_empty_table_says_so_in_one_line() -> None:
    assert listed("table") == ["Nothing to list."]


def test_a_table_cell_is_one_line_without_anything_that_drives_a_terminal() -> None:
    row = {**WANG, "name": "王\x1b[2J\n建\t国\u202e"}
    assert listed("table", row, only=["name"])[2:] == ["王 建 国"]


def test_a_table_joins_several_values_with_commas() -> None:
    rows = [{"programmes": ["DB", "TK"]}]
    column = Column("programmes", "Programmes")
    assert list(render_listing(rows, [column], "table"))[2] == "DB, TK"
    assert list(render_listing(rows, [column], "csv"))[1] == '"DB, TK"'
    assert list(render_listing(rows, [column], "jsonl")) == ['{"programmes": ["DB", "TK"]}']


def test_csv_and_tsv_carry_machine_names_fen_and_empty_cells() -> None:
    assert listed("csv", WANG, LI) == [
        "household_no,name,amount_fen,overdue,members",
        "H1,王建国,123450,true,3",
        "H2,,-5,false,",
    ]
    assert listed("tsv", WANG) == [
        "household_no\tname\tamount_fen\toverdue\tmembers",
        "H1\t王建国\t123450\ttrue\t3",
    ]


def test_a_csv_cell_that_a_spreadsheet_would_run_is_escaped() -> None:
    assert listed("csv", {**WANG, "name": "\u200b=1+1"}, only=["name"])[1] == "'=1+1"
    assert listed("tsv", {**WANG, "name": "\t@x"}, only=["name"])[1] == "' @x"


def test_json_is_one_array_with_typed_values_in_column_order() -> None:
    document = "\n".join(listed("json", WANG, LI))
    assert json.loads(document) == [
        {
            "household_no": "H1",
            "name": "王建国",
            "amount_fen": 123450,
            "overdue": True,
            "members": 3,
        },
        {
            "household_no": "H2",
            "name": None,
            "amount_fen": -5,
            "overdue": False,
            "members": None,
        },
    ]
    assert [list(record) for record in json.loads(document)] == [[c.name for c in COLUMNS]] * 2
    assert '"overdue": true' in document
    assert "王建国" in document


def test_an_empty_listing_is_an_empty_array_no_line_or_a_header() -> None:
    assert listed("json") == ["[]"]
    assert listed("jsonl") == []
    assert listed("csv", only=["name", "overdue"]) == ["name,overdue"]


def test_jsonl_is_one_object_a_line_whatever_the_text_holds() -> None:
    lines = listed("jsonl", {**WANG, "name": "一\n二\u2028\x9b"}, LI, only=["overdue", "name"])
    assert lines[0] == r'{"overdue": true, "name": "一\n二\u2028\u009b"}'
    assert lines[1] == '{"overdue": false, "name": null}'


def test_a_date_and_a_mapping_are_written_as_json_knows_them() -> None:
    value = MappingProxyType({"from": date(2026, 11, 20)})
    assert list(render_listing([{"v": value}], [Column("v", "V")], "jsonl")) == [
        '{"v": {"from": "2026-11-20"}}'
    ]
    with pytest.raises(TypeError, match="object has no place"):
        list(render_listing([{"v": object()}], [Column("v", "V")], "jsonl"))


@pytest.mark.parametrize("fmt", ["jsonl", "csv", "tsv", "json"])
def test_a_machine_format_streams(fmt: str) -> None:
    taken = 0

    def endless() -> Iterator[dict[str, object]]:
        nonlocal taken
        for taken in itertools.count(1):
            yield {**WANG, "members": taken}

    lines = render_listing(endless(), COLUMNS, fmt)
    assert len(list(itertools.islice(lines, 5))) == 5
    assert 4 <= taken <= 6


@pytest.mark.parametrize("fmt", LISTING_FORMATS)
def test_only_picks_and_orders_columns(fmt: str) -> None:
    picked = "".join(listed(fmt, WANG, only=["members", "name"]))
    assert "H1" not in picked
    assert picked.rindex("3") < picked.rindex("王")


@pytest.mark.parametrize("fmt", LISTING_FORMATS)
def test_an_empty_choice_of_columns_means_all(fmt: str) -> None:
    assert listed(fmt, WANG, only=[]) == listed(fmt, WANG)


def test_an_unknown_column_is_refused_with_the_legal_ones_before_a_row_is_read() -> None:
    def unread() -> Iterator[dict[str, object]]:
        raise AssertionError("a row was read")
        yield {}

    with pytest.raises(BadInput) as refused:
        render_listing(unread(), COLUMNS, "jsonl", ["name", "age"])
    assert refused.value.exit_code is ExitCode.BAD_INPUT
    assert "age" in refused.value.what
    assert all(column.name in refused.value.next_step for column in COLUMNS)


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="name is named twice"):
        render_listing([], COLUMNS, "csv", ["name", "overdue", "name"])


def test_an_unknown_format_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(BadInput, match="xlsx") as refused:
        render_listing([], COLUMNS, "xlsx")
    assert ", ".join(LISTING_FORMATS) in refused.value.next_step


@pytest.mark.parametrize("fmt", LISTING_FORMATS)
def test_a_float_for_money_is_a_bug_and_never_a_rounded_amount(fmt: str) -> None:
    with pytest.raises(TypeError, match="amount_fen is money, not float"):
        listed(fmt, {**WANG, "amount_fen": 1234.56})


@given(
    st.lists(st.tuples(st.text(), st.integers(-(10**15), 10**15) | st.none()), min_size=1),
    st.sampled_from([("csv", ","), ("tsv", "\t")]),
)
def test_csv_reads_back_as_it_was_written(
    pairs: list[tuple[str, int | None]], dialect: tuple[str, str]
) -> None:
    fmt, delimiter = dialect
    columns = [Column("name", "Name"), Column("fen", "Amount", "money")]
    rows = [{"name": name, "fen": fen} for name, fen in pairs]
    written = "".join(f"{line}\n" for line in render_listing(rows, columns, fmt))
    read = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))
    assert read[0] == ["name", "fen"]
    assert [row[1] for row in read[1:]] == ["" if fen is None else str(fen) for _, fen in pairs]
    expected = [terminal_safe(name.replace("\t", " "), lines=True) for name, _ in pairs]
    assert [row[0] for row in read[1:]] == [spreadsheet_safe(name) for name in expected]


@given(st.lists(st.text(st.sampled_from("王建国ab１é\u0301 \n\t\x1b[m｜か")), min_size=1))
def test_every_line_of_a_table_has_its_second_column_at_the_same_place(names: list[str]) -> None:
    columns = [Column("name", "Name"), Column("mark", "Mark")]
    table = list(render_listing([{"name": n, "mark": "#"} for n in names], columns, "table"))
    assert len(table) == 2 + len(names)
    places = {wcswidth(line[: line.rindex("#")]) for line in table[2:]}
    assert places == {wcswidth(table[0][: table[0].index("Mark")])}


def test_importing_the_render_room_loads_neither_tabulate_nor_wcwidth() -> None:
    code = (
        "import sys, yimen.core.render.listing, yimen.core.render.document;"
        "sys.exit(bool({'tabulate', 'wcwidth'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_code_is_said_in_words_in_the_table_and_stays_a_code_elsewhere() -> None:
    rows = [{"state": "fed_back"}, {"state": None}]
    columns = [Column("state", "state", words={"fed_back": "answered"}.__getitem__)]
    assert list(render_listing(rows, columns, "table"))[2:] == ["answered", "-"]
    assert list(render_listing(rows, columns, "jsonl")) == ['{"state": "fed_back"}',
                                                            '{"state": null}']  # fmt: skip
    assert list(render_listing(rows, columns, "csv")) == ["state", "fed_back", '""']
