"""The contract kit on this department: each scenario is one test, named by its sentence."""

import pytest

from yimen.testing import Check, department_checks


@pytest.mark.parametrize("check", department_checks("heating"), ids=str)
def test_the_department_keeps_the_contract(check: Check) -> None:
    check.require()
