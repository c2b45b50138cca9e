"""The screening by OpenFisca-core: facts aggregated by DuckDB, rules as vectorised variables.

The loader is the fastest that was found: the same SQL that the DuckDB rival reads the registers
with, and its columns as arrays. Everything after the registers' facts is OpenFisca's.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PERIOD = "2026-11"

_ANSWERS = {
    "mental_type": "type IN ('5', '6')", "recent_inpatient": "last_inpatient > '2026-05-20'",
}  # fmt: skip
_AMOUNTS = {
    "property_income": "property", "contribution_months": "months", "disability_grade": "grade",
}  # fmt: skip
_ZONE = "CASE {} WHEN 'URBAN' THEN 1 WHEN 'RURAL' THEN 2 ELSE 0 END"


def _loader() -> str:
    """One row a person in household order: answers as 0, 1, 2; amounts and what is known."""
    from openfisca_bench.given import AMOUNTS, ANSWERS

    columns = [
        "household_no", "member_no", "CAST(substr(household_no, 2) AS INTEGER) AS household",
        "CAST(relation AS INTEGER) AS relation", "shared = 1 AS shared",
        f"{_ZONE.format('zone')} AS zone",
    ]  # fmt: skip
    for name in ANSWERS:
        columns.append(f"coalesce(2 * CAST({_ANSWERS.get(name, name)} AS INTEGER), 1) AS {name}")
    for name in AMOUNTS:
        column = _AMOUNTS.get(name, name)
        columns.append(f"coalesce(CAST({column} AS INTEGER), 0) AS {name}")
        columns.append(f"{column} IS NOT NULL AS {name}_known")
    return f"SELECT {', '.join(columns)} FROM known_persons ORDER BY household_no, ordinal"


def main(folder: str, out: str) -> int:
    import duckdb
    import numpy as np
    from openfisca_bench.system import simulation_of

    with duckdb.connect() as db:
        facts = (HERE / "facts_duckdb.sql").read_text("utf-8")
        db.execute(facts.replace("{folder}", folder))
        loaded = db.execute(_loader()).fetchnumpy()
        columns = {name: np.ma.getdata(values) for name, values in loaded.items()}
        numbers, first = np.unique(columns["household"], return_index=True)
        zones = np.where(columns["zone"] == 0, 9, columns["zone"])
        # Of two zones in one household the rural one counts, as the lesser text.
        order = np.where(zones == 2, 0, zones)
        zone = np.minimum.reduceat(order, first)
        columns["household_zone"] = np.select([zone == 0, zone == 1], [2, 1], 0)
        simulation = simulation_of(columns, numbers, PERIOD)
        _write(db, simulation, columns, first, out)
    return 0


def _write(db: Any, simulation: Any, columns: dict[str, Any], first: Any, out: str) -> None:
    """Calculates every programme and writes the result columns as one Parquet file."""
    from openfisca_bench import household_programmes, person_programmes

    household = {"household_no": columns["household_no"][first]}
    person = {
        "household_no": columns["household_no"], "member_no": columns["member_no"],
        "counted": simulation.calculate("counted", PERIOD),
    }  # fmt: skip
    queries = []
    for kind, arrays, programmes in (
        ("household", household, household_programmes.CRITERIA),
        ("person", person, person_programmes.CRITERIA),
    ):
        told = ["household_no", "member_no" if kind == "person" else "NULL AS member_no"]
        sure = "AND counted = 2" if kind == "person" else ""
        for programme, criteria in programmes.items():
            name = programme.replace("-", "_")
            arrays[name] = simulation.calculate(name, PERIOD)
            told.append(
                f"CASE WHEN {name} = 2 {sure} THEN 'eligible' WHEN {name} = 0 THEN 'ineligible'"
                f" ELSE 'unknown' END AS \"{programme}\""
            )
            for criterion in criteria:
                arrays[criterion] = simulation.calculate(criterion, PERIOD)
            letters = " || ".join(f"['f', '?', 'p'][{c} + 1]" for c in criteria)
            told.append(f'{letters} AS "{programme}.criteria"')
            amount = f"{name}_amount"
            if amount in simulation.tax_benefit_system.variables:
                arrays[amount] = simulation.calculate(amount, PERIOD)
                told.append(
                    f"CASE WHEN {name} = 2 {sure} AND {amount} >= 0 THEN {amount} END"
                    f' AS "{programme}.amount_fen"'
                )
        counts = " WHERE counted > 0" if kind == "person" else ""
        db.register(f"{kind}_answers", arrays)
        queries.append(f"SELECT {', '.join(told)} FROM {kind}_answers{counts}")
    db.execute(f"COPY ({' UNION ALL BY NAME '.join(queries)}) TO '{out}' (FORMAT parquet)")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main(*sys.argv[1:]))
