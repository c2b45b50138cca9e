"""Signed lines: any JOSE library's form, a key's id that openssl tells, and nothing believed."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.core.errors import BadFile, Refused
from yimen.core.signatures import (
    Signer,
    key_id_of,
    make_private_key,
    private_fault,
    private_path,
    read_line,
    read_public_key,
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Signer, str, Path]:
    """A signer, its public key, and the folder of its private one."""
    folder = tmp_path_factory.mktemp("keys")
    public = make_private_key(folder)
    return Signer(folder, key_id_of(public)), public, folder


def test_a_line_is_signed_by_its_key_and_by_no_other(
    pair: tuple[Signer, str, Path], tmp_path: Path
) -> None:
    signer, public, __ = pair
    line = read_line(signer.line("转办单".encode()))
    assert line is not None
    assert (line.key_id, line.payload.decode()) == (key_id_of(public), "转办单")
    assert line.signed_by(public)
    assert not line.signed_by(make_private_key(tmp_path / "other"))


@settings(max_examples=60, deadline=None)
@given(where=st.integers(min_value=0), what=st.sampled_from('0A_-{" \u00e9'))
def test_a_line_that_was_changed_anywhere_is_not_believed(
    pair: tuple[Signer, str, Path], where: int, what: str
) -> None:
    signer, public, __ = pair
    good = signer.line(b'{"kind":"end"}')
    place = where % len(good)
    changed = good[:place] + what + good[place + 1 :]
    line = read_line(changed)
    believed = line is not None and line.signed_by(public)
    # The last digit of base64 may hold bits that no byte has; the same bytes are the same message.
    assert not believed or (line is not None and line.payload == b'{"kind":"end"}')


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"}, {"alg": "HS256"}, {"alg": "EdDSA", "kid": 7, "crit": ["b64"]},
        {"kid": "x"}, [], "x",
    ],
)  # fmt: skip
def test_another_algorithm_or_header_is_no_signed_line(
    pair: tuple[Signer, str, Path], change: Any
) -> None:
    row = json.loads(pair[0].line(b"{}"))
    row["protected"] = base64.urlsafe_b64encode(json.dumps(change).encode()).rstrip(b"=").decode()
    assert read_line(json.dumps(row)) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"protected":1}', "[" * 5000, "\x00"])
def test_what_is_no_signed_line_is_none(text: str) -> None:
    assert read_line(text) is None


def test_a_private_key_is_for_its_owner_alone(pair: tuple[Signer, str, Path]) -> None:
    signer, __, folder = pair
    path = private_path(folder, signer.key_id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(make_folder_mode(folder)) == 0o700
    assert private_fault(folder, signer.key_id) is None


def make_folder_mode(beside: Path) -> int:
    """The mode of a folder that was made for its first key."""
    made = beside / "made"
    make_private_key(made)
    return made.stat().st_mode


def test_a_fault_of_a_private_key_is_told(pair: tuple[Signer, str, Path], tmp_path: Path) -> None:
    public = make_private_key(tmp_path)
    own = key_id_of(public)
    path = private_path(tmp_path, own)
    path.chmod(0o640)
    assert "mode 640" in str(private_fault(tmp_path, own))
    path.chmod(0o600)
    path.write_bytes(private_path(pair[2], pair[0].key_id).read_bytes())
    assert "of another key" in str(private_fault(tmp_path, own))
    path.write_bytes(b"-----BEGIN")
    assert "cannot be read" in str(private_fault(tmp_path, own))
    with pytest.raises(Refused, match="cannot be read"):
        Signer(tmp_path, own)
    path.unlink()
    assert "cannot be read" in str(private_fault(tmp_path, own))


def test_a_public_key_is_read_with_the_home_that_its_file_names(
    pair: tuple[Signer, str, Path], tmp_path: Path
) -> None:
    file = tmp_path / "key.pem"
    file.write_text(f"Yimen-Home: 370499-abc\nYimen-Key: x\n{pair[1]}", "utf-8")
    assert read_public_key(file) == (pair[1], "370499-abc")
    file.write_text(pair[1], "utf-8")
    assert read_public_key(file) == (pair[1], None)


@pytest.mark.parametrize("content", ["", "x", "-----BEGIN PUBLIC KEY-----\n\n", None])
def test_what_is_no_ed25519_key_is_refused(
    pair: tuple[Signer, str, Path], tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "key.pem"
    # A private key is no public one, and must not be kept as if it were.
    private = private_path(pair[2], pair[0].key_id).read_text("utf-8")
    file.write_text(private if content is None else content, "utf-8")
    with pytest.raises(BadFile, match="not an Ed25519 public key"):
        read_public_key(file)
    with pytest.raises(BadFile, match="cannot be read"):
        read_public_key(tmp_path / "nothing.pem")


@pytest.mark.skipif(not os.access("/usr/bin/openssl", os.X_OK), reason="openssl is not installed")
def test_openssl_makes_such_keys_and_tells_their_id(tmp_path: Path) -> None:
    script = (
        "openssl genpkey -algorithm ed25519 -out private.pem &&"
        " openssl pkey -in private.pem -pubout -out public.pem &&"
        " openssl pkey -pubin -in public.pem -outform DER | sha256sum | cut -c1-16"
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    public, home = read_public_key(tmp_path / "public.pem")
    assert (key_id_of(public), home) == (done.stdout.strip(), None)
