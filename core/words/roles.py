"""Who works at the one door, and what an operator may do."""

from __future__ import annotations

from yimen.core.i18n import _


def role_name(role: str) -> str:
    """The name of an operator's role."""
    return {
        "county": _("county"), "town": _("town"), "village": _("village"),
        "department": _("department"), "it": _("county IT"), "auditor": _("auditor"),
    }[role]  # fmt: skip


def who_name(who: str) -> str:
    """Whose step it is."""
    return {
        "county": _("county"), "town": _("town"), "village": _("village"),
        "department": _("department"), "helper": _("helper"),
    }[who]  # fmt: skip


def action_name(action: str) -> str:
    """What an operator may or may not do, in words."""
    return {
        "query": _("query a family"), "household.show": _("see a household file"),
        "intake": _("take in an application"), "fact.verify": _("verify a fact"),
        "check": _("check a family"), "check.all": _("check all families"),
        "dispatch": _("dispatch"), "application.read": _("see an application"),
        "referral.read": _("see referrals"), "referral.work": _("handle a referral"),
        "referral.confirm": _("confirm a department's answer"),
        "referral.countersign": _("sign as the second person"),
        "referral.coordinate": _("coordinate what was returned twice"),
        "application.end": _("end an application"),
        "application.countersign": _("sign a refusal as the second person"),
        "application.assign": _("give an application to another officer"),
        "due": _("see what is due"),
        "referral.export": _("send referrals to a department's system"),
        "referral.take": _("take referrals of another home in"),
        "feedback.export": _("send answers to the home that dispatched"),
        "feedback.import": _("take departments' answers in"),
        "key.manage": _("manage the keys of the hand-over"),
        "key.read": _("see the keys of the hand-over"),
        "overlaps.read": _("see overlaps"), "overlaps.assign": _("assign an overlap"),
        "overlaps.resolve": _("resolve an overlap"),
        "notice.post": _("put up a notice"), "notice.read": _("see notices"),
        "benefit.change": _("reduce or stop aid"),
        "office.set": _("set an office's address"), "office.read": _("see offices"),
        "purchase.read": _("see purchases of services"),
        "purchase.plan": _("plan a purchase of services"),
        "purchase.contract": _("work on a purchase's contract"),
        "purchase.order": _("order a service"), "purchase.accept": _("accept a service"),
        "purchase.pay": _("pay for a service"),
        "unmask": _("see whole ID numbers"), "source.load": _("load registers"),
        "source.read": _("see the state of sources"), "standard.set": _("set a standard"),
        "calendar.load": _("load the calendar"), "backup.make": _("make a backup"),
        "prune": _("let old extracts and runs go"),
        "prune.set": _("set what is kept of extracts and runs"),
        "operator.manage": _("manage operators"),
        "operator.impersonate": _("act as another operator"),
        "journal.read": _("read the journal"),
        "department.switch": _("switch a department on or off"),
        "checklist.work": _("work on checklists"),
        "checklist.county": _("tick a step of the county"),
        "checklist.bureau": _("tick a step of the county"),
        "checklist.town": _("tick a step of the town"),
        "checklist.village": _("tick a step of the village"),
        "checklist.department": _("tick a step of a department"),
        "need.assess": _("assess a need"), "need.read": _("see needs"),
    }[action]  # fmt: skip


def authority_name(authority: str) -> str:
    """By what right a source is read."""
    return {"duty": _("statutory duty"), "consent": _("authorisation")}[authority]
