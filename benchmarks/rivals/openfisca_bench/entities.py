"""The two entities: persons, and the households that they are registered in."""

from __future__ import annotations

from openfisca_core.entities import build_entity

Person = build_entity(key="person", plural="persons", label="A member", is_person=True)
Household = build_entity(
    key="household",
    plural="households",
    label="A household of the residence register",
    roles=[{"key": "member", "plural": "members", "label": "Members"}],
)
