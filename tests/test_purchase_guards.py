"""What a purchase refuses: a wrong code, a single source without ground, a child's signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from buying import Buying

from yimen.core.casework.purchase.forbidden import refuse_not_purchasable
from yimen.core.casework.purchase.grounds import Why
from yimen.core.casework.purchase.planning import choose_method
from yimen.core.credit_code import check_sign, normalise_credit_code
from yimen.core.errors import BadInput, Refused

GOOD = "91350100M000100Y43"


def test_the_standards_own_example_has_its_check_character() -> None:
    assert check_sign(GOOD[:17]) == GOOD[17]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in GOOD.lower())
    assert normalise_credit_code(f"{wide[:9]} {wide[9:]}", "") == GOOD


@pytest.mark.parametrize(
    "code, said",
    [
        ("", "has 18 characters; this has 0"),
        (GOOD[:17], "has 18 characters; this has 17"),
        (GOOD[:17] + "4", "should be 3, but it is 4"),
        ("91350100M000100Z43", "I, O, S, V and Z"),
        ("9135O100M000100Y43", "places 3 to 8 are digits"),
        # Two signs that changed places.
        ("91350100M001000Y43", "should be"),
    ],
)
def test_a_wrong_code_is_one_sentence(code: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        normalise_credit_code(code, "--supplier-code")


def test_a_contract_is_signed_with_a_right_code_alone(
    buying: Buying, yimen: Any, signed_paper: Path
) -> None:
    number = buying.funded("A1=10")
    buying.method(number)
    words = ["purchase", "contract", number, "--supplier", "S", "--line", "A1=1@50",
             "--from", "2026-11-20", "--to", "2027-01-01", "--paper", signed_paper]  # fmt: skip
    said = yimen(*words, "--supplier-code", GOOD[:17] + "0", code=5)
    assert said.err.startswith("--supplier-code: The check character")
    assert buying.read(number).contract is None


HIDDEN = [
    "劳 务 派 遣", "劳·务·派·遣", "劳\u200b务派遣", "ＳＴＡＦＦＩＮＧ", "s t a f f i n g",
    "人 － 月", "三人×十二个月", "叁名/月", "１０ 人 每 月", "three persons per month",
    "审「核」确认", "labour-dispatch",
]  # fmt: skip


@pytest.mark.parametrize("text", HIDDEN)
def test_what_may_not_be_purchased_is_found_however_it_is_written(text: str) -> None:
    with pytest.raises(Refused, match="may not be purchased as a service"):
        refuse_not_purchasable([text])


@pytest.mark.parametrize(
    "text",
    ["服务人员、派遣车辆", "探访三百人次", "Visits, 12 months", "一对一陪护", "招聘会"],
)  # fmt: skip
def test_what_only_resembles_it_is_a_service(text: str) -> None:
    refuse_not_purchasable([text])


def single(buying: Buying, number: str, **why: str) -> None:
    choose_method(buying.desk, buying.catalogue, number, "single_source", why=Why(**why))


@pytest.mark.parametrize(
    "why, said",
    [
        ({}, "needs its ground of the law"),
        ({"ground": "cheap", "reason": "x"}, "'cheap' is no ground of the law"),
        ({"ground": "further", "reason": "the same visits"}, "names the one whose contract"),
    ],
)
def test_a_single_source_needs_its_ground(buying: Buying, why: dict[str, str], said: str) -> None:
    number = buying.funded("A1=10")
    with pytest.raises(Refused, match=said) as refused:
        single(buying, number, **why)
    assert "Government Procurement Law art. 31" in str(refused.value)
    assert buying.read(number).method is None


def test_a_ground_without_what_happened_is_none(buying: Buying) -> None:
    number = buying.funded("A1=10")
    with pytest.raises(BadInput, match="A text is missing"):
        single(buying, number, ground="urgent", reason=" ")
    single(buying, number, ground="urgent", reason="flood of 12 November")
    chosen = buying.read(number).last("method")
    assert chosen is not None
    assert chosen.body["ground"] == "urgent"
    assert chosen.body["reason"] == "flood of 12 November"


def test_another_method_has_no_ground(buying: Buying) -> None:
    number = buying.funded("A1=10")
    with pytest.raises(BadInput, match="needs no ground"):
        choose_method(buying.desk, buying.catalogue, number, "inquiry", why=Why(ground="urgent"))


def test_more_from_the_former_supplier_is_a_tenth_and_from_that_supplier(buying: Buying) -> None:
    former = buying.contracted("A1=100@50")
    dear, fitting = buying.funded("A1=10", yuan=501), buying.funded("A1=10", yuan=500)
    why = {"ground": "further", "reason": "the same visits", "former": former.lower()}
    with pytest.raises(Refused, match="above 10 % of the former contract"):
        single(buying, dear, **why)
    single(buying, fitting, **why)
    today = "2026-11-20"
    buying.award(fitting, today, today, today, supplier="Another")
    buying.publish(fitting, "award")
    with pytest.raises(Refused, match="not the former contract's supplier"):
        buying.sign(fitting, "A1=10@50", supplier="Another")
    assert buying.read(fitting).contract is None


def test_a_child_does_not_sign_alone(buying: Buying) -> None:
    order = buying.order(buying.contracted(), "A1=10")
    buying.deliver(order, 10)
    child, adult = child_and_adult(buying)
    with pytest.raises(Refused, match="may not sign alone"):
        buying.accept(order, 1, by=[child])
    buying.accept(order, 1, by=[child, adult])
    made = buying.accept(order, 1, by=[child], guardian="Wang Fang (mother)")
    row = buying.desk.home.casework.conn.execute(
        "SELECT signed_by FROM service_acceptance WHERE acceptance_no = ?", [made]
    ).fetchone()
    assert row == (f'["{child}", "Wang Fang (mother)"]',)
    with pytest.raises(BadInput, match="Nobody who signed is a minor"):
        buying.accept(order, 1, by=[adult], guardian="Wang Fang")


def child_and_adult(buying: Buying) -> tuple[str, str]:
    """A minor and an adult of the household that is served."""
    from yimen.core.casework.papers import is_minor
    from yimen.core.casework.selecting import current_roster
    from yimen.core.store.roster import find_rows

    desk = buying.desk
    table = current_roster(desk, buying.catalogue, desk.home.clock.today())
    rows = find_rows(desk.home, table, "household_no", [buying.household])
    return (
        next(r[1] for r in rows if is_minor(desk, r[5])),
        next(r[1] for r in rows if not is_minor(desk, r[5])),
    )
