"""The rules of a purchase by their names, and the refusal that says one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from buying import Buying, rows_of

from yimen.core.errors import Refused

WITHIN = "within the contract's quantity and term"
ACCEPTED_ONLY = "payment against the accepted quantity at the contract's price"


def refused(buying: Buying, rule: str, act: Any, *given: Any, **more: Any) -> str:
    """The act is refused, names the rule and changes nothing; what was said."""
    before = rows_of(buying)
    with pytest.raises(Refused, match=f"Rule: {re.escape(rule)}") as caught:
        act(*given, **more)
    assert rows_of(buying) == before
    assert caught.value.next_step
    return str(caught.value)


@pytest.fixture
def ready(buying: Buying) -> str:
    """A purchase of 100 visits below the limit, ready for its contract."""
    number = buying.funded("A1=100", "A2/hour=10")
    buying.method(number)
    return number
