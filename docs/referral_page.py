"""The reference of the referral contract: its moves, its clocks and its coded reasons."""

from __future__ import annotations

from collections.abc import Iterator


def referral_page() -> Iterator[str]:
    """What the table of moves, the defaults of the clocks and the lists of reasons hold."""
    from yimen.core.casework import reasons
    from yimen.core.casework.clocks import CLOCK_OF, ESCALATION
    from yimen.core.casework.desk import PERMISSIONS
    from yimen.core.casework.terms import DEFAULT_DAYS, STANDARD
    from yimen.core.casework.transitions import MOVES
    from yimen.core.words.cases import state_name
    from yimen.core.words.referrals import clock_name, verb_name

    yield "# The referral contract\n"
    yield (
        "A referral 转办单 is handed to one department, with the facts that its programme needs, "
        "on terms that are frozen when it is dispatched. It moves by the verbs of this table and "
        "by no others; an illegal move is refused with the legal ones named.\n"
    )
    yield "\n## Moves\n\n| verb | | from | to | roles |\n|---|---|---|---|---|\n"
    for move in MOVES:
        to = state_name(move.to_state) if move.to_state else "(stays)"
        roles = ", ".join(sorted(PERMISSIONS[move.permission]))
        second = "; a second person signs" if move.second else ""
        states = ", ".join(state_name(s) for s in move.from_states)
        yield f"| {move.verb} | {verb_name(move.verb)} | {states} | {to} | {roles}{second} |\n"
    yield (
        "\n`reject` and `fail` propose an end; `countersign`, by another person of the department "
        "or by the county, makes it stand. Any other move takes the proposal off the table. From "
        "the second return on, only the county moves a returned referral.\n"
    )
    yield "\n## Clocks\n\n| state | what is due |\n|---|---|\n"
    for state, clock in CLOCK_OF.items():
        yield f"| {state_name(state)} | {clock_name(clock)} |\n"
    yield (
        "\nSigning and taking on count from the last dispatch; finishing counts from the first "
        "one, or from the application's acceptance where the law's text does. Returned and "
        "suspended referrals stand still: the end moves by as many of its own units (working "
        "days, days, hours) as they lasted, and a stop after the end moves nothing. A transfer "
        "keeps the time of the referrals before it. An end past the published calendar is "
        "PROVISIONAL.\n"
        "\nWhere neither a programme's version nor the county says otherwise (`yimen standard "
        "set`), in working days:\n\n| standard | days |\n|---|---|\n"
    )
    for name, days in DEFAULT_DAYS.items():
        yield f"| `{STANDARD.format(name=name)}` | {days} |\n"
    yield (
        "\nA light is yellow with two working days or three tenths of the time left, and red when "
        "it is late. Lateness climbs: the handler's head hears of it at once, the department's "
        f"lead after {ESCALATION[1]} working days, the leading group's office after "
        f"{ESCALATION[2]}, and after {ESCALATION[3]} it stands on the supervision list. `yimen "
        "due` lists it and records each level once.\n"
    )
    yield (
        "\n## No at the one door\n\nWhat the check found not met never reaches a department. "
        "`application close` closes a checked application of which nothing is met, `refuse` says "
        "no to single programmes while the rest goes on, `reject` does not take an application on "
        "before it is accepted, `terminate` ends one whose family refuses the check (DB2021 §29). "
        "Each is a proposal with a coded reason, the law and what the family is told; `application "
        "countersign`, by another person, makes it stand, and `print decision APPLICATION` is the "
        "family's notice. It rests on the newest report: what is met is not refused at the window, "
        "what is unknown is no ground, a reason must be borne out by a condition that is not met, "
        "and a new check takes the proposal down. Where nobody is refused, one officer closes:\n"
        "\n| code | |\n|---|---|\n"
    )
    for code, words in reasons.CLOSING_CODES.items():
        yield f"| {code} | {words} |\n"
    for title, codes in (
        ("Refusing, and not taking on", reasons.REFUSAL_CODES),
        ("Returning", reasons.RETURN_CODES),
        ("Suspending", reasons.SUSPENSION_CODES),
        ("Extending", reasons.EXTENSION_CODES),
        ("Not brought about", reasons.FAILURE_CODES),
    ):
        yield f"\n## {title}\n\n| code | |\n|---|---|\n"
        for code, words in codes.items():
            yield f"| {code} | {words} |\n"
