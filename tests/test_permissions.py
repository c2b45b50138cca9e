"""Who may do what, where and for whom, at the desk itself and at the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner, plain_environment

from yimen.core.casework.desk import PERMISSIONS, Desk
from yimen.core.errors import Refused
from yimen.core.records import ROLES, Operator, Role

COUNTY, TOWN, VILLAGE = "370499000000", "370499101000", "370499101203"
OTHER_TOWN, OTHER_VILLAGE = "370499201000", "370499101204"

# Written out again on purpose: a change of the table has to be made twice.
MAY: dict[Role, str] = {
    "county": "query household.show intake fact.verify check check.all dispatch application.read"
    " referral.read referral.confirm unmask source.read standard.set calendar.load journal.read"
    " overlaps.read overlaps.assign overlaps.resolve referral.countersign referral.coordinate"
    " application.end application.countersign application.assign due purchase.read"
    " purchase.plan purchase.contract"
    " purchase.order purchase.accept purchase.pay referral.export referral.take feedback.export"
    " feedback.import key.read checklist.work checklist.county checklist.bureau checklist.town"
    " checklist.village need.assess need.read notice.post notice.read benefit.change office.set"
    " office.read prune.set",
    "town": "query household.show intake fact.verify check dispatch application.read referral.read"
    " referral.confirm unmask source.read overlaps.read overlaps.resolve application.end"
    " application.countersign due"
    " purchase.read purchase.order purchase.accept checklist.work checklist.town"
    " checklist.village need.assess need.read notice.post notice.read benefit.change office.read",
    "village": "query household.show intake application.read referral.read unmask due"
    " checklist.work checklist.village need.assess need.read notice.read office.read",
    "department": "referral.read referral.work referral.countersign due unmask overlaps.read"
    " overlaps.resolve feedback.export checklist.work checklist.bureau checklist.department"
    " office.read",
    "it": "check.all source.load source.read calendar.load operator.manage operator.impersonate"
    " journal.read department.switch due referral.take feedback.export feedback.import"
    " key.manage key.read office.read backup.make prune",
    "auditor": "source.read journal.read overlaps.read due purchase.read key.read",
}


def at(desk: Desk, *roles: Role, division: str = COUNTY, department: str | None = None) -> Desk:
    """Somebody with these roles at work in the same home."""
    who = Operator(operator_no="x", person_no="P9", name="X", roles=list(roles),
                   division=division, department=department)  # fmt: skip
    return Desk(desk.home, who, "somebody")


def allowed(desk: Desk, action: str, **scope: str) -> bool:
    try:
        desk.require(action, **scope)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_its_table_says_and_nothing_else(desk: Desk, role: Role) -> None:
    worker = at(desk, role, department="civil" if role == "department" else None)
    may = {action for action in PERMISSIONS if allowed(worker, action)}
    assert may == set(MAY[role].split())


def test_it_and_auditor_never_see_whole_numbers_and_decide_nothing() -> None:
    personal = {"query", "household.show", "unmask", "intake", "check", "dispatch",
                "referral.read", "referral.work", "referral.confirm", "fact.verify"}  # fmt: skip
    for role in ("it", "auditor"):
        assert not personal & {a for a, roles in PERMISSIONS.items() if role in roles}


@pytest.mark.parametrize(
    "own, other, inside",
    [
        (COUNTY, COUNTY, True), (COUNTY, TOWN, True), (COUNTY, VILLAGE, True),
        (TOWN, TOWN, True), (TOWN, VILLAGE, True), (TOWN, COUNTY, False),
        (TOWN, OTHER_TOWN, False), (TOWN, "370499102000", False), (TOWN, "370481101001", False),
        (VILLAGE, VILLAGE, True), (VILLAGE, OTHER_VILLAGE, False), (VILLAGE, TOWN, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role, action", [("county", "dispatch"), ("town", "check"),
                                          ("village", "intake"), ("department", "referral.work"),
                                          ("town", "unmask")])  # fmt: skip
def test_a_division_covers_what_lies_in_it(
    desk: Desk, role: Role, action: str, own: str, other: str, inside: bool
) -> None:
    worker = at(desk, role, division=own, department="civil" if role == "department" else None)
    assert allowed(worker, action, division=other, department="civil") == inside


@pytest.mark.parametrize("action", ["referral.read", "referral.work"])
def test_a_department_works_on_its_own_referrals_alone(desk: Desk, action: str) -> None:
    worker = at(desk, "department", department="civil")
    assert allowed(worker, action, division=VILLAGE, department="civil")
    assert not allowed(worker, action, division=VILLAGE, department="medical")
    nobody = at(desk, "department", department=None)
    assert not allowed(nobody, action, division=VILLAGE, department="civil")


def test_two_roles_add_up_and_do_not_widen_each_other(desk: Desk) -> None:
    both = at(desk, "department", "auditor", department="civil")
    assert allowed(both, "journal.read")
    assert allowed(both, "referral.work", division=TOWN, department="civil")
    assert not allowed(both, "referral.work", division=TOWN, department="medical")
    town_it = at(desk, "town", "it", division=TOWN)
    assert not allowed(town_it, "query", division=OTHER_TOWN)


def test_an_operator_without_a_role_may_nothing(desk: Desk) -> None:
    worker = at(desk)
    assert not [action for action in PERMISSIONS if allowed(worker, action)]


# -- at the command line -------------------------------------------------------------------------

PEOPLE: dict[str, list[str]] = {
    "county": ["--role", "county"],
    "town": ["--role", "town", "--division", "370499101"],
    "far-town": ["--role", "town", "--division", "370499201"],
    "village": ["--role", "village", "--division", VILLAGE],
    "far-village": ["--role", "village", "--division", OTHER_VILLAGE],
    "it": ["--role", "it"],
    "auditor": ["--role", "auditor"],
    "civil-office": ["--role", "department", "--department", "civil"],
    "medical-office": ["--role", "department", "--department", "medical"],
    "far-office": ["--role", "department", "--department", "civil", "--division", "370499201"],
}


@pytest.fixture(scope="module")
def _pristine_staffed(
    tmp_path_factory: pytest.TempPathFactory, _pristine_dispatched: tuple[Path, str]
) -> Path:
    home, __ = _pristine_dispatched
    yimen = Runner(Path(shutil.copytree(home, tmp_path_factory.mktemp("staffed") / "home")))
    with plain_environment():
        for name, words in PEOPLE.items():
            yimen("operator", "add", name, "--name", name.title(), *words)
    return yimen.home


@pytest.fixture
def staffed(tmp_path: Path, _pristine_staffed: Path) -> Runner:
    """The home of `dispatched` with somebody of every kind."""
    return Runner(Path(shutil.copytree(_pristine_staffed, tmp_path / "staffed")))


NEAR = {"county", "town", "village"}
CASEWORK = {"county", "town"}


def commands(truth: Any, dispatched: Any, paper: Path) -> dict[str, tuple[list[str], set[str]]]:
    """A command of each kind and who may give it."""
    story = truth["stories"]["eligible"]
    number = dispatched["application_no"]
    referral = dispatched["referrals"][0]["referral_no"]
    refused = truth["stories"]["refused"]["id_number"]
    return {
        "query": (["query", story["id_number"]], NEAR),
        "household show": (["household", "show", story["household_no"]], NEAR),
        "query --unmask": (["query", story["id_number"], "--unmask"], NEAR),
        "intake": (["intake", refused, "--no-ask"], NEAR),
        "verify": (["household", "verify", story["household_no"],
                    "civil.emergency_event=NONE", "--source", "visit"], CASEWORK),
        "check": (["check", number], CASEWORK),
        "check household": (["check", "--household", story["household_no"]], CASEWORK),
        "check all": (["check", "--all", "--engine", "sqlite"], {"county", "it"}),
        "dispatch": (["dispatch", number], CASEWORK),
        "feedback": (["feedback", number], NEAR),
        "referral list": (["referral", "list"], NEAR | {"far-town", "far-village", "far-office",
                                                        "civil-office", "medical-office"}),
        "referral show": (["referral", "show", referral], NEAR | {"civil-office"}),
        "source list": (["source", "list"], {"county", "town", "far-town", "it", "auditor"}),
        "source load": (["source", "load", "death", str(paper), "--as-of", "2026-11-20"], {"it"}),
        "standard set": (["standard", "set", "civil.dibao_monthly", "900", "--from", "2026-01-01",
                          "--basis", "letter"], {"county"}),
        "calendar load": (["calendar", "load", str(paper)], {"county", "it"}),
        "operator add": (["operator", "add", "new", "--name", "New", "--role", "auditor"], {"it"}),
        "department serve": (["department", "serve"], {"it"}),
        "operator open": (["operator", "open", "nobody", "--account", "x"], {"it"}),
        "operator close": (["operator", "close", "nobody"], {"it"}),
        "journal show": (["journal", "show"], {"county", "it", "auditor"}),
        "journal verify": (["journal", "verify"], {"county", "it", "auditor"}),
        "key make": (["department", "key", "make"], {"it"}),
        "key list": (["department", "key", "list"], {"county", "it", "auditor"}),
        "receive": (["referral", "receive", referral], {"civil-office"}),
    }  # fmt: skip


EVERYBODY = ["check", "--all", "--engine", "sqlite"]
NOBODY = {"id_number": "", "household_no": ""}
KINDS = list(
    commands(
        {"stories": {"eligible": NOBODY, "refused": NOBODY}},
        {"application_no": "", "referrals": [{"referral_no": ""}]},
        Path(),
    )
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_command_is_refused_to_everybody_whose_work_it_is_not(
    staffed: Any, truth: Any, dispatched: Any, signed_paper: Path, kind: str
) -> None:
    words, may = commands(truth, dispatched, signed_paper)[kind]
    done = []
    for name in PEOPLE:
        outcome = staffed.acting_as(name)(*words, code=None)
        whom = "whose work it is" if name == "it" else "Ask county IT"
        refused = outcome.code == 4 and whom in outcome.err
        assert outcome.code != 1, outcome
        assert refused != (name in may), (name, outcome)
        assert not refused or outcome.out == ""
        done.append(refused)
        if kind == "receive" and not refused:
            assert outcome.code == 0
    assert set(done) == {True, False}
    journal = sqlite3.connect(staffed.home / "casework.db")
    rows = journal.execute("SELECT operator FROM journal WHERE action = 'refused'").fetchall()
    journal.close()
    assert len(rows) == done.count(True)
    assert {name for (name,) in rows} == {n for n, r in zip(PEOPLE, done, strict=True) if r}


def test_who_may_not_query_learns_nothing_about_a_number(staffed: Any, truth: Any) -> None:
    from yimen.core.identity import check_digit

    stranger = "37049919000101999"
    for name in ("it", "auditor", "civil-office"):
        said = {
            staffed.acting_as(name)(*command, number, code=4).err
            for number in (truth["stories"]["eligible"]["id_number"],
                           stranger + check_digit(stranger))
            for command in (["query"],)
        }  # fmt: skip
        assert len(said) == 1


def test_who_may_not_move_a_referral_learns_nothing_of_its_state(
    staffed: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    for name in ("medical-office", "far-office", "county", "it"):
        said = staffed.acting_as(name)("referral", "accept", no, code=4).err
        assert "Possible now" not in said
        assert "dispatched" not in said


def test_a_listing_of_referrals_ends_at_the_border_of_division_and_department(
    staffed: Any, dispatched: Any
) -> None:
    everything = {r["referral_no"]: r["department"] for r in dispatched["referrals"]}
    seen = {
        name: {r["referral_no"] for r in staffed.acting_as(name).json("referral", "list")}
        for name in PEOPLE
        if name not in ("it", "auditor")
    }
    own = {d: {n for n, owner in everything.items() if owner == d} for d in ("civil", "medical")}
    assert seen["county"] == seen["town"] == seen["village"] == set(everything)
    assert seen["far-town"] == seen["far-village"] == seen["far-office"] == set()
    assert seen["civil-office"] == own["civil"]
    assert seen["medical-office"] == own["medical"]
    asked = staffed.acting_as("civil-office").json("referral", "list", "--department", "medical")
    assert {r["referral_no"] for r in asked} <= own["civil"]
    for no in own["medical"]:
        staffed.acting_as("civil-office")("referral", "show", no, code=4)
        staffed.acting_as("civil-office")("referral", "receive", no, code=4)


def test_a_batch_ends_at_the_border_of_the_division(staffed: Any) -> None:
    staffed("operator", "add", "north", "--name", "N", "--role", "county", "--division",
            "370499101")  # fmt: skip
    everything = {r["household_no"] for r in staffed.json(*EVERYBODY)}
    north = staffed.acting_as("north")
    own = {r["household_no"] for r in north.json(*EVERYBODY)}
    assert own < everything
    assert own
    asked = staffed.json(*EVERYBODY, "--division", "370499101")
    assert {r["household_no"] for r in asked} == own
    north("check", "--all", "--division", "370499201", code=4)
    north("check", "--all", "--division", "370499", code=4)


# -- masks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["county", "town", "village"])
def test_numbers_are_masked_until_somebody_who_may_asks_for_them(
    staffed: Any, truth: Any, whole_numbers: Any, who: str
) -> None:
    story = truth["stories"]["eligible"]
    desk = staffed.acting_as(who)
    for words in (["query", story["id_number"]], ["household", "show", story["household_no"]]):
        hidden = desk.json(*words)["household"]
        assert hidden["masked"] is True
        assert all("********" in m["id_number"] for m in hidden["members"])
        for fmt in ("text", "json", "jsonl"):
            assert whole_numbers(desk(*words, "--format", fmt).out) == []
        shown = desk.json(*words, "--unmask")["household"]
        assert shown["masked"] is False
        assert story["id_number"] in {m["id_number"] for m in shown["members"]}
        # Masked files still join with whole ones.
        assert [m["member_no"] for m in shown["members"]] == [
            m["member_no"] for m in hidden["members"]
        ]


def test_nothing_but_unmask_prints_a_whole_number(
    staffed: Any, truth: Any, dispatched: Any, whole_numbers: Any, signed_paper: Path
) -> None:
    for kind, (words, may) in commands(truth, dispatched, signed_paper).items():
        if kind in ("query --unmask", "source load", "calendar load"):
            continue
        for name in sorted(may)[:2]:
            outcome = staffed.acting_as(name)(*words, code=None)
            assert whole_numbers(outcome.out + outcome.err) == [], (kind, name)


def test_a_name_mismatch_never_gives_away_the_number(staffed: Any, whole_numbers: Any) -> None:
    for fmt in ("table", "json", "jsonl", "csv", "tsv"):
        assert whole_numbers(staffed(*EVERYBODY, "--flags", "--format", fmt).out) == []
    assert whole_numbers(staffed("check", "--all", "--format", "jsonl").out) == []


# -- operators and accounts ----------------------------------------------------------------------


def sql(home: Path, sentence: str, *values: object) -> None:
    with sqlite3.connect(home / "casework.db") as conn:
        conn.execute(sentence, values)
    conn.close()


def test_an_account_that_belongs_to_nobody_is_refused(yimen: Any, truth: Any) -> None:
    from yimen.core.casework.doors import os_account

    sql(yimen.home, "UPDATE operator_account SET account = 'somebody-else'")
    number = truth["stories"]["eligible"]["id_number"]
    for words in (["query", number], ["journal", "show"], ["operator", "list"], ["doctor"],
                  ["source", "list"], ["check", "--all"]):  # fmt: skip
        said = yimen(*words, code=4)
        account = os_account()
        assert f"The OS account {account} belongs to no operator of this home." in said.err
        assert f"--account {account}`" in said.err
        assert said.out == ""
        yimen.acting_as("window")(*words, code=4)


def test_an_account_is_given_to_an_operator_and_then_acts_as_it(yimen: Any, truth: Any) -> None:
    from yimen.core.casework.doors import os_account

    account = os_account()
    sql(yimen.home, "UPDATE operator_account SET account = 'the-first'")
    sql(yimen.home, "INSERT INTO operator_account VALUES (?, 'admin')", account)
    yimen("operator", "add", "helper", "--name", "H", "--role", "village", "--division", VILLAGE,
          "--account", "helper-account", "--account", "helper-account")  # fmt: skip
    sql(yimen.home, "DELETE FROM operator_account WHERE account = ?", account)
    sql(yimen.home, "UPDATE operator_account SET account = ? WHERE account = 'helper-account'",
        account)  # fmt: skip
    yimen("query", truth["stories"]["eligible"]["id_number"])
    yimen("check", "--all", code=4)
    listed = {o["operator_no"]: o["accounts"] for o in yimen.json("operator", "list")}
    assert listed["helper"] == [account]
    assert listed["admin"] == ["the-first"]


def test_only_it_acts_as_somebody_else(yimen: Any, truth: Any) -> None:
    number = truth["stories"]["eligible"]["id_number"]
    said = yimen.acting_as("nobody")("query", number, code=3)
    assert said.err == "There is no operator nobody. `yimen operator list` shows them.\n"
    sql(yimen.home, "UPDATE operator SET roles = ? WHERE operator_no = 'admin'",
        json.dumps(["county"]))  # fmt: skip
    yimen("query", number)
    yimen.acting_as("admin")("query", number)
    said = yimen.acting_as("window")("query", number, code=4)
    assert "Operator admin" in said.err
    assert said.out == ""


BAD_OPERATORS = {
    "a role that is none": (["new", "--role", "king"], 2, "king"),
    "no role": (["new"], 2, "role"),
    "a department without its role": (["new", "--role", "town", "--department", "civil"], 5,
                                      "go together"),
    "the role without its department": (["new", "--role", "department"], 5, "go together"),
    "an unknown department": (["new", "--role", "department", "--department", "moon"], 3, "moon"),
    "an unknown division": (["new", "--role", "town", "--division", "370499999"], 5, "370499999"),
    "a division elsewhere": (["new", "--role", "town", "--division", "370481"], 4, "another place"),
    "a division above": (["new", "--role", "town", "--division", "370000"], 4, "another place"),
    "a town's without a town": (["new", "--role", "town"], 5, "division of its own"),
    "a village's without a village": (["new", "--role", "village"], 5, "division of its own"),
    "a number that is taken": (["window", "--role", "county"], 5, "operator window already"),
    "a number with blanks": (["a b", "--role", "county"], 5, "not an operator's number"),
    "a number that is a person's": (["37049919870108001X", "--role", "county"], 5,
                                    "'370499********001X' is not an operator's number"),
    "an unknown person": (["new", "--role", "county", "--person", "P0999"], 3, "P0999"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_OPERATORS)
def test_a_bad_operator_is_one_sentence_and_nobody_is_added(yimen: Any, what: str) -> None:
    words, code, sentence = BAD_OPERATORS[what]
    before = yimen.json("operator", "list")
    said = yimen("operator", "add", *words, "--name", "N", code=code)
    assert sentence in said.err
    assert code == 2 or said.err.count("\n") == 1
    assert yimen.json("operator", "list") == before


def test_one_account_is_one_operator(yimen: Any) -> None:
    yimen("operator", "add", "a", "--name", "A", "--role", "county", "--account", "wang")
    said = yimen("operator", "add", "b", "--name", "B", "--role", "county", "--account", "wang",
                 code=5)  # fmt: skip
    assert "The OS account wang belongs to operator a." in said.err


def test_two_operators_are_one_person_only_where_somebody_said_so(yimen: Any) -> None:
    first = {o["operator_no"]: o["person_no"] for o in yimen.json("operator", "list")}
    yimen("operator", "add", "a", "--name", "A", "--role", "county", "--person", first["window"])
    yimen("operator", "add", "b", "--name", "B", "--role", "county")
    sql(yimen.home, "UPDATE operator SET person_no = 'P0099' WHERE operator_no = 'b'")
    yimen("operator", "add", "c", "--name", "C", "--role", "county")
    yimen("operator", "add", "d", "--name", "D", "--role", "county")
    persons = {o["operator_no"]: o["person_no"] for o in yimen.json("operator", "list")}
    assert persons["a"] == persons["window"]
    assert len(set(persons.values())) == len(persons) - 1
