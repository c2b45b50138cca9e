"""What codes are called in both languages: states, outcomes, relations, roles, actions.

Sentences and documents say these words; listings for programs keep the codes.
"""

from __future__ import annotations

import errno
from pathlib import Path

from yimen.core.errors import BadFile
from yimen.core.i18n import _, language

_RELATIONS = {
    "02": ("户主", "head"), "10": ("配偶", "spouse"), "20": ("子", "son"), "30": ("女", "daughter"),
    "28": ("女婿", "son-in-law"), "38": ("儿媳", "daughter-in-law"),
    "40": ("孙子女或外孙子女", "grandchild"), "45": ("孙媳", "grandson's wife"),
    "46": ("孙女婿", "granddaughter's husband"), "47": ("曾孙辈", "great-grandchild"),
    "50": ("父母", "parent"), "53": ("配偶的父母", "spouse's parent"),
    "60": ("祖父母或外祖父母", "grandparent"), "65": ("配偶的祖父母", "spouse's grandparent"),
    "70": ("兄弟姐妹", "sibling"), "72": ("兄弟姐妹的配偶", "sibling's spouse"),
    "80": ("其他亲属", "other relative"), "99": ("非亲属", "not a relative"),
}  # fmt: skip


def relation_name(code: str) -> str:
    """The name of a GB/T 4761 relation to the head; an unlisted code stays as it is."""
    names = _RELATIONS.get(code)
    return code if names is None else names[0 if language() == "zh" else 1]


def relation_code(text: str) -> str:
    """The code of a relation that is named in either language; anything else stays as it is."""
    plain = text.strip().casefold()
    return next((code for code, names in _RELATIONS.items() if plain in names), text)


def sex_code(text: str) -> str:
    """GB/T 2261.1 for a word in either language; anything else stays as it is."""
    return {"男": "1", "m": "1", "male": "1", "女": "2", "f": "2", "female": "2"}.get(
        text.strip().casefold(), text
    )


def state_name(state: str) -> str:
    """The name of an application's or a referral's state."""
    return {
        "draft": _("draft"), "submitted": _("submitted"),
        "supplement_noticed": _("told what is missing"), "accepted": _("accepted"),
        "checked": _("checked"), "dispatched": _("dispatched"), "closed": _("closed"),
        "withdrawn": _("withdrawn"), "terminated": _("terminated"), "received": _("signed for"),
        "in_progress": _("being handled"), "fed_back": _("answered"), "completed": _("completed"),
        "returned": _("returned"), "suspended": _("suspended"), "transferred": _("transferred"),
        "rejected": _("not taken on"), "failed": _("failed"), "voided": _("entered in error"),
    }[state]  # fmt: skip


def status_name(status: str) -> str:
    """How a fact is known, or why it is not."""
    return {
        "hit": _("found"), "no_hit": _("no record"), "mismatch": _("other name"),
        "stale": _("too old"), "not_covered": _("not covered"), "not_loaded": _("not loaded"),
        "no_consent": _("no authorisation"), "denied": _("denied"), "timeout": _("timed out"),
        "declared": _("declared"), "verified": _("verified"),
    }[status]  # fmt: skip


def outcome_name(outcome: str) -> str:
    """The name of a check's outcome."""
    return {
        "eligible": _("qualifies"), "ineligible": _("does not qualify"), "unknown": _("unknown"),
    }[outcome]  # fmt: skip


def clock_name(clock: str) -> str:
    """What is due."""
    return {
        "sign": _("signing"), "accept": _("taking on"), "finish": _("finishing"),
        "redispatch": _("sending out again"), "confirm": _("confirming the answer"),
        "resume": _("looking at it again"), "dispatch": _("checking and dispatching"),
    }[clock]  # fmt: skip


def light_mark(light: str) -> str:
    """A light as a mark that needs no colour."""
    return {"green": "[ ]", "yellow": "[!]", "red": "[X]"}[light]


def verb_name(verb: str) -> str:
    """What was done with a referral."""
    return {
        "dispatch": _("dispatched"), "send": _("sent"), "receive": _("signed for"),
        "accept": _("taken on"), "reject": _("not taken on"), "return": _("returned"),
        "redispatch": _("sent out again"), "transfer": _("handed on"), "start": _("work begun"),
        "suspend": _("suspended"), "resume": _("resumed"), "extend": _("extended"),
        "decide": _("decided"), "fail": _("not brought about"), "clarify": _("asked again"),
        "complete": _("confirmed"), "withdraw": _("taken back"), "void": _("entered in error"),
        "reopen": _("taken up again"),
    }[verb]  # fmt: skip


def end_name(verb: str) -> str:
    """What the one door would say no to."""
    return {
        "close": _("close the application"), "reject": _("not take it on"),
        "refuse": _("refuse programmes"), "terminate": _("end the application"),
    }[verb]  # fmt: skip


def decision_name(outcome: str) -> str:
    """The name of a department's decision."""
    return {
        "granted": _("granted"), "refused": _("refused"), "referred_on": _("referred on"),
    }[outcome]  # fmt: skip


def flag_name(kind: str) -> str:
    """The name of a flag."""
    return {
        "name_mismatch": _("name differs"), "deceased_beneficiary": _("deceased beneficiary"),
        "undeclared_asset": _("property to be cleared"),
        "declared_conflict": _("declared otherwise"),
        "counted_twice": _("counted twice"), "stale_source": _("extract too old"),
        "duplicate": _("paid twice"), "multi_source": _("two kinds of aid that exclude each other"),
        "missed": _("missed"), "wrongly_kept": _("no longer met"),
        "open_referral": _("open referral"),
    }[kind]  # fmt: skip


def overlap_name(kind: str) -> str:
    """The name of an overlap's kind."""
    return {
        "duplicate": _("duplicate aid"), "multi_source": _("multi-source aid"),
        "missed": _("missed aid"), "wrongly_kept": _("wrongly kept aid"),
    }[kind]  # fmt: skip


def overlap_state_name(state: str) -> str:
    """The name of an overlap's state or resolution."""
    return {
        "open": _("to be resolved"), "resolved": _("resolved"), "ended": _("no longer found"),
        "false_hit": _("a false hit"), "disputed": _("disputed"), "confirmed": _("confirmed"),
    }[state]  # fmt: skip


def nobody_reason_name(reason: str) -> str:
    """Why a row of aid is nobody's."""
    return {
        "no_number": _("no ID number"), "shared_number": _("several names"),
    }[reason]  # fmt: skip


def overlap_act_name(act: str) -> str:
    """What was done with an overlap."""
    return {
        "found": _("found by a run"), "assign": _("assigned"), "resolve": _("resolved"),
        "reopen": _("reopened"), "end": _("no longer found"),
        "override": _("dispatched in spite of it"),
    }[act]  # fmt: skip


def result_name(result: str) -> str:
    """A criterion's result in words."""
    return {"pass": _("met"), "fail": _("not met"), "unknown": _("unknown")}[result]


def result_mark(result: str) -> str:
    """A criterion's result as a mark that needs no colour."""
    return {"pass": "[v]", "fail": "[x]", "unknown": "[?]"}[result]


def act_name(action: str) -> str | None:
    """What was done to a case, in the journal's word for it; None for what is no act on a case."""
    subject, __, verb = action.partition(".")
    known = {
        "intake.register": _("application opened"), "intake.add": _("papers or answers added"),
        "intake.notice": _("told what is missing"), "intake.accept": _("application accepted"),
        "fact.verify": _("fact verified"), "check": _("checked"), "dispatch": _("dispatched"),
        "benefit.grant": _("aid granted"), "benefit.withdraw": _("aid withdrawn"),
        "application.withdraw": _("taken back by the family"),
        "application.terminate": _("ended"), "application.reopen": _("taken up again"),
        "application.assign": _("given to another officer"),
        "referral.propose_reject": _("proposed: not taken on"),
        "referral.propose_fail": _("proposed: not brought about"),
        "application.close": _("application closed"),
        "application.refuse": _("programmes refused"),
        "application.reject": _("not taken on"),
        "application.propose_close": _("proposed: to be closed"),
        "application.propose_refuse": _("proposed: programmes refused"),
        "application.propose_reject": _("proposed: not taken on"),
        "application.propose_terminate": _("proposed: to be ended"),
    }  # fmt: skip
    if subject == "referral" and action not in known and verb not in ("list", "show"):
        return verb_name(verb)
    return known.get(action)


def work_mark(light: str) -> str:
    """How an item of the worklist stands, as a mark that needs no colour."""
    return {
        "late": "[X]", "soon": "[!]", "returned": "[<]", "answered": "[?]", "open": "[ ]",
        "waiting": "[~]",
    }[light]  # fmt: skip


def work_name(light: str) -> str:
    """What the mark of a worklist's item says."""
    return {
        "late": _("late"), "soon": _("nearly due"), "returned": _("returned"),
        "answered": _("answered"), "open": _("to be done"), "waiting": _("with others"),
    }[light]  # fmt: skip


def step_name(step: str) -> str:
    """What has to be done next with an application or a referral."""
    return {
        "complete": _("complete the papers"), "bring": _("family brings papers"),
        "check": _("check"), "dispatch": _("dispatch"), "sign": _("sign for it"),
        "accept": _("take it on"), "handle": _("handle and answer"),
        "wait": _("with the department"), "resend": _("mend and send again"),
        "confirm": _("confirm the answer"), "resume": _("take it up again"),
        "window": _("with the window"),
    }[step]  # fmt: skip


def amount_type_name(kind: str) -> str:
    """How an amount is set: what the law calls its kind."""
    return {
        "DIFF": _("made up to the standard"), "BAND": _("by bands"), "FIXED": _("a fixed sum"),
        "PCT_STD": _("a share of the standard"), "REIMB": _("reimbursed in part"),
        "WAIVER": _("fees reduced or waived"), "PREMIUM": _("a premium paid"),
        "LOAN": _("a loan"), "INKIND": _("service or goods"), "RENT": _("a rent allowance"),
        "CASE": _("set case by case"), "NONE": _("a recognition"),
    }[kind]  # fmt: skip


def standing_name(standing: str) -> str:
    """How a household stands to a programme."""
    return {
        "receiving": _("being received"), "entitled": _("qualifies"), "likely": _("likely"),
        "needs_fact": _("a fact is needed"), "not_now": _("not now"),
    }[standing]  # fmt: skip


def paper_name(kind: str) -> str:
    """What a printed paper is called."""
    return {
        "receipt": _("Receipt"), "notification": _("One-time notification"),
        "authorisation": _("Authorisation to be signed"), "pledge": _("Pledge to be signed"),
        "report": _("Check report"), "dispatch": _("Dispatch sheet"),
        "progress": _("Progress slip for the family"), "decision": _("Notice of the decision"),
        "change": _("Notice of a change of aid"), "notice": _("Public notice"),
        "booklet": _("The household's booklet"), "contract": _("Annex of the contract"),
        "acceptance": _("Acceptance sheet"),
    }[kind]  # fmt: skip


def indicator_name(indicator: str) -> str:
    """What an indicator of the monitor measures."""
    return {
        "on_time": _("limits kept, all departments"), "on_time_sign": _("signed for in time"),
        "on_time_accept": _("taken on in time"), "on_time_finish": _("answered in time"),
        "sent_back": _("referrals sent back"), "told_twice": _("families told of papers twice"),
        "overlaps_settled": _("overlaps settled, of those found"),
        "notice_breach": _("told late of what was due first"),
        "missed_found": _("missed aid found, to new cases"),
        "notices_hung": _("notices up to their last day, and down"),
        "accuracy": _("right in spot checks"), "paid_by_day": _("aid paid by its day"),
        "reviewed_in_time": _("reviews done in time"),
        "satisfaction": _("satisfaction in call-backs"),
        "complaints_upheld": _("complaints upheld"),
        "audit_open": _("audit findings still open"),
        "privacy_incidents": _("incidents of privacy"),
    }[indicator]  # fmt: skip


def need_name(need: str) -> str:
    """The name of a need."""
    return {
        "living": _("basic living"), "health": _("health"), "care": _("care"),
        "expense": _("rigid expenses"), "education": _("education"), "housing": _("housing"),
        "labour": _("work"), "law": _("law"), "heart": _("heart and mind"),
    }[need]  # fmt: skip


def hardship_name(kind: str) -> str:
    """The name of a type of hardship."""
    return {
        "living": _("basic living"), "health": _("illness"), "disability": _("disability"),
        "care": _("care"), "child": _("a child without care"), "labour": _("work"),
        "education": _("education"), "housing": _("housing"), "expense": _("rigid expenses"),
        "disaster": _("natural disaster"), "sudden": _("sudden emergency"), "law": _("law"),
        "heart": _("heart and mind"),
    }[kind]  # fmt: skip


def purchase_state_name(state: str) -> str:
    """The name of a purchase's step, of an order's or of a payment's state."""
    return {
        "done": _("done"), "open": _("to be done"), "blocked": _("blocked"),
        "overdue": _("overdue"), "not_needed": _("not needed"), "delivered": _("delivered"),
        "accepted": _("delivered and accepted"),
        "ended": _("ended"), "drawn": _("drawn, to be confirmed"), "paid": _("paid"),
        "withdrawn": _("withdrawn"),
    }[state]  # fmt: skip


def purchase_act_name(act: str) -> str:
    """The name of what was done about a purchase."""
    return {
        "demand": _("demand collected"), "budget": _("budget set"), "method": _("method chosen"),
        "tender": _("bids called for"), "evaluated": _("bids evaluated"),
        "reported": _("evaluation reported"), "chosen": _("supplier chosen"),
        "challenged": _("challenged by a supplier"), "replied": _("challenge replied to"),
        "contract": _("contract signed"), "filed": _("contract's copy filed"),
        "accept": _("acceptance of a delivery"), "pay": _("payment confirmed"),
        "incident": _("noted"), "score": _("scored"), "stop": _("stopped"),
        "publish.award": _("award published"), "publish.contract": _("contract published"),
        "publish.acceptance": _("acceptance published"), "publish.result": _("result published"),
    }[act]  # fmt: skip


def per_name(per: str | None) -> str:
    """The period of an amount."""
    return {"once": _("once"), "month": _("a month"), "year": _("a year")}.get(per or "", "")


def who_name(who: str) -> str:
    """Whose step it is."""
    return {
        "county": _("county"), "town": _("town"), "village": _("village"),
        "department": _("department"), "helper": _("helper"),
    }[who]  # fmt: skip


def condition_name(condition: str) -> str:
    """What must hold before a list begins; a step's own name stays as it is."""
    return {
        "application_accepted": _("the acceptance"), "report_filed": _("the report of the check"),
    }.get(condition, condition)  # fmt: skip


def step_state_name(state: str) -> str:
    """How a checklist's step stands."""
    return {
        "done": _("done"), "open": _("to be done"), "blocked": _("waits"), "overdue": _("overdue"),
        "not_needed": _("not needed"),
    }[state]  # fmt: skip


def step_state_mark(state: str) -> str:
    """A step's state as a mark that needs no colour."""
    return {"done": "[v]", "open": "[ ]", "blocked": "[.]", "overdue": "[X]",
            "not_needed": "[-]"}[state]  # fmt: skip


def role_name(role: str) -> str:
    """The name of an operator's role."""
    return {
        "county": _("county"), "town": _("town"), "village": _("village"),
        "department": _("department"), "it": _("county IT"), "auditor": _("auditor"),
    }[role]  # fmt: skip


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


def handover_name(result: str) -> str:
    """What became of one row of a batch."""
    return {
        "exported": _("sent"), "held_back": _("held back"), "taken": _("taken in"),
        "applied": _("applied"), "duplicate": _("known already"), "waiting": _("waits"),
        "refused": _("not accepted"), "foreign": _("of another home"),
        "unknown_key": _("key not known"), "bad_signature": _("signature is wrong"),
        "unreadable": _("cannot be read"), "cut_off": _("file is cut off"),
    }[result]  # fmt: skip


def kept_because(reason: str) -> str:
    """Why an extract or a run is kept."""
    return {
        "newest": _("one of the newest"), "recent": _("recent"),
        "report": _("a filed report cites it"), "run": _("a kept run cites it"),
        "overlap": _("an open overlap cites it"), "at_work": _("not finished"),
        "in_use": _("somebody is looking at it"),
    }[reason]  # fmt: skip


def unreadable(path: Path, error: OSError) -> BadFile:
    """The refusal of a file that somebody named and that cannot be opened or read."""
    return BadFile(
        _("The file cannot be read: {reason}.").format(reason=reason_of(error)),
        where=str(path),
        next_step=_("Check its name and its permissions."),
    )


def reason_of(error: OSError) -> str:
    """Why the system refused a file, in the language in force where the case is a common one."""
    known = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EACCES: _("this account may not open it"),
        errno.EPERM: _("this account may not open it"),
        errno.EISDIR: _("it is a folder, not a file"),
        errno.ENOTDIR: _("a part of the path is not a folder"),
        errno.EEXIST: _("there is a file of this name"),
        errno.ENOSPC: _("the disk is full"),
        errno.EROFS: _("the disk is mounted read-only"),
    }
    return known.get(error.errno or 0) or error.strerror or str(error)
