"""Whose key, whose referral: nothing is believed for where it lay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from handover_homes import Pair, kept, rows, spoilt

from yimen.core.signatures import Signer, key_id_of, make_private_key


def test_an_unknown_key_a_changed_line_and_another_department_s_key_are_not_believed(
    pair: Pair, tmp_path: Path
) -> None:
    no = pair.numbers[0]
    move = pair.move(no, 1, "receive")
    public = make_private_key(tmp_path / "keys")
    stranger = Signer(tmp_path / "keys", key_id_of(public))
    before = kept(pair.county)
    batch = pair.batch(move, signer=stranger)
    told = pair.county("feedback", "import", batch, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"unknown_key"}

    (tmp_path / "medical.pem").write_text(public)
    pair.county("department", "key", "add", tmp_path / "medical.pem", "--department", "medical")
    told = pair.county("feedback", "import", batch, "--format", "jsonl", code=6).rows
    assert [r["result"] for r in told] == ["foreign"]
    assert "for civil, and the key is of medical" in told[0]["detail"]

    good = pair.batch(move).read_text().splitlines(keepends=True)
    row = json.loads(good[0])
    row["signature"] = row["signature"][:-6] + ("AAAAA" + row["signature"][-1])
    changed = tmp_path / "changed.jsonl"
    changed.write_text(json.dumps(row) + "\n" + good[1])
    told = pair.county("feedback", "import", changed, "--format", "jsonl", code=6).rows
    assert [r["result"] for r in told] == ["bad_signature"]
    after = kept(pair.county)
    assert after["referral"] == before["referral"]
    assert after["message"] == before["message"]


def test_a_referral_of_another_home_is_foreign_on_either_side(pair: Pair) -> None:
    no = pair.numbers[0]
    other = {**pair.move(no, 1, "receive"), "home_id": "370499-ffffffffffff"}
    unknown = pair.move("R2026-99999", 1, "receive")
    spoofed = {**pair.move(no, 1, "receive"), "sender": "somebody-else"}
    before = kept(pair.county)
    assert {r for r, __ in pair.heard(other, unknown, spoofed, code=6)} == {"foreign"}
    assert kept(pair.county) == before
    # A batch that came back to its own sender, and an answer brought to the wrong desk.
    sent = pair.sent()
    told = pair.county("referral", "take", sent, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"foreign"}
    told = pair.county("feedback", "import", sent, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"foreign"}


def test_a_home_takes_its_own_department_s_referrals_only(pair: Pair) -> None:
    out = pair.folder / "medical"
    pair.county("referral", "export", "--department", "medical", "--to", out)
    (batch,) = out.glob("*.jsonl")
    told = pair.office("referral", "take", batch, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"foreign"}
    assert "works for civil" in told[0]["detail"]
    pair.office("department", "key", "add", pair.folder / "county.pem", "--department", "medical")
    told = pair.office("referral", "take", batch, "--format", "jsonl").rows
    assert {r["result"] for r in told} == {"taken"}


def test_another_county_s_household_is_another_family_here(pair: Pair) -> None:
    """Numbers of the office's home are minted; a person known there keeps the number."""
    pair.taken()
    (household,) = {r[0] for r in rows(pair.office, "SELECT household_no FROM referral")}
    keys = rows(pair.office, "SELECT source_key FROM household")
    assert household == "H0000001"
    assert keys[0][0].startswith(pair.home_id(pair.county))
    assert rows(pair.office, "SELECT COUNT(*) FROM application") == [(1,)]


def test_keys_follow_each_other_without_a_gap(pair: Pair) -> None:
    no = pair.numbers[0]
    old = pair.signer(pair.office)
    pair.office("department", "key", "make", "--from", "2026-11-20")
    new_key = pair.folder / "new.pem"
    shown = pair.office("department", "key", "show").out
    new_key.write_text(shown)
    new = pair.signer(pair.office)
    assert f"Yimen-Key: {new.key_id}" in shown
    pair.county("department", "key", "add", new_key, "--department", "civil")
    for sequence, (signer, verb) in enumerate(((old, "receive"), (new, "accept")), 1):
        batch = pair.batch(pair.move(no, sequence, verb), signer=signer)
        pair.county("feedback", "import", batch)
    pair.county("department", "key", "end", old.key_id, "--to", "2026-11-19", code=5)
    with spoilt(pair.county) as conn:
        conn.execute("UPDATE handover_key SET from_date = '2026-11-01'")
    pair.county("department", "key", "end", old.key_id, "--to", "2026-11-19")
    batch = pair.batch(pair.move(no, 3, "start"), signer=old)
    told = pair.county("feedback", "import", batch, "--format", "jsonl", code=6).rows
    assert told[0]["result"] == "unknown_key"
    assert "to 2026-11-19 only" in told[0]["detail"]
    actions = [a for (a,) in rows(pair.county, "SELECT action FROM journal")]
    assert actions.count("key.add") == 2
    assert actions.count("key.end") == 1


def test_a_key_is_added_once_for_a_department_that_exists(pair: Pair, tmp_path: Path) -> None:
    file = pair.folder / "office.pem"
    add = ["department", "key", "add", file, "--department"]
    assert "is known already, as one of civil" in pair.county(*add, "civil", code=5).err
    assert "no department moon" in pair.county(*add, "moon", code=3).err
    said = pair.county(*add, "medical", "--home-id", "somebody", code=5).err
    assert "names the home" in said
    own = pair.folder / "county.pem"
    assert "this home" in pair.county("department", "key", "add", own, "--department", "civil",
                                      code=5).err  # fmt: skip
    assert "no key ffff" in pair.county("department", "key", "end", "ffff", "--to", "2027-01-01",
                                        code=3).err  # fmt: skip


def test_doctor_looks_after_the_keys(pair: Pair) -> None:
    looked = {r["check"]: r for r in pair.county("doctor", "--format", "jsonl", code=None).rows}
    key = pair.signer(pair.county).key_id
    assert looked[f"key {key}"]["level"] == "ok"
    (pair.county.home / "keys" / f"{key}.pem").chmod(0o644)
    pair.county("department", "key", "end", pair.signer(pair.office).key_id, "--to", "2026-12-01")
    told = pair.county("doctor", "--format", "jsonl", code=5).rows
    found = {r["check"]: r for r in told}
    assert found[f"key {key}"]["level"] == "fault"
    assert found[f"key {pair.signer(pair.office).key_id}"]["level"] == "warning"


def warned(home: Any) -> set[str]:
    """What doctor warns of, without the year that is not published yet."""
    found = home("doctor", "--format", "jsonl").rows
    return {row["check"] for row in found if row["level"] != "ok"} - {"calendar"}


def of_a_real_office(pair: Pair) -> Any:
    """The bureau's home without the examples that a synthetic home begins with."""
    with spoilt(pair.office) as conn:
        conn.execute("DELETE FROM standard_value")
    return pair.office


def test_a_departments_home_is_warned_of_nothing_that_it_will_never_have(pair: Pair) -> None:
    office = of_a_real_office(pair)
    assert len(warned(office)) > 30
    # It shows by what it does whose home it is, also where nobody said so.
    pair.taken()
    assert warned(office) == set()
    told = {row["check"]: row["detail"] for row in office("doctor", "--format", "jsonl").rows}
    assert told["home"].startswith("of Civil affairs bureau; sources and standards")


def test_it_says_so_before_the_first_referral_and_may_take_it_back(pair: Pair) -> None:
    office = of_a_real_office(pair)
    said = office("department", "serve", "nobody", code=3)
    assert "There is no department nobody." in said.err
    assert "This is the home of: civil." in office("department", "serve", "ＣＩＶＩＬ".lower()).out
    assert warned(office) == set()
    assert "refused" not in office("journal", "show", "--last", "3").out
    assert pair.clerk("department", "serve", code=4).out == ""
    office("department", "serve")
    assert len(warned(office)) > 30


def test_what_a_departments_home_has_is_still_looked_after(pair: Pair, county_files: Path) -> None:
    office = of_a_real_office(pair)
    office("department", "serve", "civil")
    office("source", "load", "civil.hukou", county_files / "civil.hukou.csv",
           "--as-of", "2026-01-05")  # fmt: skip
    office("standard", "set", "civil.dibao_monthly", "900", "--from", "2026-01-01", "--to",
           "2026-06-30", "--basis", "letter")  # fmt: skip
    found = warned(office)
    assert "source civil.hukou" in found
    assert {check.split()[1] for check in found} == {"civil.hukou", "civil.dibao_monthly"}


def test_the_countys_home_goes_on_to_hear_of_all(pair: Pair) -> None:
    assert "source charity.aid" in warned(pair.county)
