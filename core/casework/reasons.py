"""The coded reasons of every act that ends, stops or stretches; without one none is recorded."""

from __future__ import annotations

from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.spelling import plain_number

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


SUSPENSION_CODES: dict[str, str] = {
    "U01": "waiting for the applicant",
    "U02": "waiting for another body's finding",
    "U03": "waiting for an objection to be settled",
    "U04": "force majeure",
}
# The four grounds of DB2021 §22 and RIG2025 §8; an assessment is the county's own ground.
EXTENSION_CODES: dict[str, str] = {
    "E01": "objection during public notice",
    "E02": "registered in one place, living in another",
    "E03": "matters in several regions",
    "E04": "survey or check is hard",
    "E05": "an expert assessment is needed",
}
FAILURE_CODES: dict[str, str] = {
    "F01": "the applicant cannot be reached",
    "F02": "the quota or funds are used up",
    "F03": "no supplier or institution can take it on",
    "F04": "the applicant no longer needs it",
}
# An application that closes without a refusal: nobody says no to the family.
CLOSING_CODES: dict[str, str] = {
    "C01": "the matter is dealt with under another application",
    "C02": "the applicant has died",
    "F01": FAILURE_CODES["F01"],
}
# What a refusal says is not met -> what the conditions are about that must then not be met.
ABOUT_OF: dict[str, str] = {
    "R01": "income", "R02": "asset", "R03": "residence", "R11": "expense",
}  # fmt: skip
# An application that ends early: the family's own word, or R10 of the refusals.
TERMINATION_CODES: dict[str, str] = {"R10": REFUSAL_CODES["R10"], "R09": REFUSAL_CODES["R09"]}


ALL_CODES: dict[str, str] = (
    REFUSAL_CODES
    | RETURN_CODES
    | SUSPENSION_CODES
    | EXTENSION_CODES
    | FAILURE_CODES
    | CLOSING_CODES
)


def require_code(code: str | None, codes: dict[str, str]) -> str:
    """The code in capitals when it is one of the list; `BadInput` names the list otherwise."""
    known = plain_number(code or "")
    if known not in codes:
        raise BadInput(
            _("'{code}' is not a reason code.").format(code=code or ""),
            next_step=_("Choose from: {codes}.").format(
                codes=", ".join(f"{c} {_(t)}" for c, t in codes.items())
            ),
            field="reason",
        )
    return known
