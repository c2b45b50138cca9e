"""Speaks with a department's own system through its plugin, where it has one: deliver, and read.

The plugin's code runs in a child with a deadline and outside any transaction. It is believed for
its own departments only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.handover.batches import Heard, checked_record
from yimen.core.casework.handover.inbound import hear
from yimen.core.casework.handover.keys import own_home_id
from yimen.core.casework.handover.outbound import Outgoing, mark_told, untold
from yimen.core.contracts import check_declaration
from yimen.core.errors import BadDeclaration, BadInput, NotFound, Refused
from yimen.core.handover_records import (
    Delivery,
    FeedbackRequest,
    HandoverRow,
    MoveMessage,
    RowResult,
)
from yimen.core.i18n import _
from yimen.core.plugin_call import ask_plugin
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, messages
from yimen.core.store.rehearsal import rehearsal


def deliver_referrals(
    desk: Desk, catalogue: Catalogue, *, department: str, dry_run: bool = False
) -> Iterator[HandoverRow]:
    """Hands what a department was not told yet to its own system, message by message.

    What the system does not take is offered again the next time, and what follows it waits.
    """
    desk.require("referral.export", division=desk.home.county)
    plugin = _plugin_of(catalogue, department)
    home_id = own_home_id(desk)
    taken = {t.referral_no for t in messages.taken_referrals(desk.home.casework)}
    with desk.home.alone(f"handover-{department}"):
        for referral in cases.referrals(desk.home.casework, department=department):
            if referral.referral_no in taken:
                continue
            try:
                going = untold(desk, catalogue, referral, home_id=home_id)
            except (Refused, BadInput) as error:
                yield _row(plugin, referral.referral_no, None, "held_back", str(error))
                continue
            for one in going:
                row = (
                    _row(plugin, referral.referral_no, one.message_id, "exported", "")
                    if dry_run
                    else _delivered(desk, plugin, one)
                )
                yield row
                if row.result != "exported":
                    break


def _delivered(desk: Desk, plugin: str, one: Outgoing) -> HandoverRow:
    number = one.referral.referral_no
    try:
        given = ask_plugin(plugin, "deliver", json.loads(one.payload))
        if given is not None:
            check_declaration("delivery", given, lambda: plugin)
    except (Refused, BadDeclaration) as error:
        return _row(plugin, number, one.message_id, "refused", str(error))
    if given is None:
        raise Refused(
            _("The plugin {name} delivers nothing.").format(name=plugin),
            next_step=_("Write a signed file instead: `yimen referral export`."),
        )
    delivery = msgspec.convert(given, Delivery)
    if not delivery.accepted:
        words = delivery.note or _("The department's system did not take it.")
        return _row(plugin, number, one.message_id, "refused", words)
    with desk.home.writing() as db:
        mark_told(desk, [one])
        body = {"message": one.message_id, "plugin": plugin, "reference": delivery.reference}
        desk.record(db, "referral.deliver", number, body)
    return _row(plugin, number, one.message_id, "exported", delivery.reference or "")


def read_answers(
    desk: Desk, catalogue: Catalogue, *, department: str, dry_run: bool = False
) -> Iterator[HandoverRow]:
    """Asks a department's own system for answers to its open referrals, and applies them.

    With `dry_run` the system is asked, and what its answers would do is told.
    """
    desk.require("feedback.import")
    plugin = _plugin_of(catalogue, department)
    db, home_id = desk.home.casework, own_home_id(desk)
    taken = {t.referral_no for t in messages.taken_referrals(db)}
    open_ = [
        r.referral_no
        for r in cases.referrals(db, department=department)
        if r.state not in cases.CLOSED_REFERRAL and r.referral_no not in taken
    ]
    heard = {
        no: messages.next_sequence(db, messages.Subject(home_id, no), "in") - 1 for no in open_
    }
    asked = FeedbackRequest(home_id=home_id, department=department, referrals=open_, heard=heard)
    given = ask_plugin(plugin, "read_feedback", msgspec.to_builtins(asked))
    # Pluggy gives one list for each implementation, and a plugin has one.
    items = [item for answers in given for item in answers]
    with rehearsal(desk.home) if dry_run else nullcontext(desk.home) as home:
        at_desk = replace(desk, home=home)
        for number, item in enumerate(items, 1):
            yield from _heard(at_desk, catalogue, plugin, number, item)


def _heard(
    desk: Desk, catalogue: Catalogue, plugin: str, number: int, item: object
) -> Iterator[HandoverRow]:
    try:
        record = checked_record(item)
        if not isinstance(record, MoveMessage):
            raise BadDeclaration(_("A referral of this home is no answer."))
    except BadDeclaration as error:
        yield HandoverRow(
            file=plugin, row=number, referral_no=None, message_id=None, result="unreadable",
            detail=error.what,
        )  # fmt: skip
        return
    payload = json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    one = Heard(plugin, number, [], payload, record)
    found = cases.referrals(desk.home.casework, referral_no=record.referral_no)
    if found and catalogue.owners.get(found[0].department) != plugin:
        words = _("The referral is for {other}, for which this plugin does not speak.")
        yield one.told("foreign", words.format(other=found[0].department))
        return
    yield from hear(desk, catalogue, one, side="feedback")


def _plugin_of(catalogue: Catalogue, department: str) -> str:
    plugin = catalogue.owners.get(department)
    if department not in catalogue.departments or plugin is None:
        raise NotFound(
            _("There is no department {name}.").format(name=department),
            next_step=_("`yimen department list` shows them."),
        )
    return plugin


def _row(
    plugin: str, referral_no: str, message_id: str | None, result: RowResult, detail: str
) -> HandoverRow:
    return HandoverRow(
        file=plugin, row=None, referral_no=referral_no, message_id=message_id, result=result,
        detail=detail,
    )  # fmt: skip
