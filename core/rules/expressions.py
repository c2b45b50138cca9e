"""Rule expressions: parsed by sqlglot, typed by us, and refused when they are anything else.

An expression is SQL-shaped but is not SQL: names are declared facts, standards and columns; values
are integers, money in fen, booleans, codes and dates; nothing is cast. It must never let a
subquery, an unlisted function or a comment through, since its text becomes part of a statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from yimen.core.errors import BadDeclaration
from yimen.core.i18n import _
from yimen.core.rules.weight import MOST_NESTING, MOST_PARTS, weight

INT64 = 2**63 - 1
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# Being received; this check's outcome; either of them.
PROGRAMME_CALLS = ("RECOGNISED", "QUALIFIES", "ENTITLED")
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg)
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_NUMERIC = frozenset({"integer", "money", "number"})
# The parts of a node that are read; one more (SYMMETRIC, a third value) would change its meaning.
_READ = frozenset({
    "this", "expression", "expressions", "low", "high", "ifs", "true", "default", "is_string",
    "table", "db", "query", "big_int",
})  # fmt: skip

# A place, or what finds it: to look a line up takes longer than to type what stands there.
Place = str | Callable[[], str]


@dataclass(frozen=True)
class Name:
    """A name that an expression may use: its type, and the codes it can have."""

    type: str
    codes: frozenset[str] = frozenset()


@dataclass
class Scope:
    """What an expression may see, and where it stands in a department's files."""

    where: Place
    names: Mapping[str, Name] | Callable[[str], Name | None]
    programmes: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)
    calls: set[tuple[str, str]] = field(default_factory=set)

    def find(self, name: str) -> Name | None:
        """The name's declaration, or None when it is not declared here."""
        names = self.names
        return names(name) if callable(names) else names.get(name)


def placed(where: Place) -> str:
    """A place in words."""
    return where if isinstance(where, str) else where()


def parse(text: str, where: Place) -> exp.Expr:
    """The syntax tree of an expression; `BadDeclaration` with file, line and words otherwise."""
    try:
        return _parse(text)
    except RecursionError:
        raise refusal(where, text, _("it is nested too deeply")) from None
    except sqlglot.errors.SqlglotError as error:
        detail = getattr(error, "errors", None) or [{}]
        words = detail[0].get("highlight") or text
        raise refusal(where, words, _("it cannot be read")) from None
    except ValueError as error:
        raise refusal(where, text, str(error)) from None


@lru_cache(maxsize=4096)
def _parse(text: str) -> exp.Expr:
    if any(token.comments for token in sqlglot.tokenize(text)) or ";" in text:
        raise ValueError(_("comments and semicolons are not allowed"))
    tree: exp.Expr = sqlglot.parse_one(text)
    parts, nesting = weight(tree)
    if nesting > MOST_NESTING:
        raise ValueError(_("it is nested too deeply"))
    if parts > MOST_PARTS:
        raise ValueError(_("it is too large"))
    return tree


def refusal(where: Place, words: str, reason: str) -> BadDeclaration:
    """The error for a refused expression, naming the offending words."""
    error = BadDeclaration(
        _("the expression '{words}' is refused: {reason}.").format(
            words=words[:120], reason=reason
        ),
        where=placed(where),
        next_step=_("See docs/rules.md for what an expression may hold."),
    )
    error.words = words
    return error


def column_name(node: exp.Expr) -> str:
    """The dotted name of a column node, such as civil.income_year or age."""
    table = node.args.get("table")
    return f"{table.name}.{node.name}" if table is not None else node.name


def function_name(node: exp.Expr) -> str | None:
    """Our function's name for a call node, or None when the node is not a call of ours."""
    for kind, name in (
        (exp.MonthsBetween, "MONTHS_BETWEEN"), (exp.Year, "YEAR"), (exp.Month, "MONTH"),
        (exp.Max, "MAX"),
        (exp.Min, "MIN"), (exp.Sum, "SUM"), (exp.Count, "COUNT"), (exp.Any, "ANY"),
        (exp.All, "ALL"),
    ):  # fmt: skip
        if isinstance(node, kind):
            return name
    return node.name.upper() if isinstance(node, exp.Anonymous) else None


def arguments(node: exp.Expr) -> list[exp.Expr]:
    """The arguments of a call node in order."""
    if isinstance(node, exp.Anonymous):
        return list(node.expressions)
    if isinstance(node, exp.MonthsBetween):
        return [node.this, node.expression]
    first = node.this
    if isinstance(node, (exp.Year, exp.Month)) and isinstance(first, exp.TsOrDsToDate):
        first = first.this
    return [first, *node.expressions]


def type_of(node: exp.Expr, scope: Scope) -> str:
    """The type of an expression in a scope, noting the names used; `BadDeclaration` if none.

    Types are boolean, integer, money, date, code, and `number` and `text` for literals that take
    the type of what they meet.
    """
    return _Typing(scope).of(node)


class _Typing:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def refuse(self, node: exp.Expr, reason: str) -> BadDeclaration:
        return refusal(self.scope.where, node.sql(), reason)

    def of(self, node: exp.Expr) -> str:
        if any(part and name not in _READ for name, part in node.args.items()):
            raise self.refuse(node, _("it is not a function or form of rule expressions"))
        if isinstance(node, exp.Paren):
            return self.of(node.this)
        if isinstance(node, exp.Boolean):
            return "boolean"
        if isinstance(node, exp.Literal):
            return self._literal(node)
        if isinstance(node, exp.Column):
            return self._name(node)
        if isinstance(node, (exp.And, exp.Or)):
            for part in node.flatten(unnest=False):
                self._want(part, "boolean")
            return "boolean"
        if isinstance(node, exp.Not):
            self._want(node.this, "boolean")
            return "boolean"
        if isinstance(node, COMPARISONS):
            self._comparable(node, node.this, node.expression)
            return "boolean"
        if isinstance(node, exp.Between):
            self._comparable(node, node.this, node.args["low"])
            self._comparable(node, node.this, node.args["high"])
            return "boolean"
        if isinstance(node, exp.In):
            return self._in(node)
        if isinstance(node, ARITHMETIC):
            return self._arithmetic(node)
        if isinstance(node, exp.Case):
            return self._case(node)
        return self._call(node)

    def _literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return "text"
        if not node.this.isdigit() or int(node.this) > INT64:
            raise self.refuse(node, _("only whole numbers are allowed"))
        return "number"

    def _name(self, node: exp.Column) -> str:
        name = column_name(node)
        if node.args.get("db") is not None or any(
            part.args.get("quoted") for part in node.find_all(exp.Identifier)
        ):
            raise self.refuse(node, _("it is not a plain name"))
        if name == "AS_OF":
            return "date"
        found = self.scope.find(name)
        if name in self.scope.refused:
            error = self.refuse(node, _("its own declaration is refused"))
            error.follows = True
            raise error
        if found is None:
            raise self.refuse(node, _("it is not declared, or not usable here"))
        self.scope.used.add(name)
        return found.type

    def _want(self, node: exp.Expr, wanted: str) -> None:
        if (found := self.of(node)) != wanted:
            raise self.refuse(
                node, _("it is {found}, and {wanted} is needed").format(found=found, wanted=wanted)
            )

    def _common(self, node: exp.Expr, left: str, right: str) -> str:
        if left == right:
            return left
        pair = {left, right}
        if pair == {"number", "integer"} or pair == {"number", "money"}:
            return (pair - {"number"}).pop()
        if pair == {"text", "code"} or pair == {"text", "date"}:
            return (pair - {"text"}).pop()
        raise self.refuse(node, _("it mixes {left} and {right}").format(left=left, right=right))

    def _comparable(self, node: exp.Expr, left: exp.Expr, right: exp.Expr) -> None:
        common = self._common(node, self.of(left), self.of(right))
        if common == "boolean" and not isinstance(node, (exp.EQ, exp.NEQ)):
            raise self.refuse(node, _("true and false have no order"))
        self._texts_fit(node, [left, right], common)

    def _texts_fit(self, node: exp.Expr, items: Sequence[exp.Expr], common: str) -> None:
        """Refuses a literal that is no date, or no code of a name that it stands beside."""
        plain = [item.unnest() for item in items]
        texts = [i.this for i in plain if isinstance(i, exp.Literal) and i.is_string]
        if common == "date" and not all(map(is_date, texts)):
            raise self.refuse(node, _("a date is written '2026-11-20'"))
        for item in plain if common == "code" else []:
            found = self.scope.find(column_name(item)) if isinstance(item, exp.Column) else None
            for text in texts if found and found.codes else []:
                if found and text not in found.codes:
                    raise self.refuse(
                        node,
                        _("{name} has no code {code}").format(name=column_name(item), code=text),
                    )

    def _in(self, node: exp.In) -> str:
        if node.args.get("query") is not None or not node.expressions:
            raise self.refuse(node, _("IN takes a list of literals"))
        for item in node.expressions:
            if not isinstance(item, exp.Literal):
                raise self.refuse(node, _("IN takes a list of literals"))
            self._comparable(exp.EQ(this=node.this, expression=item), node.this, item)
        return "boolean"

    def _arithmetic(self, node: exp.Expr) -> str:
        left = self.of(node.this)
        right = left if isinstance(node, exp.Neg) else self.of(node.expression)
        if left not in _NUMERIC or right not in _NUMERIC:
            raise self.refuse(node, _("arithmetic needs integers or money"))
        if isinstance(node, exp.Mul):
            if left == right == "money":
                raise self.refuse(node, _("money times money has no meaning"))
            return "money" if "money" in (left, right) else self._common(node, left, right)
        return self._common(node, left, right)

    def _case(self, node: exp.Case) -> str:
        if node.this is not None or node.args.get("default") is None:
            raise self.refuse(node, _("CASE needs WHEN conditions and an ELSE"))
        result = self.of(node.args["default"])
        for branch in node.args["ifs"]:
            self._want(branch.this, "boolean")
            result = self._common(node, result, self.of(branch.args["true"]))
        values = [branch.args["true"] for branch in node.args["ifs"]]
        self._texts_fit(node, [*values, node.args["default"]], result)
        return result

    def _call(self, node: exp.Expr) -> str:
        name = function_name(node)
        if name is None or name not in SIGNATURES:
            raise self.refuse(node, _("it is not a function or form of rule expressions"))
        given = arguments(node)
        if name in PROGRAMME_CALLS:
            return self._programme(node, name, given)
        if name in ("MIN", "MAX"):
            if len(given) < 2:
                raise self.refuse(node, _("{name} compares two values or more").format(name=name))
            result = self.of(given[0])
            for item in given[1:]:
                result = self._common(node, result, self.of(item))
            self._texts_fit(node, given, result)
            return result
        wanted = SIGNATURES[name]
        if len(given) != len(wanted):
            raise self.refuse(node, _("{name} takes {n} values").format(name=name, n=len(wanted)))
        types = [self.of(item) for item in given]
        if name in ("DIV_FLOOR", "DIV_CEIL"):
            if any(t not in _NUMERIC for t in types) or (types[1] == "money" != types[0]):
                raise self.refuse(node, _("it divides money or integers"))
            return "money" if types[0] == "money" and types[1] != "money" else "integer"
        for item, found, expected in zip(given, types, wanted, strict=True):
            self._texts_fit(node, [item], self._common(item, found, expected))
        return "integer"

    def _programme(self, node: exp.Expr, name: str, given: list[exp.Expr]) -> str:
        if len(given) != 1 or not (isinstance(given[0], exp.Literal) and given[0].is_string):
            raise self.refuse(node, _("it takes a programme in quotes"))
        programme = given[0].this
        if programme not in self.scope.programmes:
            raise self.refuse(node, _("there is no programme {id}").format(id=programme))
        self.scope.calls.add((name, programme))
        return "boolean"


def is_date(text: str) -> bool:
    """Whether a text is a date of the calendar, written 2026-11-20."""
    try:
        return bool(ISO_DATE.match(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


SIGNATURES: dict[str, tuple[Any, ...]] = {
    "AGE_YEARS": ("date", "date"),
    "MONTHS_BETWEEN": ("date", "date"),
    "DAYS_BETWEEN": ("date", "date"),
    "YEAR": ("date",),
    "MONTH": ("date",),
    "DIV_FLOOR": ("money", "integer"),
    "DIV_CEIL": ("money", "integer"),
    "MIN": (),
    "MAX": (),
    "RECOGNISED": ("programme",),
    "QUALIFIES": ("programme",),
    "ENTITLED": ("programme",),
}

AGGREGATES = ("SUM", "COUNT", "MIN", "MAX", "ANY", "ALL", "ONLY")


@dataclass(frozen=True)
class Aggregate:
    """An aggregate over the rows of one person: its kind, and the value that it takes of each."""

    kind: str
    value: exp.Expr | None


def parse_aggregate(text: str, scope: Scope) -> tuple[Aggregate, str]:
    """The aggregate and its result's type; `BadDeclaration` when it is not one of AGGREGATES."""
    tree = parse(text, scope.where)
    kind = function_name(tree) or ""
    if kind not in AGGREGATES:
        raise refusal(scope.where, text, _("it is not SUM, COUNT, MIN, MAX, ANY, ALL or ONLY"))
    given = arguments(tree)
    value = given[0] if given else None
    if len(given) != 1 or value is None or isinstance(value, exp.Distinct):
        raise refusal(scope.where, text, _("an aggregate takes one value"))
    if kind == "COUNT":
        if not isinstance(value, exp.Star):
            raise refusal(scope.where, text, _("only COUNT(*) is allowed"))
        return Aggregate(kind, None), "integer"
    found = type_of(value, scope)
    allowed = {"SUM": {"integer", "money"}, "ANY": {"boolean"}, "ALL": {"boolean"}}
    if kind in allowed and found not in allowed[kind]:
        raise refusal(
            scope.where, text, _("{kind} cannot take {found}").format(kind=kind, found=found)
        )
    return Aggregate(kind, value), found
