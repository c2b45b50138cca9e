"""Checks of households in a real home: how a source stands to a person, and what follows from it.

NO_HIT is not zero and neither is unknown: each test writes the registers of one or two families,
loads them and looks at what the report says of a fact, of a programme, and of why.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yimen.core.identity import check_digit

HERE, ELSEWHERE = "370499101201", "370499102201"
MOST = "999999999999999.99"
ANSWERS = {"other_income_year": 0, "deductible_year": 0, "civil.emergency_event": "NONE"}


@dataclass
class Person:
    name: str
    id_number: str


@dataclass
class Desk:
    """A home, the registers that are loaded into it, and the commands of a window."""

    yimen: Any
    folder: Path
    paper: Path
    sources: dict[str, Any]
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    people: int = 0
    families: int = 0

    def family(self, *relations: str, born: str = "1980-01-05", division: str = HERE,
               separated: str = "否") -> list[Person]:  # fmt: skip
        """The members of one residence-register household."""
        self.families += 1
        return [
            self.member(relation, born=born, division=division, separated=separated)
            for relation in relations
        ]

    def member(self, relation: str, *, born: str = "1980-01-05", division: str = HERE,
               separated: str = "否", same: Person | None = None) -> Person:  # fmt: skip
        """One more member of the family that was begun last; `same` is listed elsewhere too."""
        self.people += 1
        first17 = f"370499{born.replace('-', '')}{self.people:03d}"
        person = same or Person(f"某{self.people}", first17 + check_digit(first17))
        self.row("civil.hukou", person, household_key=f"F{self.families}", relation=relation,
                 division=division, zone="农村", separated=separated)  # fmt: skip
        return person

    def row(self, source: str, person: Person, **cells: str) -> None:
        self.rows.setdefault(source, []).append(
            {"id_number": person.id_number, "name": person.name, **cells}
        )

    def wage(self, person: Person, yuan: str, times: int = 1) -> None:
        for _time in range(times):
            self.row("civil.tax_income", person, item="工资", paid_on="2026-06-30", amount_fen=yuan)

    def deposit(self, person: Person, yuan: str) -> None:
        self.row("civil.bank", person, bank="示例银行", balance_fen=yuan)

    def car(self, person: Person) -> None:
        self.row("civil.vehicle", person, plate="鲁D00001", kind="小型汽车", status="正常",
                 registered_on="2020-05-01")  # fmt: skip

    def dibao(self, person: Person) -> None:
        self.row("civil.assistance", person, programme="低保", payer="示例县", amount_fen="300",
                 from_date="2025-01-01", to_date="")  # fmt: skip

    def write(self, name: str) -> Path:
        """A source's file with its own headers."""
        columns = {"id_number": "身份证号", "name": "姓名"}
        columns |= {c.column: c.names.zh for c in self.sources[name].columns}
        path = self.folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns.values()), restval="")
            writer.writeheader()
            for row in self.rows.get(name, []):
                writer.writerow({columns[c]: text for c, text in row.items()})
        return path

    def load(self, *, without: str = "", **special: dict[str, Any]) -> None:
        """Loads all sources; `special` gives one of them another day or coverage."""
        files = []
        for name in self.sources:
            if name == without:
                continue
            item = {"file": self.write(name).name, "source": name, "as_of": self.yimen.day,
                    "covers": ["370499"], "rows": 0, "encoding": "utf-8"}  # fmt: skip
            files.append(item | special.get(name.replace(".", "_"), {}))
        manifest = {"seed": 0, "as_of": self.yimen.day, "synthetic": True, "files": files}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        self.yimen("source", "load", "--all", self.folder)

    def load_one(self, name: str, *more: str, as_of: str = "") -> None:
        self.yimen("source", "load", name, self.write(name), "--as-of", as_of or self.yimen.day,
                   *more)  # fmt: skip

    def apply(self, person: Person, *more: str, **answers: object) -> Any:
        words = ["--authorisation", str(self.paper), "--pledge", str(self.paper), *more]
        for fact, value in (ANSWERS | answers).items():
            words += ["--answer", f"{fact}={value}"]
        return self.yimen.json("intake", person.id_number, "--no-ask", *words)

    def check(self, person: Person, *more: str, **answers: object) -> Any:
        """The filed report of a family that applies."""
        return self.yimen.json("check", self.apply(person, *more, **answers)["application_no"])

    def file(self, person: Person) -> Any:
        return self.yimen.json("query", person.id_number)["household"]

    def look(self, person: Person, *more: str) -> Any:
        """The report of a family that has not applied."""
        return self.yimen.json("check", "--household", self.file(person)["household_no"], *more)

    def number(self, person: Person) -> str:
        """A member's number."""
        return next(
            str(m["member_no"]) for m in self.file(person)["members"] if m["name"] == person.name
        )

    def verify(self, person: Person, answer: str) -> None:
        household = self.file(person)["household_no"]
        self.yimen("household", "verify", household, answer, "--source", "visit")


@pytest.fixture
def desk_(yimen_empty: Any, tmp_path: Path, shared_catalogue: Any, signed_paper: Path) -> Desk:
    folder = tmp_path / "registers"
    folder.mkdir()
    return Desk(yimen_empty, folder, signed_paper, shared_catalogue.sources)


def programme(report: Any, name: str) -> Any:
    return next(p for p in report["programmes"] if p["programme"] == name)


def criterion(report: Any, name: str, which: str) -> str:
    return str(
        next(c["result"] for c in programme(report, name)["criteria"] if c["criterion"] == which)
    )


def known(fact: Any) -> tuple[Any, str]:
    return fact["value"], fact["status"]


def whys(report: Any, name: str) -> str:
    return "\n".join(m["why"] for m in programme(report, name)["missing"])


def kinds(report: Any) -> list[str]:
    return [flag["kind"] for flag in report["flags"]]


# -- how a source stands to a person --------------------------------------------------------------


def test_a_source_that_is_not_loaded_makes_unknown_and_is_named(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load(without="civil.vehicle")
    report = desk_.check(person)
    assert known(report["facts"]["civil.vehicles"]) == (None, "not_loaded")
    assert criterion(report, "CIV-DB", "vehicles") == "unknown"
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert "'Vehicle register' is not loaded." in whys(report, "CIV-DB")


@pytest.mark.parametrize(("as_of", "status"), [("2026-08-20", "no_hit"), ("2026-08-19", "stale")])
def test_a_source_is_stale_from_the_day_after_its_last_valid_day(
    desk_: Desk, as_of: str, status: str
) -> None:
    (person,) = desk_.family("户主")
    desk_.load(civil_vehicle={"as_of": as_of})
    report = desk_.check(person)
    stale = status == "stale"
    assert known(report["facts"]["civil.vehicles"]) == (None if stale else 0, status)
    assert report["facts"]["civil.vehicles"]["as_of"] == as_of
    assert programme(report, "CIV-DB")["outcome"] == ("unknown" if stale else "eligible")
    assert ("stale_source" in kinds(report)) == stale


def test_staleness_counts_from_the_day_of_the_facts(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    days = {name.replace(".", "_"): {"as_of": "2026-10-15"} for name in desk_.sources}
    desk_.load(**days | {"civil_vehicle": {"as_of": "2026-08-01"}})
    for day, status in (("2026-11-01", "no_hit"), ("2026-11-02", "stale")):
        report = desk_.look(person, "--facts-as-of", day)
        assert report["facts"]["civil.vehicles"]["status"] == status


def test_a_later_extract_is_not_seen_by_an_earlier_day(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    days = {name.replace(".", "_"): {"as_of": "2026-10-20"} for name in desk_.sources}
    desk_.load(**days)
    desk_.car(person)
    desk_.load_one("civil.vehicle", as_of="2026-11-18")
    for day, cars in (("2026-11-17", 0), ("2026-11-18", 1)):
        report = desk_.look(person, "--facts-as-of", day)
        assert known(report["facts"]["civil.vehicles"])[0] == cars


def test_facts_of_tomorrow_are_refused(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load()
    household = desk_.file(person)["household_no"]
    answer = desk_.yimen(
        "check", "--household", household, "--facts-as-of", "2026-11-21", code=4
    )  # fmt: skip
    assert "2026-11-21 is in the future" in answer.err


def test_a_source_that_covers_another_town_makes_unknown(desk_: Desk) -> None:
    (here,) = desk_.family("户主")
    (there,) = desk_.family("户主", division=ELSEWHERE)
    desk_.load(civil_vehicle={"covers": ["370499102"]})
    unknown, fine = desk_.check(here), desk_.check(there)
    assert known(unknown["facts"]["civil.vehicles"]) == (None, "not_covered")
    assert "'Vehicle register' does not cover this person." in whys(unknown, "CIV-DB")
    assert known(fine["facts"]["civil.vehicles"]) == (0, "no_hit")


def test_no_row_is_not_the_same_as_a_row_of_zero(desk_: Desk) -> None:
    nothing, zero = desk_.family("户主", "妻")
    desk_.wage(zero, "0")
    desk_.load()
    report = desk_.look(nothing)
    found = {m: facts["civil.wage_year"] for m, facts in report["member_facts"].items()}
    assert known(found[desk_.number(nothing)]) == (0, "no_hit")
    assert known(found[desk_.number(zero)]) == (0, "hit")
    assert found[desk_.number(zero)]["source"] == "civil.tax_income"
    assert found[desk_.number(zero)]["as_of"] == "2026-11-20"


def test_rows_outside_the_condition_leave_the_absent_value(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.row("civil.tax_income", person, item="经营", paid_on="2026-06-30", amount_fen="50")
    desk_.load()
    report = desk_.look(person)
    assert known(report["facts"]["civil.wage_year"]) == (0, "hit")
    assert known(report["facts"]["civil.business_year"]) == (5_000, "hit")


def test_an_empty_cell_in_a_row_makes_the_fact_unknown(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.wage(person, "100")
    desk_.wage(person, "")
    desk_.load()
    report = desk_.check(person)
    assert known(report["facts"]["civil.wage_year"]) == (None, "hit")
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert "does not hold the value" in whys(report, "CIV-DB")


def test_the_same_number_under_another_name_is_not_used_and_is_flagged(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.car(Person("别人", person.id_number))
    desk_.load()
    report = desk_.check(person)
    assert known(report["facts"]["civil.vehicles"]) == (None, "mismatch")
    assert criterion(report, "CIV-DB", "vehicles") == "unknown"
    assert "name_mismatch" in kinds(report)
    assert "under another name" in whys(report, "CIV-DB")


def test_a_bank_is_read_only_under_the_members_own_consent(desk_: Desk) -> None:
    husband, wife = desk_.family("户主", "妻")
    desk_.deposit(husband, "100")
    desk_.load()
    report = desk_.look(husband)
    assert known(report["facts"]["civil.savings"]) == (None, "no_consent")
    assert criterion(report, "CIV-DB", "savings") == "unknown"
    assert "'Bank deposits' needs a signed authorisation." in whys(report, "CIV-DB")
    number = desk_.apply(husband, "--signed-by", desk_.number(husband))["application_no"]
    after = desk_.look(husband)
    savings = {m: known(f["civil.savings"]) for m, f in after["member_facts"].items()}
    assert savings == {
        desk_.number(husband): (10_000, "hit"),
        desk_.number(wife): (None, "no_consent"),
    }
    assert known(after["facts"]["civil.savings"]) == (None, "no_consent")
    paper = str(desk_.paper)
    desk_.yimen("intake", number, "--no-ask", "--authorisation", paper, "--pledge", paper)
    assert known(desk_.look(husband)["facts"]["civil.savings"]) == (10_000, "hit")


@pytest.mark.parametrize(
    "paper",
    [
        ("--signed-on", "2025-01-01", "--expires", "2026-11-19"),
        ("--scope", "civil", "--scope", "medical"),
    ],
)
def test_a_consent_that_is_over_or_covers_other_sources_opens_nothing(
    desk_: Desk, paper: tuple[str, ...]
) -> None:
    (person,) = desk_.family("户主")
    desk_.deposit(person, "100")
    desk_.load()
    desk_.apply(person, *paper)
    assert known(desk_.look(person)["facts"]["civil.savings"]) == (None, "no_consent")


def test_a_consent_opens_the_source_that_it_names(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.deposit(person, "100")
    desk_.load()
    desk_.apply(person, "--scope", "civil.bank")
    assert known(desk_.look(person)["facts"]["civil.savings"]) == (10_000, "hit")


def test_a_member_without_an_id_number_is_kept_and_unknown(desk_: Desk) -> None:
    (head,) = desk_.family("户主")
    baby = desk_.member("子", same=Person("婴儿", ""))
    desk_.load()
    report = desk_.look(head)
    assert len(report["member_facts"]) == 2
    (of_baby,) = [f for m, f in report["member_facts"].items() if m != desk_.number(head)]
    assert known(of_baby["civil.vehicles"]) == (None, "not_covered")
    assert known(of_baby["civil.deceased"]) == (None, "not_covered")
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert programme(report, "CIV-DB")["amount_fen"] is None
    assert baby.name in whys(report, "CIV-DB")


# -- what people say ------------------------------------------------------------------------------


def test_a_declared_value_fills_only_what_is_unknown(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load(without="civil.vehicle")
    report = desk_.check(person, **{"civil.vehicles": 0})
    assert known(report["facts"]["civil.vehicles"]) == (0, "declared")
    assert criterion(report, "CIV-DB", "vehicles") == "pass"
    assert known(report["facts"]["civil.income_year"]) == (0, "declared")


def test_a_declaration_against_the_register_is_unknown_and_flagged_until_it_is_verified(
    desk_: Desk,
) -> None:
    (person,) = desk_.family("户主")
    desk_.car(person)
    desk_.load()
    report = desk_.check(person, **{"civil.vehicles": 0})
    assert report["facts"]["civil.vehicles"]["value"] is None
    assert criterion(report, "CIV-DB", "vehicles") == "unknown"
    conflicts = [f for f in report["flags"] if f["kind"] == "declared_conflict"]
    assert [f["detail"] for f in conflicts] == ["Vehicles: declared 0, register 1"]
    assert "an officer must verify it" in whys(report, "CIV-DB")
    desk_.verify(person, "civil.vehicles=1")
    after = desk_.yimen.json("check", report["application_no"])
    assert known(after["facts"]["civil.vehicles"]) == (1, "verified")
    assert criterion(after, "CIV-DB", "vehicles") == "fail"
    assert "declared_conflict" not in kinds(after)


def test_property_is_called_undeclared_only_where_the_family_was_asked(desk_: Desk) -> None:
    head, spouse = desk_.family("户主", "配偶")
    desk_.car(head)
    desk_.car(spouse)
    desk_.load()

    def told(report: Any) -> list[str]:
        return [f["detail"] for f in report["flags"] if f["kind"] == "undeclared_asset"]

    report = desk_.check(head)
    assert told(report) == ["Vehicles: 2 in the register; not declared: the family was never asked"]
    no = report["application_no"]
    answer = f"{desk_.number(head)}:civil.vehicles=1"
    desk_.yimen("intake", no, "--no-ask", "--answer", answer)
    assert told(desk_.yimen.json("check", no)) == [
        "Vehicles: 2 in the register, more than was declared"
    ]


def test_a_declaration_that_agrees_with_the_register_is_no_conflict(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.car(person)
    desk_.load()
    report = desk_.check(person, **{"civil.vehicles": 1})
    assert known(report["facts"]["civil.vehicles"]) == (1, "hit")
    assert "declared_conflict" not in kinds(report)


def test_a_verified_value_stands_before_the_register_and_the_last_one_counts(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.car(person)
    desk_.load()
    for value in (3, 0):
        desk_.verify(person, f"{desk_.number(person)}:civil.vehicles={value}")
        report = desk_.look(person)
        assert known(report["facts"]["civil.vehicles"]) == (value, "verified")
        member = report["member_facts"][desk_.number(person)]
        assert known(member["civil.vehicles"]) == (value, "verified")


# -- who counts -----------------------------------------------------------------------------------


def test_an_unknown_composition_makes_unknown_with_the_question(desk_: Desk) -> None:
    (head,) = desk_.family("户主")
    brother = desk_.member("弟", separated="")
    desk_.load()
    result = desk_.apply(head)
    assert result["state"] == "supplement_noticed"
    question = f"{brother.name}: Does this member live with the household in the long term?"
    assert question in [m["why"] for m in result["missing"]]
    report = desk_.look(head)
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert programme(report, "CIV-DB")["criteria"][3]["values"]["member_count"] is None
    assert question in whys(report, "CIV-DB")
    assert programme(report, "CIV-FAST")["outcome"] == "ineligible"
    said = f"{desk_.number(brother)}:lives_together=no"
    answered = desk_.yimen.json("intake", result["application_no"], "--answer", said, "--no-ask")
    assert answered["state"] == "accepted"
    report = desk_.yimen.json("check", result["application_no"])
    assert programme(report, "CIV-DB")["amount_fen"] == 90_000


def test_somebody_who_does_not_count_leaves_no_doubt_in_the_households_sums(desk_: Desk) -> None:
    (head,) = desk_.family("户主")
    lodger = desk_.member("非亲属")
    desk_.wage(Person("别人", lodger.id_number), "100")
    desk_.load()
    report = desk_.check(head)
    assert known(report["member_facts"][desk_.number(lodger)]["civil.wage_year"])[1] == "mismatch"
    assert known(report["facts"]["civil.wage_year"]) == (0, "no_hit")
    assert programme(report, "CIV-DB")["outcome"] == "eligible"


def test_a_roll_up_with_an_unknown_member_is_unknown_unless_another_decides_it(
    desk_: Desk,
) -> None:
    head, wife, _son = desk_.family("户主", "妻", "子")
    desk_.wage(head, "100")
    desk_.wage(Person("别人", wife.id_number), "100")
    tekun = {"programme": "特困", "payer": "示例县", "amount_fen": "1", "from_date": "2025-01-01",
             "to_date": ""}  # fmt: skip
    desk_.row("civil.assistance", Person("别人", wife.id_number), **tekun)
    desk_.load()
    report = desk_.look(head)
    assert known(report["facts"]["civil.wage_year"]) == (None, "mismatch")
    assert known(report["facts"]["civil.destitute_support"]) == (None, "mismatch")
    desk_.row("civil.assistance", head, **tekun)
    desk_.load_one("civil.assistance")
    report = desk_.look(head)
    assert known(report["facts"]["civil.destitute_support"])[0] is True
    assert programme(report, "CIV-DB")["outcome"] == "ineligible"


def test_somebody_listed_in_two_households_counts_in_neither_until_an_officer_decides(
    desk_: Desk,
) -> None:
    (son,) = desk_.family("户主")
    mother = desk_.member("母")
    (daughter,) = desk_.family("户主")
    desk_.member("母", same=mother)
    desk_.load()
    reports = [desk_.look(person) for person in (son, daughter)]
    for report in reports:
        twice = [f["member"] for f in report["flags"] if f["kind"] == "counted_twice"]
        assert twice == [desk_.number(mother)]
        assert programme(report, "CIV-DB")["outcome"] == "unknown"
        assert "may be counted in two households" in whys(report, "CIV-DB")
    report = desk_.check(son, "--counts", desk_.number(mother))
    assert "counted_twice" not in kinds(report)
    assert programme(report, "CIV-DB")["amount_fen"] == 180_000


def test_a_member_counted_in_two_open_applications_is_unknown_in_both(desk_: Desk) -> None:
    (son,) = desk_.family("户主")
    mother = desk_.member("母")
    (daughter,) = desk_.family("户主")
    desk_.member("母", same=mother)
    desk_.load()
    counts = ("--counts", desk_.number(mother))
    first = desk_.apply(son, *counts)["application_no"]
    second = desk_.apply(daughter, *counts)["application_no"]
    for person in (son, daughter):
        report = desk_.look(person)
        assert "counted_twice" in kinds(report)
        assert programme(report, "CIV-DB")["outcome"] == "unknown"
    desk_.yimen("intake", second, "--counts-not", desk_.number(mother), "--no-ask", code=None)
    assert programme(desk_.look(son), "CIV-DB")["amount_fen"] == 180_000
    assert programme(desk_.look(daughter), "CIV-DB")["amount_fen"] == 90_000
    assert first < second


# -- numbers that are too large -------------------------------------------------------------------


def test_a_sum_beyond_64_bits_is_unknown_for_that_person_alone_and_the_rest_answers(
    desk_: Desk,
) -> None:
    rich, poor = desk_.family("户主")[0], desk_.family("户主")[0]
    for person, times in ((rich, 93), (poor, 1)):
        desk_.dibao(person)
        for _bill in range(times):
            desk_.row("medical.settlement", person, settled_on="2026-06-01", kind="住院",
                      total_fen=MOST, compliant_fen=MOST, pooled_fen="0", aid_fen="")  # fmt: skip
    desk_.load()
    batch = desk_.yimen("check", "--all", "--format", "jsonl").rows
    report, other = (desk_.look(person) for person in (rich, poor))
    assert batch == [report, other]
    assert known(report["facts"]["medical.own_share_year"]) == (None, "hit")
    assert programme(report, "MED-IN")["outcome"] == "unknown"
    assert "'Medical settlements' does not hold the value." in whys(report, "MED-IN")
    assert known(other["facts"]["medical.own_share_year"]) == (10**17 - 1, "hit")
    assert programme(other, "MED-IN")["outcome"] == "eligible"
    for one in (report, other):
        assert criterion(one, "CIV-DB", "register_income") == "unknown"  # its deduction is asked
        assert known(one["facts"]["civil.register_income_year"]) == (0, "no_hit")
        assert programme(one, "MED-PREM")["outcome"] == "ineligible"


def test_a_households_sum_beyond_64_bits_is_unknown_though_each_members_is_known(
    desk_: Desk,
) -> None:
    couple = desk_.family("户主", "妻")
    for person in couple:
        desk_.wage(person, MOST, 60)
    desk_.load()
    report = desk_.check(couple[0])
    each = [f["civil.wage_year"]["value"] for f in report["member_facts"].values()]
    assert each == [60 * (10**17 - 1)] * 2
    assert report["facts"]["civil.wage_year"]["value"] is None
    assert criterion(report, "CIV-DB", "income") == "unknown"
    assert programme(report, "CIV-DB")["outcome"] == "unknown"


# -- the same again -------------------------------------------------------------------------------


def test_checking_everybody_twice_gives_the_same_bytes(yimen: Any, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    for out in (first, second):
        yimen("check", "--all", "--format", "jsonl", "--out", out)
    assert first.read_bytes() == second.read_bytes()
    assert yimen("check", "--all", "--format", "jsonl").out == first.read_text("utf-8")
    assert len(first.read_text("utf-8").splitlines()) >= 15


def test_a_fresh_process_and_a_home_loaded_anew_give_the_same_bytes_too(
    yimen: Any, yimen_empty_beside: Any, county_files: Path
) -> None:
    here = yimen("check", "--all", "--format", "jsonl").out
    yimen_empty_beside("source", "load", "--all", county_files)
    assert yimen_empty_beside("check", "--all", "--format", "jsonl").out == here
    env = {"PYTHONHASHSEED": "7"}
    yimen.env = env
    assert yimen.process("check", "--all", "--format", "jsonl").out == here


@pytest.fixture
def yimen_empty_beside(yimen: Any, tmp_path: Path) -> Any:
    """Another home, without registers, beside the loaded one."""
    beside = type(yimen)(tmp_path / "beside")
    beside("init", "--synthetic")
    return beside


def test_a_household_alone_gets_the_report_that_it_gets_among_all(yimen: Any) -> None:
    for report in yimen("check", "--all", "--format", "jsonl").rows[:5]:
        assert yimen.json("check", "--household", report["household_no"]) == report


def test_everybody_is_who_has_applied_or_receives(desk_: Desk) -> None:
    applicant, receiver, _neither = (desk_.family("户主")[0] for _family in range(3))
    (other_town,) = desk_.family("户主", division=ELSEWHERE)
    for person in (receiver, other_town):
        desk_.dibao(person)
    desk_.load()
    desk_.apply(applicant)
    numbers = {p.name: desk_.file(p)["household_no"] for p in (applicant, receiver, other_town)}
    rows = desk_.yimen("check", "--all", "--format", "jsonl").rows
    assert [r["household_no"] for r in rows] == sorted(numbers.values())
    rows = desk_.yimen("check", "--all", "--division", "370499102", "--format", "jsonl").rows
    assert [r["household_no"] for r in rows] == [numbers[other_town.name]]


def test_a_report_number_stands_for_its_inputs_and_rules(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load()
    seen: list[dict[str, Any]] = [desk_.look(person)]

    def changed(act: Callable[[], object]) -> bool:
        act()
        report = desk_.look(person)
        same = report["report_no"] in {r["report_no"] for r in seen}
        assert same == (report in seen)
        seen.append(report)
        return not same

    vehicle = "civil.vehicle"
    assert not changed(lambda: None)
    assert not changed(lambda: desk_.load_one(vehicle))
    assert changed(lambda: desk_.load_one(vehicle, "--covers", "370499102"))
    assert not changed(lambda: desk_.load_one(vehicle, as_of="2026-11-19"))
    assert not changed(lambda: desk_.load_one(vehicle))
    desk_.car(person)
    assert changed(lambda: desk_.load_one(vehicle))
    assert changed(lambda: desk_.verify(person, "civil.vehicles=0"))
    assert changed(lambda: desk_.yimen(
        "standard", "set", "civil.dibao_monthly", "910", "--from", "2026-07-01", "--basis", "x"
    ))  # fmt: skip
    assert changed(lambda: desk_.yimen("intake", person.id_number, "--no-ask"))
    number, paper = desk_.look(person)["application_no"], str(desk_.paper)
    assert changed(lambda: desk_.yimen("intake", number, "--no-ask", "--authorisation", paper))
    assert desk_.look(person, "--facts-as-of", "2026-11-20") == seen[-1]


def test_an_extract_of_another_day_makes_another_report(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    days = {name.replace(".", "_"): {"as_of": "2026-11-01"} for name in desk_.sources}
    desk_.load(**days)
    before = desk_.look(person)
    desk_.load_one("civil.vehicle", as_of="2026-11-10")
    after = desk_.look(person)
    assert after["facts"]["civil.vehicles"]["as_of"] == "2026-11-10"
    assert before["report_no"] != after["report_no"]
    assert before["inputs_hash"] != after["inputs_hash"]
    assert before["rules_hash"] == after["rules_hash"]


def test_the_same_report_is_filed_once_and_changes_nothing(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load()
    number = desk_.apply(person)["application_no"]
    first = desk_.yimen("check", number, "--format", "json").out
    assert desk_.yimen("check", number, "--format", "json").out == first


# -- indexes --------------------------------------------------------------------------------------


def test_a_check_looks_every_register_up_by_its_index_and_scans_none(
    loaded_home: Path, shared_catalogue: Any
) -> None:
    from yimen.core.rules.engines.sqlite import SqliteEngine
    from yimen.core.rules.inputs import parameters, readings_on, standards_on
    from yimen.core.rules.statement import statement_for
    from yimen.core.store.home import open_home
    from yimen.core.synthetic.registers import WRITTEN

    today = date(2026, 11, 20)
    home = open_home(loaded_home, today=today)
    statement = statement_for(shared_catalogue, today)
    readings = readings_on(home, shared_catalogue, statement.sources, today)
    standards = standards_on(home, shared_catalogue, statement.standards, today)
    plan = SqliteEngine(home.registers, shared_catalogue).plan(
        statement, readings, parameters(statement, readings, standards, today)
    )
    tables = [r.snapshot.table for r in readings if r.snapshot]
    home.close()
    assert len(tables) == len(WRITTEN)
    assert len(statement.sources) == len(shared_catalogue.sources)
    for table in tables:
        lines = [line for line in plan if line.startswith(("SEARCH s", "SCAN s"))]
        assert [line for line in lines if f"{table}__id (id_number=?)" in line], (table, lines)
    # What is not loaded is an empty row set, and nothing else may be scanned.
    scanned = [line for line in plan if line.startswith("SCAN s ") or line == "SCAN s"]
    assert len(scanned) == len(statement.sources) - len(tables)
    assert not [line for line in plan if "SCAN" in line and "snap__" in line]


def test_finding_the_households_that_receive_looks_the_roster_up_by_its_index(
    loaded_home: Path, shared_catalogue: Any
) -> None:
    from yimen.core.store.home import open_home

    home = open_home(loaded_home, today=date(2026, 11, 20))
    roster = home.casework.conn.execute(
        "SELECT roster FROM snapshot WHERE roster IS NOT NULL"
    ).fetchone()[0]
    plan = home.registers.conn.execute(
        f'EXPLAIN QUERY PLAN SELECT * FROM "{roster}" WHERE household_no IN (?)', ["H0000001"]
    ).fetchall()
    home.close()
    assert [row for row in plan if f"{roster}__household_no" in row[3]]


# -- the statement's cache ------------------------------------------------------------------------


def test_a_damaged_statement_in_the_cache_is_compiled_again(yimen: Any) -> None:
    before = yimen("check", "--household", "H0000012", "--format", "json").out
    cached = list((yimen.home / "cache").glob("statement-*"))
    assert cached
    for file in cached:
        file.write_bytes(file.read_bytes().replace(b"SELECT", b"SELECTED", 1))
    assert yimen("check", "--household", "H0000012", "--format", "json").out == before
    shutil.rmtree(yimen.home / "cache")
    assert yimen("check", "--household", "H0000012", "--format", "json").out == before


def test_an_answer_that_waits_for_another_programme_says_so(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.row("medical.insurance", person, kind="居民", year="2026", subsidised="否")
    desk_.load(without="civil.vehicle")
    report = desk_.check(person)
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert programme(report, "MED-PREM")["outcome"] == "unknown"
    assert "It depends on the answer for 'Minimum living guarantee'." in whys(report, "MED-PREM")
    assert programme(report, "CIV-EDGE")["outcome"] == "unknown"


def test_wages_that_only_an_unstated_deduction_could_make_good_are_flagged_and_not_refused(
    desk_: Desk,
) -> None:
    above, below = desk_.family("户主")[0], desk_.family("户主")[0]
    for person, yuan in ((above, "10800"), (below, "10799.99")):
        desk_.dibao(person)
        desk_.wage(person, yuan)
    desk_.load()
    report = desk_.look(above)
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    (flag,) = [f for f in report["flags"] if f["kind"] == "wrongly_kept"]
    assert flag["programme"] == "CIV-DB"
    assert "by the registers alone no longer met: The income that registers" in flag["detail"]
    assert "wrongly_kept" not in kinds(desk_.look(below))
    desk_.verify(above, "deductible_year=600")
    assert "wrongly_kept" not in kinds(desk_.look(above))
    desk_.verify(above, "deductible_year=0")
    report = desk_.look(above)
    assert programme(report, "CIV-DB")["outcome"] == "ineligible"
    (flag,) = [f for f in report["flags"] if f["kind"] == "wrongly_kept"]
    assert "received, and no longer met: The income that registers" in flag["detail"]
