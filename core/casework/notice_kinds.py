"""The kinds of public notice, as core/notice_kinds.json declares them: what each shows, how long.

The table is data with its law beside it. What a kind does not list is not stored with a notice and
so cannot be printed; a kind that the law does not post is refused with the rule named.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

import yimen.core
from yimen.core.declarations import Basis, Declared, Limit, ProgrammeId, QualifiedName, Texts
from yimen.core.errors import NotFound, Refused
from yimen.core.i18n import _

_DECLARED_IN = Path(yimen.core.__file__).with_name("notice_kinds.json")


class NoticeKind(Declared, frozen=True, kw_only=True):
    """One kind: which programmes, at which stage, for how long, which fields and no others."""

    kind: str
    names: Texts
    programmes: list[ProgrammeId]
    stage: Literal["proposed", "granted", "ending"]
    posted: bool
    name: Literal["full", "masked"]
    period: Limit | None
    # The standard by which the county sets another number of days.
    period_by: QualifiedName | None = None
    show: list[str]
    basis: Basis


class NoticeTable(Declared, frozen=True, kw_only=True):
    """All kinds, and what no notice of any kind ever shows."""

    kinds: list[NoticeKind]
    never_shown: list[str]


@cache
def notice_table() -> NoticeTable:
    """The declared table."""
    return msgspec.json.decode(_DECLARED_IN.read_bytes(), type=NoticeTable)


def notice_kind(name: str) -> NoticeKind:
    """The kind of this name; `NotFound` names those there are."""
    found = next((k for k in notice_table().kinds if k.kind == name), None)
    if found is None:
        known = ", ".join(k.kind for k in notice_table().kinds if k.posted)
        raise NotFound(
            _("There is no kind of notice {name}.").format(name=name),
            next_step=_("Choose from: {codes}.").format(codes=known),
        )
    return found


def kind_name(name: str) -> str:
    """What a kind is called."""
    return notice_kind(name).names.text()


def require_posting(programme: str, kind: NoticeKind) -> None:
    """Refuses a notice that the law forbids for a programme, or a kind that is another's."""
    secret = next(
        (k for k in notice_table().kinds if not k.posted and programme in k.programmes), None
    )
    if secret is not None or not kind.posted:
        rule = secret or kind
        raise Refused(
            _("{name} is not put up in public [{law}].").format(
                name=rule.names.text(), law=rule.basis.words()
            ),
            next_step=_("Tell the family in writing: `yimen print decision`."),
        )
    if programme not in kind.programmes:
        fitting = [k.kind for k in notice_table().kinds if programme in k.programmes]
        ways = _("Choose from: {codes}.").format(codes=", ".join(fitting))
        raise Refused(
            _("The notice {kind} is not for {programme}.").format(
                kind=kind.kind, programme=programme
            ),
            next_step=ways if fitting else _("No kind of notice is declared for it."),
        )
