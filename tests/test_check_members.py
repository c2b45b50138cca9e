"""Checks of what people say, of who counts, and of numbers that are too large."""

from __future__ import annotations

from typing import Any

from check_desk import Desk, Person, criterion, kinds, known, programme, whys
from check_desk import desk_ as desk_

MOST = "999999999999999.99"


# -- what people say ------------------------------------------------------------------------------


def test_a_declared_value_fills_only_what_is_unknown(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load(without="civil.vehicle")
    report = desk_.check(person, **{"civil.vehicles": 0})
    assert known(report["facts"]["civil.vehicles"]) == (0, "declared")
    assert criterion(report, "CIV-DB", "vehicles") == "pass"
    assert known(report["facts"]["civil.income_year"]) == (0, "declared")


def test_a_declaration_against_the_register_is_unknown_and_flagged_until_it_is_verified(
    desk_: Desk,
) -> None:
    (person,) = desk_.family("户主")
    desk_.car(person)
    desk_.load()
    report = desk_.check(person, **{"civil.vehicles": 0})
    assert report["facts"]["civil.vehicles"]["value"] is None
    assert criterion(report, "CIV-DB", "vehicles") == "unknown"
    conflicts = [f for f in report["flags"] if f["kind"] == "declared_conflict"]
    assert [f["detail"] for f in conflicts] == ["Vehicles: declared 0, register 1"]
    assert "an officer must verify it" in whys(report, "CIV-DB")
    desk_.verify(person, "civil.vehicles=1")
    after = desk_.yimen.json("check", report["application_no"])
    assert known(after["facts"]["civil.vehicles"]) == (1, "verified")
    assert criterion(after, "CIV-DB", "vehicles") == "fail"
    assert "declared_conflict" not in kinds(after)


def test_property_is_called_undeclared_only_where_the_family_was_asked(desk_: Desk) -> None:
    head, spouse = desk_.family("户主", "配偶")
    desk_.car(head)
    desk_.car(spouse)
    desk_.load()

    def told(report: Any) -> list[str]:
        return [f["detail"] for f in report["flags"] if f["kind"] == "undeclared_asset"]

    report = desk_.check(head)
    assert told(report) == ["Vehicles: 2 in the register; not declared: the family was never asked"]
    no = report["application_no"]
    answer = f"{desk_.number(head)}:civil.vehicles=1"
    desk_.yimen("intake", no, "--no-ask", "--answer", answer)
    assert told(desk_.yimen.json("check", no)) == [
        "Vehicles: 2 in the register, more than was declared"
    ]


def test_a_declaration_that_agrees_with_the_register_is_no_conflict(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.car(person)
    desk_.load()
    report = desk_.check(person, **{"civil.vehicles": 1})
    assert known(report["facts"]["civil.vehicles"]) == (1, "hit")
    assert "declared_conflict" not in kinds(report)


def test_a_verified_value_stands_before_the_register_and_the_last_one_counts(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.car(person)
    desk_.load()
    for value in (3, 0):
        desk_.verify(person, f"{desk_.number(person)}:civil.vehicles={value}")
        report = desk_.look(person)
        assert known(report["facts"]["civil.vehicles"]) == (value, "verified")
        member = report["member_facts"][desk_.number(person)]
        assert known(member["civil.vehicles"]) == (value, "verified")


# -- who counts -----------------------------------------------------------------------------------


def test_an_unknown_composition_makes_unknown_with_the_question(desk_: Desk) -> None:
    (head,) = desk_.family("户主")
    brother = desk_.member("弟", separated="")
    desk_.load()
    result = desk_.apply(head)
    assert result["state"] == "supplement_noticed"
    question = f"{brother.name}: Does this member live with the household in the long term?"
    assert question in [m["why"] for m in result["missing"]]
    report = desk_.look(head)
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert programme(report, "CIV-DB")["criteria"][3]["values"]["member_count"] is None
    assert question in whys(report, "CIV-DB")
    assert programme(report, "CIV-FAST")["outcome"] == "ineligible"
    said = f"{desk_.number(brother)}:lives_together=no"
    answered = desk_.yimen.json("intake", result["application_no"], "--answer", said, "--no-ask")
    assert answered["state"] == "accepted"
    report = desk_.yimen.json("check", result["application_no"])
    assert programme(report, "CIV-DB")["amount_fen"] == 90_000


def test_somebody_who_does_not_count_leaves_no_doubt_in_the_households_sums(desk_: Desk) -> None:
    (head,) = desk_.family("户主")
    lodger = desk_.member("非亲属")
    desk_.wage(Person("别人", lodger.id_number), "100")
    desk_.load()
    report = desk_.check(head)
    assert known(report["member_facts"][desk_.number(lodger)]["civil.wage_year"])[1] == "mismatch"
    assert known(report["facts"]["civil.wage_year"]) == (0, "no_hit")
    assert programme(report, "CIV-DB")["outcome"] == "eligible"


def test_a_roll_up_with_an_unknown_member_is_unknown_unless_another_decides_it(
    desk_: Desk,
) -> None:
    head, wife, _son = desk_.family("户主", "妻", "子")
    desk_.wage(head, "100")
    desk_.wage(Person("别人", wife.id_number), "100")
    tekun = {"programme": "特困", "payer": "示例县", "amount_fen": "1", "from_date": "2025-01-01",
             "to_date": ""}  # fmt: skip
    desk_.row("civil.assistance", Person("别人", wife.id_number), **tekun)
    desk_.load()
    report = desk_.look(head)
    assert known(report["facts"]["civil.wage_year"]) == (None, "mismatch")
    assert known(report["facts"]["civil.destitute_support"]) == (None, "mismatch")
    desk_.row("civil.assistance", head, **tekun)
    desk_.load_one("civil.assistance")
    report = desk_.look(head)
    assert known(report["facts"]["civil.destitute_support"])[0] is True
    assert programme(report, "CIV-DB")["outcome"] == "ineligible"


def test_somebody_listed_in_two_households_counts_in_neither_until_an_officer_decides(
    desk_: Desk,
) -> None:
    (son,) = desk_.family("户主")
    mother = desk_.member("母")
    (daughter,) = desk_.family("户主")
    desk_.member("母", same=mother)
    desk_.load()
    reports = [desk_.look(person) for person in (son, daughter)]
    for report in reports:
        twice = [f["member"] for f in report["flags"] if f["kind"] == "counted_twice"]
        assert twice == [desk_.number(mother)]
        assert programme(report, "CIV-DB")["outcome"] == "unknown"
        assert "may be counted in two households" in whys(report, "CIV-DB")
    report = desk_.check(son, "--counts", desk_.number(mother))
    assert "counted_twice" not in kinds(report)
    assert programme(report, "CIV-DB")["amount_fen"] == 180_000


def test_a_member_counted_in_two_open_applications_is_unknown_in_both(desk_: Desk) -> None:
    (son,) = desk_.family("户主")
    mother = desk_.member("母")
    (daughter,) = desk_.family("户主")
    desk_.member("母", same=mother)
    desk_.load()
    counts = ("--counts", desk_.number(mother))
    first = desk_.apply(son, *counts)["application_no"]
    second = desk_.apply(daughter, *counts)["application_no"]
    for person in (son, daughter):
        report = desk_.look(person)
        assert "counted_twice" in kinds(report)
        assert programme(report, "CIV-DB")["outcome"] == "unknown"
    desk_.yimen("intake", second, "--counts-not", desk_.number(mother), "--no-ask", code=None)
    assert programme(desk_.look(son), "CIV-DB")["amount_fen"] == 180_000
    assert programme(desk_.look(daughter), "CIV-DB")["amount_fen"] == 90_000
    assert first < second


# -- numbers that are too large -------------------------------------------------------------------


def test_a_sum_beyond_64_bits_is_unknown_for_that_person_alone_and_the_rest_answers(
    desk_: Desk,
) -> None:
    rich, poor = desk_.family("户主")[0], desk_.family("户主")[0]
    for person, times in ((rich, 93), (poor, 1)):
        desk_.dibao(person)
        for _bill in range(times):
            desk_.row("medical.settlement", person, settled_on="2026-06-01", kind="住院",
                      total_fen=MOST, compliant_fen=MOST, pooled_fen="0", aid_fen="")  # fmt: skip
    desk_.load()
    batch = desk_.yimen("check", "--all", "--format", "jsonl").rows
    report, other = (desk_.look(person) for person in (rich, poor))
    assert batch == [report, other]
    assert known(report["facts"]["medical.own_share_year"]) == (None, "hit")
    assert programme(report, "MED-IN")["outcome"] == "unknown"
    assert "'Medical settlements' does not hold the value." in whys(report, "MED-IN")
    assert known(other["facts"]["medical.own_share_year"]) == (10**17 - 1, "hit")
    assert programme(other, "MED-IN")["outcome"] == "eligible"
    for one in (report, other):
        assert criterion(one, "CIV-DB", "register_income") == "unknown"  # its deduction is asked
        assert known(one["facts"]["civil.register_income_year"]) == (0, "no_hit")
        assert programme(one, "MED-PREM")["outcome"] == "ineligible"


def test_a_households_sum_beyond_64_bits_is_unknown_though_each_members_is_known(
    desk_: Desk,
) -> None:
    couple = desk_.family("户主", "妻")
    for person in couple:
        desk_.wage(person, MOST, 60)
    desk_.load()
    report = desk_.check(couple[0])
    each = [f["civil.wage_year"]["value"] for f in report["member_facts"].values()]
    assert each == [60 * (10**17 - 1)] * 2
    assert report["facts"]["civil.wage_year"]["value"] is None
    assert criterion(report, "CIV-DB", "income") == "unknown"
    assert programme(report, "CIV-DB")["outcome"] == "unknown"


# -- what waits, and what is flagged --------------------------------------------------------------


def test_an_answer_that_waits_for_another_programme_says_so(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.row("medical.insurance", person, kind="居民", year="2026", subsidised="否")
    desk_.load(without="civil.vehicle")
    report = desk_.check(person)
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert programme(report, "MED-PREM")["outcome"] == "unknown"
    assert "It depends on the answer for 'Minimum living guarantee'." in whys(report, "MED-PREM")
    assert programme(report, "CIV-EDGE")["outcome"] == "unknown"


def test_wages_that_only_an_unstated_deduction_could_make_good_are_flagged_and_not_refused(
    desk_: Desk,
) -> None:
    above, below = desk_.family("户主")[0], desk_.family("户主")[0]
    for person, yuan in ((above, "10800"), (below, "10799.99")):
        desk_.dibao(person)
        desk_.wage(person, yuan)
    desk_.load()
    report = desk_.look(above)
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    (flag,) = [f for f in report["flags"] if f["kind"] == "wrongly_kept"]
    assert flag["programme"] == "CIV-DB"
    assert "by the registers alone no longer met: The income that registers" in flag["detail"]
    assert "wrongly_kept" not in kinds(desk_.look(below))
    desk_.verify(above, "deductible_year=600")
    assert "wrongly_kept" not in kinds(desk_.look(above))
    desk_.verify(above, "deductible_year=0")
    report = desk_.look(above)
    assert programme(report, "CIV-DB")["outcome"] == "ineligible"
    (flag,) = [f for f in report["flags"] if f["kind"] == "wrongly_kept"]
    assert "received, and no longer met: The income that registers" in flag["detail"]
