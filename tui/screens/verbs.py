"""What may be done with a referral: each verb with its words, its fields and the function it calls.

Which verbs are possible is told by the casework's own table; here is only what has to be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yimen.core.casework import referral as moves
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import (
    EXTENSION_CODES,
    FAILURE_CODES,
    REFUSAL_CODES,
    RETURN_CODES,
    SUSPENSION_CODES,
)
from yimen.core.casework.second_person import may_sign
from yimen.core.casework.transitions import legal_verbs, permission_for
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.money import format_yuan, parse_yuan
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.library import named_programmes
from yimen.core.words.referrals import decision_name
from yimen.tui.widgets.fields import Field

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Verb:
    """One act: its fields are asked first; one that needs none is done at once."""

    act: Callable[[Desk, Catalogue, str, Answers], object]
    fields: Callable[[Catalogue, Referral], Sequence[Field]] | None = None
    # What takes back more than a move asks for a Y.
    sure: bool = False


def _coded(codes: Mapping[str, str]) -> Field:
    return Field(
        "reason", _("Reason"), "choice", required=True,
        choices={code: _(t) for code, t in codes.items()},
    )  # fmt: skip


def _note() -> Field:
    return Field("note", _("Note"), required=True)


def _noted(catalogue: Catalogue, referral: Referral) -> Sequence[Field]:
    return [_note()]


def _decision(catalogue: Catalogue, referral: Referral) -> Sequence[Field]:
    """The decision with what was proposed; the officer decides and may write anything else."""
    proposed = referral.proposal.get("amount_fen")
    known = catalogue.programmes.get(referral.programme)
    version = known.versions[-1] if known and known.versions else None
    granted = "outcome", frozenset({"granted"})
    return [
        Field("outcome", _("Decision"), "choice", required=True,
              choices={o: decision_name(o) for o in ("granted", "refused", "referred_on")}),
        Field("amount", _("Amount, yuan"), "money", only_with=granted,
              value=format_yuan(proposed) if isinstance(proposed, int) else ""),
        Field("from", _("From month"), "month", only_with=granted,
              hint=_("2026-12; empty: next month")),
        Field("to", _("To month"), "month", only_with=granted, hint=_("empty: open")),
        Field("reason", _("Reason of a refusal"), "choice", required=True,
              only_with=("outcome", frozenset({"refused"})),
              choices={code: _(t) for code, t in REFUSAL_CODES.items()}),
        Field("basis", _("Legal basis"), required=True,
              value=law_text(version.basis[0].text) if version else ""),
        Field("note", _("Note")),
        Field("override", _("Why before open steps"), only_with=granted),
    ]  # fmt: skip


def _decide(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> object:
    return moves.decide(
        desk,
        catalogue,
        number,
        outcome=given["outcome"],
        reason_code=given["reason"] or None,
        amount_fen=parse_yuan(given["amount"]) if given["amount"] else None,
        from_month=given["from"] or None,
        to_month=given["to"] or None,
        basis=given["basis"],
        note=given["note"],
        override=given["override"],
    )


def _programme(catalogue: Catalogue, given: Answers) -> str:
    """The one programme that was typed by its name or number."""
    named = named_programmes(catalogue, given["programme"])
    return named[0] if len(named) == 1 else given["programme"]


VERBS: dict[str, Verb] = {
    "send": Verb(lambda desk, catalogue, no, given: moves.send(desk, catalogue, no)),
    "receive": Verb(lambda desk, catalogue, no, given: moves.receive(desk, no)),
    "accept": Verb(lambda desk, catalogue, no, given: moves.accept(desk, no)),
    "start": Verb(lambda desk, catalogue, no, given: moves.start(desk, no)),
    "decide": Verb(_decide, _decision),
    "return": Verb(
        lambda desk, catalogue, no, given: moves.return_(
            desk, no, reason_code=given["reason"], note=given["note"]
        ),
        lambda catalogue, referral: [_coded(RETURN_CODES), _note()],
    ),
    "reject": Verb(
        lambda desk, catalogue, no, given: moves.reject(
            desk, no, reason_code=given["reason"], basis=given["basis"], note=given["note"]
        ),
        lambda catalogue, referral: [
            _coded(REFUSAL_CODES),
            Field("basis", _("Legal basis"), required=True),
            Field("note", _("Note")),
        ],
    ),
    "fail": Verb(
        lambda desk, catalogue, no, given: moves.fail(
            desk, no, reason_code=given["reason"], note=given["note"]
        ),
        lambda catalogue, referral: [_coded(FAILURE_CODES), _note()],
    ),
    "countersign": Verb(lambda desk, catalogue, no, given: moves.countersign(desk, no), sure=True),
    "decline": Verb(
        lambda desk, catalogue, no, given: moves.decline(desk, no, note=given["note"]), _noted
    ),
    "suspend": Verb(
        lambda desk, catalogue, no, given: moves.suspend(
            desk, no, reason_code=given["reason"], until=given["until"], note=given["note"]
        ),
        lambda catalogue, referral: [
            _coded(SUSPENSION_CODES),
            Field("until", _("Look at it again on"), "day", required=True),
            _note(),
        ],
    ),
    "resume": Verb(
        lambda desk, catalogue, no, given: moves.resume(desk, no, note=given["note"]),
        lambda catalogue, referral: [Field("note", _("Note"))],
    ),
    "extend": Verb(
        lambda desk, catalogue, no, given: moves.extend(
            desk,
            no,
            reason_code=given["reason"],
            note=given["note"],
            by=int(given["by"]) if given["by"] else None,
        ),
        lambda catalogue, referral: [
            _coded(EXTENSION_CODES),
            Field("by", _("By how much"), "number", hint=_("in the limit's unit; empty: half")),
            _note(),
        ],
    ),
    "redispatch": Verb(
        lambda desk, catalogue, no, given: moves.redispatch(desk, no, note=given["note"]), _noted
    ),
    "transfer": Verb(
        lambda desk, catalogue, no, given: moves.transfer(
            desk, catalogue, no, programme=_programme(catalogue, given), note=given["note"]
        ),
        lambda catalogue, referral: [
            Field("programme", _("To the programme"), required=True, hint=_("its name or number")),
            _note(),
        ],
    ),
    "clarify": Verb(
        lambda desk, catalogue, no, given: moves.clarify(desk, no, note=given["note"]), _noted
    ),
    "complete": Verb(lambda desk, catalogue, no, given: moves.complete(desk, catalogue, no)),
    "withdraw": Verb(
        lambda desk, catalogue, no, given: moves.withdraw(desk, no, note=given["note"]), _noted
    ),
    "void": Verb(
        lambda desk, catalogue, no, given: moves.void(desk, no, note=given["note"]),
        _noted,
        sure=True,
    ),
    "reopen": Verb(
        lambda desk, catalogue, no, given: moves.reopen(desk, no, note=given["note"]), _noted
    ),
}


def verb_label(verb: str) -> str:
    """What the operator is about to do."""
    return {
        "send": _("Send out"), "receive": _("Sign for it"), "accept": _("Take it on"),
        "start": _("Begin"), "decide": _("Answer"), "return": _("Return"),
        "reject": _("Not take on"), "fail": _("Not brought about"),
        "countersign": _("Sign as second"), "decline": _("Decline"),
        "suspend": _("Suspend"), "resume": _("Resume"),
        "extend": _("Extend"), "redispatch": _("Send again"), "transfer": _("Hand on"),
        "clarify": _("Ask again"), "complete": _("Confirm"), "withdraw": _("Take back"),
        "void": _("Entered in error"), "reopen": _("Take up again"),
    }[verb]  # fmt: skip


def possible(desk: Desk, referral: Referral) -> list[str]:
    """The verbs that the referral's state and the operator's role allow, in the table's order."""
    found = [verb for verb in legal_verbs(referral.state) if desk.may(permission_for(verb))]
    return [*to_sign(desk, referral.referral_no), *found]


def to_sign(desk: Desk, number: str) -> list[str]:
    """What the operator may do with a proposal that waits for a second person's signature."""
    return ["countersign", "decline"] if may_sign(desk, number) else []
