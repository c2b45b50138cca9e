"""What a declaration must be by itself, before its expressions are typed: what no schema can say.

A number written as a text would be compared as a text, and the second of two criteria of one name
would never be asked; such a declaration is refused, since its answers would be wrong silently.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from sqlglot import exp

from yimen.core.declarations import Fact, Programme, Source, Standard
from yimen.core.errors import BadDeclaration
from yimen.core.i18n import _
from yimen.core.rules.expressions import INT64, arguments, column_name, is_date, parse, refusal

# The place of some words of the declaration in its file.
Where = Callable[[str], str]

# Columns of every snapshot table beside the declared ones.
RESERVED_COLUMNS = frozenset({"row_no", "id_number", "name"})
_ROLLED = {
    "sum": frozenset({"integer", "money"}),
    "min": frozenset({"integer", "money", "date"}),
    "max": frozenset({"integer", "money", "date"}),
    "any": frozenset({"boolean"}),
    "all": frozenset({"boolean"}),
    "count": frozenset({"boolean"}),
}


def check_name(name: str, where: Where) -> None:
    """Refuses a name that an expression would read as something else, such as case or all."""
    try:
        tree = parse(f"MIN({name}, {name})", lambda: where(name))
        read = [column_name(node) for node in arguments(tree) if isinstance(node, exp.Column)]
    except BadDeclaration:
        read = []
    if read != [name, name]:
        raise refusal(where(name), name, _("expressions read this word as something else"))


def check_source(source: Source, where: Where) -> None:
    """Refuses columns that are named twice, or named for a purpose and not declared."""
    names = [column.column for column in source.columns]
    for name in names:
        check_name(name, where)
    _refuse_repeated(where, [*RESERVED_COLUMNS, *names], _("there is such a column already"))
    for purpose in (source.residence, source.benefits):
        for name in purpose.__struct_fields__ if purpose else ():
            if (column := getattr(purpose, name)) not in names:
                raise refusal(where(column), column, _("there is no such column"))
    _check_settlement(source, where)


def _check_settlement(source: Source, where: Where) -> None:
    """Refuses a settlement whose columns are not there, or hold no money and no day."""
    settlement = source.settlement
    if settlement is None:
        return
    types = {column.column: column.type for column in source.columns}
    payers = [payer.column for payer in settlement.paid]
    wholes = [payer.part_of for payer in settlement.paid if payer.part_of]
    _refuse_repeated(where, payers, _("it is named twice"))
    wanted = [(settlement.day, "date"), *((c, "money") for c in [settlement.cost, *payers])]
    if settlement.event:
        wanted.append((settlement.event, types.get(settlement.event, "")))
    for column, kind in wanted:
        if column not in types:
            raise refusal(where(column), column, _("there is no such column"))
        if types[column] != kind:
            reason = _("it is no column of type {type}")
            raise refusal(where(column), column, reason.format(type=kind))
    for column in wholes:
        if column not in payers:
            raise refusal(where(column), column, _("it is a part of no payer's column"))


def check_standard(standard: Standard, where: Where) -> None:
    """Refuses values that are not of the standard's type."""
    for given in (*standard.values, *standard.example):
        _refuse_other_type(where, standard.standard, given.value, standard.type)


def check_fact(fact: Fact, where: Where) -> None:
    """Refuses a fact that has no way to a value or more than one, or cannot be used as declared."""
    kinds = [bool(fact.source), bool(fact.expression), bool(fact.ask)]
    shape_ok = (
        (fact.source is None) == (fact.aggregate is None)
        and not (fact.source and fact.expression)
        and any(kinds)
        and not (fact.expression and fact.ask)
        and not (fact.unit == "household" and (fact.source or fact.household))
        and not (fact.where and not fact.source)
    )
    if not shape_ok:
        raise refusal(
            where(fact.fact),
            fact.fact,
            _("a fact has a source with an aggregate, or an expression, or only a question"),
        )
    if fact.household and fact.type not in _ROLLED[fact.household]:
        raise refusal(
            where(fact.fact),
            fact.household,
            _("members' values of type {type} cannot make a household's value this way").format(
                type=fact.type
            ),
        )
    dead = fact.marks == "deceased"
    if (fact.asset and not fact.household) or (dead and fact.unit == "household"):
        raise refusal(
            where(fact.fact),
            fact.fact,
            _("property and death are facts of persons, and property makes a household's value"),
        )
    _check_portrait(fact, where)
    if fact.need and fact.type != "boolean":
        raise refusal(
            where(fact.fact), fact.fact, _("a need is there or is not: its type is boolean")
        )
    if fact.absent is not None:
        _refuse_other_type(where, fact.fact, fact.absent, fact.type)


def _check_portrait(fact: Fact, where: Where) -> None:
    """Refuses a hardship, an expense or a ratio that the fact's type or unit cannot say."""
    of_household = fact.unit == "household" or fact.household == "sum"
    if fact.expense and not (fact.type == "money" and of_household):
        raise refusal(
            where(fact.fact), fact.fact, _("an expense is money that makes a household's total")
        )
    if fact.marks == "income_ratio" and (fact.type, fact.unit) != ("integer", "household"):
        raise refusal(
            where(fact.fact), fact.fact, _("the ratio of incomes is a household's whole number")
        )
    if fact.hardship is None:
        return
    for code in fact.hardship.codes:
        if code not in fact.codes:
            raise refusal(where(code), code, _("the fact has no such code"))
    if fact.type == "date" or (fact.type == "code") != bool(fact.hardship.codes):
        raise refusal(
            where(fact.fact),
            fact.fact,
            _("a code shows a hardship by `codes`, a truth or number by itself, a date never"),
        )


def check_programme(programme: Programme, where: Where) -> None:
    """Refuses versions in force at once, and criteria of one name in one version."""
    for version, following in pairwise(sorted(programme.versions, key=lambda v: v.from_date)):
        if (version.to_date or "9999") >= following.from_date:
            raise refusal(
                where(following.from_date),
                following.from_date,
                _("two versions are in force at once"),
            )
    for version in programme.versions:
        criteria = [criterion.criterion for criterion in version.criteria]
        _refuse_repeated(where, criteria, _("two criteria have this name"))


def _refuse_repeated(where: Where, names: Iterable[str], reason: str) -> None:
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise refusal(where(name), name, reason)


def _refuse_other_type(where: Where, item_id: str, value: object, kind: str) -> None:
    if _is_of(kind, value):
        return
    raise BadDeclaration(
        _("the value {value} of '{id}' is not of its type {type}.").format(
            value=json.dumps(value, ensure_ascii=False), id=item_id, type=kind
        ),
        where=where(item_id),
        next_step=_("Money is a whole number of fen, a date '2026-11-20', a truth true or false."),
    )


def _is_of(kind: str, value: object) -> bool:
    if kind == "boolean":
        return value in (True, False)
    if kind in ("integer", "money"):
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= INT64
    return isinstance(value, str) and (kind != "date" or is_date(value))
