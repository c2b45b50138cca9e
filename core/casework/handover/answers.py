"""Bulk answers from a spreadsheet: what a department without a system of its own sends back.

A row counts as the department's own act, so a person of that department brings it in. A row is one
transaction: one that is refused at its last step has not made the steps before.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from yimen.core.casework import referral as moves
from yimen.core.casework.desk import Desk
from yimen.core.casework.referral import find_referral
from yimen.core.casework.referral.moving import require
from yimen.core.errors import BadAmount, BadFile, BadInput, YimenError
from yimen.core.handover_records import HandoverRow, RowResult
from yimen.core.i18n import _, language
from yimen.core.identity import mask_ids_in
from yimen.core.money import parse_yuan
from yimen.core.referral_records import Decision
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import half_width, plain_number
from yimen.core.store import messages
from yimen.core.store.journal import canonical
from yimen.core.store.rehearsal import rehearsal
from yimen.core.text_files import file_encoding
from yimen.core.words.cases import state_name

# column -> how a spreadsheet may call it: the first is what a template in that language says
HEADERS: dict[str, tuple[str, ...]] = {
    "referral": ("转办单号", "referral", "转办单", "单号", "referral_no"),
    "outcome": ("结果", "outcome", "办理结果", "决定"),
    "amount": ("金额（元）", "amount", "金额", "救助金额", "救助金额（元）", "amount_yuan"),
    "from": ("起始月", "from", "开始月", "from_month"),
    "to": ("截止月", "to", "结束月", "to_month"),
    "reason": ("原因代码", "reason", "原因", "reason_code"),
    "basis": ("依据", "basis", "政策依据"),
    "note": ("说明", "note", "备注"),
}
_NEEDED = ("referral", "outcome", "basis")
OUTCOMES: dict[str, tuple[str, ...]] = {
    "granted": ("granted", "同意救助", "同意", "批准"),
    "refused": ("refused", "不予救助", "不同意", "不批准", "不予批准"),
    "referred_on": ("referred_on", "转其他部门", "转介"),
}
# Nothing a person could have kept: answers by hand have no home and no sequence of their own.
_SHEET = "sheet"


class Answer(NamedTuple):
    """One row as it was typed, by column."""

    row: int
    cells: Mapping[str, str]


def template_header() -> list[str]:
    """The first line of an empty sheet, in the language in force."""
    return [names[0 if language() == "zh" else 1] for names in HEADERS.values()]


def import_answers(
    desk: Desk, catalogue: Catalogue, path: Path, *, dry_run: bool = False
) -> list[HandoverRow]:
    """Answers the referrals that a sheet names, row by row; the same row again changes nothing.

    A referral that is not signed for or accepted yet is, since its answer says so.
    """
    desk.require("referral.work")
    answers = list(_read(path))
    with rehearsal(desk.home) if dry_run else nullcontext(desk.home) as home:
        at_desk = replace(desk, home=home)
        return [_answered(at_desk, catalogue, path, answer) for answer in answers]


def _answered(desk: Desk, catalogue: Catalogue, path: Path, answer: Answer) -> HandoverRow:
    number = answer.cells["referral"]
    try:
        result, detail = _apply(desk, catalogue, answer, number)
    except YimenError as error:
        result, detail = "refused", str(error)
    return HandoverRow(
        file=path.name,
        row=answer.row,
        referral_no=mask_ids_in(number) or None,
        message_id=None,
        result=result,
        detail=detail,
    )


def _apply(desk: Desk, catalogue: Catalogue, answer: Answer, number: str) -> tuple[RowResult, str]:
    referral = find_referral(desk, number)
    require(desk, "referral.work", referral)
    with desk.home.writing():
        return _settled(desk, catalogue, answer, referral.referral_no)


def _settled(
    desk: Desk, catalogue: Catalogue, answer: Answer, number: str
) -> tuple[RowResult, str]:
    """Makes the answer, inside the caller's transaction; says where it is there already."""
    db = desk.home.casework
    referral = find_referral(desk, number)
    decision = _decision(answer.cells)
    text = canonical(answer.cells)
    subject = messages.Subject(_SHEET, referral.referral_no)
    name = f"sheet/{messages.digest_of(text)[:32]}"
    if messages.messages(db, subject, "in", message_id=name):
        return "duplicate", _("This row was applied before.")
    if referral.decision == decision and referral.state in ("fed_back", "completed"):
        return "duplicate", _("The referral has this answer already.")
    message = messages.Message(
        id=0, direction="in", home_id=_SHEET, origin_no=number, sequence=None, message_id=name,
        kind="answer", payload=text, digest=messages.digest_of(text), key_id=None,
        state="applied", reason=None, move_id=None,
    )  # fmt: skip
    if referral.state == "dispatched":
        referral = moves.receive(desk, number)
    if referral.state == "received":
        moves.accept(desk, number)
    decided = moves.decide(
        desk,
        catalogue,
        number,
        outcome=decision.outcome,
        reason_code=decision.reason_code,
        amount_fen=decision.amount_fen,
        from_month=decision.from_month,
        to_month=decision.to_month,
        basis=decision.basis,
        note=answer.cells["note"],
    )
    messages.keep(db, message, by=desk.operator.operator_no, at=desk.home.clock.now())
    return "applied", state_name(decided.state)


def _decision(cells: Mapping[str, str]) -> Decision:
    """The decision that a row tells; what the procedure asks of it is asked when it is made."""
    said = cells["outcome"].lower()
    outcome = next((code for code, names in OUTCOMES.items() if said in names), None)
    if outcome is None:
        raise BadInput(
            _("'{outcome}' is not a decision.").format(outcome=mask_ids_in(said[:20])),
            next_step=_("Write one of: {outcomes}.").format(
                outcomes=", ".join(names[language() == "zh"] for names in OUTCOMES.values())
            ),
        )
    try:
        amount = parse_yuan(cells["amount"]) if cells["amount"] else None
    except BadAmount as error:
        raise BadInput(error.what, next_step=error.next_step) from None
    return Decision(
        outcome=outcome,  # type: ignore[arg-type]
        reason_code=cells["reason"] or None,
        amount_fen=amount,
        from_month=cells["from"] or None,
        to_month=cells["to"] or None,
        basis=cells["basis"],
    )


def _read(path: Path) -> Iterator[Answer]:
    """The rows of a sheet with what they say by column; empty lines are passed over."""
    with path.open(encoding=file_encoding(path), newline="") as file:
        reader = csv.reader(file)
        try:
            places = _columns(next(reader, []), path)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    texts = {
                        column: _as_written(column, cells[place])
                        if place is not None and place < len(cells)
                        else ""
                        for column, place in places.items()
                    }  # fmt: skip
                    yield Answer(reader.line_num, texts)
        except csv.Error as error:
            raise BadFile(
                _("The file is not well-formed CSV: {reason}.").format(reason=error),
                where=f"{path}:{reader.line_num}",
                next_step=_("Export it again."),
            ) from None


def _as_written(column: str, cell: str) -> str:
    """A cell as it is read: numbers, codes and months half-width, texts as they were written."""
    match column:
        case "referral" | "reason":
            return plain_number(cell)
        case "outcome" | "amount" | "from" | "to":
            return half_width(cell)
        case _text:
            return cell.strip()


def _columns(header: list[str], path: Path) -> dict[str, int | None]:
    titles = [half_width(cell).lower() for cell in header]
    found: dict[str, int | None] = {}
    for column, names in HEADERS.items():
        known = set(map(half_width, names))
        places = [i for i, title in enumerate(titles) if title in known]
        if len(places) > 1:
            raise BadFile(
                _("The file has more than one column {name}.").format(name=titles[places[1]]),
                where=f"{path}:1",
                next_step=_("Leave one of them, so that nobody has to guess."),
            )
        found[column] = places[0] if places else None
    if missing := [HEADERS[c][language() != "zh"] for c in _NEEDED if found[c] is None]:
        raise BadFile(
            _("The file has no column {names}.").format(names=", ".join(missing)),
            where=f"{path}:1",
            next_step=_("`yimen feedback template` prints the header."),
        )
    return found
