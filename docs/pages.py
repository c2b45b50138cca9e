"""Renders every paper that Yimen prints, in both languages, into a folder to be looked at.

    python docs/pages.py FOLDER            HTML and text of every paper
    python docs/pages.py FOLDER --png      and, where Chromium and pdftoppm are, a picture a sheet

The papers are of an invented county: three families are walked through the chain, so that each kind
has a record to be printed from. The same walk serves the tests.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

TODAY = "2026-11-20"
# A grant waits for a notice of seven days, twice: the last papers are of this day.
LATER, LAST = "2026-11-30", "2026-12-10"
TOWN = "370499"
OFFICE = {
    "--name": "示例县城关镇人民政府", "--address": "示例县城关镇示例路1号一楼3号窗口",
    "--phone": "0000-0000001", "--hours": "工作日 8:30-12:00, 13:30-17:30",
    "--review-body": "示例县人民政府", "--court": "示例县人民法院",
}  # fmt: skip
ANSWERS = ("other_income_year=0", "deductible_year=0", "civil.emergency_event=NONE")
# Kind of notice -> the programme of its referral and what no record holds of it.
NOTICES: dict[str, tuple[str, list[str]]] = {
    "dibao_preliminary": ("CIV-DB", []),
    "dibao_confirmation": ("CIV-DB", []),
    "tekun": ("CIV-TK", ["--care-form", "home"]),
    "tekun_termination": ("CIV-TK", ["--care-form", "institution"]),
    "emergency_expense": ("CIV-TEMP", ["--cause", "illness", "--amount", "3000"]),
    "student": ("EDU-CMP", ["--class", "三年级2班"]),
    "rebuilding": ("HOU-DIS", []),
}


class Walk:
    """Types commands into a home, and remembers under which number each paper is printed."""

    def __init__(self, home: Path, stories: dict[str, Any], paper: Path) -> None:
        self.home = home
        self.stories = stories
        self.paper = paper
        self.papers: dict[str, tuple[str, str]] = {}
        self.seated: set[str] = set()
        self.window: str | None = None
        self.day = TODAY

    def type(self, *words: object, operator: str | None = None) -> str:
        """Runs a command that must succeed, at the window or a department; what it printed."""
        from yimen.cli import run

        operator = None if words[0] == "operator" else operator or self.window
        given = ["--home", str(self.home), "--today", self.day]
        given += ["--as", operator] if operator else []
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*given, *map(str, words)])
        if code:
            raise SystemExit(f"{words}: exit code {code}: {err.getvalue()}")
        return out.getvalue()

    def json(self, *words: object) -> Any:
        return json.loads(self.type(*words, "--format", "json"))

    def tell(self) -> dict[str, tuple[str, str]]:
        """Walks the families; returns name of the paper -> (kind, number)."""
        self.type("operator", "add", "window2", "--name", "李强", "--role", "county")
        self.papers["receipt-open"] = ("receipt", self._registered("unknown"))
        self.papers["notification"] = ("notification", self.papers["receipt-open"][1])
        words = [word for pair in OFFICE.items() for word in pair]
        self.type("office", "set", TOWN, *words)
        self.type("office", "set", TOWN, "--department", "civil", "--phone", "0000-0000002",
                  "--address", "示例县示例街2号", "--hours", OFFICE["--hours"])  # fmt: skip
        self._granted()
        self._at_the_window()
        self._refused()
        self._purchased()
        return self.papers

    def _registered(self, story: str, *more: str) -> str:
        told = self.json("intake", self.stories[story]["id_number"], "--no-ask", *more)
        return str(told["application_no"])

    def _complete(self) -> list[str]:
        given = ["--authorisation", str(self.paper), "--pledge", str(self.paper)]
        return [*given, *(word for answer in ANSWERS for word in ("--answer", answer))]

    def _granted(self) -> None:
        number = self._registered("eligible", *self._complete())
        for kind in ("receipt", "authorisation", "pledge"):
            self.papers[kind] = (kind, number)
        self.type("check", number)
        sent = self.json("dispatch", number)["referrals"]
        dibao = next(r["referral_no"] for r in sent if r["programme"] == "CIV-DB")
        self.papers |= {
            "report": ("report", number), "dispatch": ("dispatch", dibao),
            "progress": ("progress", number),
            "booklet": ("booklet", self.stories["eligible"]["household_no"]),
        }  # fmt: skip
        self._take_on(dibao)
        self._handled(dibao, "relatives", "survey", "opinion")
        self._post("dibao_preliminary", dibao)
        self._send_up(dibao, LATER)
        self.type("checklist", "done", dibao, "handle", "doubt", "--answer", "no")
        self._decide(dibao, "granted", "--amount", "250", "--basis", "SAL §18; DB2021 §21")
        self.papers["decision-granted"] = ("decision", dibao)
        self.type("referral", "complete", dibao)
        self._post("dibao_confirmation", dibao)
        self._change(number)
        self.type("application", "refuse", number, "--reason", "R12", "--basis", "LI2023 二",
                  "--note", "家庭符合最低生活保障条件,不属于边缘家庭。")  # fmt: skip

    def _change(self, number: str) -> None:
        """Reduces the aid, then stops what is left, each after a hearing."""
        (benefit,) = self.json("feedback", number)["benefits"]
        no = benefit["benefit_no"]
        self.type("benefit", "hear", no, "--note", "本人称次子已就业,家庭收入增加属实。")
        self.type("benefit", "change", no, "--from", "2027-01", "--amount", "120",
                  "--reason", "S03", "--basis", "SAL §48; DB2021 §31")  # fmt: skip
        self.papers["change-reduced"] = ("change", no)
        left = self.json("feedback", number)["benefits"][-1]["benefit_no"]
        self.type("benefit", "hear", left, "--note", "本人表示自愿退出。")
        self.type("benefit", "change", left, "--from", "2027-06", "--reason", "S05",
                  "--basis", "SAL §48")  # fmt: skip
        self.papers["change-stopped"] = ("change", left)

    def _refused(self) -> None:
        number = self._registered("refused", *self._complete())
        self.type("check", number)
        words = [w for p in ("CIV-DB", "CIV-TK", "CIV-TEMP", "EDU-CMP", "HOU-DIS", "CIV-WARM")
                 for w in ("--programme", p)]  # fmt: skip
        sent: dict[str, str] = {}
        for referral in self.json("dispatch", number, *words)["referrals"]:
            sent.setdefault(referral["programme"], referral["referral_no"])
        for kind, (programme, more) in NOTICES.items():
            if programme == "CIV-DB":
                continue
            self._take_on(sent[programme])
            if kind == "tekun":
                self._handled(sent[programme], "survey")
            if kind == "tekun_termination":
                self._send_up(sent[programme], LAST)
                self._decide(
                    sent[programme], "granted", "--amount", "1170", "--basis", "TK2021 §17"
                )
                self.type("referral", "complete", sent[programme])
            self._post(kind, sent[programme], *more)
        self._listed(sent["HOU-DIS"])
        self._take_on(sent["CIV-DB"])
        self._decide(sent["CIV-DB"], "refused", "--reason", "R02", "--basis", "SAL §23; DB2021 §21")
        self.papers["decision-refused"] = ("decision", sent["CIV-DB"])
        self._decide(sent["EDU-CMP"], "referred_on", "--basis", "SAL §64")
        self._not_taken_on(sent["CIV-WARM"])
        self.papers["decision-referred-on"] = ("decision", sent["EDU-CMP"])

    def _at_the_window(self) -> None:
        """Says no at the window: nothing met, no cooperation, not taken on."""
        told = "经核对,家庭财产超过本县规定标准,已当面说明理由。"
        number = self._registered("refused", *self._complete())
        self.type("check", number)
        self.type("application", "close", number, "--reason", "R02", "--basis",
                  "SAL §23; DB2021 §21", "--note", told)  # fmt: skip
        self._signed("decision-not-met", number)
        self._signed("decision-in-part", self.papers["report"][1])
        ended = self._registered("refused")
        self.type("application", "terminate", ended, "--reason", "R10", "--basis", "DB2021 §29",
                  "--note", "两次预约入户调查,均无正当理由拒绝。")  # fmt: skip
        self._signed("decision-ended", ended)
        open_ = self.papers["receipt-open"][1]
        self.type("application", "reject", open_, "--reason", "R03", "--basis", "SAL §37",
                  "--note", "申请人户籍和居住证均不在本县,已转交户籍地。")  # fmt: skip
        self._signed("decision-window-rejected", open_)

    def _listed(self, hanging: str) -> None:
        """Two families as one list, in place of the notice that hangs of one of them."""
        number = self.papers["notice-rebuilding"][1]
        self.type("notice", "take-down", number, "--note", "合并公示")
        (other,) = self.json(
            "dispatch", self.papers["report"][1], "--programme", "HOU-DIS"
        )["referrals"]  # fmt: skip
        self._take_on(other["referral_no"])
        self._post("rebuilding", hanging, other["referral_no"])
        self.papers["notice-list"] = self.papers["notice-rebuilding"]
        self.papers["notice-rebuilding"] = ("notice", number)

    def _signed(self, name: str, number: str) -> None:
        self.type("application", "countersign", number, operator="window2")
        self.papers[name] = ("decision", number)

    def _not_taken_on(self, referral: str) -> None:
        """Lets the department reject a matter, which a second officer signs."""
        self.type("operator", "add", "civil2", "--name", "复核人", "--role", "department",
                  "--department", "civil")  # fmt: skip
        self.type("referral", "receive", referral, operator="civil")
        self.type("referral", "reject", referral, "--reason", "R12", "--basis", "SAL §15",
                  "--note", "不属于取暖救助对象", operator="civil")  # fmt: skip
        self.type("referral", "countersign", referral, operator="civil2")
        self.papers["decision-rejected"] = ("decision", referral)

    def _purchased(self) -> None:
        """Buys visits below the limit, and has one household's order delivered and accepted."""
        no, household = "G2026-00001", self.stories["eligible"]["household_no"]
        self.type("purchase", "plan", "困难家庭探访服务(示例)", "--line", "A1=2400",
                  "--spec", "每月两次")  # fmt: skip
        self.type("purchase", "demand", no, "--asked", "12个村问卷", "--answers", "143")
        self.type("purchase", "budget", no, "144000", "--fund", "社会救助工作经费(示例)",
                  "--document", "示例文件1号", "--indicator", "按时=40",
                  "--indicator", "满意度=60")  # fmt: skip
        self.type("purchase", "method", no, "below_limit")
        self.type("purchase", "contract", no, "--supplier", "示例社会工作服务中心",
                  "--supplier-code", "52370499MJ0000001E", "--line", "A1=2400@60",
                  "--from", LAST, "--to", "2027-11-19", "--paper", self.paper)  # fmt: skip
        self.papers["contract-annex"] = ("contract", no)
        head = self.json("query", self.stories["eligible"]["id_number"])["household"]["members"][0]
        for _order in range(2):
            self.type("purchase", "order", no, "A1=4", "--household", household,
                      "--member", head["member_no"], "--due", "2026-12-20")  # fmt: skip
        self.papers["acceptance-sheet-open"] = ("acceptance", "D2026-00001")
        done = "D2026-00002"
        self.type("purchase", "deliver", done, "--quantity", "3", "--received-by",
                  head["member_no"], "--paper", self.paper)  # fmt: skip
        self.type("purchase", "accept", done, "--quantity", "3", "--signed-by",
                  head["member_no"], "--paper", self.paper)  # fmt: skip
        self.papers["acceptance-sheet"] = ("acceptance", done)

    def _post(self, kind: str, referral: str, *more: str) -> None:
        self.type("notice", "post", kind, referral, "--place", "村务公开栏", *more)
        last = self.json("notice", "list")[-1]["notice_no"]
        self.papers[f"notice-{kind.replace('_', '-')}"] = ("notice", last)

    def _take_on(self, referral: str) -> str:
        """Lets the department sign and take the matter on, unless it has; its operator."""
        found = self.json("referral", "show", referral)
        department = str(found["department"])
        if department not in self.seated:
            self.seated.add(department)
            self.type("operator", "add", department, "--name", "经办人", "--role", "department",
                      "--department", department)  # fmt: skip
        if found["state"] == "dispatched":
            self.type("referral", "receive", referral, operator=department)
            self.type("referral", "accept", referral, operator=department)
        return department

    def _handled(self, referral: str, *steps: str) -> None:
        """Steps that a grant waits for; the notice itself does its own."""
        for step in steps:
            more = ["--answer", "no"] if step == "relatives" else ["--evidence", str(self.paper)]
            more += ["--with", "window2"] if step == "survey" else []
            self.type("checklist", "done", referral, "handle", step, *more)

    def _send_up(self, referral: str, day: str) -> None:
        """The file is sent up when the notice has run."""
        self.day = day
        self._handled(referral, "send_up")

    def _decide(self, referral: str, outcome: str, *more: str) -> None:
        department = self._take_on(referral)
        self.type("referral", "decide", referral, outcome, *more, operator=department)


def walked(
    folder: Path, *, county: Path | None = None, cache: Path | None = None
) -> tuple[Path, dict[str, tuple[str, str]]]:
    """A new home in a folder, with a record for every paper; its register files may be there."""
    folder.mkdir(parents=True, exist_ok=True)
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    walk = Walk(folder / "home", {}, paper)
    walk.type("init", "--synthetic")
    if cache is not None:
        shutil.copytree(cache, walk.home / "cache", dirs_exist_ok=True)
    if county is None:
        county = folder / "county"
        walk.type("synth", county, "--households", 300, "--seed", 1)
    walk.type("source", "load", "--all", county)
    walk.type("operator", "add", "window", "--name", "王敏", "--role", "county")
    walk.window = "window"
    truth = json.loads((county / "truth.json").read_text("utf-8"))
    walk.stories = {story["story"]: story for story in truth["stories"]}
    return walk.home, walk.tell()


@contextmanager
def speaking(tongue: str) -> Iterator[None]:
    """Another language for a while."""
    before = os.environ.get("YIMEN_LANG")
    os.environ["YIMEN_LANG"] = tongue
    try:
        yield
    finally:
        os.environ.pop("YIMEN_LANG")
        if before is not None:
            os.environ["YIMEN_LANG"] = before


def pages(home: Path, papers: dict[str, tuple[str, str]]) -> Iterator[tuple[str, list[Any]]]:
    """(name, blocks) of every paper, in the language in force."""
    from yimen.core.casework.operators import sit_down
    from yimen.core.clock import parse_date
    from yimen.core.documents.prints import printed_page
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    opened = open_home(home, today=parse_date(LAST))
    try:
        desk = sit_down(opened, acting_as="window")
        catalogue = load_catalogue(home / "cache")
        for name, (kind, number) in papers.items():
            yield name, printed_page(desk, catalogue, kind, number)
    finally:
        opened.close()


def write(folder: Path, *, png: bool) -> int:
    """Writes all papers in both languages; returns how many files of HTML."""
    from yimen.core.render.page import page_text
    from yimen.core.render.paper import page_html

    count = 0
    # A report keeps the language it was filed in, so that each language has a walk of its own.
    for tongue in ("zh_CN", "en"):
        place = folder / tongue
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as work, speaking(tongue):
            for name, blocks in pages(*walked(Path(work))):
                (place / f"{name}.html").write_text(page_html(blocks), "utf-8")
                text = "\n".join(page_text(blocks))
                (place / f"{name}.txt").write_text(text + "\n", "utf-8")
                count += 1
                if png:
                    picture(place / f"{name}.html")
    return count


def picture(page: Path) -> None:
    """Prints an HTML file to PDF as a browser does, and each of its sheets to a picture."""
    find: Callable[[str], str | None] = shutil.which
    chromium = find("chromium") or find("chromium-browser") or find("google-chrome")
    if chromium is None or find("pdftoppm") is None:
        raise SystemExit("--png needs chromium and pdftoppm (poppler-utils)")
    pdf = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", f"--user-data-dir={profile}", "--no-pdf-header-footer",
             f"--print-to-pdf={pdf}", page.resolve().as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    subprocess.run(
        ["pdftoppm", "-r", "70", "-png", str(pdf), str(page.with_suffix(""))],
        check=True,
        timeout=60,
    )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    made = write(Path(sys.argv[1]), png="--png" in sys.argv[2:])
    print(f"{made} papers in {sys.argv[1]}")
