"""The five programmes of persons; a member who only may count gets no certain YES."""

from __future__ import annotations

from typing import Any

import numpy as np

from .declaring import paid, person_answer
from .entities import Person
from .facts import URBAN
from .unknowns import UNKNOWN, answer, either, every, negated

CRITERIA = {
    "BEN-TK": ("tk_condition", "tk_means", "tk_alone", "tk_not_dibao"),
    "BEN-DIS": ("dis_card", "dis_class", "not_destitute"),
    "BEN-CARE": ("severe", "care_not_destitute", "alive"),
    "BEN-OLD": ("old_age", "alive"),
    "BEN-CHILD": ("minor", "child_alone", "not_destitute"),
}


def _met(programme: str) -> Any:
    def formula(person: Any, period: Any) -> Any:
        return every(*(person(name, period) for name in CRITERIA[programme]))

    formula.__name__ = programme.replace("-", "_")
    return formula


for _programme in CRITERIA:
    person_answer(_met(_programme))


def _tekun_standard(person: Any, period: Any, parameters: Any) -> Any:
    """The support for the destitute a month by the person's zone, times a million."""
    p = parameters(period)
    urban = person("zone", period) == URBAN
    monthly = np.where(urban, p.dibao_monthly.urban, p.dibao_monthly.rural).astype(np.int64)
    return monthly * p.tekun_ppm


@person_answer
def tk_condition(person: Any, period: Any) -> Any:
    below_16 = answer(person("age", period) < 16, person("age_known", period))
    return either(person("elder", period), below_16, person("severe", period))


@person_answer
def tk_means(person: Any, period: Any, parameters: Any) -> Any:
    limit = 12 * _tekun_standard(person, period, parameters) // 1_000_000
    known = person("own_income_known", period) & (person("zone", period) > 0)
    return answer(person("own_income", period) < limit, known)


@person_answer
def tk_alone(person: Any, period: Any) -> Any:
    members = person.household("member_count", period)
    return answer(members == 1, person.household("member_count_known", period))


@person_answer
def tk_not_dibao(person: Any, period: Any) -> Any:
    return negated(person.household("receives_db", period))


@paid(Person)
def BEN_TK_amount(person: Any, period: Any, parameters: Any) -> Any:
    return _tekun_standard(person, period, parameters) // 1_000_000


@person_answer
def dis_card(person: Any, period: Any) -> Any:
    return either(person("severe", period), person("mental", period))


@person_answer
def dis_class(person: Any, period: Any) -> Any:
    return person.household("in_db", period)


@person_answer
def not_destitute(person: Any, period: Any) -> Any:
    return negated(either(person("has_tk", period), person("BEN_TK", period)))


@paid(Person)
def BEN_DIS_amount(person: Any, period: Any, parameters: Any) -> Any:
    return np.full(person.count, parameters(period).living_money)


@person_answer
def care_not_destitute(person: Any, period: Any) -> Any:
    return negated(person("has_tk", period))


@person_answer
def alive(person: Any, period: Any) -> Any:
    return every(person("resident", period), negated(person("deceased", period)))


@paid(Person)
def BEN_CARE_amount(person: Any, period: Any, parameters: Any) -> Any:
    return np.full(person.count, parameters(period).care_money)


@person_answer
def old_age(person: Any, period: Any, parameters: Any) -> Any:
    return answer(
        person("age", period) >= parameters(period).oldest_age, person("age_known", period)
    )


@paid(Person)
def BEN_OLD_amount(person: Any, period: Any, parameters: Any) -> Any:
    money = parameters(period).old_money
    return np.where(person("age", period) >= 90, 2 * money, money)


@person_answer
def child_alone(person: Any, period: Any) -> Any:
    """The children's register is stale."""
    return np.full(person.count, UNKNOWN)


@paid(Person)
def BEN_CHILD_amount(person: Any, period: Any, parameters: Any) -> Any:
    return np.full(person.count, parameters(period).child_money)
