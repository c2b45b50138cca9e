"""What a grant waits for: the steps of its handling that the law puts before it.

A list's data says which steps these are. They hold a grant that is made here; what a department's
own system has decided was handled over there, and is only told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yimen.core.casework.checklists.cases import Case, referral_cases
from yimen.core.casework.checklists.conditions import how_to_meet
from yimen.core.casework.checklists.engine import step_views
from yimen.core.casework.checklists.views import ground, step_names
from yimen.core.casework.desk import Desk
from yimen.core.checklist_records import StepView
from yimen.core.errors import Refused, naming
from yimen.core.i18n import _
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.checklists import whole_checklist


def open_guards(desk: Desk, catalogue: Catalogue, referral: Referral) -> list[StepView]:
    """The guards of a referral's handling that nobody has met, in the list's order.

    One that nobody can judge yet is open: while a question is not answered, what hangs on it is
    needed.
    """
    found = _handling(desk, catalogue, referral)
    return [view for view in found[1] if view.guard and _holds_back(view)] if found else []


def require_guards(
    desk: Desk,
    catalogue: Catalogue,
    referral: Referral,
    *,
    override: str = "",
    known: Collection[str] = (),
) -> list[str]:
    """Refuses a grant that a guard holds back; the guards that a reason lets it pass.

    `known` are guards that an earlier act has passed already.
    """
    found = _handling(desk, catalogue, referral)
    if found is None:
        return []
    case, steps = found
    guards = [view for view in steps if view.guard and _holds_back(view)]
    left = [view for view in guards if view.step not in known]
    holding = [view for view in left if view.guard == "hold"]
    if left and (holding or not override.strip()):
        first = _first(left)
        words = _("{no} cannot be granted before the step '{step}': {text} [{law}]").format(
            no=referral.referral_no, step=first.step, text=first.text, law=first.basis
        )
        if rest := [v.step for v in left if v is not first]:
            words = _("{words}; and {steps}").format(words=words, steps=", ".join(rest))
        with naming(lambda: step_names(steps) | {first.step: str(steps.index(first) + 1)}):
            raise Refused(
                _("{words}.").format(words=words),
                next_step=_ways(case, first, may_override=not holding),
            )
    return [view.step for view in left]


def _handling(
    desk: Desk, catalogue: Catalogue, referral: Referral
) -> tuple[Case, list[StepView]] | None:
    (case,) = referral_cases(desk, catalogue, [referral])
    whole = whole_checklist(catalogue, case.lists[0])
    if whole is None:
        return None
    return case, step_views(whole, catalogue.links.needed, case, ground(desk, catalogue))


def _holds_back(view: StepView) -> bool:
    if view.computed is not None:
        # The decision itself waits for nothing but its time.
        return view.state not in ("done", "not_needed") and view.not_before is not None
    return view.state not in ("done", "not_needed")


def _first(left: Sequence[StepView]) -> StepView:
    """The first that can be done now, else the first that waits for something."""
    return next((v for v in left if not v.blocked_by and not v.not_before), left[0])


def _ways(case: Case, ready: StepView, *, may_override: bool) -> str:
    """The commands that go on with a step, or what it waits for itself."""
    ways = []
    if ready.not_before:
        ways.append(_("{step} may be done from {day} on.").format(
            step=ready.step, day=ready.not_before))  # fmt: skip
        if ready.assumed:
            words = _("The county has not set {standard}; the default counts until it does.")
            ways.append(words.format(standard=ready.assumed))
    elif ready.computed is not None:
        ways.append(how_to_meet(ready.computed, case))
    elif ready.blocked_by:
        ways.append(
            _("Before it: {steps}; `yimen checklist run {no}` asks for each.").format(
                steps=", ".join(ready.blocked_by), no=case.subject
            )
        )
    else:
        ways.append(_("Record it: `{command}`.").format(command=_command(case, ready)))
    if ready.may_skip:
        command = f"yimen checklist skip {case.subject} handle {ready.step} --reason"
        ways.append(_("Or leave it out: `{command}`.").format(command=command))
    if may_override:
        ways.append(_("Urgent aid may go first: --override with the reason, which is journalled."))
    return " ".join(ways)


def _command(case: Case, view: StepView) -> str:
    words = ["yimen checklist done", case.subject, "handle", view.step]
    words += ["--answer YES|NO"] if view.asks else []
    words += ["--evidence FILE"] if view.evidence_wanted else []
    words += ["--with OPERATOR"] if view.persons == 2 else []
    return " ".join(words)
