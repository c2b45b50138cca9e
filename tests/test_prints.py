"""Every paper that is printed shows what the law lists, hides the rest, and fits its paper."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import stat
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import Runner
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from yimen.commands.print import KINDS
from yimen.core.casework.operators import sit_down
from yimen.core.casework.papers import is_minor
from yimen.core.clock import parse_date
from yimen.core.documents.prints import PRINTS, printed_page
from yimen.core.render.page import (
    BLANK,
    Addressee,
    Block,
    Footer,
    Number,
    Pairs,
    Paragraph,
    Seal,
    Signatures,
    Title,
    page_text,
)
from yimen.core.render.paper import page_html
from yimen.core.render.table import Head, table_lines
from yimen.core.store.home import open_home

TODAY = "2026-12-10"


@pytest.fixture
def papers(walked: tuple[Path, dict[str, tuple[str, str]]]) -> dict[str, tuple[str, str]]:
    return walked[1]


@pytest.fixture
def walked_yimen(tmp_path: Path, walked: tuple[Path, dict[str, tuple[str, str]]]) -> Runner:
    """The command line on a copy of the walked home."""
    return Runner(Path(shutil.copytree(walked[0], tmp_path / "walked")), TODAY, "window")


def text_of(blocks: list[Block]) -> str:
    return "\n".join(page_text(blocks))


def in_one_line(text: str) -> str:
    return " ".join(text.split())


# -- all papers ----------------------------------------------------------------------------------


def test_every_kind_is_a_command_and_is_walked(papers: dict[str, tuple[str, str]]) -> None:
    assert list(KINDS) == list(PRINTS)
    assert {kind for kind, __ in papers.values()} == set(PRINTS)


@pytest.mark.parametrize("tongue", ["en", "zh_CN"])
def test_no_line_of_text_is_wider_than_the_printer(
    printed: dict[str, dict[str, list[Block]]], tongue: str
) -> None:
    for name, blocks in printed[tongue].items():
        for line in page_text(blocks):
            assert 0 <= wcswidth(line) <= 80, (name, line)


@pytest.mark.parametrize("tongue", ["en", "zh_CN"])
def test_a_sheet_stands_for_itself_and_no_search_engine_keeps_it(
    printed: dict[str, dict[str, list[Block]]], pages: ModuleType, tongue: str
) -> None:
    for name, blocks in printed[tongue].items():
        with pages.speaking(tongue):
            sheet = page_html(blocks)
        assert f'<html lang="{"zh-CN" if tongue == "zh_CN" else "en"}">' in sheet
        assert '<meta name="robots" content="noindex, nofollow, noarchive">' in sheet
        assert "size: A4" in sheet
        for reach in ("http", "src=", "url(", "@import", "<script", "<link", "<img", "{{"):
            assert reach not in sheet, (name, reach)


def test_chinese_papers_speak_chinese(printed: dict[str, dict[str, list[Block]]]) -> None:
    # The rest of a walk in English is data: what officers typed, reports as they were filed.
    for name, blocks in printed["zh_CN"].items():
        titles = [b.text for b in blocks if isinstance(b, Title)]
        labels = [title for b in blocks if isinstance(b, Pairs) for title, __ in b.pairs]
        for text in titles + labels:
            assert re.search("[\u4e00-\u9fff]", text) or re.fullmatch(r"[A-Z]\d+", text), (
                name,
                text,
            )


def test_chinese_papers_carry_no_half_width_mark_beside_han(
    printed: dict[str, dict[str, list[Block]]],
) -> None:
    beside = re.compile(r"[\u4e00-\u9fff》」] ?[(),;?!](?!\w)|[(][^()]*[\u4e00-\u9fff]|\[\d{4}\]")
    for name, blocks in printed["zh_CN"].items():
        for line in page_text(blocks):
            assert not beside.search(line), (name, line)


@pytest.mark.parametrize("tongue", ["en", "zh_CN"])
@pytest.mark.parametrize("name", ["report", "booklet"])
def test_what_a_family_holds_names_people_and_programmes_and_gives_sums_their_unit(
    printed: dict[str, dict[str, list[Block]]], tongue: str, name: str
) -> None:
    text = text_of(printed[tongue][name])
    assert not re.search(r"\bM\d{7}\b", text), "a member goes by name"
    assert not re.search(r"\b(CIV|MED|EDU|HOU|EMP|LEG)-[A-Z]+", text), "a programme by name"
    assert "--full" not in text, "paper takes no option"
    # A share is below one; nought is a sum where it has two places.
    sums = re.findall(r"\b(?:[1-9]\d*\.\d\d|0\.00)(?!\d)(.{0,5})", in_one_line(text))
    assert sums
    assert all(after.lstrip().startswith(("yuan", "元")) for after in sums), sums


def test_the_seal_the_signatures_and_the_foot_stand_on_one_sheet() -> None:
    blocks: list[Block] = [
        Title("A", "letter"), Pairs([("a", "b")]), Seal("Office", "2026-12-10"),
        Signatures(["B"]), Footer("C"),
    ]  # fmt: skip
    body, end = page_html(blocks).split('<div class="end">')
    assert "Office" not in body
    assert all(words in end for words in ("Office (seal)", "B: ", "C</footer>"))


def test_a_day_and_an_article_are_not_cut_at_the_end_of_a_line() -> None:
    html = page_html([Title("A"), Paragraph("found 2026-11-20 [art. 45-46], R2026-00001")])
    assert re.findall(r'<span class="whole">(.*?)</span>', html) == ["2026-11-20", "art. 45-46"]


def test_a_form_feed_ends_each_sheet_where_it_is_asked_for(walked_yimen: Runner) -> None:
    number = walked_yimen.json("referral", "list")[0]["application_no"]
    plain = walked_yimen("print", "dispatch", number).out
    fed = walked_yimen("print", "dispatch", number, "--form-feed").out
    sheets = plain.count("Dispatch sheet: social assistance")
    assert sheets > 1
    assert "\f" not in plain
    assert fed.count("\f") == sheets


HOSTILE = '<b>"A"</b>;}</style><script>x</script>\x1b[31m\u202e\\'


def test_hostile_text_ends_no_tag_no_style_and_drives_no_terminal() -> None:
    blocks: list[Block] = [
        Title(HOSTILE, "letter"), Number(HOSTILE), Addressee(HOSTILE), Pairs([(HOSTILE, HOSTILE)]),
        Seal(HOSTILE, HOSTILE), Footer(HOSTILE),
    ]  # fmt: skip
    sheet = page_html(blocks)
    assert sheet.count("<script") == 0
    assert sheet.count("</style>") == 1
    assert "\x1b" not in sheet
    assert "\u202e" not in sheet
    style = sheet[sheet.index("<style>") : sheet.index("</style>")]
    assert style.count("{") == style.count("}")
    (content,) = re.findall(r'content: "(.*?)"; font', style)
    assert re.fullmatch(r"(?:[0-9A-Za-z]|\\[0-9a-f]{6})+", content)
    text = text_of(blocks)
    assert "\x1b" not in text
    assert "\u202e" not in text


@given(
    heads=st.integers(1, 7),
    cells=st.lists(st.text("a b中文，12.0", max_size=60), max_size=24),
    right=st.booleans(),
)
def test_a_table_fits_the_page_and_its_borders_stand_under_one_another(
    heads: int, cells: list[str], right: bool
) -> None:
    rows = [cells[n : n + heads] for n in range(0, len(cells) - heads + 1, heads)]
    lines = list(table_lines([Head("头 head", "right" if right else "left")] * heads, rows))
    assert {wcswidth(line) for line in lines} == {wcswidth(lines[0])}
    assert wcswidth(lines[0]) <= 80
    said = Counter("".join("".join(row) for row in rows) + "头 head" * heads)
    shown = Counter("".join(lines))
    for sign in " |+-":
        del said[sign], shown[sign]
    assert shown == said


# -- what the law lists --------------------------------------------------------------------------

# Paper -> what must be on it (rules.md 1.5, 1.6, 5.4, 7.3, OB-01, OB-02).
REQUIRED: dict[str, list[str]] = {
    "receipt": ["was accepted on 2026-11-20", "Applicant", "First officer in charge", "王敏",
                "30 working days [Dibao Measures of 2021 art. 22]", "Promised", "no fee",
                "0000-0000001", "Received by the applicant:", "(seal)"],
    "receipt-open": ["registered on 2026-11-20", "one-time notification"],
    "notification": ["1. Still missing", "has not signed it", "2. Papers", "Form", "Issued by",
                     "Copies", "3. What we fetch ourselves", "Residence register",
                     "Social Assistance Law art. 62", "4. Conditions and their law",
                     "5. Steps and limits", "6. Fee, place and telephone", "Fee none", "Place",
                     "Telephone", "7. Your rights", "60 days", "6 months", "15 days",
                     "Officer who explained it:"],
    "authorisation": ["authorise", "Bank deposits", "Banks", "for one year", "withdraw",
                      "minor, by the guardian:", "Read aloud", "Staff witness:", "in person",
                      "********"],
    "pledge": ["no member of the family was left out", "income, property and expenses is true",
               "scope, sources and period", "three months", "twice its amount", "heard",
               "Read aloud", "Staff witness:", "minor, by the guardian:"],
    "report": ["Check report C", "Rules on", "Facts as of", "qualifies", "袁亮帆"],
    "dispatch": ["Civil affairs bureau", "CIV-DB Minimum living guarantee",
                 "370499********001X", "Sign for it",
                 "Take it on", "Finish", "Dibao Measures of 2021 art. 22", "qualifies",
                 "250.00 yuan a month", "Facts frozen at dispatch", "Household income",
                 "First officer in charge", "PROVISIONAL", "Signed for by:"],
    "progress": ["Civil affairs bureau", "answered and confirmed: granted", "0000-0000002", "王敏",
                 "with the departments", "sent to the department", "2026-12-18"],
    "decision-granted": ["is granted", "250.00 yuan a month", "From 2026-12",
                         "Social Assistance Law art. 18", "60 days", "6 months"],
    "decision-refused": ["is refused", "R02: property above the limit.", "Basis",
                         "Social Assistance Law art. 23", "示例县人民政府 for administrative",
                         "60 days", "6 months", "示例县人民法院", "Served by:"],
    "decision-rejected": ["is not taken on", "R12: not within the programme's scope.",
                          "Social Assistance Law art. 15", "60 days", "6 months"],
    "decision-not-met": ["Notice that the conditions are not met", "R02: property above the limit.",
                         "What was checked", "read, as of 2026-11-20: Residence register",
                         "Savings within the dibao limit", "What is unknown",
                         "no ground of this decision", "signed by 李强", "60 days", "6 months"],
    "decision-in-part": ["Notice of programmes that are refused", "Low-income edge family",
                         "What else you asked for goes on.", "60 days"],
    "decision-ended": ["Notice of an application ended", "R10: refused to cooperate.",
                       "Dibao Measures of 2021 art. 29", "60 days"],
    "decision-window-rejected": ["Notice of an application not taken on",
                                 "R03: not registered or resident here.", "60 days"],
    "decision-referred-on": ["sent on", "you need not apply again"],
    "change-reduced": ["From 2027-01 on your aid is reduced", "250.00 yuan a month",
                       "120.00 yuan a month", "S03: income above the standard.", "Hearing",
                       "heard on 2026-11-30", "Social Assistance Law art. 48", "60 days"],
    "change-stopped": ["From 2027-06 on your aid is no longer paid",
                       "S05: given up by the recipient.", "heard on 2026-11-30", "6 months"],
    "booklet": ["Family file H", "Policy care list", "Service list"],
    "contract-annex": ["K2026-00001", "A1 Visiting", "2400", "60.00", "144000.00",
                       "only for quantities that were accepted", "(seal), by:"],
    "acceptance-sheet-open": ["D2026-00001", "Day of acceptance ____", "Accepted by:",
                              "Second officer:", "袁亮帆:"],
    "acceptance-sheet": ["K2026-00001", "袁亮帆:", "Delivered", "Accepted", "60.00", "180.00",
                         "art. 45", "Accepted by:", "Second officer:", "published"],
}  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
def test_a_paper_shows_what_the_law_lists(
    printed: dict[str, dict[str, list[Block]]], name: str
) -> None:
    text = in_one_line(text_of(printed["en"][name]))
    # A table breaks a cell over lines; what stands there is looked for in the sheet.
    whole = re.sub("</?span[^>]*>", "", page_html(printed["en"][name]))
    sheet = re.sub("<[^>]+>", " ", whole)
    for words in REQUIRED[name]:
        assert words in text or words in in_one_line(sheet), words


def test_papers_without_a_list_of_their_own_are_the_public_notices(
    papers: dict[str, tuple[str, str]],
) -> None:
    rest = {n for n in papers if n not in REQUIRED and not n.startswith("notice-")}
    assert rest == set()


def test_the_notification_asks_for_nothing_that_a_register_holds(
    printed: dict[str, dict[str, list[Block]]],
) -> None:
    text = text_of(printed["en"]["notification"])
    asked = text[text.index("1. Still missing") : text.index("3. What we fetch")]
    for held in ("Bank deposits", "Motor vehicles", "wage", "pension"):
        assert held.lower() not in asked.lower()


def test_an_office_that_nobody_set_is_a_ruled_blank_and_never_made_up(
    yimen: Runner, accepted: Any
) -> None:
    number = accepted("eligible")["application_no"]
    text = yimen("print", "receipt", number).out
    for title in ("Place", "Telephone", "Opening hours"):
        assert re.search(rf"{title} +{BLANK}", text), title
    assert f"{BLANK} (seal)" in text
    yimen("office", "set", "370499", "--phone", "0000-1")
    yimen("office", "set", "370499101", "--address", "Hall 3")
    text = yimen("print", "receipt", number).out
    # The town's own office serves it, whole: the county's phone is not the town's.
    assert re.search(r"Place +Hall 3", text)
    assert re.search(rf"Telephone +{BLANK}", text)
    yimen("office", "set", "370499101", "--phone", "0000-2")
    text = yimen("print", "receipt", number).out
    assert re.search(r"Place +Hall 3", text)
    assert re.search(r"Telephone +0000-2", text)


def test_review_and_court_are_set_once_for_the_county(yimen: Runner, desk: Any) -> None:
    from yimen.core.casework.offices import office_for

    yimen("office", "set", "370499", "--review-body", "Government", "--court", "Court")
    yimen("office", "set", "370499101", "--phone", "0000-2")
    found = office_for(desk, "370499101203")
    assert (found.division, found.phone) == ("370499101000", "0000-2")
    assert (found.review_body, found.court) == ("Government", "Court")
    assert "Nothing was given" in yimen("office", "set", "370499", code=5).err
    assert "too long" in yimen("office", "set", "370499", "--phone", "1" * 121, code=5).err
    yimen("office", "set", "370499", "--department", "nobody", "--phone", "1", code=3)
    assert [r["phone"] for r in yimen.json("office", "show")] == ["", "0000-2"]
    actions = [r["action"] for r in yimen.json("journal", "show")]
    assert actions.count("office.set") == 2


# -- personal files ------------------------------------------------------------------------------


def test_printing_is_journalled_before_it_is_shown(
    walked_yimen: Runner, papers: dict[str, tuple[str, str]]
) -> None:
    for kind, number in dict.fromkeys(papers.values()):
        walked_yimen("print", kind, number)
        rows = walked_yimen.acting_as(None).json("journal", "show", "--last", "4")
        expected = "household.booklet" if kind == "booklet" else f"print.{kind}"
        assert (expected, number) in {(r["action"], r["subject"]) for r in rows}


def test_numbers_are_masked_unless_the_role_may_see_them_and_asks(
    walked_yimen: Runner, papers: dict[str, tuple[str, str]], whole_numbers: Any
) -> None:
    for kind, number in papers.values():
        assert whole_numbers(walked_yimen("print", kind, number).out) == [], kind
    number = papers["authorisation"][1]
    for kind in ("authorisation", "pledge"):
        assert len(whole_numbers(walked_yimen("print", kind, number, "--unmask").out)) == 3
    last = walked_yimen.acting_as(None).json("journal", "show", "--last", "2")
    assert '"unmasked":true' in json.dumps(last).replace("\\", "")


def test_the_progress_slip_names_the_applicant_and_nobody_else(
    walked_yimen: Runner, papers: dict[str, tuple[str, str]]
) -> None:
    __, number = papers["progress"]
    home = sqlite3.connect(walked_yimen.home / "casework.db")
    family = home.execute(
        "SELECT member_no, name, birth_date FROM composition WHERE application_no = ?"
        " AND member_no <> (SELECT applicant FROM application WHERE application_no = ?)",
        [number, number],
    ).fetchall()
    home.close()
    assert family
    text = walked_yimen("print", "progress", number).out
    for member in family:
        for value in member:
            assert value not in text
    # A programme's name can tell an illness; several matters at one step are said once.
    assert "Premium aid" not in text
    assert " ".join(text.split()).count("Medical") == 1


def test_a_paper_goes_into_a_new_file_that_only_its_owner_reads(
    walked_yimen: Runner, papers: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    __, number = papers["receipt"]
    out = tmp_path / "receipt.html"
    walked_yimen("print", "receipt", number, "--format", "html", "--out", out)
    assert stat.S_IMODE(os.stat(out).st_mode) == 0o600
    assert out.read_text("utf-8").startswith("<!doctype html>")
    again = walked_yimen("print", "receipt", number, "--out", out, code=5)
    assert "there is a file of this name" in again.err
    assert out.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("receipt", "R2026-00001", "A2026-00001"),
        ("decision", "37049919870108001X", "R2026-00001"),
        ("notice", "5", "N2026-00001"),
        ("booklet", "A2026-00001", "H0000012"),
    ],
)
def test_a_number_of_another_kind_is_one_sentence(
    walked_yimen: Runner, kind: str, number: str, said: str
) -> None:
    told = walked_yimen("print", kind, number, code=5).err
    assert said in told
    assert "0108001X" not in told


def test_what_has_no_record_yet_is_not_printed(yimen: Runner, dispatched: Any) -> None:
    number = dispatched["application_no"]
    referral = dispatched["referrals"][0]["referral_no"]
    assert "nothing is decided" in yimen("print", "decision", referral, code=4).err
    assert "no one-time notification" in yimen("print", "notification", number, code=3).err
    assert "There is no notice" in yimen("print", "notice", "N2026-00009", code=3).err
    assert "There is no benefit" in yimen("print", "change", "B2026-00009", code=3).err


def test_a_minor_signs_by_a_guardian_and_an_adult_in_person(
    walked: tuple[Path, dict[str, tuple[str, str]]], papers: dict[str, tuple[str, str]]
) -> None:
    home = open_home(walked[0], today=parse_date(TODAY))
    desk = sit_down(home)
    rows = list(
        home.casework.query(
            "SELECT name, birth_date FROM composition WHERE application_no = ?",
            [papers["pledge"][1]],
        )
    )
    minors = {r["name"] for r in rows if is_minor(desk, r["birth_date"])}
    assert 0 < len(minors) < len(rows)
    assert not is_minor(desk, None)
    from yimen.core.rules.catalogue import load_catalogue

    text = text_of(printed_page(desk, load_catalogue(walked[0] / "cache"), *papers["pledge"]))
    home.close()
    for row in rows:
        by_guardian = f"{row['name']}, minor, by the guardian:"
        assert (by_guardian in text) == (row["name"] in minors)
        assert (f"\n{row['name']}: ___" in text) == (row["name"] not in minors)
