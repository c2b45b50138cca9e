"""A desk with the registers of one or two families, and the parts of a report."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from yimen.core.identity import check_digit

HERE, ELSEWHERE = "370499101201", "370499102201"
ANSWERS = {"other_income_year": 0, "deductible_year": 0, "civil.emergency_event": "NONE"}


@dataclass
class Person:
    name: str
    id_number: str


@dataclass
class Desk:
    """A home, the registers that are loaded into it, and the commands of a window."""

    yimen: Any
    folder: Path
    paper: Path
    sources: dict[str, Any]
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    people: int = 0
    families: int = 0

    def family(self, *relations: str, born: str = "1980-01-05", division: str = HERE,
               separated: str = "否") -> list[Person]:  # fmt: skip
        """The members of one residence-register household."""
        self.families += 1
        return [
            self.member(relation, born=born, division=division, separated=separated)
            for relation in relations
        ]

    def member(self, relation: str, *, born: str = "1980-01-05", division: str = HERE,
               separated: str = "否", same: Person | None = None) -> Person:  # fmt: skip
        """One more member of the family that was begun last; `same` is listed elsewhere too."""
        self.people += 1
        first17 = f"370499{born.replace('-', '')}{self.people:03d}"
        person = same or Person(f"某{self.people}", first17 + check_digit(first17))
        self.row("civil.hukou", person, household_key=f"F{self.families}", relation=relation,
                 division=division, zone="农村", separated=separated)  # fmt: skip
        return person

    def row(self, source: str, person: Person, **cells: str) -> None:
        self.rows.setdefault(source, []).append(
            {"id_number": person.id_number, "name": person.name, **cells}
        )

    def wage(self, person: Person, yuan: str, times: int = 1) -> None:
        for _time in range(times):
            self.row("civil.tax_income", person, item="工资", paid_on="2026-06-30", amount_fen=yuan)

    def deposit(self, person: Person, yuan: str) -> None:
        self.row("civil.bank", person, bank="示例银行", balance_fen=yuan)

    def car(self, person: Person) -> None:
        self.row("civil.vehicle", person, plate="鲁D00001", kind="小型汽车", status="正常",
                 registered_on="2020-05-01")  # fmt: skip

    def dibao(self, person: Person) -> None:
        self.row("civil.assistance", person, programme="低保", payer="示例县", amount_fen="300",
                 from_date="2025-01-01", to_date="")  # fmt: skip

    def write(self, name: str) -> Path:
        """A source's file with its own headers."""
        columns = {"id_number": "身份证号", "name": "姓名"}
        columns |= {c.column: c.names.zh for c in self.sources[name].columns}
        path = self.folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns.values()), restval="")
            writer.writeheader()
            for row in self.rows.get(name, []):
                writer.writerow({columns[c]: text for c, text in row.items()})
        return path

    def load(self, *, without: str = "", **special: dict[str, Any]) -> None:
        """Loads all sources; `special` gives one of them another day or coverage."""
        files = []
        for name in self.sources:
            if name == without:
                continue
            item = {"file": self.write(name).name, "source": name, "as_of": self.yimen.day,
                    "covers": ["370499"], "rows": 0, "encoding": "utf-8"}  # fmt: skip
            files.append(item | special.get(name.replace(".", "_"), {}))
        manifest = {"seed": 0, "as_of": self.yimen.day, "synthetic": True, "files": files}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        self.yimen("source", "load", "--all", self.folder)

    def load_one(self, name: str, *more: str, as_of: str = "") -> None:
        self.yimen("source", "load", name, self.write(name), "--as-of", as_of or self.yimen.day,
                   *more)  # fmt: skip

    def apply(self, person: Person, *more: str, **answers: object) -> Any:
        words = ["--authorisation", str(self.paper), "--pledge", str(self.paper), *more]
        for fact, value in (ANSWERS | answers).items():
            words += ["--answer", f"{fact}={value}"]
        return self.yimen.json("intake", person.id_number, "--no-ask", *words)

    def check(self, person: Person, *more: str, **answers: object) -> Any:
        """The filed report of a family that applies."""
        return self.yimen.json("check", self.apply(person, *more, **answers)["application_no"])

    def file(self, person: Person) -> Any:
        return self.yimen.json("query", person.id_number)["household"]

    def look(self, person: Person, *more: str) -> Any:
        """The report of a family that has not applied."""
        return self.yimen.json("check", "--household", self.file(person)["household_no"], *more)

    def number(self, person: Person) -> str:
        """A member's number."""
        return next(
            str(m["member_no"]) for m in self.file(person)["members"] if m["name"] == person.name
        )

    def verify(self, person: Person, answer: str) -> None:
        household = self.file(person)["household_no"]
        self.yimen("household", "verify", household, answer, "--source", "visit")


@pytest.fixture
def desk_(yimen_empty: Any, tmp_path: Path, shared_catalogue: Any, signed_paper: Path) -> Desk:
    folder = tmp_path / "registers"
    folder.mkdir()
    return Desk(yimen_empty, folder, signed_paper, shared_catalogue.sources)


def programme(report: Any, name: str) -> Any:
    return next(p for p in report["programmes"] if p["programme"] == name)


def criterion(report: Any, name: str, which: str) -> str:
    return str(
        next(c["result"] for c in programme(report, name)["criteria"] if c["criterion"] == which)
    )


def known(fact: Any) -> tuple[Any, str]:
    return fact["value"], fact["status"]


def whys(report: Any, name: str) -> str:
    return "\n".join(m["why"] for m in programme(report, name)["missing"])


def kinds(report: Any) -> list[str]:
    return [flag["kind"] for flag in report["flags"]]
