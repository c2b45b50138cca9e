"""An amount's named steps, so that people can follow a sum: each may name the steps before it.

A step is put into what names it as a whole, in brackets; the engines see one expression and nothing
of steps. Nothing here rounds: DIV_FLOOR and DIV_CEIL stand in the rule that rounds.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from yimen.core.declarations import Amount
from yimen.core.i18n import _
from yimen.core.rules.expressions import parse, refusal, refuse_overweight
from yimen.core.rules.shapes import check_name


def amount_trees(amount: Amount, where: Callable[[str], str]) -> dict[str, exp.Expr]:
    """Step name -> its tree, and under the empty name the amount's own, if it has one.

    `where` places a text in its file; `BadDeclaration` when a text cannot be read, when a step's
    name is taken, or when the whole grows too large.
    """
    trees: dict[str, exp.Expr] = {}
    for step in amount.steps:
        if step.step in trees:
            raise refusal(where(step.step), step.step, _("two steps have this name"))
        check_name(step.step, where)
        trees[step.step] = _with_steps(step.expression, trees, where(step.expression))
    if amount.expression:
        trees[""] = _with_steps(amount.expression, trees, where(amount.expression))
    return trees


def _with_steps(text: str, steps: dict[str, exp.Expr], where: str) -> exp.Expr:
    def put(node: exp.Expr) -> exp.Expr:
        bare = isinstance(node, exp.Column) and node.args.get("table") is None
        step = steps.get(node.name) if bare else None
        return node if step is None else exp.Paren(this=step.copy())

    tree = parse(text, where).copy().transform(put)
    refuse_overweight(tree, where, text)
    return tree
