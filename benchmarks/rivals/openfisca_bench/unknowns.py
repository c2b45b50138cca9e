"""Three-valued logic over numpy arrays: answers are numbers, amounts come with what is known."""

from __future__ import annotations

from typing import Any

import numpy as np

NO, UNKNOWN, YES = np.int32(0), np.int32(1), np.int32(2)
Array = Any


def answer(condition: Array, known: Array) -> Array:
    """YES or NO where the condition is known, UNKNOWN elsewhere."""
    return np.where(known, np.where(condition, YES, NO), UNKNOWN)


def every(*answers: Array) -> Array:
    """NO if one is, else UNKNOWN if one is, else YES."""
    found = answers[0]
    for other in answers[1:]:
        found = np.minimum(found, other)
    return found


def either(*answers: Array) -> Array:
    """YES if one is, else UNKNOWN if one is, else NO."""
    found = answers[0]
    for other in answers[1:]:
        found = np.maximum(found, other)
    return found


def negated(answers: Array) -> Array:
    """YES for NO and NO for YES."""
    return YES - answers


def any_member(household: Any, answers: Array) -> Array:
    """Whether one of a household's members has a YES."""
    some = household.sum(answers == YES) > 0
    perhaps = household.sum(answers == UNKNOWN) > 0
    return np.where(some, YES, np.where(perhaps, UNKNOWN, NO))
