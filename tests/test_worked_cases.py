"""The worked cases of the field, told as sentences, from register files to a filed report.

Each test writes the registers of a few families as departments spell them, loads them into a real
home, opens an application with its papers and checks it. Amounts are of the example standards: 900
yuan a person and month, an edge below one and a half times that.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yimen.core.identity import check_digit

DIVISION = "370499101201"
ANSWERS = {"other_income_year": 0, "deductible_year": 0, "civil.emergency_event": "NONE"}
WAGE, BUSINESS, RENT = "工资薪金", "经营所得", "财产租赁"


@dataclass
class Person:
    name: str
    id_number: str


@dataclass
class County:
    """Register files in the making, and the home into which they are loaded."""

    yimen: Any
    folder: Path
    paper: Path
    sources: dict[str, Any]
    day: str
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    people: int = 0
    families: int = 0

    def person(self, born: str, relation: str, **more: str) -> Person:
        """Somebody in the residence register, in the family that was begun last."""
        self.people += 1
        first17 = f"370499{born.replace('-', '')}{self.people:03d}"
        person = Person(f"某{self.people}", first17 + check_digit(first17))
        self.row("civil.hukou", person, household_key=f"F{self.families}", relation=relation,
                 division=DIVISION, zone=more.get("zone", "农村"), separated="否")  # fmt: skip
        return person

    def family(self, *born: str, **more: str) -> list[Person]:
        """A head, a spouse and children, by their dates of birth."""
        self.families += 1
        relations = ["户主", "妻", *["子"] * 9]
        return [self.person(day, relation, **more) for day, relation in zip(born, relations)]  # noqa: B905

    def row(self, source: str, person: Person, **cells: str) -> None:
        self.rows.setdefault(source, []).append(
            {"id_number": person.id_number, "name": person.name, **cells}
        )

    def income(self, person: Person, yuan: str, item: str = WAGE, on: str = "") -> None:
        on = on or f"{self.day[:5]}06-30"
        self.row("civil.tax_income", person, item=item, paid_on=on, amount_fen=yuan)

    def pension(
        self, person: Person, monthly: str, basic: str = "", kind: str = "职工养老"
    ) -> None:
        self.row("civil.pension", person, kind=kind, monthly_fen=monthly, basic_fen=basic,
                 from_date="2020-01-01", to_date="")  # fmt: skip

    def car(self, person: Person) -> None:
        self.row("civil.vehicle", person, plate=f"鲁D{self.people:05d}", kind="小型汽车",
                 status="正常", registered_on="2020-05-01")  # fmt: skip

    def load(self, as_of: str = "") -> None:
        """Writes a file for every source, with the headers of its department, and loads them."""
        files = []
        for name, source in self.sources.items():
            columns = {"id_number": "身份证号", "name": "姓名"}
            columns |= {c.column: c.names.zh for c in source.columns}
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(columns.values()), restval="")
                writer.writeheader()
                for row in self.rows.get(name, []):
                    writer.writerow({columns[c]: text for c, text in row.items()})
            files.append({"file": f"{name}.csv", "source": name, "as_of": as_of or self.day,
                          "covers": ["370499"], "rows": 0, "encoding": "utf-8"})  # fmt: skip
        manifest = {"seed": 0, "as_of": as_of or self.day, "synthetic": True, "files": files}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        self.yimen("source", "load", "--all", self.folder)

    def apply(self, person: Person, *more: str, **answers: object) -> str:
        """An application of a family with its papers and answers: its number."""
        words = ["--authorisation", str(self.paper), "--pledge", str(self.paper), *more]
        for fact, value in (ANSWERS | answers).items():
            words += ["--answer", f"{fact}={value}"]
        result = self.yimen.json("intake", person.id_number, "--no-ask", *words)
        assert result["state"] == "accepted", result
        return str(result["application_no"])

    def check(self, person: Person, **answers: object) -> Any:
        """The filed report of a family that applies."""
        return self.yimen.json("check", self.apply(person, **answers))

    def look(self, person: Person, *more: str) -> Any:
        """The report of a family that has not applied."""
        number = self.yimen.json("query", person.id_number)["household"]["household_no"]
        return self.yimen.json("check", "--household", number, *more)

    def standard(self, name: str, value: str, *more: str, since: str = "2021-01-01") -> None:
        self.yimen("standard", "set", name, value, "--from", since, "--basis", "test", *more)


@pytest.fixture
def county_of(tmp_path: Path, shared_catalogue: Any, signed_paper: Path) -> Callable[..., County]:
    def made(yimen: Any) -> County:
        folder = tmp_path / "registers"
        folder.mkdir()
        return County(yimen, folder, signed_paper, shared_catalogue.sources, yimen.day)

    return made


@pytest.fixture
def county(yimen_empty: Any, county_of: Callable[..., County]) -> County:
    return county_of(yimen_empty)


def programme(report: Any, name: str, member: str | None = None) -> Any:
    """A programme's result, of one member or of the household."""
    found = [p for p in report["programmes"] if p["programme"] == name]
    return next(p for p in found if member is None or p["member"] == member)


def outcome(report: Any, name: str) -> str:
    return str(programme(report, name)["outcome"])


def criteria(report: Any, name: str) -> dict[str, str]:
    return {c["criterion"]: c["result"] for c in programme(report, name)["criteria"]}


def case_a(county: County) -> list[Person]:
    """Three persons: wages 24,000, business 3,600, a pension of 2,400; 600 are deducted."""
    family = county.family("1987-03-02", "1988-08-09", "2016-01-20")
    county.income(family[0], "24000")
    county.income(family[1], "3600", BUSINESS)
    county.pension(family[1], "200")
    return family


def test_a_family_of_three_with_29_400_yuan_a_year_gets_250_yuan_a_month(county: County) -> None:
    family = case_a(county)
    county.load()
    report = county.check(family[0], deductible_year=600)
    dibao = programme(report, "CIV-DB")
    assert report["facts"]["civil.income_year"]["value"] == 2_940_000
    assert (dibao["outcome"], dibao["amount_fen"], dibao["per"]) == ("eligible", 25_000, "month")
    assert set(criteria(report, "CIV-DB").values()) == {"pass"}
    assert outcome(report, "CIV-EDGE") == "ineligible"
    assert criteria(report, "CIV-EDGE")["not_dibao"] == "fail"


def test_aid_that_the_family_receives_is_no_income(county: County) -> None:
    family = case_a(county)
    county.row("civil.assistance", family[0], programme="小额快救", payer="示例县",
               amount_fen="6000", from_date="2026-05-01", to_date="2026-06-01")  # fmt: skip
    county.row("medical.settlement", family[0], settled_on="2026-05-03", kind="普通门诊",
               total_fen="9000", compliant_fen="9000", pooled_fen="3000",
               aid_fen="6000")  # fmt: skip
    county.load()
    report = county.check(family[0], deductible_year=600)
    assert report["facts"]["civil.income_year"]["value"] == 2_940_000
    assert programme(report, "CIV-DB")["amount_fen"] == 25_000


def test_a_couple_with_28_800_yuan_a_year_is_an_edge_family(county: County) -> None:
    family = county.family("1980-01-05", "1981-02-06")
    county.income(family[0], "28800")
    county.load()
    report = county.check(family[0])
    assert outcome(report, "CIV-DB") == "ineligible"
    assert outcome(report, "CIV-EDGE") == "eligible"
    assert programme(report, "CIV-EDGE")["amount_fen"] is None


def test_a_couple_at_exactly_one_and_a_half_times_the_standard_is_no_edge_family(
    county: County,
) -> None:
    family = county.family("1980-01-05", "1981-02-06")
    county.income(family[0], "32400")
    county.load()
    report = county.check(family[0])
    assert outcome(report, "CIV-EDGE") == "ineligible"
    assert criteria(report, "CIV-EDGE")["income"] == "fail"


def test_one_fen_less_than_one_and_a_half_times_the_standard_is_an_edge_family(
    county: County,
) -> None:
    family = county.family("1980-01-05", "1981-02-06")
    county.income(family[0], "32399.99")
    county.load()
    assert outcome(county.check(family[0]), "CIV-EDGE") == "eligible"


def test_a_single_person_at_exactly_the_standard_gets_no_dibao_and_is_an_edge_family(
    county: County,
) -> None:
    (person,) = county.family("1970-07-07")
    county.income(person, "10800")
    county.load()
    report = county.check(person)
    assert outcome(report, "CIV-DB") == "ineligible"
    assert criteria(report, "CIV-DB")["income"] == "fail"
    assert outcome(report, "CIV-EDGE") == "eligible"


def test_one_fen_below_the_standard_is_dibao_and_pays_one_yuan_since_amounts_are_rounded_up(
    county: County,
) -> None:
    (person,) = county.family("1970-07-07")
    county.income(person, "10799.99")
    county.load()
    dibao = programme(county.check(person), "CIV-DB")
    assert (dibao["outcome"], dibao["amount_fen"]) == ("eligible", 100)


def test_a_poor_owner_of_a_car_is_no_dibao_but_an_edge_family(county: County) -> None:
    (person,) = county.family("1970-07-07")
    county.income(person, "6000")
    county.car(person)
    county.load()
    report = county.check(person)
    assert criteria(report, "CIV-DB")["vehicles"] == "fail"
    assert criteria(report, "CIV-DB")["income"] == "pass"
    assert outcome(report, "CIV-DB") == "ineligible"
    assert outcome(report, "CIV-EDGE") == "eligible"


def test_where_the_edge_has_a_floor_a_poor_owner_of_a_car_gets_nothing(county: County) -> None:
    (person,) = county.family("1970-07-07")
    county.income(person, "6000")
    county.car(person)
    county.load()
    county.standard("civil.edge_floor", "STANDARD")
    report = county.check(person)
    assert outcome(report, "CIV-DB") == outcome(report, "CIV-EDGE") == "ineligible"
    assert criteria(report, "CIV-EDGE")["floor"] == "fail"


def test_the_amount_is_of_the_households_total_and_never_of_a_rounded_share(
    county: County,
) -> None:
    family = county.family("1987-03-02", "1988-08-09", "2016-01-20")
    county.income(family[0], "22728")  # 1,894 yuan a month for three: 631.33… a head
    county.load()
    county.standard("civil.dibao_monthly", "632")
    assert programme(county.check(family[0]), "CIV-DB")["amount_fen"] == 200


@pytest.mark.parametrize(("yuan", "answer"), [("32399.99", "eligible"), ("32400", "ineligible")])
def test_a_yearly_total_is_compared_exactly_whatever_its_share_rounds_to(
    county: County, yuan: str, answer: str
) -> None:
    family = county.family("1987-03-02", "1988-08-09", "2016-01-20")
    county.income(family[0], yuan)
    county.load()
    assert outcome(county.check(family[0]), "CIV-DB") == answer


def test_income_of_thirteen_months_ago_is_not_of_this_year(county: County) -> None:
    (person,) = county.family("1970-07-07")
    for on, yuan in (
        ("2025-11-20", "5000"), ("2025-11-21", "20"), ("2026-11-20", "3"), ("2026-11-21", "400"),
    ):  # fmt: skip
        county.income(person, yuan, on=on)
    county.load()
    assert county.look(person)["facts"]["civil.wage_year"]["value"] == 2_300


def test_the_year_of_an_older_extract_ends_with_the_extract(county: County) -> None:
    (person,) = county.family("1970-07-07")
    for on, yuan in (("2025-10-20", "5000"), ("2025-10-21", "20"), ("2026-10-20", "3")):
        county.income(person, yuan, on=on)
    county.load(as_of="2026-10-20")
    assert county.look(person)["facts"]["civil.wage_year"]["value"] == 2_300


def test_the_declared_deduction_lowers_the_income_and_the_declared_other_income_raises_it(
    county: County,
) -> None:
    family = county.family("1980-01-05", "1981-02-06")
    county.income(family[0], "21600")
    county.load()
    report = county.check(family[0], deductible_year=3600, other_income_year="1200.50")
    assert report["facts"]["civil.income_year"]["value"] == 1_920_050
    assert programme(report, "CIV-DB")["amount_fen"] == 20_000


def test_being_able_to_work_is_no_ground_for_a_refusal(
    county: County, shared_catalogue: Any
) -> None:
    (person,) = county.family("1990-07-07")
    county.load()
    dibao = programme(county.check(person), "CIV-DB")
    assert (dibao["outcome"], dibao["amount_fen"]) == ("eligible", 90_000)
    abouts = {
        c.about
        for p in ("CIV-DB", "CIV-EDGE")
        for v in shared_catalogue.programmes[p].versions
        for c in v.criteria
    }
    assert abouts == {"residence", "class", "income", "asset"}


def test_the_standard_of_the_familys_zone_counts(county: County) -> None:
    town, village = county.family("1970-07-07", zone="城镇"), county.family("1970-07-08")
    for person in (*town, *village):
        county.income(person, "10900")
    county.load()
    county.standard("civil.dibao_monthly", "950", "--zone", "URBAN")
    assert programme(county.check(town[0]), "CIV-DB")["amount_fen"] == 4_200
    assert outcome(county.check(village[0]), "CIV-DB") == "ineligible"


# -- who counts -----------------------------------------------------------------------------------


def test_a_grown_child_who_lives_elsewhere_does_not_count_and_neither_does_its_income(
    county: County,
) -> None:
    father, _mother = county.family("1966-01-05", "1967-02-06")
    son = county.person("1995-05-05", "子")
    county.rows["civil.hukou"][-1]["separated"] = "是"
    county.income(son, "90000")
    county.load()
    report = county.check(father)
    assert report["facts"]["civil.wage_year"]["value"] == 0
    assert programme(report, "CIV-DB")["amount_fen"] == 180_000


def test_a_prisoner_and_a_dead_member_do_not_count(county: County) -> None:
    wife, _prisoner, _child = county.family("1986-01-05", "1985-02-06", "2015-03-04")
    dead = county.person("1950-01-01", "父")
    county.row("civil.custody", _prisoner, from_date="2025-01-01", to_date="2027-01-01")
    county.row("civil.death", dead, died_on="2026-09-09")
    county.load()
    assert programme(county.check(wife), "CIV-DB")["amount_fen"] == 180_000


def test_a_lodger_does_not_count(county: County) -> None:
    (head,) = county.family("1986-01-05")
    lodger = county.person("1988-01-01", "非亲属")
    county.income(lodger, "80000")
    county.load()
    assert programme(county.check(head), "CIV-DB")["amount_fen"] == 90_000


def test_a_student_away_at_university_counts_until_the_degree(county: County) -> None:
    mother, _father, student, graduate = county.family(
        "1975-01-05", "1974-02-06", "2006-03-04", "2003-03-04"
    )
    for row in county.rows["civil.hukou"][-2:]:
        row["separated"] = "是"
    county.row("civil.enrolment", student, stage="本科", full_time="是", left_on="")
    county.row("civil.enrolment", graduate, stage="本科", full_time="是", left_on="2025-07-01")
    county.load()
    assert programme(county.check(mother), "CIV-DB")["amount_fen"] == 270_000


# -- numbers that the county must set -------------------------------------------------------------


@pytest.fixture
def bare_county(
    tmp_path: Path, yimen_nowhere: Any, county_of: Callable[..., County], clock: Any
) -> County:
    """A county that has set nothing but what a test sets: no example values."""
    from yimen.core.casework.setup import init_home
    from yimen.core.rules.catalogue import Catalogue

    init_home(
        yimen_nowhere.home, county=None, synthetic=True, clock=clock, catalogue=Catalogue()
    ).close()
    county = county_of(yimen_nowhere)
    for name, value in (
        ("civil.dibao_monthly", "900"), ("civil.work_cost_ppm", "0"),
        ("civil.dibao_savings_ppm", "2"), ("civil.dibao_vehicle_limit", "0"),
        ("civil.dibao_dwelling_limit", "1"), ("civil.basic_pension_excluded", "yes"),
    ):  # fmt: skip
        county.standard(name, value, "--to", "2025-12-31")
    return county


def elder(county: County) -> Person:
    """One old person with a residents' pension of 1,100 yuan a month, 300 of them basic."""
    (person,) = county.family("1950-01-01")
    county.pension(person, "1100", "300", kind="城乡居民")
    return person


def test_the_central_basic_pension_is_no_income_until_the_end_of_2025(county: County) -> None:
    person = elder(county)
    county.load()
    report = county.look(person, "--rules-on", "2025-12-31")
    assert report["facts"]["civil.pension_year"]["value"] == 1_320_000
    assert report["facts"]["civil.register_income_year"]["value"] == 960_000


def test_after_2025_the_county_says_whether_the_central_basic_pension_counts(
    bare_county: County,
) -> None:
    person = elder(bare_county)
    bare_county.load()
    for name, value in (("civil.dibao_monthly", "900"), ("civil.work_cost_ppm", "0")):
        bare_county.standard(name, value, since="2026-01-01")
    unknown = bare_county.look(person, "--rules-on", "2026-01-01")
    assert unknown["facts"]["civil.register_income_year"]["value"] is None
    assert criteria(unknown, "CIV-DB")["register_income"] == "unknown"
    assert outcome(unknown, "CIV-DB") == "unknown"
    whys = [m["why"] for m in programme(unknown, "CIV-DB")["missing"]]
    assert [why for why in whys if "'Central basic pension is not counted as income'" in why]
    for said, income in (("no", 1_320_000), ("yes", 960_000)):
        bare_county.standard("civil.basic_pension_excluded", said, since="2026-01-01")
        known = bare_county.look(person, "--rules-on", "2026-01-01")
        assert known["facts"]["civil.register_income_year"]["value"] == income


def test_an_unset_standard_makes_unknown_and_never_a_refusal(bare_county: County) -> None:
    (rich,) = bare_county.family("1970-07-07")
    bare_county.income(rich, "900000")
    bare_county.load()
    report = bare_county.look(rich)
    assert criteria(report, "CIV-DB")["income"] == "unknown"
    assert criteria(report, "CIV-DB")["vehicles"] == "unknown"
    assert outcome(report, "CIV-DB") == "unknown"
    assert programme(report, "CIV-DB")["amount_fen"] is None
    missing = {m["why"] for m in programme(report, "CIV-DB")["missing"] if "standard" in m["why"]}
    assert any("Dibao standard, a month and person" in why for why in missing)


def test_an_unset_number_is_no_hindrance_where_another_criterion_already_fails(
    bare_county: County,
) -> None:
    (person,) = bare_county.family("1970-07-07")
    bare_county.row("civil.assistance", person, programme="特困", payer="示例县", amount_fen="1200",
                    from_date="2024-01-01", to_date="")  # fmt: skip
    bare_county.load()
    report = bare_county.look(person)
    assert criteria(report, "CIV-DB")["not_destitute"] == "fail"
    assert outcome(report, "CIV-DB") == "ineligible"


# -- rules by date --------------------------------------------------------------------------------


def test_an_application_keeps_the_rules_of_the_day_of_its_acceptance(
    county: County, county_of: Callable[..., County]
) -> None:
    family = case_a(county)
    later = county.family("1986-01-05")
    county.rows["civil.tax_income"] = [
        row | {"paid_on": day}
        for row in county.rows["civil.tax_income"]
        for day in ("2023-06-30", "2026-06-30")
    ]
    today = county.yimen.day
    county.yimen.day = "2024-01-10"
    county.load(as_of="2024-01-08")
    old = county.apply(family[0], "--expires", "2027-12-31", deductible_year=600)
    before = county.yimen.json("check", old)
    county.yimen.day = today
    county.load()
    after, new = county.yimen.json("check", old), county.check(later[0])
    assert (before["rules_on"], before["rule_pack"]) == ("2024-01-10", "R2021")
    assert (before["facts_as_of"], after["facts_as_of"]) == ("2024-01-10", "2026-11-20")
    assert (after["rules_on"], after["rule_pack"]) == ("2024-01-10", "R2021")
    assert (new["rules_on"], new["rule_pack"]) == ("2026-11-20", "R2026")
    income = {r["rules_on"]: programme(r, "CIV-DB")["criteria"][3]["basis"] for r in (after, new)}
    assert "SAL" not in income["2024-01-10"]
    assert "Social Assistance Law" in income["2026-11-20"] or "SAL" in income["2026-11-20"]
    assert programme(before, "CIV-DB")["amount_fen"] == 25_000


def test_before_20_october_2022_there_was_no_edge_and_no_aid_waits_for_it(county: County) -> None:
    family = county.family("1980-01-05", "1981-02-06")
    county.car(family[0])  # no dibao, whatever income is declared
    for person in family:
        county.row("medical.settlement", person, settled_on="2026-05-03", kind="住院",
                   total_fen="9000", compliant_fen="9000", pooled_fen="1000",
                   aid_fen="0")  # fmt: skip
    county.load()
    before = county.look(family[0], "--rules-on", "2022-10-19")
    after = county.look(family[0], "--rules-on", "2022-10-20")
    assert "CIV-EDGE" not in {p["programme"] for p in before["programmes"]}
    assert "CIV-EDGE" in {p["programme"] for p in after["programmes"]}
    assert criteria(before, "MED-IN")["class"] == "fail"
    assert criteria(after, "MED-IN")["class"] == "unknown"


def test_before_2012_no_rules_are_known_and_the_packs_are_named(county: County) -> None:
    (person,) = county.family("1980-01-05")
    county.load()
    number = county.yimen.json("query", person.id_number)["household"]["household_no"]
    answer = county.yimen("check", "--household", number, "--rules-on", "2012-12-11", code=3)
    assert "No rule pack is in force on 2012-12-11." in answer.err
    assert "R2021 (2021-07-01" in answer.err


def test_the_day_that_decides_is_a_day_of_the_calendar_and_not_of_the_clock(
    county: County, shared_catalogue: Any
) -> None:
    packs = {shared_catalogue.pack_on(date(2026, 6, d)).pack for d in (29, 30)}
    assert packs == {"R2021"}
    assert shared_catalogue.pack_on(date(2026, 7, 1)).pack == "R2026"
