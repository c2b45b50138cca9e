"""Public contracts: records and published schemas are one, and what commands print keeps them."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import yimen.core.contracts
from yimen.core.casework.register_file import RegisterFile, RejectedRow, row_schema
from yimen.core.contracts import (
    CONTRACTS,
    RowContract,
    check_declaration,
    published_schema,
    record_of,
    schema_text,
)
from yimen.core.declarations import Source
from yimen.core.departments import HOOKS
from yimen.core.errors import BadDeclaration
from yimen.core.synthetic.registers import WRITTEN
from yimen.core.write_schemas import FOLDER, write_schemas

TODAY = date(2026, 11, 20)
PLUGINS = Path(yimen.core.contracts.__file__).parents[1] / "plugins"
DECLARED = [
    (path, contract)
    for department in sorted(p for p in PLUGINS.iterdir() if (p / "__init__.py").is_file())
    for file, contract in HOOKS.values()
    if (path := department / file).is_file()
]
SOURCES = [
    source
    for path, contract in DECLARED
    if contract == "source"
    for source in msgspec.json.decode(path.read_bytes(), type=list[Source])
]


def items_of(path: Path) -> list[Any]:
    content = json.loads(path.read_text("utf-8"))
    return content if isinstance(content, list) else [content]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_published_schema_is_what_its_record_says(contract: str) -> None:
    published = resources.files("yimen.schemas").joinpath(f"{contract}.schema.json")
    assert published.read_text("utf-8") == schema_text(contract), "run `make schemas`"


def test_every_published_schema_has_a_record() -> None:
    assert {p.name for p in FOLDER.glob("*.json")} == {f"{c}.schema.json" for c in CONTRACTS}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_published_schema_is_valid_under_2020_12_and_closed(contract: str) -> None:
    schema = published_schema(contract)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:yimen:schema:{contract}:1"
    assert schema["additionalProperties"] is False
    assert schema["description"]


def test_writing_the_schemas_changes_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "of-nothing.schema.json").write_text("{}", "utf-8")
    assert len(write_schemas(tmp_path)) == len(CONTRACTS) + 1
    assert not (tmp_path / "of-nothing.schema.json").exists()
    (tmp_path / "member.schema.json").write_text("{}", "utf-8")
    assert write_schemas(tmp_path) == ["member.schema.json"]
    assert write_schemas(tmp_path) == []


@pytest.mark.parametrize("path, contract", DECLARED, ids=lambda v: getattr(v, "name", v))
def test_every_bundled_declaration_keeps_its_contract(path: Path, contract: str) -> None:
    items = items_of(path)
    assert items
    for item in items:
        check_declaration(contract, item, path.as_posix)
        record = msgspec.convert(item, record_of(contract))
        assert msgspec.convert(msgspec.to_builtins(record), record_of(contract)) == record


@pytest.mark.parametrize("path, contract", DECLARED, ids=lambda v: getattr(v, "name", v))
def test_a_declaration_with_a_misspelt_key_is_refused_by_schema_and_record(
    path: Path, contract: str
) -> None:
    item = {**items_of(path)[0], "naems": {"zh": "名", "en": "name"}}
    with pytest.raises(BadDeclaration, match="naems") as caught:
        check_declaration(contract, item, lambda: "plugins/x.json:7")
    assert str(caught.value).startswith("plugins/x.json:7: ")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(item, record_of(contract))


@pytest.mark.parametrize("contract", [c for c in CONTRACTS if CONTRACTS[c][0] == "declarations"])
def test_a_declaration_without_a_required_key_is_refused_by_schema_and_record(
    contract: str,
) -> None:
    for key in published_schema(contract)["required"]:
        for path, owner in DECLARED:
            if owner == contract:
                item = {k: v for k, v in items_of(path)[0].items() if k != key}
                with pytest.raises(BadDeclaration, match=key):
                    check_declaration(contract, item, str)
                with pytest.raises(msgspec.ValidationError):
                    msgspec.convert(item, record_of(contract))


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 0, 1, -1]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["2026-11-20", "2026-11-20\n", "2026-1-2", "x" * 200, "x" * 201, "RURAL"]),
    st.sampled_from(["37049919900101001X", "370499199001010017", "3704991990010100171"]),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_compiled_and_the_explaining_validator_give_the_same_verdict(
    data: st.DataObject,
) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    schema = row_schema(source)
    contract = RowContract(schema)
    names = list(schema["properties"])
    codes = [c for column in source.columns for c in column.codes]
    cells = st.one_of(CELLS, st.sampled_from(codes)) if codes else CELLS
    row: dict[str, Any] = {name: data.draw(cells) for name in names}
    if data.draw(st.booleans()):
        row.pop(data.draw(st.sampled_from(names)))
    if data.draw(st.booleans()):
        row["unheard_of"] = 1
    reasons = list(contract.reasons(row))
    assert contract.is_valid(row) == (reasons == [])
    assert contract.is_valid(row) == Draft202012Validator(schema).is_valid(row)


@pytest.mark.parametrize(
    "source", [s for s in SOURCES if s.source in WRITTEN], ids=lambda s: s.source
)
def test_the_rows_of_a_county_keep_their_contract_in_both_validators(
    source: Source, county_files: Path
) -> None:
    file = RegisterFile(county_files / f"{source.source}.csv", source, synthetic=True, today=TODAY)
    schema = row_schema(source)
    explaining, names = Draft202012Validator(schema), list(schema["properties"])
    rows = list(file.rows())
    assert rows
    types = {c.column: c.type for c in source.columns}
    for row in rows[:60]:
        assert not isinstance(row, RejectedRow), row
        typed = {
            n: bool(v) if types.get(n) == "boolean" and v is not None else v
            for n, v in zip(names, row[1:], strict=True)
        }
        assert explaining.is_valid(typed)
        assert RowContract(schema).is_valid(typed)


@cache
def compiled(contract: str) -> Any:
    return jsonschema_rs.validator_for(published_schema(contract))


def assert_keeps(contract: str, body: Any) -> None:
    # The compiled validator, since a report of fifty programmes is long.
    assert [e.message for e in compiled(contract).iter_errors(body)] == []
    # Nothing may be lost either: the record reads all of it back.
    assert msgspec.to_builtins(msgspec.convert(body, record_of(contract))) == body


def test_a_contract_refuses_another_contracts_body(county_files: Path) -> None:
    manifest = json.loads((county_files / "manifest.json").read_text("utf-8"))
    with pytest.raises(AssertionError):
        assert_keeps("truth", manifest)


def test_the_manifest_and_the_truth_of_a_county_keep_their_contracts(county_files: Path) -> None:
    for contract in ("manifest", "truth"):
        assert_keeps(contract, json.loads((county_files / f"{contract}.json").read_text("utf-8")))


@pytest.mark.parametrize("story", ["eligible", "refused", "unknown"])
def test_what_the_window_prints_keeps_its_contracts(
    yimen: Any, truth: Any, accepted: Any, story: str
) -> None:
    id_number = truth["stories"][story]["id_number"]
    assert_keeps("query-result", yimen.json("query", id_number))
    assert_keeps("query-result", yimen.json("query", id_number, "--unmask"))
    received = accepted(story)
    assert received["missing"] or received["accepted_on"]
    assert received["consents"]
    assert_keeps("intake-result", received)
    after = yimen.json("query", id_number)
    assert [a["application_no"] for a in after["applications"]] == [received["application_no"]]
    assert_keeps("query-result", after)


def test_what_the_departments_answer_keeps_its_contracts(yimen: Any, dispatched: Any) -> None:
    number = dispatched["application_no"]
    assert_keeps("dispatch-result", dispatched)
    assert dispatched["referrals"]
    assert dispatched["held_back"]
    assert_keeps("check-report", yimen("check", number, "--format", "json").json)
    first = dispatched["referrals"][0]["referral_no"]
    assert_keeps("referral-record", yimen.json("referral", "show", first))
    office = yimen.acting_as("civil")
    office("referral", "receive", first)
    office("referral", "accept", first)
    office("referral", "decide", first, "granted", "--amount", "250", "--basis", "SAL §18")
    yimen("referral", "complete", first)
    assert_keeps("referral-record", yimen.json("referral", "show", first))
    answers = yimen.json("feedback", number)
    assert_keeps("feedback-result", answers)
    assert [b["amount_fen"] for b in answers["benefits"]] == [250_00]
    household = yimen.json("household", "show", answers["benefits"][0]["household_no"])
    assert_keeps("query-result", household)
    assert "casework" in {b["source"] for b in household["benefits"]}
    assert {r["state"] for r in household["referrals"]} == {"completed", "dispatched"}


def test_every_line_of_a_batch_check_keeps_the_contract_of_a_report(yimen: Any) -> None:
    reports = yimen("check", "--all", "--format", "jsonl").rows
    assert len(reports) > 10
    for report in reports:
        assert_keeps("check-report", report)


def test_listings_of_records_keep_their_contracts(yimen: Any, dispatched: Any) -> None:
    for operator in yimen.json("operator", "list"):
        assert_keeps("operator", operator)
    assert_keeps("programme", yimen.json("programme", "show", "CIV-DB"))
    assert_keeps("source", yimen.json("source", "show", "civil.hukou"))
