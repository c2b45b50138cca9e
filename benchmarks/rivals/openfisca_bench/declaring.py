"""Turns formulas into OpenFisca variables; the name of the function is the variable's.

OpenFisca reads a variable's attributes from its own class, so none of them can be inherited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from .entities import Household, Person
from .unknowns import NO, UNKNOWN, YES

Formula = Callable[..., Any]
DECLARED: list[type[Variable]] = []


def _declare(name: str, entity: Any, value_type: type, formula: Formula) -> None:
    made = {
        "value_type": value_type, "entity": entity, "definition_period": DateUnit.MONTH,
        "label": name.replace("_", " "), "formula": formula,
    }  # fmt: skip
    DECLARED.append(type(name, (Variable,), made))


def person_answer(formula: Formula) -> Formula:
    """A NO, UNKNOWN or YES of a person."""
    _declare(formula.__name__, Person, int, formula)
    return formula


def household_answer(formula: Formula) -> Formula:
    """A NO, UNKNOWN or YES of a household."""
    _declare(formula.__name__, Household, int, formula)
    return formula


def person_amount(known: Formula) -> Callable[[Formula], Formula]:
    """An amount of a person, and the variable that says where it is known."""

    def declared(formula: Formula) -> Formula:
        _declare(formula.__name__, Person, int, formula)
        _declare(f"{formula.__name__}_known", Person, bool, known)
        return formula

    return declared


def household_amount(known: Formula) -> Callable[[Formula], Formula]:
    """An amount of a household, and the variable that says where it is known."""

    def declared(formula: Formula) -> Formula:
        _declare(formula.__name__, Household, int, formula)
        _declare(f"{formula.__name__}_known", Household, bool, known)
        return formula

    return declared


def paid(entity: Any) -> Callable[[Formula], Formula]:
    """What a programme pays to whom it finds eligible, in fen."""

    def declared(formula: Formula) -> Formula:
        _declare(formula.__name__, entity, int, formula)
        return formula

    return declared


def total_of_counted(name: str) -> None:
    """The household's sum of a person's amount, unknown if one counted member's is."""

    def value(household: Any, period: Any) -> Any:
        counts = household.members("counted", period) == YES
        return household.sum(household.members(name, period) * counts)

    def known(household: Any, period: Any) -> Any:
        counted = household.members("counted", period)
        whole = household.members(f"{name}_known", period)
        return household.sum((counted == UNKNOWN) | ((counted == YES) & ~whole)) == 0

    _declare(f"household_{name}", Household, int, value)
    _declare(f"household_{name}_known", Household, bool, known)


def number_of_counted(name: str) -> None:
    """How many counted members answer YES, unknown if one counted member's answer is."""

    def value(household: Any, period: Any) -> Any:
        counts = household.members("counted", period) == YES
        return household.sum(counts & (household.members(name, period) == YES))

    def known(household: Any, period: Any) -> Any:
        counted = household.members("counted", period)
        unknown = household.members(name, period) == UNKNOWN
        return household.sum((counted == UNKNOWN) | ((counted != NO) & unknown)) == 0

    _declare(f"number_{name}", Household, int, value)
    _declare(f"number_{name}_known", Household, bool, known)
