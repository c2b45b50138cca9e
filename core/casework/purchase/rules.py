"""The law of a purchase as data: its steps, its clocks, its methods, what may not be purchased.

A refusal names its rule and the rule's law. National law stands in rules.json; thresholds, the
months of splitting and the pass mark are the county's standards and stand in no file of the core.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NoReturn

import msgspec
from msgspec import Struct

from yimen.core.declarations import CONFIRMED, Basis, Limit, Texts
from yimen.core.errors import BadInput, Refused
from yimen.core.i18n import _

# The county's numbers: two limits in fen, over how many months alike purchases add up, a pass mark.
LIMIT, OPEN_TENDER = "civil.gp_limit_service", "civil.gp_open_tender"
SPLIT_MONTHS, PASS_SCORE = "civil.gp_split_months", "civil.gp_pass_score"
STANDARDS = (LIMIT, OPEN_TENDER, SPLIT_MONTHS, PASS_SCORE)


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that a gate keeps, in words for a refusal."""

    rule: str
    names: Texts
    basis: Basis

    def law(self) -> str:
        """The law in words; one whose text was not read says so."""
        cited = self.basis.words()
        unsure = self.basis.tag not in CONFIRMED
        return _("{law}, to be confirmed").format(law=cited) if unsure else cited

    def words(self) -> str:
        """The rule's name with its law."""
        return f"{self.names.text()} ({self.law()})"


class StepRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the eleven steps: who does it, after which, under which law, with what evidence."""

    step: str
    names: Texts
    who: str
    basis: Basis
    after: list[str] = []
    evidence: Texts | None = None


class ClockRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time limit inside a step, from one act to another."""

    clock: str
    step: str
    names: Texts
    start: str
    end: str
    limit: Limit


class Ground(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ground of the law for a method; up to which percentage of a former contract, if any."""

    ground: str
    names: Texts
    share_percent: int | None = None


class Method(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way to purchase: with a period for bids or not, free of the law's methods or not.

    One with `grounds` may be chosen on one of them alone.
    """

    method: str
    names: Texts
    bids: bool = False
    free: bool = False
    grounds: list[Ground] = []


class NotPurchasable(Rule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may not be purchased as a service, and the words and patterns that show it."""

    shown_by: list[str] = msgspec.field(name="words")
    patterns: list[str]


class PurchaseLaw(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of rules.json."""

    rules: list[Rule]
    steps: list[StepRule]
    clocks: list[ClockRule]
    bid_days: Limit
    challenge_days: Limit
    term: Limit
    stable_term: Limit
    methods: list[Method]
    not_purchasable: list[NotPurchasable]


@cache
def law() -> PurchaseLaw:
    """The law of a purchase, read once a process."""
    text = resources.files("yimen.core.casework.purchase").joinpath("rules.json").read_bytes()
    return msgspec.json.decode(text, type=PurchaseLaw)


def method(name: str) -> Method:
    """The method with this name; `BadInput` names them all."""
    for known in law().methods:
        if known.method == name:
            return known
    raise BadInput(
        _("'{name}' is not a method of purchase.").format(name=name[:30]),
        next_step=_("Choose from: {names}.").format(
            names=", ".join(m.method for m in law().methods)
        ),
    )


def method_name(name: str) -> str:
    """What a method of purchase is called."""
    return method(name).names.text()


def step_name(name: str) -> str:
    """What one of the eleven steps is called."""
    return next(rule.names.text() for rule in law().steps if rule.step == name)


def refuse(rule: str, what: str, next_step: str) -> NoReturn:
    """Refuses an act and names the rule that it would break."""
    broken = next(r for r in law().rules if r.rule == rule)
    raise Refused(_("{what} Rule: {rule}.").format(what=what, rule=broken.words()),
                  next_step=next_step)  # fmt: skip
