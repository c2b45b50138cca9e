"""Builds the tax and benefit system and a simulation over a county's arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core.parameters import load_parameter_file
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from . import facts, household_programmes, person_programmes
from .declaring import DECLARED
from .entities import Household, Person
from .given import given_variables

_DECLARING = (facts, household_programmes, person_programmes)


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([Household, Person])
    system.parameters = load_parameter_file(str(Path(__file__).with_name("parameters.yaml")))
    for variable in [*given_variables(), *DECLARED]:
        system.add_variable(variable)
    return system


def simulation_of(columns: dict[str, Any], numbers: Any, period: str) -> Any:
    """A simulation with every input set; `columns` has an array a person, `numbers` a household."""
    system = _system()
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", range(len(columns["household"])))
    household = builder.declare_entity("household", numbers)
    builder.join_with_persons(
        household, columns["household"], np.zeros(len(columns["household"]), int)
    )
    simulation = builder.build(system)
    for variable in given_variables():
        simulation.set_input(variable.__name__, period, columns[variable.__name__])
    return simulation
