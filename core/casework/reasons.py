"""The coded reasons of a refusal, a stop and a return; a decision without one is not recorded."""

from __future__ import annotations

from yimen.core.errors import BadInput
from yimen.core.i18n import _

# Able-bodied members in the household are on purpose not a reason: the law knows no such ground.
REFUSAL_CODES: dict[str, str] = {
    "R01": "income above the limit",
    "R02": "property above the limit",
    "R03": "not registered or resident here",
    "R04": "who belongs to the household",
    "R05": "a legal supporter is able",
    "R06": "able to work (support for the destitute only)",
    "R07": "already covered",
    "R08": "the same cause was already aided",
    "R09": "false declaration",
    "R10": "refused to cooperate",
    "R11": "share of rigid expenses too low",
    "R12": "not within the programme's scope",
}
RETURN_CODES: dict[str, str] = {
    "B01": "another department's matter",
    "B02": "papers incomplete",
    "B03": "facts contradict each other",
}


def require_code(code: str | None, codes: dict[str, str]) -> str:
    """The code in capitals when it is one of the list; `BadInput` names the list otherwise."""
    known = (code or "").upper()
    if known not in codes:
        raise BadInput(
            _("'{code}' is not a reason code.").format(code=code or ""),
            next_step=_("Choose from: {codes}.").format(
                codes=", ".join(f"{c} {_(t)}" for c, t in codes.items())
            ),
        )
    return known
