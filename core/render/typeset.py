"""A paper in Chinese is set where it is printed, block by block; see core/marks.py.

Words come from rules, laws and officers, who type half-width marks; screens show what was typed.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from yimen.core.i18n import language
from yimen.core.marks import typeset
from yimen.core.render.page import Block


def typeset_block(block: Block) -> Block:
    """A block of a page set in the language in force; only Chinese asks for anything."""
    return cast(Block, _set(block)) if language() == "zh" else block


def _set(value: Any) -> Any:
    """A record's texts set, however deep they lie."""
    if isinstance(value, str):
        return typeset(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _set(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, (list, tuple)):
        return [_set(one) for one in value]
    return value
