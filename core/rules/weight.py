"""How large an expression becomes when it is written for an engine, told before it is written.

Lowering writes some parts up to four times, so a text of a hundred characters can grow to
gigabytes, and SQLite's parser has a stack of a hundred entries for an expression and the statement
around it. One department's expression must never make the whole statement unreadable.
"""

from __future__ import annotations

from sqlglot import exp

MOST_PARTS = 5000
MOST_NESTING = 70


def weight(tree: exp.Expr) -> tuple[int, int]:
    """At most how many parts the lowered expression has, and how many stack entries it takes."""
    weights: dict[int, tuple[int, int]] = {}
    for node in reversed(list(tree.walk())):
        inner = list(node.iter_expressions())
        repeated, deeper = _lowered_by(node)
        nesting = [weights[id(i)][1] + (0 if _one_chain(node, i) else deeper) for i in inner]
        parts = 1 + repeated * sum(weights[id(i)][0] for i in inner)
        weights[id(node)] = (parts, max(nesting, default=1))
    return weights[id(tree)]


def _one_chain(node: exp.Expr, part: exp.Expr) -> bool:
    """Whether both are links of one AND or OR, which is written flat however long it is."""
    return isinstance(node, (exp.And, exp.Or)) and type(part) is type(node)


def _lowered_by(node: exp.Expr) -> tuple[int, int]:
    """How often a node's parts are written at most, and how much deeper they then stand."""
    if isinstance(node, exp.If):
        return 1, 0
    if isinstance(node, exp.Case):
        return 2, 7
    if isinstance(node, exp.Between):
        return 4, 8
    if isinstance(node, (exp.And, exp.Or)):
        return 1, 2
    if isinstance(node, exp.Predicate):
        return 2, 8
    if isinstance(node, exp.Not):
        return 1, 4
    if isinstance(node, exp.MonthsBetween):
        return 4, 6
    if isinstance(node, (exp.Max, exp.Min)):
        return 2, 11
    if isinstance(node, exp.Neg):
        return 1, 3
    return (3, 6) if isinstance(node, exp.Func) else (1, 2)
