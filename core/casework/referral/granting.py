"""What a confirmed answer does to aid: a grant becomes a benefit, an earlier one gives way to it.

Nothing is granted twice on one matter, and nothing that is being paid ends here unheard: a
reduction or a stop is an act of its own (SAL §48).
"""

from __future__ import annotations

from yimen.core.casework.desk import Desk
from yimen.core.casework.months import month_after
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.records import Benefit
from yimen.core.referral_records import Decision, Referral
from yimen.core.store import cases
from yimen.core.store.benefits import insert_benefit


def granted_already(
    desk: Desk, household_no: str, programme: str, member_no: str | None, first: str
) -> Benefit | None:
    """What this home has granted on one matter that still runs in a month, or after it."""
    for benefit in cases.benefits(desk.home.casework, [household_no]):
        same = (benefit.programme, benefit.member_no) == (programme, member_no)
        if same and first <= (benefit.to_month or "9999-12"):
            return benefit
    return None


def refuse_double(
    desk: Desk, household_no: str, programme: str, member_no: str | None, first: str
) -> None:
    """Refuses a grant from a month on in which this home has granted the same already."""
    benefit = granted_already(desk, household_no, programme, member_no, first)
    if benefit is not None:
        raise Refused(
            _("{programme} is granted already from {month} ({no}).").format(
                programme=programme, month=benefit.from_month, no=benefit.benefit_no
            ),
            next_step=_("Change that benefit, or reopen the referral that granted it."),
        )


def take_effect(desk: Desk, referral: Referral, decision: Decision | None) -> None:
    """Writes, inside the caller's transaction, what a confirmed answer brings."""
    if decision is None or decision.outcome != "granted":
        _give_way(desk, referral.referral_no, None)
        return
    first = decision.from_month or month_after(desk.home.clock.today().isoformat())
    _give_way(desk, referral.referral_no, first)
    refuse_double(desk, referral.household_no, referral.programme, referral.member_no, first=first)
    db = desk.home.casework
    new = Benefit(
        benefit_no="",
        household_no=referral.household_no,
        member_no=referral.member_no,
        programme=referral.programme,
        department=referral.department,
        amount_fen=decision.amount_fen,
        per=referral.proposal.get("per"),  # type: ignore[arg-type]
        from_month=first,
        to_month=_last_month(referral, decision),
        referral_no=referral.referral_no,
    )
    number = insert_benefit(db, desk.home.clock.today().year, new)
    desk.record(
        db,
        "benefit.grant",
        number,
        {"referral": referral.referral_no, "amount_fen": decision.amount_fen, "from": first},
    )


def withdraw_benefits(desk: Desk, referral_no: str) -> None:
    """Takes back what a referral granted in error, as far as nothing of it has begun."""
    _give_way(desk, referral_no, None)


def _give_way(desk: Desk, referral_no: str, first: str | None) -> None:
    """Ends what an earlier answer of a referral granted, from the first month of the new one.

    What has not begun is withdrawn. What is being paid ends the month before the new grant; where
    there is none, it is not ended here.
    """
    db, today = desk.home.casework, desk.home.clock.today().isoformat()
    for number, begun, until in db.conn.execute(
        "SELECT benefit_no, from_month, to_month FROM benefit"
        " WHERE referral_no = ? AND withdrawn_on IS NULL",
        [referral_no],
    ).fetchall():
        if begun > today[:7] or (first is not None and first <= begun):
            db.conn.execute(
                "UPDATE benefit SET withdrawn_on = ? WHERE benefit_no = ?", [today, number]
            )
            desk.record(db, "benefit.withdraw", number, {"referral": referral_no})
        elif until is not None and until < (first or today[:7]):
            continue
        elif first is None:
            raise Refused(
                _("{no} has been paid since {month}; it does not end with this.").format(
                    no=number, month=begun
                ),
                next_step=_("End it first: `yimen benefit hear {no}`, then `benefit change`.")
                .format(no=number),
            )  # fmt: skip
        else:
            last = month_after(first, -1)
            db.conn.execute("UPDATE benefit SET to_month = ? WHERE benefit_no = ?", [last, number])
            desk.record(db, "benefit.end", number, {"referral": referral_no, "to": last})


def _last_month(referral: Referral, decision: Decision) -> str | None:
    """The last month of a grant: as decided, else that of one payment or one year."""
    if decision.to_month or not decision.from_month:
        return decision.to_month
    months = {"once": 0, "year": 11}.get(str(referral.proposal.get("per")))
    if months is None:
        return None
    return month_after(decision.from_month, months)
