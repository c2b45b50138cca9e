"""By what a session sits down, and what one person may do at another's desk."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

from yimen.core.casework.desk import LOOKING, PERMISSIONS, Desk
from yimen.core.casework.doors import fingerprint, os_account
from yimen.core.casework.operators import sit_down
from yimen.core.casework.referral import countersign, receive, reject
from yimen.core.errors import Refused
from yimen.core.store.home import Home, open_home

# A public key as ssh-keygen writes it, and its fingerprint as `ssh-keygen -l` prints it.
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f wang@window"


@pytest.fixture
def real_county(yimen: Any) -> Any:
    """The loaded home as if its families were real: the same file, and no rehearsal any more."""
    home = open_home(yimen.home, today=TODAY)
    home.settings["synthetic"] = "0"
    yield home
    home.close()


@pytest.fixture
def came_in_by(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """What sshd writes down of a session's key, when it is told to."""

    def comes(key: str) -> None:
        words = key.split()
        (tmp_path / "auth").write_text(f"publickey {words[0]} {words[1]}\n")
        monkeypatch.setenv("SSH_USER_AUTH", str(tmp_path / "auth"))

    return comes


def test_a_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path: Path) -> None:
    (tmp_path / "k.pub").write_text(KEY + "\n")
    try:
        said = subprocess.run(
            ["ssh-keygen", "-lf", tmp_path / "k.pub"], capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("openssh is not installed")
    assert said.stdout.split()[1] == fingerprint(KEY)


@pytest.mark.parametrize(
    "line", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa " + KEY.split()[1]]
)
def test_what_is_no_key_has_no_fingerprint(line: str) -> None:
    assert fingerprint(line) is None


def test_the_key_of_the_session_says_whose_desk_it_is(
    yimen: Any, tmp_path: Path, came_in_by: Callable[[str], None], desk: Desk
) -> None:
    (tmp_path / "wang.pub").write_text(KEY)
    said = yimen("operator", "open", "window", "--ssh-key", tmp_path / "wang.pub")
    assert fingerprint(KEY) in said.out
    came_in_by(KEY)
    at_desk = sit_down(desk.home, acting_as="window")
    assert (at_desk.operator.operator_no, at_desk.account) == ("window", fingerprint(KEY))
    assert at_desk.sitting is None
    # Its own key opens no other desk, and nothing of IT.
    assert "window" in yimen.acting_as("admin")("operator", "list", code=4).err


def test_a_key_that_is_shut_out_leaves_the_account_alone(
    yimen: Any, tmp_path: Path, came_in_by: Callable[[str], None], desk: Desk
) -> None:
    (tmp_path / "wang.pub").write_text(KEY)
    yimen("operator", "open", "window", "--ssh-key", tmp_path / "wang.pub")
    yimen("operator", "close", fingerprint(KEY))
    came_in_by(KEY)
    assert sit_down(desk.home).account == os_account()
    assert "No operator" in yimen("operator", "close", fingerprint(KEY), code=3).err


def test_nobody_shuts_themselves_out(yimen: Any) -> None:
    said = yimen("operator", "close", os_account(), code=4)
    assert "cannot shut itself out" in said.err
    yimen("operator", "list")


def test_one_key_is_one_operator_and_a_private_key_is_none(yimen: Any, tmp_path: Path) -> None:
    public, private = tmp_path / "wang.pub", tmp_path / "wang"
    public.write_text(KEY)
    private.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n")
    yimen("operator", "open", "window", "--ssh-key", public)
    said = yimen("operator", "add", "b", "--name", "B", "--role", "county", "--ssh-key", public,
                 code=5)  # fmt: skip
    assert "belongs to operator window" in said.err
    said = yimen("operator", "open", "civil", "--ssh-key", private, code=5)
    assert "one public ssh key" in said.err
    assert "c2VjcmV0" not in said.err
    assert yimen("operator", "open", "window", code=2).out == ""


def test_a_file_that_somebody_else_wrote_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    # A folder, a missing file, and no regular file at all.
    for named in ("/", "/nowhere/at/all", "/dev/null"):
        monkeypatch.setenv("SSH_USER_AUTH", named)
        assert sit_down(desk.home).account == os_account()


def seated(home: Home, operator: str) -> Desk:
    """IT at another operator's desk."""
    return sit_down(home, acting_as=operator)


def own(home: Home, operator: str) -> Desk:
    """The operator at their own desk."""
    at_another = sit_down(home, acting_as=operator)
    return Desk(home, at_another.operator, "SHA256:own")


def test_it_cannot_be_the_second_signature_of_a_refusal(
    real_county: Home, yimen: Any, dispatched: Any
) -> None:
    no = next(r["referral_no"] for r in dispatched["referrals"] if r["department"] == "civil")
    receive(own(real_county, "civil"), no)
    with pytest.raises(Refused, match="Who acts as operator civil with --as may not"):
        reject(seated(real_county, "civil"), no, reason_code="R01", basis="SAL §11")
    reject(own(real_county, "civil"), no, reason_code="R01", basis="SAL §11")
    yimen("operator", "add", "boss", "--name", "B", "--role", "county")
    with pytest.raises(Refused, match="sign as the second person"):
        countersign(seated(real_county, "boss"), no)
    state = "SELECT state FROM referral WHERE referral_no = ?"
    assert real_county.casework.conn.execute(state, [no]).fetchone() == ("received",)
    refused = real_county.casework.conn.execute(
        "SELECT operator, account, subject FROM journal WHERE action = 'refused'"
    ).fetchall()
    assert ("boss", os_account(), "referral.countersign") in refused
    assert countersign(own(real_county, "boss"), no).state == "rejected"


def test_at_anothers_desk_it_looks_and_keeps_the_house(real_county: Home) -> None:
    desk = seated(real_county, "window")
    may = {action for action in PERMISSIONS if desk.may(action)}
    upkeep = {a for a, roles in PERMISSIONS.items() if {"county", "it"} <= roles}
    assert may == {a for a in LOOKING if "county" in PERMISSIONS[a]} | upkeep
    assert not may & {"intake", "check", "dispatch", "fact.verify", "referral.confirm", "unmask"}


def test_in_a_rehearsal_one_reader_plays_all_parts(desk: Desk, dispatched: Any) -> None:
    no = next(r["referral_no"] for r in dispatched["referrals"] if r["department"] == "civil")
    assert receive(seated(desk.home, "civil"), no).state == "received"
