"""The nine programmes of households: each criterion is a variable, and so is each outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

from .declaring import household_answer, paid
from .entities import Household
from .facts import RURAL, URBAN
from .unknowns import UNKNOWN, YES, answer, any_member, either, every, negated

CRITERIA = {
    "BEN-DB": ("db_resident", "db_income", "db_vehicles", "db_dwellings", "db_property"),
    "BEN-EDGE": ("edge_not_dibao", "edge_income", "edge_vehicles", "edge_property"),
    "BEN-RIG": ("rig_not_class", "poor", "rig_expense", "rig_property"),
    "BEN-TEMP": ("temp_expense", "everybody_insured", "poor", "temp_savings"),
    "BEN-WARM": ("warm_class", "warm_burden"),
    "BEN-RENT": ("in_town", "rent_income", "rent_area", "rent_property"),
    "BEN-FARM": ("in_the_country", "farm_class", "farm_house"),
    "BEN-EDU": ("edu_pupil", "edu_class"),
    "BEN-JOB": ("job_jobless", "job_able", "anybody_unemployed"),
}


def limited(household: Any, period: Any, name: str, limit: Any) -> Any:
    """Whether the household's sum is within a limit."""
    known = household(f"household_{name}_known", period)
    return answer(household(f"household_{name}", period) <= limit, known)


def none(household: Any, period: Any, name: str) -> Any:
    return limited(household, period, name, 0)


def _met(programme: str) -> Any:
    def formula(household: Any, period: Any) -> Any:
        return every(*(household(name, period) for name in CRITERIA[programme]))

    formula.__name__ = programme.replace("-", "_")
    return formula


for _programme in CRITERIA:
    household_answer(_met(_programme))


@household_answer
def in_db(household: Any, period: Any) -> Any:
    return either(household("receives_db", period), household("BEN_DB", period))


@household_answer
def in_edge(household: Any, period: Any) -> Any:
    return either(household("receives_edge", period), household("BEN_EDGE", period))


@household_answer
def db_resident(household: Any, period: Any) -> Any:
    return household("anybody_resident", period)


def _standard_known(household: Any, period: Any) -> Any:
    return household("dibao_known", period) & household("member_count_known", period)


@household_answer
def db_income(household: Any, period: Any) -> Any:
    income = household("household_own_income", period)
    known = household("household_own_income_known", period) & _standard_known(household, period)
    return answer(
        income < 12 * household("dibao", period) * household("member_count", period), known
    )


@household_answer
def db_vehicles(household: Any, period: Any, parameters: Any) -> Any:
    return limited(household, period, "vehicles", parameters(period).vehicle_limit)


@household_answer
def db_dwellings(household: Any, period: Any, parameters: Any) -> Any:
    return limited(household, period, "dwellings", parameters(period).dwelling_limit)


@household_answer
def db_property(household: Any, period: Any) -> Any:
    return every(none(household, period, "other_properties"), none(household, period, "companies"))


@paid(Household)
def BEN_DB_amount(household: Any, period: Any) -> Any:
    """The gap a month, rounded up to a yuan, and the add-on of each member; -1 is unknown."""
    dibao = household("dibao", period).astype(np.int64)
    year = 12 * dibao * household("member_count", period)
    gap = np.maximum(0, -((household("household_own_income", period) - year) // 1200) * 100)
    addon = household("household_addon_ppm", period) * dibao // 1_000_000
    return np.where(household("household_addon_ppm_known", period), gap + addon, -1)


@household_answer
def edge_not_dibao(household: Any, period: Any) -> Any:
    return negated(household("in_db", period))


@household_answer
def edge_income(household: Any, period: Any, parameters: Any) -> Any:
    dibao = household("dibao", period).astype(np.int64)
    ceiling = 12 * dibao * parameters(period).edge_ppm // 1_000_000
    known = household("household_own_income_known", period) & _standard_known(household, period)
    income = household("household_own_income", period)
    return answer(income < ceiling * household("member_count", period), known)


@household_answer
def edge_vehicles(household: Any, period: Any, parameters: Any) -> Any:
    return limited(household, period, "vehicles", parameters(period).edge_vehicle_limit)


@household_answer
def edge_property(household: Any, period: Any, parameters: Any) -> Any:
    houses = limited(household, period, "dwellings", parameters(period).edge_dwelling_limit)
    return every(houses, none(household, period, "other_properties"))


@household_answer
def rig_not_class(household: Any, period: Any) -> Any:
    return every(negated(household("in_db", period)), negated(household("in_edge", period)))


@household_answer
def poor(household: Any, period: Any, parameters: Any) -> Any:
    limit = parameters(period).disposable_year
    return answer(household("income_head", period) < limit, household("income_head_known", period))


@household_answer
def rig_expense(household: Any, period: Any, parameters: Any) -> Any:
    medical = household("household_medical", period).astype(np.int64)
    income = np.maximum(1, household("household_own_income", period))
    known = household("household_medical_known", period)
    share = medical * 1_000_000 // income
    return answer(
        share >= parameters(period).rigid_ratio_ppm,
        known & household("household_own_income_known", period),
    )


@household_answer
def rig_property(household: Any, period: Any, parameters: Any) -> Any:
    p = parameters(period)
    return every(
        limited(household, period, "vehicles", p.edge_vehicle_limit),
        limited(household, period, "dwellings", p.edge_dwelling_limit),
    )


@household_answer
def temp_expense(household: Any, period: Any, parameters: Any) -> Any:
    large = household("household_medical", period) >= parameters(period).temp_expense
    known = household("household_medical_known", period)
    return every(answer(large, known), household("lately_in_hospital", period))


@household_answer
def temp_savings(household: Any, period: Any) -> Any:
    """Nobody's deposits are read in a screening; only a household of nobody has none."""
    nobody = household("member_count", period) == 0
    return np.where(nobody & household("member_count_known", period), YES, UNKNOWN)


@paid(Household)
def BEN_TEMP_amount(household: Any, period: Any, parameters: Any) -> Any:
    over = household("household_medical", period) - parameters(period).temp_expense
    return np.minimum(np.maximum(0, over) // 2, 6 * household("dibao", period))


@household_answer
def warm_class(household: Any, period: Any) -> Any:
    counts = household.members("counted", period)
    supported = any_member(household, every(counts, household.members("BEN_TK", period)))
    return either(household("in_db", period), household("receives_tk", period), supported)


def _burden(household: Any, period: Any, share: int) -> Any:
    return answer(household("burden_ppm", period) >= share, household("burden_ppm_known", period))


@household_answer
def warm_burden(household: Any, period: Any) -> Any:
    return either(_burden(household, period, 500_000), household("in_town", period))


@paid(Household)
def BEN_WARM_amount(household: Any, period: Any, parameters: Any) -> Any:
    return np.full(household.count, parameters(period).warm_money)


@household_answer
def in_town(household: Any, period: Any) -> Any:
    zone = household("household_zone", period)
    return answer(zone == URBAN, zone > 0)


@household_answer
def rent_income(household: Any, period: Any, parameters: Any) -> Any:
    limit = parameters(period).disposable_year
    income = answer(
        household("income_head", period) <= limit, household("income_head_known", period)
    )
    aid = answer(
        12 * household("household_aid_month", period) <= limit,
        household("household_aid_month_known", period),
    )
    return every(income, aid)


@household_answer
def rent_area(household: Any, period: Any, parameters: Any) -> Any:
    limit = parameters(period).area_limit_m2
    return answer(household("area_head", period) < limit, household("area_head_known", period))


@household_answer
def rent_property(household: Any, period: Any, parameters: Any) -> Any:
    return every(
        limited(household, period, "vehicles", parameters(period).vehicle_limit),
        household("db_property", period),
    )


@paid(Household)
def BEN_RENT_amount(household: Any, period: Any, parameters: Any) -> Any:
    p = parameters(period)
    lacking = np.maximum(0, p.area_limit_m2 - household("area_head", period))
    return lacking * household("member_count", period) * p.rent_m2


@household_answer
def in_the_country(household: Any, period: Any) -> Any:
    zone = household("household_zone", period)
    return answer(zone == RURAL, zone > 0)


@household_answer
def farm_class(household: Any, period: Any) -> Any:
    return either(*(household(f"receives_{name}", period) for name in ("db", "edge", "tk")))


@household_answer
def farm_house(household: Any, period: Any) -> Any:
    one = household("household_dwellings", period) == 1
    known = household("household_dwellings_known", period)
    return every(answer(one, known), _burden(household, period, 300_000))


@household_answer
def edu_pupil(household: Any, period: Any) -> Any:
    return answer(
        household("number_student", period) >= 1, household("number_student_known", period)
    )


@household_answer
def edu_class(household: Any, period: Any) -> Any:
    return either(household("in_db", period), household("in_edge", period))


@paid(Household)
def BEN_EDU_amount(household: Any, period: Any, parameters: Any) -> Any:
    return household("number_student", period) * parameters(period).edu_money


@household_answer
def job_jobless(household: Any, period: Any) -> Any:
    known = household("number_working_known", period)
    return answer(household("number_working", period) == 0, known)


@household_answer
def job_able(household: Any, period: Any) -> Any:
    known = household("household_labour_weight_known", period)
    return answer(household("household_labour_weight", period) >= 2, known)
