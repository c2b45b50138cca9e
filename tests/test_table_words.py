"""Tables say words in the reader's language; formats for programs keep the codes."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from yimen.core.casework.notice_kinds import kind_name, notice_table
from yimen.core.casework.purchase.rules import law, method_name, step_name
from yimen.core.purchase_records import OrderState, PaymentState, PurchaseStep, StepState
from yimen.core.records import ROLES
from yimen.core.words import amounts, papers, purchases, roles, upkeep

# A code is no word of a language, nor a number that is typed again.
CODE = re.compile(r"[a-z_]+")

VOCABULARY: dict[str, tuple[Any, tuple[str, ...]]] = {
    "roles": (roles.role_name, tuple(ROLES)),
    "notice states": (papers.notice_state_name, ("posted", "overdue", "taken_down")),
    "notice kinds": (kind_name, tuple(k.kind for k in notice_table().kinds)),
    "purchase steps": (step_name, get_args(PurchaseStep)),
    "methods": (method_name, tuple(m.method for m in law().methods)),
    "step states": (purchases.purchase_state_name, get_args(StepState)),
    "order states": (purchases.purchase_state_name, get_args(OrderState)),
    "payment states": (purchases.purchase_state_name, get_args(PaymentState)),
    "doctor": (upkeep.finding_level_name, ("ok", "warning", "fault")),
    "findings": (upkeep.finding_name, ("disk", "space", "journal", "orphans", "calendar")),
    "authority": (roles.authority_name, ("duty", "consent")),
    "source states": (upkeep.source_state_name, ("ok", "not_loaded", "stale", "no_consent")),
    "zones": (amounts.zone_name, ("URBAN", "RURAL")),
    "run kinds": (upkeep.run_kind_name, ("screen", "check")),
    "run states": (upkeep.run_state_name, ("running", "done", "given_up")),
    "origins": (amounts.origin_name, ("county", "national", "example", "missing")),
    "units": (amounts.unit_name, ("person", "household", "buyer")),
}


@pytest.mark.parametrize("what", VOCABULARY)
def test_every_code_has_a_word_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    name, values = VOCABULARY[what]
    assert values
    english = {value: name(value) for value in values}
    monkeypatch.setenv("YIMEN_LANG", "zh_CN")
    for value in values:
        said = name(value)
        assert said
        assert not said.isascii(), (value, said)
        assert "_" not in english[value]


LISTINGS: dict[str, tuple[list[str], dict[str, str]]] = {
    "programmes": (["programme", "list"], {"unit": "家庭"}),
    "sources": (["source", "list"], {"authority": "法定职责", "status": "可用"}),
    "standards": (["standard", "list"], {"origin": "示例", "basis": "示例", "zone": "城镇"}),
    "operators": (["operator", "list"], {"roles": "县级, 县信息管理员"}),
    "findings": (["doctor"], {"level": "正常", "check": "数据源 charity.aid"}),
    "services": (["purchase", "items"], {"receiver": "家庭", "serves": "照护, 心理与社会"}),
}


@pytest.mark.parametrize("what", LISTINGS)
def test_a_chinese_table_says_words_and_a_program_reads_codes(
    yimen: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    command, said = LISTINGS[what]
    read = yimen(*command, "--format", "jsonl").rows
    monkeypatch.setenv("YIMEN_LANG", "zh_CN")
    assert yimen(*command, "--format", "jsonl").rows[0].keys() == read[0].keys()
    for column, word in said.items():
        table = yimen(*command, "--columns", column).out.splitlines()[2:]
        assert any(line.strip() == word for line in table), (column, table)
        raw = {str(row[column]) for row in read if CODE.fullmatch(str(row[column]))}
        assert not raw & {line.strip() for line in table}
