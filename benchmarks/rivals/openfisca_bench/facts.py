"""What follows from the registers for a person and for a household."""

from __future__ import annotations

from typing import Any

import numpy as np

from .declaring import (
    household_amount,
    household_answer,
    number_of_counted,
    person_amount,
    person_answer,
    total_of_counted,
)
from .unknowns import NO, UNKNOWN, YES, answer, any_member, either, every, negated

OF_HEAD_OR_SPOUSE, CHILD, NO_RELATIVE = (2, 10), (20, 30), 99
URBAN, RURAL = 1, 2


@person_answer
def severe(person: Any, period: Any) -> Any:
    grade = person("disability_grade", period)
    return answer((grade == 1) | (grade == 2), person("disability_grade_known", period))


@person_answer
def mental(person: Any, period: Any) -> Any:
    third = answer(
        person("disability_grade", period) == 3, person("disability_grade_known", period)
    )
    return every(third, person("mental_type", period))


@person_answer
def minor(person: Any, period: Any) -> Any:
    return answer(person("age", period) < 18, person("age_known", period))


@person_answer
def elder(person: Any, period: Any) -> Any:
    return answer(person("age", period) >= 60, person("age_known", period))


@person_answer
def learning(person: Any, period: Any) -> Any:
    below_16 = answer(person("age", period) < 16, person("age_known", period))
    return either(below_16, person("student", period))


@person_answer
def working(person: Any, period: Any) -> Any:
    earns = answer(person("wage", period) > 0, person("wage_known", period))
    months = person("contribution_months", period)
    return either(earns, answer(months >= 6, person("contribution_months_known", period)))


def _income_known(person: Any, period: Any) -> Any:
    parts = ("wage", "business", "property_income", "pension", "basic_pension")
    return np.logical_and.reduce([person(f"{part}_known", period) for part in parts])


@person_amount(_income_known)
def own_income(person: Any, period: Any, parameters: Any) -> Any:
    wage = person("wage", period).astype(np.int64)
    cost = wage * parameters(period).work_cost_ppm // 1_000_000
    income = wage - cost + person("business", period) + person("property_income", period)
    return income + person("pension", period) - person("basic_pension", period)


def _medical_known(person: Any, period: Any) -> Any:
    return person("inpatient_known", period) & person("outpatient_known", period)


@person_amount(_medical_known)
def medical(person: Any, period: Any) -> Any:
    return person("inpatient", period) + person("outpatient", period)


def _labour_known(person: Any, period: Any) -> Any:
    learns = person("learning", period)
    return (learns == YES) | ((learns == NO) & (person("severe", period) != UNKNOWN))


@person_amount(_labour_known)
def labour_weight(person: Any, period: Any) -> Any:
    none = (person("learning", period) == YES) | (person("severe", period) == YES)
    return np.where(none, 0, np.where(person("elder", period) == YES, 1, 2))


def _addon_known(person: Any, period: Any) -> Any:
    return person("age_known", period) & (person("severe", period) != UNKNOWN)


@person_amount(_addon_known)
def addon_ppm(person: Any, period: Any, parameters: Any) -> Any:
    p = parameters(period)
    old = np.where(person("elder", period) == YES, p.addon_elder_ppm, 0)
    young = np.where(person("minor", period) == YES, p.addon_minor_ppm, 0)
    ill = np.where(person("severe", period) == YES, p.addon_severe_ppm, 0)
    return np.maximum(np.maximum(old, young), ill)


@person_answer
def counted(person: Any, period: Any) -> Any:
    relation = person("relation", period)
    core = np.where(np.isin(relation, OF_HEAD_OR_SPOUSE), YES, NO)
    child = np.where(np.isin(relation, CHILD), YES, NO)
    relative = np.where(relation != NO_RELATIVE, YES, NO)
    belongs = either(
        core,
        every(child, either(person("minor", period), person("student", period))),
        every(relative, person("lives_together", period)),
    )
    counts = every(
        negated(person("deceased", period)), negated(person("in_custody", period)), belongs
    )
    return np.where(person("shared", period) & (counts != NO), UNKNOWN, counts)


for _name in (
    "own_income", "vehicles", "dwellings", "other_properties", "dwelling_area", "companies",
    "labour_weight", "medical", "addon_ppm", "aid_month",
):  # fmt: skip
    total_of_counted(_name)
for _name in ("student", "working", "minor", "elder"):
    number_of_counted(_name)


def _members_known(household: Any, period: Any) -> Any:
    return household.sum(household.members("counted", period) == UNKNOWN) == 0


@household_amount(_members_known)
def member_count(household: Any, period: Any) -> Any:
    return household.sum(household.members("counted", period) == YES)


@household_amount(lambda household, period: household("household_zone", period) > 0)
def dibao(household: Any, period: Any, parameters: Any) -> Any:
    standard = parameters(period).dibao_monthly
    urban = household("household_zone", period) == URBAN
    return np.where(urban, standard.urban, standard.rural)


def _head_known(household: Any, period: Any) -> Any:
    known = household("household_own_income_known", period)
    return known & household("member_count_known", period)


@household_amount(_head_known)
def income_head(household: Any, period: Any) -> Any:
    heads = np.maximum(1, household("member_count", period))
    return household("household_own_income", period) // heads


@household_amount(
    lambda household, period: (
        household("household_dwelling_area_known", period) & household("member_count_known", period)
    )
)
def area_head(household: Any, period: Any) -> Any:
    heads = np.maximum(1, household("member_count", period))
    return household("household_dwelling_area", period) // heads


def _burden_known(household: Any, period: Any) -> Any:
    members, known = household("member_count", period), household("member_count_known", period)
    both = household("number_minor_known", period) & household("number_elder_known", period)
    return known & ((members == 0) | both)


@household_amount(_burden_known)
def burden_ppm(household: Any, period: Any) -> Any:
    dependants = household("number_minor", period) + household("number_elder", period)
    members = household("member_count", period)
    return dependants.astype(np.int64) * 1_000_000 // np.maximum(1, members)


@household_answer
def anybody_resident(household: Any, period: Any) -> Any:
    counts = household.members("counted", period)
    return any_member(household, every(counts, household.members("resident", period)))


@household_answer
def everybody_insured(household: Any, period: Any) -> Any:
    counts = household.members("counted", period)
    without = every(counts, negated(household.members("insured", period)))
    return negated(any_member(household, without))


@household_answer
def anybody_unemployed(household: Any, period: Any) -> Any:
    counts = household.members("counted", period)
    return any_member(household, every(counts, household.members("unemployed", period)))


@household_answer
def lately_in_hospital(household: Any, period: Any) -> Any:
    """The last stay of all counted members: unknown as soon as one of theirs is."""
    counts = household.members("counted", period)
    lately = household.members("recent_inpatient", period)
    unknown = (counts == UNKNOWN) | ((counts == YES) & (lately == UNKNOWN))
    known = (household.sum(unknown) == 0) & (household("member_count", period) > 0)
    return answer(household.sum((counts == YES) & (lately == YES)) > 0, known)


@household_answer
def receives_db(household: Any, period: Any) -> Any:
    return any_member(household, household.members("has_db", period))


@household_answer
def receives_edge(household: Any, period: Any) -> Any:
    return any_member(household, household.members("has_edge", period))


@household_answer
def receives_tk(household: Any, period: Any) -> Any:
    return any_member(household, household.members("has_tk", period))
