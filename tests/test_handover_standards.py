"""What leaves, held against HL7 FHIR R4: a referral is a Task, and lacks nothing that a Task needs.

The published schema is not part of this repository; YIMEN_STANDARDS names the folder that holds it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from handover_homes import Pair, payloads

SCHEMA = Path(os.environ.get("YIMEN_STANDARDS", ""), "fhir-r4-Task.schema.json")


def reference(system: str, value: str) -> dict[str, Any]:
    return {"identifier": {"system": f"urn:yimen:{system}", "value": value}}


def as_task(document: dict[str, Any]) -> dict[str, Any]:
    """The document as a FHIR Task; every value is the document's own."""
    programme = document["programme"]
    return {
        "resourceType": "Task",
        "identifier": [
            {"system": f"urn:yimen:{document['home_id']}", "value": document["referral_no"]}
        ],
        "groupIdentifier": {"system": "urn:yimen:application", "value": document["application_no"]},
        "status": "requested",
        "intent": "order",
        "code": {
            "coding": [{"system": "urn:yimen:programme", "code": programme["programme"],
                        "display": programme["names"]["zh"]}],
        },
        "for": reference(
            "member" if document["concerns"] else "household",
            document["concerns"] or document["household_no"],
        ),
        "authoredOn": document["dispatched_at"],
        "requester": reference("home", document["sender"]),
        "owner": reference("department", document["department"]),
        "reasonCode": {"text": programme["basis"][0]["zh"]},
        "restriction": {
            "repetitions": 1,
            "period": {"start": document["dispatched_at"], "end": document["due"]["finish"]},
        },
        "input": [
            {"type": {"coding": [{"system": "urn:yimen:fact", "code": name}],
                      "text": fact["names"]["zh"]},
             "valueString": json.dumps(fact["value"])}
            for name, fact in document["facts"].items()
        ],
    }  # fmt: skip


@pytest.mark.skipif(not SCHEMA.is_file(), reason="YIMEN_STANDARDS names no folder with FHIR R4")
def test_a_referral_document_holds_what_a_fhir_task_needs(pair: Pair) -> None:
    valid = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))
    documents = payloads(pair.sent())[:-1]
    for document in documents:
        task = as_task(document)
        assert [e.message for e in valid.iter_errors(task)] == []
        assert not valid.is_valid({**task, "status": 7})
        assert not valid.is_valid({**task, "authoredOn": "yesterday"})
