"""`yimen purchase` as county staff type it: who may do what, what is printed, what is masked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from buying import INDICATORS, SUPPLIER
from plugin_files import BASIS, heating, named

from yimen.core import departments
from yimen.core.contracts import published_schema
from yimen.core.rules.catalogue import Catalogue, build

TOWN = "370499101000"


class Office:
    """The command line on a loaded home with the people of a purchase, and one that runs."""

    def __init__(self, yimen: Any, truth: Any, folder: Path) -> None:
        self.yimen = yimen
        self.paper = folder / "sheet.txt"
        self.paper.write_text("signed\n", "utf-8")
        story = truth["stories"]["eligible"]
        self.household = story["household_no"]
        file = yimen.json("household", "show", self.household)["household"]
        self.member = file["members"][0]["member_no"]
        for name, words in {
            "zhang": ["--role", "county"],
            "near": ["--role", "town", "--division", file["division"][:9]],
            "far": ["--role", "town", "--division", "370499201"],
            "village": ["--role", "village", "--division", file["division"]],
            "auditor": ["--role", "auditor"],
        }.items():
            yimen("operator", "add", name, "--name", name.title(), *words)

    def __call__(self, *words: object, who: str | None = None, code: int | None = 0) -> Any:
        return self.yimen.acting_as(who)("purchase", *words, code=code)

    def contracted(self) -> str:
        """A purchase of ten visits with its contract."""
        number: str = self("plan", "Visits", "--line", "A1=10").out.split()[1]
        self("demand", number, "--asked", "forms", "--answers", 40)
        self("budget", number, "800.00", "--fund", "work", "--document", "no. 12",
             *(w for k, v in INDICATORS.items() for w in ("--indicator", f"{k}={v}")))  # fmt: skip
        self("method", number, "below_limit")
        self("contract", number, "--supplier", SUPPLIER, "--supplier-code", "52370499MJ0000001E",
             "--line", "A1=10@79.50", "--from", "2026-11-20", "--to", "2027-11-19",
             "--paper", self.paper)  # fmt: skip
        return number

    def served(self) -> tuple[str, str]:
        """The same with one order delivered and accepted by the town."""
        number = self.contracted()
        self("order", number, "A1=4", "--household", self.household, "--member", self.member,
             who="near")  # fmt: skip
        for verb, by in (("deliver", "--received-by"), ("accept", "--signed-by")):
            self(verb, "D2026-00001", "--quantity", 4, by, self.member, "--paper", self.paper,
                 who="near")  # fmt: skip
        return number, "D2026-00001"


@pytest.fixture
def office(yimen: Any, truth: Any, tmp_path: Path) -> Office:
    return Office(yimen, truth, tmp_path)


def test_a_whole_purchase_is_typed_from_plan_to_publication(office: Office) -> None:
    number, order_no = office.served()
    assert "the score is 84 of 100." in office(
        "score", number, "--points", "on time=90", "--points", "satisfaction=80"
    ).out  # fmt: skip
    said = office("pay", number, "--line", "1=5", code=4).err
    assert "payment against the accepted quantity at the contract's price" in said
    assert "payment F2026-00001 of 318.00 yuan is drawn" in office("pay", number).out
    assert "two persons for a payment" in office("pay", "F2026-00001", "--voucher", "V1",
                                                 code=4).err  # fmt: skip
    office("pay", "F2026-00001", "--voucher", "V1", who="zhang")
    for what in ("contract", "acceptance", "result"):
        office("publish", number, what, "--where", "notice board")
    office("file", number)
    office("incident", number, "A visitor was ill; another came.")
    (line,) = json.loads(office("list", "--format", "json").out)
    assert (line["paid_fen"], line["budget_fen"], line["step"]) == (318_00, 800_00, "performance")
    shown = office("show", number).out
    for words in (
        "1. Demand: done", "7. Performance: to be done; due 2027-11-19", "A visitor was ill",
        "F2026-00001 318.00 yuan: paid", "K2026-00001",
    ):  # fmt: skip
        assert words in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert office("show", "k2026-00001").out == shown
    office("cancel", order_no, "--reason", "x", code=4)
    office("order", number, "A1=2", "--household", office.household, who="near")
    office("cancel", "D2026-00002", "--reason", "moved", who="near")
    assert "Ended: moved" in office("show", "D2026-00002", who="near").out
    office("pay", number, code=4)
    office("order", number, "A1=1", "--household", office.household, "--note", "Knock twice.")
    assert "Knock twice." in office("show", "D2026-00003").out
    other = office("plan", "Talks", "--line", "B3=2").out.split()[1]
    office("stop", other, "--reason", "no money")
    assert office.yimen("journal", "verify").code == 0


def test_a_purchase_by_tender_is_typed_with_its_days(office: Office) -> None:
    number = office("plan", "Evaluation", "--line", "B4=1").out.split()[1]
    office("budget", number, "600000", "--fund", "work", "--document", "no. 1", "--indicator",
           "quality=100", "--on", "2026-09-01")  # fmt: skip
    office("method", number, "open_tender", "--on", "2026-09-01")
    said = office("tender", number, "--closes", "2026-09-20", "--on", "2026-09-01", code=4).err
    assert "the earliest day is 2026-09-21" in said
    office("tender", number, "--closes", "2026-09-21", "--on", "2026-09-01")
    office("award", number, "--evaluated", "2026-09-22")
    office("award", number, "--reported", "2026-09-23", "--chosen", "2026-09-24",
           "--supplier", SUPPLIER)  # fmt: skip
    office("award", number, code=5)
    office("challenge", number, "The price was not compared.", "--on", "2026-09-24")
    office("challenge", number, "It was; see the report.", "--reply")
    office("publish", number, "award", "--where", "ccgp")


MAY = {
    "plan": {"county"},
    "demand": {"county"},
    "contract": {"county"},
    "score": {"county"},
    "order": {"county", "near"},
    "deliver": {"county", "near"},
    "accept": {"county", "near"},
    "pay": {"county"},
    "list": {"county", "near", "far", "auditor"},
    "show order": {"county", "near", "auditor"},
    "payments": {"county", "near", "far", "auditor"},
}


def test_the_county_plans_contracts_and_pays_and_the_town_orders_and_accepts(
    office: Office,
) -> None:
    number, order_no = office.served()
    paper = ["--paper", office.paper]
    commands: dict[str, list[object]] = {
        "plan": ["plan", "X", "--line", "A1=1"],
        "demand": ["demand", number, "--asked", "x", "--answers", 1],
        "contract": ["file", number],
        "score": ["score", number, "--points", "on time=9", "--points", "satisfaction=9"],
        "order": ["order", number, "A1=1", "--household", office.household],
        "deliver": ["deliver", order_no, "--quantity", 1, "--received-by", "x", *paper],
        "accept": ["accept", order_no, "--quantity", 1, "--unsigned", "x", *paper],
        "pay": ["pay", number, "--reason", "x"],
        "list": ["list"], "show order": ["show", order_no], "payments": ["payments"],
    }  # fmt: skip
    for kind, words in commands.items():
        for who in ("county", "near", "far", "village", "auditor"):
            said = office(*words, who=None if who == "county" else who, code=None)
            refused = said.code == 4 and "Ask county IT" in said.err
            assert said.code != 1, said
            assert refused != (who in MAY[kind]), (kind, who, said)


def test_orders_are_seen_in_ones_own_division_and_names_by_the_roles_that_may(
    office: Office, whole_numbers: Any
) -> None:
    number, order_no = office.served()
    seen = {
        who: [o["order_no"] for o in json.loads(office("orders", "--format", "json", who=who).out)]
        for who in ("near", "far", "auditor")
    }
    assert seen == {"near": [order_no], "far": [], "auditor": [order_no]}
    office("order", number, "A1=1", "--household", office.household)
    office("deliver", "D2026-00002", "--quantity", 1, "--received-by", "王小明 37049919870108001X",
           "--paper", office.paper)  # fmt: skip
    named_to = {
        who: json.loads(office("show", "D2026-00002", "--format", "json", who=who).out)
        for who in ("near", "auditor")
    }
    assert "王小明" in named_to["near"]["deliveries"][0]["received_by"]
    assert "王小明" not in named_to["auditor"]["deliveries"][0]["received_by"]
    journal = office.yimen("journal", "show", "--format", "jsonl").out
    printed = [office("show", n).out for n in (number, order_no, "D2026-00002")]
    assert not whole_numbers(journal + "".join(printed) + json.dumps(named_to))
    assert "purchase.order.show" in journal


def test_listings_have_machine_formats_with_columns_and_filters(office: Office) -> None:
    number, order_no = office.served()
    only = ["--columns", "order_no,quantity", "--format", "csv"]
    assert office("orders", *only).out == f"order_no,quantity\n{order_no},4\n"
    for words in (["--state", "accepted"], ["--purchase", number], ["--household",
                  office.household]):  # fmt: skip
        assert order_no in office("orders", *words).out
    assert office("orders", "--need", "care").out == "Nothing to list.\n"
    assert office("list", "--buyer", TOWN).out == "Nothing to list.\n"
    items = json.loads(office("items", "--format", "json").out)
    assert [i["item"] for i in items] == ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "B1", "B2",
                                          "B3", "B4"]  # fmt: skip
    refused = json.loads(office("items", "--not-purchasable", "--format", "json").out)
    assert "审核确认" in refused[0]["shown_by"]


@pytest.mark.parametrize(
    "words, code, said",
    [
        (["plan", "X", "--line", "A1"], 5, "not written as ITEM=QUANTITY"),
        (["plan", "X", "--line", "A1=1.5"], 5, "not written as ITEM=QUANTITY"),
        (["plan", "X", "--line", "A1=-1"], 5, "not written as ITEM=QUANTITY"),
        (["plan", " ", "--line", "A1=1"], 5, "A text is missing"),
        (["contract", "G2026-00001", "--supplier", "S", "--supplier-code", "C", "--line", "A1=1",
          "--from", "2026-11-20", "--to", "2027-01-01", "--paper", "nowhere"], 5, "@PRICE"),
        (["deliver", "D2026-00001", "--quantity", "1", "--received-by", "x", "--paper",
          "nowhere"], 5, "cannot be read"),
        (["score", "G2026-00001", "--points", "a=1", "--points", "a=2"], 5, "given twice"),
        (["pay", "G2026-00001", "--line", "A1=1"], 5, "LINE=QUANTITY"),
        (["pay", "F2026-00001", "--voucher", "V", "--withdraw", "x"], 2, "not both"),
        (["pay", "F2026-00001", "--voucher", "V", "--line", "1=1"], 2, "drawing a payment"),
        (["pay", "G2026-00001", "--on", "2026-11-20"], 2, "payment that is confirmed"),
        (["award", "G2026-00001", "--evaluated", "2026-11-20", "--supplier", "S"], 5,
         "named with the day of the choice"),
        (["order", "G2026-00001", "A1=1", "--need", "care"], 2, "go with --household"),
        (["show", "G2026-00001"], 3, "no purchase"),
        (["show", "D2026-00001"], 3, "no order"), (["show", "F2026-00001"], 3, "no payment"),
        (["budget", "G2026-00001", "1e5", "--fund", "f", "--document", "d", "--indicator",
          "a=100"], 5, "not an amount"),
    ],
)  # fmt: skip
def test_what_is_mistyped_is_one_sentence_and_changes_nothing(
    yimen_empty: Any, words: list[str], code: int, said: str
) -> None:
    outcome = yimen_empty("purchase", *words, code=code)
    assert said in outcome.err
    assert outcome.out == ""
    assert yimen_empty("purchase", "list").out == "Nothing to list.\n"


def test_what_is_shown_keeps_its_published_shape(office: Office) -> None:
    from jsonschema import Draft202012Validator

    number, order_no = office.served()
    office("score", number, "--points", "on time=90", "--points", "satisfaction=80")
    office("pay", number)
    shapes = {"purchase": number, "service-order": order_no, "payment": "F2026-00001"}
    for contract, shown in shapes.items():
        body = json.loads(office("show", shown, "--format", "json").out)
        Draft202012Validator(published_schema(contract)).validate(body)
    assert "drawn, to be confirmed" in office("show", "F2026-00001").out
    office("pay", "F2026-00001", "--withdraw", "wrong account")
    assert "wrong account" in office("payments").out


def test_what_is_late_stands_at_the_end_of_the_sheet(office: Office) -> None:
    number = office.contracted()
    office.yimen.day = "2026-11-26"
    shown = office("show", number).out
    assert "To be looked at\n  - notice of the contract: due on 2026-11-24, not done yet" in shown
    assert "6. Contract: overdue; due 2026-11-24" in shown


# -- the hook ------------------------------------------------------------------------------------

WARMTH = {
    "item": "HEA-WARM", "names": named("Warm rooms"), "receiver": "household", "alike": "care",
    "units": [{"unit": "room", "names": named("room")}], "evidence": named("Photograph"),
    "serves": ["living"], "basis": BASIS,
}  # fmt: skip


def catalogue_with(install: Callable[..., Path], *items: dict[str, Any]) -> Catalogue:
    install(heating() | {"service_items.json": list(items)})
    return build(departments.installed_department_names())


def test_hook_service_items(install: Callable[..., Path]) -> None:
    catalogue = catalogue_with(install, WARMTH)
    assert catalogue.problems == []
    assert catalogue.owners["HEA-WARM"] == "heating"
    assert catalogue.service_items["HEA-WARM"].serves == ["living"]
    assert catalogue.service_items["A1"].names.zh == "探访"


def test_a_service_item_under_a_foreign_prefix_or_a_code_that_is_taken_is_one_problem(
    install: Callable[..., Path],
) -> None:
    foreign, taken = WARMTH | {"item": "MED-X"}, WARMTH | {"item": "A1"}
    catalogue = catalogue_with(install, foreign, taken, WARMTH | {"item": "C1"})
    said = sorted(p.message for p in catalogue.problems)
    assert len(said) == 2
    assert "'A1' is declared twice" in said[0] + said[1]
    assert "'MED-X' does not begin with a prefix of its own department" in said[0] + said[1]
    assert catalogue.service_items["A1"].names.zh == "探访"
    assert "C1" in catalogue.service_items
