"""A county of a few families, as their departments' registers spell them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from yimen.core.identity import check_digit

DIVISION = "370499101201"
ANSWERS = {"other_income_year": 0, "deductible_year": 0, "civil.emergency_event": "NONE"}
WAGE, BUSINESS, RENT = "工资薪金", "经营所得", "财产租赁"


@dataclass
class Person:
    name: str
    id_number: str


@dataclass
class County:
    """Register files in the making, and the home into which they are loaded."""

    yimen: Any
    folder: Path
    paper: Path
    sources: dict[str, Any]
    day: str
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    people: int = 0
    families: int = 0

    def person(self, born: str, relation: str, **more: str) -> Person:
        """Somebody in the residence register, in the family that was begun last."""
        self.people += 1
        first17 = f"370499{born.replace('-', '')}{self.people:03d}"
        person = Person(f"某{self.people}", first17 + check_digit(first17))
        self.row("civil.hukou", person, household_key=f"F{self.families}", relation=relation,
                 division=DIVISION, zone=more.get("zone", "农村"), separated="否")  # fmt: skip
        return person

    def family(self, *born: str, **more: str) -> list[Person]:
        """A head, a spouse and children, by their dates of birth."""
        self.families += 1
        relations = ["户主", "妻", *["子"] * 9]
        return [self.person(day, relation, **more) for day, relation in zip(born, relations)]  # noqa: B905

    def row(self, source: str, person: Person, **cells: str) -> None:
        self.rows.setdefault(source, []).append(
            {"id_number": person.id_number, "name": person.name, **cells}
        )

    def income(self, person: Person, yuan: str, item: str = WAGE, on: str = "") -> None:
        on = on or f"{self.day[:5]}06-30"
        self.row("civil.tax_income", person, item=item, paid_on=on, amount_fen=yuan)

    def pension(
        self, person: Person, monthly: str, basic: str = "", kind: str = "职工养老"
    ) -> None:
        self.row("civil.pension", person, kind=kind, monthly_fen=monthly, basic_fen=basic,
                 from_date="2020-01-01", to_date="")  # fmt: skip

    def car(self, person: Person) -> None:
        self.row("civil.vehicle", person, plate=f"鲁D{self.people:05d}", kind="小型汽车",
                 status="正常", registered_on="2020-05-01")  # fmt: skip

    def load(self, as_of: str = "") -> None:
        """Writes a file for every source, with the headers of its department, and loads them."""
        files = []
        for name, source in self.sources.items():
            columns = {"id_number": "身份证号", "name": "姓名"}
            columns |= {c.column: c.names.zh for c in source.columns}
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(columns.values()), restval="")
                writer.writeheader()
                for row in self.rows.get(name, []):
                    writer.writerow({columns[c]: text for c, text in row.items()})
            files.append({"file": f"{name}.csv", "source": name, "as_of": as_of or self.day,
                          "covers": ["370499"], "rows": 0, "encoding": "utf-8"})  # fmt: skip
        manifest = {"seed": 0, "as_of": as_of or self.day, "synthetic": True, "files": files}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        self.yimen("source", "load", "--all", self.folder)

    def apply(self, person: Person, *more: str, **answers: object) -> str:
        """An application of a family with its papers and answers: its number."""
        words = ["--authorisation", str(self.paper), "--pledge", str(self.paper), *more]
        for fact, value in (ANSWERS | answers).items():
            words += ["--answer", f"{fact}={value}"]
        result = self.yimen.json("intake", person.id_number, "--no-ask", *words)
        assert result["state"] == "accepted", result
        return str(result["application_no"])

    def check(self, person: Person, **answers: object) -> Any:
        """The filed report of a family that applies."""
        return self.yimen.json("check", self.apply(person, **answers))

    def look(self, person: Person, *more: str) -> Any:
        """The report of a family that has not applied."""
        number = self.yimen.json("query", person.id_number)["household"]["household_no"]
        return self.yimen.json("check", "--household", number, *more)

    def standard(self, name: str, value: str, *more: str, since: str = "2021-01-01") -> None:
        self.yimen("standard", "set", name, value, "--from", since, "--basis", "test", *more)


@pytest.fixture
def county_of(tmp_path: Path, shared_catalogue: Any, signed_paper: Path) -> Callable[..., County]:
    def made(yimen: Any) -> County:
        folder = tmp_path / "registers"
        folder.mkdir()
        return County(yimen, folder, signed_paper, shared_catalogue.sources, yimen.day)

    return made


@pytest.fixture
def county(yimen_empty: Any, county_of: Callable[..., County]) -> County:
    return county_of(yimen_empty)


def programme(report: Any, name: str, member: str | None = None) -> Any:
    """A programme's result, of one member or of the household."""
    found = [p for p in report["programmes"] if p["programme"] == name]
    return next(p for p in found if member is None or p["member"] == member)


def outcome(report: Any, name: str) -> str:
    return str(programme(report, name)["outcome"])


def criteria(report: Any, name: str) -> dict[str, str]:
    return {c["criterion"]: c["result"] for c in programme(report, name)["criteria"]}


def case_a(county: County) -> list[Person]:
    """Three persons: wages 24,000, business 3,600, a pension of 2,400; 600 are deducted."""
    family = county.family("1987-03-02", "1988-08-09", "2016-01-20")
    county.income(family[0], "24000")
    county.income(family[1], "3600", BUSINESS)
    county.pension(family[1], "200")
    return family
