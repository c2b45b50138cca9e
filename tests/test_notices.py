"""Public notices against the table of the rules: what each shows, what none shows, how long."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner

from yimen.core.casework.notice_kinds import notice_kind, notice_table
from yimen.core.casework.notices import last_day
from yimen.core.documents.public_notice import FIELDS
from yimen.core.render.page import Block, Pairs, page_text
from yimen.core.rules.catalogue import Catalogue

# The rules' section 7.4, written out again on purpose: kind -> (what it must show beside the
# period, the phone and how to object; days; unit; programme; law). A change has to be made twice.
RULES: dict[str, tuple[set[str], int, str, str]] = {
    "dibao_preliminary": (
        {"Applicant", "Village or community", "Number of members", "Proposed result", "Amount"},
        7, "CD", "DB2021 §19",
    ),
    "dibao_confirmation": (
        {"Applicant", "Number of members", "Amount"}, 7, "CD", "DB2021 §24; N2022",
    ),
    "tekun": (
        {"Applicant", "Village or community", "Form of care", "Proposed result"},
        7, "CD", "TK2021 §15",
    ),
    "tekun_termination": (
        {"Applicant", "Village or community", "Form of care", "Proposed result"},
        7, "CD", "TK2021 §26",
    ),
    "emergency_expense": (
        {"Applicant", "Class of cause", "Amount"}, 5, "WD", "the county's own rule",
    ),
    "student": ({"Applicant", "Class"}, 5, "WD", "the school's own rule"),
    "rebuilding": (
        {"Applicant", "Village or community", "Proposed result"}, 7, "CD", "NDR §20",
    ),
}  # fmt: skip
ALWAYS = {"Programme", "Period", "Place", "Telephone", "Opening hours"}
FULL_NAMES = {"dibao_preliminary", "dibao_confirmation", "tekun", "tekun_termination"}
NEVER_POSTED = {"fast_small": ("CIV-FAST", "2026"), "unattended_child": ("CIV-DFC", "children")}


def text_of(blocks: list[Block]) -> str:
    return "\n".join(page_text(blocks))


def labels(blocks: list[Block]) -> set[str]:
    return {title for block in blocks if isinstance(block, Pairs) for title, __ in block.pairs}


def test_the_table_of_kinds_is_that_of_the_rules() -> None:
    table = notice_table()
    assert {k.kind for k in table.kinds if k.posted} == set(RULES)
    assert {k.kind for k in table.kinds if not k.posted} == set(NEVER_POSTED)
    assert {k.kind for k in table.kinds if k.name == "full"} == FULL_NAMES
    for kind in table.kinds:
        assert set(kind.show) <= {*FIELDS, "period", "phone", "objection"}
        if kind.posted:
            assert kind.period is not None
            assert (kind.period.n, kind.period.unit, kind.basis.text) == RULES[kind.kind][1:]
            assert {"period", "phone", "objection"} <= set(kind.show)


@pytest.mark.parametrize("kind", RULES)
def test_a_notice_shows_what_the_rules_list_and_no_other_field(
    printed: dict[str, dict[str, list[Block]]], kind: str
) -> None:
    blocks = printed["en"][f"notice-{kind.replace('_', '-')}"]
    assert labels(blocks) == RULES[kind][0] | ALWAYS
    text = " ".join(text_of(blocks).split())
    assert "may say so within the period" in text
    assert "0000-0000001" in text
    assert "To be taken down after" in text


def hidden_values(home: Path, referral_no: str) -> dict[str, set[str]]:
    """Everything that the records hold of the family and no notice may show."""
    db = sqlite3.connect(home / "casework.db")
    application, household, facts, report = db.execute(
        "SELECT application_no, household_no, facts, report_no FROM referral WHERE referral_no = ?",
        [referral_no],
    ).fetchone()
    members = db.execute(
        "SELECT id_number, birth_date, member_no, name FROM composition WHERE application_no = ?",
        [application],
    ).fetchall()
    db.close()
    assert facts != "{}"
    applicant = members[0][3]
    return {
        "ID numbers": {m[0] for m in members} | {m[0][:6] + "*" for m in members},
        "birth dates": {m[1] for m in members},
        "member numbers": {m[2] for m in members},
        "other members": {m[3] for m in members} - {applicant},
        "case numbers": {application, household, report, referral_no},
        "facts": {"income", "deposit", "savings", "vehicle", "dwelling", "disab", "diagnos",
                  "收入", "存款", "车", "残疾", "诊断"},
    }  # fmt: skip


@pytest.mark.parametrize("tongue", ["en", "zh_CN"])
@pytest.mark.parametrize("kind", RULES)
def test_a_notice_hides_everything_else_that_the_records_hold(
    printed: dict[str, dict[str, list[Block]]],
    walked: tuple[Path, dict[str, tuple[str, str]]],
    kind: str,
    tongue: str,
) -> None:
    from yimen.core.render.paper import page_html

    home, papers = walked
    name = f"notice-{kind.replace('_', '-')}"
    db = sqlite3.connect(home / "casework.db")
    (referral,) = db.execute(
        "SELECT referral_no FROM notice WHERE notice_no = ?", [papers[name][1]]
    ).fetchone()
    db.close()
    blocks = printed[tongue][name]
    sheet = page_html(blocks)
    for shown in (text_of(blocks), sheet[sheet.index("<body") :]):
        for what, values in hidden_values(home, referral).items():
            assert not [v for v in values if v in shown], what
    assert 'content="noindex' in sheet


def test_the_name_is_whole_only_where_the_law_says_so(
    walked: tuple[Path, dict[str, tuple[str, str]]],
) -> None:
    import json

    db = sqlite3.connect(walked[0] / "casework.db")
    shown = dict(db.execute("SELECT kind, shown FROM notice").fetchall())
    db.close()
    assert set(shown) == set(RULES)
    for kind, fields in shown.items():
        name = json.loads(fields)["applicant"]
        assert ("*" in name) == (kind not in FULL_NAMES), kind
        assert set(json.loads(fields)) <= {*notice_kind(kind).show, "per"}


# -- posting -------------------------------------------------------------------------------------


@pytest.fixture
def taken_on(yimen: Runner, accepted: Any) -> Any:
    """Dispatches a programme of a checked family and lets its department take it on."""
    number = accepted("refused")["application_no"]
    yimen("check", number)

    def take(programme: str) -> str:
        (sent, *__) = yimen.json("dispatch", number, "--programme", programme)["referrals"]
        office = yimen.acting_as(sent["department"])
        office("referral", "receive", sent["referral_no"])
        office("referral", "accept", sent["referral_no"])
        return str(sent["referral_no"])

    return take


PLACE = ["--place", "village board"]
AMOUNT = ["--amount", "250"]


def test_what_the_law_keeps_from_the_board_is_refused_with_its_rule(
    yimen: Runner, taken_on: Any
) -> None:
    for kind, (programme, law) in NEVER_POSTED.items():
        referral = taken_on(programme)
        for asked in (kind, "dibao_preliminary", "emergency_expense"):
            told = yimen("notice", "post", asked, referral, *PLACE, code=4).err
            assert "not put up in public" in told
            assert law in told
    assert yimen.json("notice", "list") == []


def test_a_notice_is_posted_once_objected_to_and_taken_down(yimen: Runner, taken_on: Any) -> None:
    referral = taken_on("CIV-DB")
    told = yimen("notice", "post", "dibao_preliminary", referral, *PLACE, *AMOUNT).out
    assert "N2026-00001 hangs until 2026-11-27" in told
    again = yimen("notice", "post", "dibao_preliminary", referral, *PLACE, *AMOUNT, code=4).err
    assert f"N2026-00001 of this kind hangs already for {referral}" in again
    yimen("notice", "object", "n2026-00001", "--note", " ", code=5)
    yimen("notice", "object", "n2026-00001", "--note", "owns a shop")
    early = yimen("notice", "take-down", "N2026-00001", code=5).err
    assert "hangs until 2026-11-27" in early
    (line,) = yimen.json("notice", "list")
    assert (line["state"], line["objections"], line["last_day"]) == ("posted", 1, "2026-11-27")
    assert yimen.json("notice", "list", "--overdue") == []

    yimen.day = "2026-11-28"
    (late,) = yimen.json("notice", "list", "--overdue")
    assert late["state"] == "overdue"
    yimen("notice", "take-down", "N2026-00001")
    assert yimen.json("notice", "list", "--overdue") == []
    assert "was taken down" in yimen("notice", "take-down", "N2026-00001", code=4).err
    assert "was taken down" in yimen("notice", "object", "N2026-00001", "--note", "x", code=4).err
    # After an objection and a new survey there is a new notice.
    assert (
        "N2026-00002" in yimen("notice", "post", "dibao_preliminary", referral, *PLACE, *AMOUNT).out
    )
    journal = yimen.json("journal", "show")
    acts = [r["action"] for r in journal if r["action"].startswith("notice.")]
    assert [a for a in acts if a != "notice.list"] == [
        "notice.post", "notice.objected", "notice.taken_down", "notice.post",
    ]  # fmt: skip
    assert "shop" not in str(journal)
    assert "shop" not in yimen("print", "notice", "N2026-00001").out
    yimen("journal", "verify")


def test_a_notice_taken_down_early_says_why(yimen: Runner, taken_on: Any) -> None:
    yimen("notice", "post", "dibao_preliminary", taken_on("CIV-DB"), *PLACE, *AMOUNT)
    yimen("notice", "take-down", "N2026-00001", "--note", "wrong family")
    assert yimen.json("notice", "list")[0]["state"] == "taken_down"


REFUSED: list[tuple[str, list[str], int, str]] = [
    ("CIV-DB", ["dibao_confirmation"], 4, "only what was granted"),
    ("CIV-DB", ["tekun", "--care-form", "home"], 4, "not for CIV-DB"),
    ("CIV-DB", ["dibao_preliminary", "--cause", "illness"], 5, "does not show this"),
    ("CIV-DB", ["lottery"], 3, "no kind of notice"),
    ("CIV-TK", ["tekun"], 5, "home, institution"),
    ("CIV-TK", ["tekun", "--care-form", "hospital"], 5, "home, institution"),
    ("CIV-TK", ["tekun_termination", "--care-form", "home"], 4, "only aid that was granted"),
    ("CIV-TEMP", ["emergency_expense", "--cause", "leukaemia"], 5, "illness, accident"),
    ("CIV-TEMP", ["emergency_expense", "--cause", "illness"], 5, "none is known for R2026-"),
    ("EDU-CMP", ["student", "--amount", "5", "--class", "3"], 5, "does not show this: amount"),
    ("EDU-CMP", ["student", "--class", "three, whose father is in prison"], 5, "20"),
]


def test_a_notice_that_cannot_hang_is_refused_in_one_sentence(yimen: Runner, taken_on: Any) -> None:
    asked = dict.fromkeys(programme for programme, *__ in REFUSED)
    taken = {programme: taken_on(programme) for programme in asked}
    for programme, (kind, *more), code, said in REFUSED:
        told = yimen("notice", "post", kind, taken[programme], *PLACE, *more, code=code).err
        assert said in told
    said = yimen("notice", "post", "dibao_preliminary", taken["CIV-DB"], "--place", " ", code=5).err
    assert "--place" in said
    assert yimen.json("notice", "list") == []


def test_nothing_is_put_up_before_it_was_taken_on(yimen: Runner, dispatched: Any) -> None:
    no = next(r["referral_no"] for r in dispatched["referrals"] if r["programme"] == "CIV-DB")
    told = yimen("notice", "post", "dibao_preliminary", no, *PLACE, *AMOUNT, code=4).err
    assert "taken on" in told


def test_a_minors_name_is_never_whole(yimen: Runner, taken_on: Any) -> None:
    referral = taken_on("CIV-TK")
    db = sqlite3.connect(yimen.home / "casework.db")
    with db:
        db.execute("UPDATE composition SET birth_date = '2015-01-01', name = '欧阳小宝'")
    db.close()
    yimen("notice", "post", "tekun", referral, *PLACE, "--care-form", "home")
    text = yimen("print", "notice", "N2026-00001").out
    assert "欧阳小宝" not in text
    assert "欧**宝" in text


# -- several families as one list ----------------------------------------------------------------


@pytest.fixture
def two(yimen: Runner, taken_on: Any, accepted: Any) -> list[str]:
    """The dibao matters of two families of one village, both taken on."""
    first = taken_on("CIV-DB")
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    (sent,) = yimen.json("dispatch", number, "--programme", "CIV-DB")["referrals"]
    civil = yimen.acting_as("civil")
    for verb in ("receive", "accept"):
        civil("referral", verb, sent["referral_no"])
    return [first, sent["referral_no"]]


def test_several_families_hang_as_one_list_with_one_last_day(yimen: Runner, two: list[str]) -> None:
    told = yimen("notice", "post", "dibao_preliminary", *two, *PLACE, *AMOUNT).out
    assert "N2026-00001 hangs until 2026-11-27" in told
    (line,) = yimen.json("notice", "list")
    assert (line["families"], line["gone"], line["referral_no"]) == (2, 0, two[0])
    text = yimen("print", "notice", "N2026-00001").out
    assert re.search(r"Families +2", text)
    assert text.count("Minimum living guarantee") == 1
    assert re.search(r"No\. +\| Applicant +\| Number of members +\| Amount", text)
    db = sqlite3.connect(yimen.home / "casework.db")
    members = db.execute("SELECT id_number, member_no, name FROM composition").fetchall()
    heads = {n for (n,) in db.execute(
        "SELECT c.name FROM application a JOIN composition c ON c.application_no ="
        " a.application_no AND c.member_no = a.applicant")}  # fmt: skip
    db.close()
    assert all(name in text for name in heads)
    for number, member, name in members:
        assert number not in text
        assert member not in text
        assert name in heads or name not in text
    again = yimen("notice", "post", "dibao_preliminary", two[1], *PLACE, *AMOUNT, code=4).err
    assert f"hangs already for {two[1]}" in again


def test_a_list_put_up_again_counts_once_and_one_put_up_in_part_for_the_others(
    yimen: Runner, two: list[str]
) -> None:
    def counted() -> tuple[int, int]:
        rows = yimen.json("monitor", "--by", "indicator")
        return next((r["part"], r["whole"]) for r in rows if r["indicator"] == "notices_hung")

    def hung(families: list[str], posted: str, down: str) -> None:
        yimen.day = posted
        yimen("notice", "post", "dibao_preliminary", *families, *PLACE, *AMOUNT)
        yimen.day = down
        number = yimen.json("notice", "list")[-1]["notice_no"]
        yimen("notice", "take-down", number, "--note", "corrected")

    hung(two, "2026-11-20", "2026-11-21")
    assert counted() == (0, 1)
    hung(two, "2026-11-23", "2026-12-08")
    assert counted() == (1, 1)
    hung(two[1:], "2026-12-09", "2026-12-10")
    assert counted() == (1, 2)
    hung(two[1:], "2026-12-11", "2026-12-28")
    assert counted() == (2, 2)


def test_a_family_is_struck_off_a_list_and_the_others_stay(yimen: Runner, two: list[str]) -> None:
    yimen("notice", "post", "dibao_preliminary", *two, *PLACE, *AMOUNT)
    strike = ("notice", "strike-off", "N2026-00001")
    assert "--note: A text is missing" in yimen(*strike, two[0], "--note", " ", code=5).err
    assert "does not stand on" in yimen(*strike, "R2026-00099", "--note", "x", code=3).err
    assert "lists 1 families now" in yimen(*strike, two[0], "--note", "another town's").out
    (line,) = yimen.json("notice", "list")
    assert (line["families"], line["gone"], line["last_day"]) == (1, 1, "2026-11-27")
    text = yimen("print", "notice", "N2026-00001").out
    assert "This list was corrected" in text
    assert "another town" not in text
    assert "only family left" in yimen(*strike, two[1], "--note", "x", code=4).err
    # The family that was struck off may hang again.
    yimen("notice", "post", "dibao_preliminary", two[0], *PLACE, *AMOUNT)
    yimen("journal", "verify")


def test_a_family_that_withdraws_is_gone_from_the_list(yimen: Runner, two: list[str]) -> None:
    yimen("notice", "post", "dibao_preliminary", *two, *PLACE, *AMOUNT)
    yimen("referral", "withdraw", two[1], "--note", "they moved")
    (line,) = yimen.json("notice", "list")
    assert (line["families"], line["gone"]) == (1, 1)
    assert "This list was corrected" in yimen("print", "notice", "N2026-00001").out


def test_an_objection_to_a_list_names_the_family(yimen: Runner, two: list[str]) -> None:
    yimen("notice", "post", "dibao_preliminary", *two, *PLACE, *AMOUNT)
    said = yimen("notice", "object", "N2026-00001", "--note", "owns a shop", code=5).err
    assert f"--referral: {', '.join(two)}" in said
    yimen("notice", "object", "N2026-00001", "--note", "owns a shop", "--referral", two[1])
    assert yimen.json("notice", "list")[0]["objections"] == 1


def test_a_list_that_cannot_hang_is_put_up_for_nobody(yimen: Runner, two: list[str]) -> None:
    post = ("notice", "post", "dibao_preliminary")
    assert "each family once" in yimen(*post, two[0], two[0], *PLACE, code=5).err
    db = sqlite3.connect(yimen.home / "casework.db")
    with db:
        db.execute("UPDATE referral SET division = '370499201001' WHERE referral_no = ?", [two[1]])
    db.close()
    assert "live in several towns" in yimen(*post, *two, *PLACE, *AMOUNT, code=4).err
    assert yimen.json("notice", "list") == []


# -- the period ----------------------------------------------------------------------------------

# 2026-09-24 is a Thursday; the mid-autumn break is 09-25 to 09-27, the national one 10-01 to 10-07.
PERIODS = [
    ("dibao_preliminary", "2026-11-20", None, "2026-11-27"),
    ("dibao_preliminary", "2026-09-24", None, "2026-10-08"),
    ("dibao_preliminary", "2026-09-24", "CD_FIXED", "2026-10-01"),
    ("dibao_preliminary", "2026-11-21", None, "2026-11-30"),
    ("dibao_preliminary", "2026-11-21", "CD_FIXED", "2026-11-28"),
    ("dibao_preliminary", "2026-11-20", "WD", "2026-12-01"),
    ("tekun_termination", "2026-11-20", None, "2026-11-27"),
    ("student", "2026-11-20", None, "2026-11-27"),
    ("student", "2026-11-20", "CD", "2026-11-27"),
]


@pytest.mark.parametrize(("kind", "start", "days", "last"), PERIODS)
def test_the_last_day_follows_the_text_and_the_countys_switch(
    yimen: Runner, desk: Any, shared_catalogue: Catalogue,
    kind: str, start: str, days: str | None, last: str,
) -> None:  # fmt: skip
    if days is not None:
        yimen("standard", "set", "civil.notice_day_type", days, "--from", "2026-01-01",
              "--basis", "county notice 1")  # fmt: skip
    found = last_day(desk, shared_catalogue, notice_kind(kind), date.fromisoformat(start))
    assert found.due.isoformat() == last
    assert not found.provisional


def test_a_period_into_a_year_without_a_calendar_says_so(
    desk: Any, shared_catalogue: Catalogue
) -> None:
    found = last_day(desk, shared_catalogue, notice_kind("tekun"), date(2026, 12, 28))
    assert found.provisional
