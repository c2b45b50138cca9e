"""A desk: one operator at work in one home. Every casework function takes it and asks it first.

The permission table is here and nowhere else, so that neither the CLI, the TUI nor a plugin can
skip it. It decides who may act where; it must never decide a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from yimen.core.divisions import covers, division_name
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.records import Operator, Role
from yimen.core.words.roles import action_name, role_name

if TYPE_CHECKING:
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home
    from yimen.core.workdays import WorkingCalendar

CASE: frozenset[Role] = frozenset({"county", "town"})
WINDOW: frozenset[Role] = frozenset({"county", "town", "village"})
# Who reads names in full; for others a name is masked like a number.
NAMED_ROLES: frozenset[Role] = frozenset({"county", "town", "village", "department"})

# action -> roles that may do it. The division prefix and, for the department role, the
# department are checked beside it.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "query": WINDOW,
    "household.show": WINDOW,
    "intake": WINDOW,
    "fact.verify": CASE,
    "check": CASE,
    "check.all": frozenset({"county", "it"}),
    "dispatch": CASE,
    "application.read": WINDOW,
    "referral.read": frozenset({"county", "town", "village", "department"}),
    "referral.work": frozenset({"department"}),
    "referral.confirm": CASE,
    "referral.countersign": frozenset({"county", "department"}),
    "referral.coordinate": frozenset({"county"}),
    "application.end": CASE,
    "application.countersign": CASE,
    "application.assign": frozenset({"county"}),
    "due": frozenset({"county", "town", "village", "department", "it", "auditor"}),
    "referral.export": frozenset({"county"}),
    "referral.take": frozenset({"county", "it"}),
    "feedback.export": frozenset({"county", "department", "it"}),
    "feedback.import": frozenset({"county", "it"}),
    "key.manage": frozenset({"it"}),
    "key.read": frozenset({"county", "it", "auditor"}),
    "checklist.work": frozenset({"county", "town", "village", "department"}),
    "checklist.county": frozenset({"county"}),
    # The county's step in a department's handling: its own office may be that department.
    "checklist.bureau": frozenset({"county", "department"}),
    "checklist.town": CASE,
    "checklist.village": WINDOW,
    "checklist.department": frozenset({"department"}),
    "need.assess": WINDOW,
    "need.read": WINDOW,
    "overlaps.read": frozenset({"county", "town", "department", "auditor"}),
    "overlaps.assign": frozenset({"county"}),
    "overlaps.resolve": frozenset({"county", "town", "department"}),
    "notice.post": CASE,
    "notice.read": WINDOW,
    "benefit.change": CASE,
    "office.set": frozenset({"county"}),
    "office.read": WINDOW | {"department", "it"},
    "purchase.read": frozenset({"county", "town", "auditor"}),
    "purchase.plan": frozenset({"county"}),
    "purchase.contract": frozenset({"county"}),
    "purchase.order": CASE,
    "purchase.accept": CASE,
    "purchase.pay": frozenset({"county"}),
    "unmask": frozenset({"county", "town", "village", "department"}),
    "source.load": frozenset({"it"}),
    "source.read": frozenset({"county", "town", "it", "auditor"}),
    "standard.set": frozenset({"county"}),
    "calendar.load": frozenset({"it", "county"}),
    "backup.make": frozenset({"it"}),
    "prune": frozenset({"it"}),
    "prune.set": frozenset({"county"}),
    "operator.manage": frozenset({"it"}),
    "operator.impersonate": frozenset({"it"}),
    "department.switch": frozenset({"it"}),
    "journal.read": frozenset({"it", "auditor", "county"}),
}

# What IT may look at from another operator's desk. Beside it, IT may do there what its own role
# may do; all else is a case's or the county's money, and whose act it was must be beyond doubt.
LOOKING = frozenset({
    "query", "household.show", "application.read", "referral.read", "need.read", "overlaps.read",
    "notice.read", "purchase.read",
})  # fmt: skip


@dataclass
class Desk:
    """`account` is the OS account or ssh key of the session, journalled with every act.

    `sitting` is the operator of county IT who sits at another's desk; None at one's own.
    """

    home: Home
    operator: Operator
    account: str
    sitting: Operator | None = None

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The county's working calendar: the published one and its own days."""
        from yimen.core.workdays import WorkingCalendar

        rows = self.home.casework.conn.execute("SELECT day, working FROM calendar_day")
        return WorkingCalendar({date.fromisoformat(day): bool(working) for day, working in rows})

    def may(self, action: str) -> bool:
        """Whether one of the operator's roles allows the action."""
        allowed = not PERMISSIONS[action].isdisjoint(self.operator.roles)
        return allowed and not self._only_looks(action)

    def require(
        self, action: str, *, division: str | None = None, department: str | None = None
    ) -> None:
        """Refuses (`Refused`, journalled) an action outside the operator's roles or scope."""
        reason = self.objection(action, division=division, department=department)
        if reason is None:
            return
        with self.home.writing() as db:
            body = {"reason": reason, "division": division, "department": department}
            self.record(db, "refused", action, body)
        next_step = _("Ask county IT who may do it.")
        if self.may("operator.manage"):
            # Nobody sends county IT to itself: it knows the operators.
            next_step = _("An operator whose work it is does it.")
        if self._only_looks(action):
            next_step = _(
                "Let the operator come in by its own ssh key or account: `yimen operator open`."
            )
        raise Refused(reason, next_step=next_step)

    def objection(
        self, action: str, *, division: str | None = None, department: str | None = None
    ) -> str | None:
        """Why the operator may not do this there, or None where they may; nothing is recorded."""
        who, roles = self.operator, PERMISSIONS[action] & set(self.operator.roles)
        if self._only_looks(action):
            return _("Who acts as operator {no} with --as may not do this: {action}.").format(
                no=who.operator_no, action=action_name(action)
            )
        if not roles:
            return _("Operator {no} ({roles}) may not do this: {action}.").format(
                no=who.operator_no,
                roles=", ".join(map(role_name, who.roles)),
                action=action_name(action),
            )
        if division is not None and not covers(who.division, division):
            return _("Operator {no} works for {own}; this belongs to another place.").format(
                no=who.operator_no, own=division_name(who.division)
            )
        if department is not None and roles == {"department"} and who.department != department:
            return _("Operator {no} belongs to {own}; this is for {other}.").format(
                no=who.operator_no, own=who.department or "-", other=department
            )
        return None

    def _only_looks(self, action: str) -> bool:
        """Whether one person of IT would do at another's desk what must be that other's own act.

        Else one human could be both signatures. In a synthetic home no family's case is decided,
        and whoever learns there plays all parts.
        """
        if self.sitting is None or self.home.synthetic:
            return False
        return action not in LOOKING and "it" not in PERMISSIONS[action]

    def record(self, db: Database, action: str, subject: str, body: Mapping[str, object]) -> None:
        """Appends to the journal inside the caller's transaction."""
        from yimen.core.store import journal

        journal.append(
            db,
            at=self.home.clock.now(),
            operator=self.operator.operator_no,
            account=self.account,
            action=action,
            subject=subject,
            body=body,
        )

    def record_reading(self, action: str, subject: str, body: Mapping[str, object]) -> None:
        """Journals the reading of a personal file or an export, in a transaction of its own."""
        with self.home.writing() as db:
            self.record(db, action, subject, body)
