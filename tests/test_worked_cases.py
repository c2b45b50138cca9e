"""The worked cases of the field, told as sentences, from register files to a filed report.

Each test writes the registers of a few families as departments spell them, loads them into a real
home, opens an application with its papers and checks it. Amounts are of the example standards: 900
yuan a person and month, an edge below one and a half times that.
"""

from __future__ import annotations

from typing import Any

import pytest
from worked_county import County, case_a, criteria, outcome, programme
from worked_county import county as county
from worked_county import county_of as county_of


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
