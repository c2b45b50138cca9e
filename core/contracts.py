"""The public contracts: each record's JSON Schema (2020-12), and compiled validators for rows.

The records are the one declaration of a field; schemas/*.schema.json is written from them by
`make schemas`, and a test refuses any difference. Nothing here knows a department by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from yimen.core.errors import BadDeclaration
from yimen.core.i18n import _

# contract name -> (module, record); the order is the order of docs/reference/schemas.md
CONTRACTS: dict[str, tuple[str, str]] = {
    "department": ("declarations", "Department"),
    "source": ("declarations", "Source"),
    "fact": ("declarations", "Fact"),
    "programme": ("declarations", "Programme"),
    "standard": ("declarations", "Standard"),
    "rule-pack": ("declarations", "RulePack"),
    "service-item": ("service_declarations", "ServiceItem"),
    "checklist": ("checklist_declarations", "Checklist"),
    "screen": ("screen_declarations", "ScreenDeclaration"),
    "household": ("records", "Household"),
    "member": ("records", "Member"),
    "application": ("records", "Application"),
    "consent": ("records", "Consent"),
    "recorded-fact": ("records", "RecordedFact"),
    "check-report": ("records", "CheckReport"),
    "referral": ("handover_records", "ReferralDocument"),
    "referral-move": ("handover_records", "MoveMessage"),
    "batch-end": ("handover_records", "BatchEnd"),
    "delivery": ("handover_records", "Delivery"),
    "feedback-request": ("handover_records", "FeedbackRequest"),
    "handover-row": ("handover_records", "HandoverRow"),
    "handover-key": ("handover_records", "HandoverKey"),
    "referral-record": ("referral_records", "Referral"),
    "benefit": ("records", "Benefit"),
    "snapshot": ("records", "Snapshot"),
    "operator": ("records", "Operator"),
    "query-result": ("results", "QueryResult"),
    "intake-result": ("results", "IntakeResult"),
    "dispatch-result": ("results", "DispatchResult"),
    "feedback-result": ("results", "FeedbackResult"),
    "application-line": ("application_records", "ApplicationLine"),
    "due-result": ("application_records", "DueResult"),
    "progress": ("application_records", "Progress"),
    "overlap-line": ("overlap_records", "OverlapLine"),
    "overlap": ("overlap_records", "Overlap"),
    "unattributed-row": ("overlap_records", "UnattributedRow"),
    "policy-list": ("list_records", "PolicyList"),
    "service-list": ("list_records", "ServiceList"),
    "need-row": ("list_records", "NeedRow"),
    "run": ("run_records", "RunRecord"),
    "screen-result": ("run_records", "ScreenResult"),
    "change": ("run_records", "Change"),
    "office": ("print_records", "Office"),
    "notice-line": ("print_records", "NoticeLine"),
    "portrait": ("list_records", "Portrait"),
    "purchase": ("purchase_records", "Purchase"),
    "purchase-line": ("purchase_records", "PurchaseLine"),
    "service-order": ("purchase_records", "ServiceOrder"),
    "service-order-line": ("purchase_records", "ServiceOrderLine"),
    "payment": ("purchase_records", "Payment"),
    "checklist-view": ("checklist_records", "ChecklistView"),
    "checklist-line": ("checklist_records", "ChecklistLine"),
    "step-act": ("checklist_records", "StepAct"),
    "desk-step": ("checklist_records", "DeskStep"),
    "manifest": ("results", "Manifest"),
    "backup-manifest": ("upkeep_records", "BackupManifest"),
    "keeping": ("upkeep_records", "Keeping"),
    "prune-line": ("upkeep_records", "PruneLine"),
    "truth": ("results", "Truth"),
}


def record_of(contract: str) -> type[Any]:
    """The record class behind a contract."""
    from importlib import import_module

    module, name = CONTRACTS[contract]
    record: type[Any] = getattr(import_module(f"yimen.core.{module}"), name)
    return record


def schema_from_record(contract: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a contract, built from its record."""
    import msgspec

    body = msgspec.json.schema(record_of(contract))
    definitions = body.pop("$defs")
    own = definitions.pop(body["$ref"].rsplit("/", 1)[1])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:yimen:schema:{contract}:1",
        **own,
        "$defs": dict(sorted(definitions.items())),
    }
    plain: dict[str, Any] = _plain_descriptions(schema)
    return plain


def _plain_descriptions(node: Any) -> Any:
    """Docstrings become one-line descriptions."""
    if isinstance(node, dict):
        return {
            k: " ".join(v.split()) if k == "description" and isinstance(v, str)
            else _plain_descriptions(v)
            for k, v in node.items()
        }  # fmt: skip
    if isinstance(node, list):
        return [_plain_descriptions(v) for v in node]
    return node


def schema_text(contract: str) -> str:
    """The text of schemas/<contract>.schema.json as it must stand in the repository."""
    return json.dumps(schema_from_record(contract), ensure_ascii=False, indent=2) + "\n"


@cache
def published_schema(contract: str) -> dict[str, Any]:
    """The schema as the installed package ships it."""
    text = resources.files("yimen.schemas").joinpath(f"{contract}.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _is_valid(contract: str) -> Callable[[object], bool]:
    import jsonschema_rs

    return jsonschema_rs.validator_for(published_schema(contract)).is_valid


def check_declaration(contract: str, item: object, where: Callable[[], str]) -> None:
    """Refuses a declared object that breaks its schema: `BadDeclaration` names path and words."""
    if _is_valid(contract)(item):
        return
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(published_schema(contract)).iter_errors(item))
    path, reason = (error.json_path, error.message[:200]) if error else ("$", str(item)[:200])
    raise BadDeclaration(
        _("{path} breaks the contract '{contract}': {reason}.").format(
            path=path, contract=contract, reason=reason
        ),
        where=where(),
        next_step=_("See docs/reference/schemas.md."),
    )


class RowContract:
    """The validator of one source's rows: compiled for speed, explained by jsonschema."""

    def __init__(self, row_schema: Mapping[str, Any]) -> None:
        import jsonschema_rs

        self._schema = dict(row_schema)
        self.is_valid: Callable[[object], bool] = jsonschema_rs.validator_for(self._schema).is_valid

    def reasons(self, row: object) -> Iterable[str]:
        """One sentence per broken column of a refused row, without the value."""
        from jsonschema import Draft202012Validator

        for error in Draft202012Validator(self._schema).iter_errors(row):
            column = ".".join(str(p) for p in error.absolute_path)
            rule = f"{error.validator}={json.dumps(error.validator_value, ensure_ascii=False)}"
            yield f"{column}: {rule[:120]}" if column else str(error.message)
