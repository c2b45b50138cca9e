"""A referral and an application's progress as lines for a person, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yimen.core.application_records import Progress
from yimen.core.casework.reasons import ALL_CODES
from yimen.core.documents.texts import decision_text, facts_lines
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.records import ApplicationEnd
from yimen.core.referral_records import EndProposal, Referral, ReferralMove, Term
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.results import ReferralLine
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.cases import end_name, state_name
from yimen.core.words.referrals import clock_name, due_text, light_mark, verb_name

_DAY = 86_400


def referral_text(
    referral: Referral,
    line: ReferralLine,
    moves: Sequence[ReferralMove],
    waited: tuple[int, int],
    catalogue: Catalogue,
    names: Mapping[str, str],
) -> Iterator[str]:
    """One referral: how it stands, on which terms, what was done with it, its frozen facts.

    `names` calls households, members and operators by name, as far as the reader may know them.
    """
    programme = catalogue.programmes.get(referral.programme)
    department = catalogue.departments.get(referral.department)
    title = programme.names.text() if programme else referral.programme
    yield from heading(f"{referral.referral_no} {title}")
    due = "-"
    if line.due_on and line.clock and line.light:
        due = f"{light_mark(line.light)} {due_text(line.due_on)} {clock_name(line.clock)}"
    running, still = waited
    yield from key_values(
        [
            (_("Application"), referral.application_no),
            (_("Household"), _called(referral.household_no, names)),
            (_("Member"), _called(referral.member_no, names) if referral.member_no else "-"),
            (_("Department"), department.names.text() if department else referral.department),
            (_("State"), state_name(referral.state)),
            (_("Due on"), due),
            (_("Finish by"), _finish(referral)),
            (_("Time so far"), _("{days} days, and {still} days stood still").format(
                days=running // _DAY, still=still // _DAY)),
            (_("Report"), referral.report_no),
            *([(_("Came from"), referral.predecessor)] if referral.predecessor else []),
            *([(_("Handed on as"), referral.successor)] if referral.successor else []),
        ]
    )  # fmt: skip
    if referral.proposal_to_end is not None:
        yield ""
        yield from proposal_lines(referral.proposal_to_end, names)
    yield from ["", _("What was done")]
    for move in moves:
        yield from _move_lines(move, names)
    yield from ["", _("Facts at dispatch")]
    yield from facts_lines(referral.facts, catalogue)
    if referral.decision:
        yield from ["", decision_text(referral.decision)]


def proposal_lines(
    proposed: ApplicationEnd | EndProposal, names: Mapping[str, str]
) -> Iterator[str]:
    """What one officer proposed, why and by which law; then how that stands."""
    yield from wrap(proposal_standing(proposed, names))
    why = [text for text in (proposed.note, law_text(proposed.basis)) if text]
    if why:
        yield from wrap("  " + _("; ").join(why), indent="  ")


def proposal_standing(proposed: ApplicationEnd | EndProposal, names: Mapping[str, str]) -> str:
    """What is proposed and that a second person signs it, or who declined to, and why."""
    verb = proposed.verb
    what = verb_name(verb) if isinstance(proposed, EndProposal) else end_name(verb)
    words = _("Proposed by {no}: {verb}, {reason}. A second person signs it.").format(
        no=names.get(proposed.operator, proposed.operator), verb=what,
        reason=reason_text(proposed.reason_code),
    )  # fmt: skip
    if proposed.declined is not None:
        by = proposed.declined.operator
        words = _("{what} was proposed; {name} declined to sign it: {note}").format(
            what=what, name=names.get(by, by), note=proposed.declined.note
        )
    return words


def reason_text(code: str) -> str:
    """A coded reason with its words."""
    return f"{code} {_(ALL_CODES[code])}" if code in ALL_CODES else code


def note_text(note: str) -> str:
    """What was said with a move: a code that it begins with, with its words, then the note."""
    code, __, rest = note.partition(" ")
    return _(": ").join(filter(None, [reason_text(code), rest])) if code in ALL_CODES else note


def _finish(referral: Referral) -> str:
    terms = referral.terms
    text = due_text(referral.due.finish)
    if referral.due.statutory and referral.due.statutory != referral.due.finish:
        text += " (" + _("the law: {day}").format(day=due_text(referral.due.statutory)) + ")"
    if terms is not None:
        text += f"  {_limit(terms.finish)}"
        if terms.extended:
            text += " + " + str(terms.extended)
    if referral.provisional:
        text += _(" (PROVISIONAL: the calendar is not published that far)")
    return text


def _limit(term: Term) -> str:
    unit = {
        "WD": _("{n} working days"), "CD": _("{n} days"), "MO": _("{n} months"), "H": _("{n} hours")
    }[term.unit]  # fmt: skip
    return f"{unit.format(n=term.n)} [{term.words()}]"


def _called(number: str, names: Mapping[str, str]) -> str:
    """A number with the name behind it."""
    return f"{number} {names.get(number, '')}".rstrip()


def _move_lines(move: ReferralMove, names: Mapping[str, str]) -> Iterator[str]:
    by = [names.get(no, no) for no in (move.operator, move.second) if no]
    who = " + ".join(by)
    done = verb_name(move.verb) if move.verb else state_name(move.to_state)
    why = [reason_text(move.reason_code)] if move.reason_code else []
    why += [text for text in (move.note, law_text(move.basis or "")) if text]
    told = _(": ") + _("; ").join(why) if why else ""
    yield from wrap(f"  {move.at[:10]} {move.at[11:16]}  {done}  {who}{told}", indent=" " * 20)


def progress_text(told: Progress) -> Iterator[str]:
    """The public line: where the application is, and whom to call."""
    yield from heading(_("Progress of application {no}").format(no=told.application_no))
    step = told.step
    if told.missing:
        step += " (" + _("{count} things are awaited").format(count=told.missing) + ")"
    yield from key_values(
        [
            (_("Handed in"), told.submitted_on),
            (_("Accepted on"), told.accepted_on or _("not yet: the clock is not running")),
            (_("Where it is"), step),
            (_("Expected by"), due_text(told.due_on or "-")),
            (_("Whom to ask"), told.contact),
        ]
    )
    if told.steps:
        yield ""
    for line in told.steps:
        due = "" if line.due_on is None else " (" + _("due {day}").format(day=due_text(line.due_on))
        due += ("; " + _("late") if line.late else "") + (")" if due else "")
        answer = f": {line.told}" if line.told else ""
        yield from wrap(
            f"  - {line.referral_no}  {line.department}: {line.step}{answer}{due}", indent="    "
        )
