# mypy: disable-error-code="empty-body"
"""The hooks through which a department says what it gives; each returns plain JSON-like data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pluggy

PROJECT = "yimen"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

Declarations = Sequence[Mapping[str, Any]]


@hookspec
def departments() -> Declarations:
    """The bodies this plugin speaks for, as schemas/department.schema.json."""


@hookspec
def sources() -> Declarations:
    """The registers these bodies keep, as schemas/source.schema.json."""


@hookspec
def facts() -> Declarations:
    """The facts that can be known of a person or household, as schemas/fact.schema.json."""


@hookspec
def standards() -> Declarations:
    """The dated numbers that a county must set, as schemas/standard.schema.json."""


@hookspec
def rule_packs() -> Declarations:
    """The rules in force between two dates, as schemas/rule-pack.schema.json."""


@hookspec
def programmes() -> Declarations:
    """The aid programmes with their dated versions, as schemas/programme.schema.json."""


@hookspec
def checklist_steps() -> Declarations:
    """Steps added to a checklist, as schemas/checklist.schema.json."""


@hookspec
def screens() -> Declarations:
    """Screens added to the clerk's program, as schemas/screen.schema.json."""


@hookspec
def service_items() -> Declarations:
    """The services that a county may purchase, as schemas/service-item.schema.json."""


@hookspec(firstresult=True)
def deliver(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Hands one message (schemas/referral.schema.json, or a later move of that referral as
    schemas/referral-move.schema.json) to the department's own system and says how that went, as
    schemas/delivery.schema.json; None where the plugin's bodies have no such system."""


@hookspec
def read_feedback(asked: Mapping[str, Any]) -> Declarations:
    """The answers that the department's own system has for the referrals in `asked`, as
    schemas/feedback-request.schema.json; each is a move as schemas/referral-move.schema.json."""
