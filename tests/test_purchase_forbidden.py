"""What may be purchased at all, and what is refused with the rule that forbids it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from buying import Buying
from purchase_gates import refused

from yimen.core.casework.purchase.forbidden import refuse_not_purchasable
from yimen.core.casework.purchase.rules import law
from yimen.core.errors import BadInput


@pytest.mark.parametrize("listed", law().not_purchasable, ids=lambda r: r.rule)
def test_an_item_on_the_list_of_what_may_not_be_purchased_is_refused_with_its_rule(
    buying: Buying, listed: Any
) -> None:
    if listed.rule == "outside_duties":
        # No word shows what lies outside an office's duties; an officer must know.
        assert listed.shown_by == listed.patterns == []
        return
    for word in listed.shown_by:
        for title, line, spec in ((f"Service: {word}", "A1=1", ""), ("Service", f"{word}=1", ""),
                                  ("Service", "A1=1", f"... {word.upper()} ...")):  # fmt: skip
            said = refused(buying, listed.words(), buying.plan, line, title=title, spec=spec)
            assert f"'{word}'" in said


@pytest.mark.parametrize("words", ["聘用8人/月", "8名 x 12个月", "3人/月",
                                   "每人每月3000元", "4 staff per month", "元/人/月",
                                   "８人／月"])  # fmt: skip
def test_a_service_that_counts_heads_by_the_month_is_disguised_employment(
    buying: Buying, words: str
) -> None:
    refused(buying, "counting heads per month is disguised employment", buying.plan, title=words)


@pytest.mark.parametrize("words", ["每人每月2次探访", "480人次", "招聘会信息链接", "心理疏导12个月",
                                   "Visits twice a month", "希望工程资源链接"])  # fmt: skip
def test_an_honest_service_is_not_taken_for_one_on_the_list(words: str) -> None:
    refuse_not_purchasable([words])


def test_an_item_that_a_department_declares_under_other_words_is_refused_by_its_name(
    buying: Buying,
) -> None:
    item = buying.catalogue.service_items["A1"]
    names = {"zh": "协助审核确认", "en": "Help"}
    listed = msgspec.structs.replace(
        item, item="X1", names=msgspec.convert(names, type(item.names))
    )
    buying.catalogue = msgspec.structs.replace(
        buying.catalogue, service_items={**buying.catalogue.service_items, "X1": listed}
    )
    refused(buying, "acts of acceptance and decision stay with the office", buying.plan, "X1=1")


def test_an_item_that_is_in_no_catalogue_is_refused_and_an_unknown_unit_is_bad_input(
    buying: Buying,
) -> None:
    refused(buying, "only items of the guiding catalogue", buying.plan, "Z9=1")
    with pytest.raises(BadInput, match=r"not counted in 'week'.*hour, half_hour, day"):
        buying.plan("A2/week=1")
    with pytest.raises(BadInput, match="given twice"):
        buying.plan("A1=1", "A1=2")
    with pytest.raises(BadInput, match="not a quantity"):
        buying.plan("A1=0")
