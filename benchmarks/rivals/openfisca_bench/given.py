"""The variables that the loader sets: what the registers say of a person, and the roster."""

from __future__ import annotations

from typing import Any

from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from .entities import Household, Person
from .unknowns import UNKNOWN

ANSWERS = (
    "resident", "lives_together", "deceased", "in_custody", "student", "mental_type", "has_db",
    "has_edge", "has_tk", "insured", "recent_inpatient", "unemployed",
)  # fmt: skip
AMOUNTS = (
    "age", "wage", "business", "property_income", "pension", "basic_pension", "vehicles",
    "dwellings", "other_properties", "dwelling_area", "companies", "contribution_months",
    "aid_month", "disability_grade", "inpatient", "outpatient",
)  # fmt: skip


def _input(name: str, entity: Any, value_type: type, default: int | bool) -> type[Variable]:
    made = {
        "value_type": value_type, "entity": entity, "definition_period": DateUnit.MONTH,
        "default_value": default, "label": name.replace("_", " "),
    }  # fmt: skip
    return type(name, (Variable,), made)


def given_variables() -> list[type[Variable]]:
    """One input variable an answer, two an amount, and what the roster says.

    zone is 0 unknown, 1 urban, 2 rural; last_inpatient is no input, but whether it lies within six
    months of the day.
    """
    found = [_input(name, Person, int, int(UNKNOWN)) for name in ANSWERS]
    for name in AMOUNTS:
        found += [_input(name, Person, int, 0), _input(f"{name}_known", Person, bool, False)]
    found += [_input(name, Person, int, 0) for name in ("relation", "zone")]
    found += [_input("shared", Person, bool, False), _input("household_zone", Household, int, 0)]
    return found
