"""Ed25519 signatures over lines of JSON, as JWS (RFC 7515, RFC 8037) with one object a line.

Any language has a library that makes and reads them, and what is signed is the text itself, so
that two programs need not agree on how to write JSON. It must never print or return a private key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from yimen.core.errors import BadFile, Refused
from yimen.core.i18n import _
from yimen.core.text_files import read_text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# RFC 9864 names the curve; older libraries say EdDSA.
ALGORITHMS = ("EdDSA", "Ed25519")
_HOME = re.compile(r"^Yimen-Home: *(\S+) *$", re.MULTILINE)


class SignedLine(NamedTuple):
    """One line as it was read; nothing in it is believed before `signed_by` has said yes."""

    key_id: str
    payload: bytes
    signed: bytes
    signature: bytes

    def signed_by(self, public_pem: str) -> bool:
        """Whether this key made the signature."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        key = load_pem_public_key(public_pem.encode())
        if not isinstance(key, Ed25519PublicKey):
            return False
        try:
            key.verify(self.signature, self.signed)
        except InvalidSignature:
            return False
        return True


def make_private_key(folder: Path) -> str:
    """Writes a new private key (mode 0600) into the folder and returns its public key as PEM."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    folder.mkdir(mode=0o700, exist_ok=True)
    path = private_path(folder, key_id_of(public))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return public


def private_path(folder: Path, key_id: str) -> Path:
    """Where the private key of this id lies."""
    return folder / f"{key_id}.pem"


class Signer:
    """One private key, read once, that signs line after line."""

    def __init__(self, folder: Path, key_id: str) -> None:
        self.key_id = key_id
        self._key = _private_key(private_path(folder, key_id))
        header = {"alg": "EdDSA", "kid": key_id, "typ": "yimen+json"}
        self._protected = _encoded(json.dumps(header, separators=(",", ":")).encode())

    def line(self, payload: bytes) -> str:
        """The signed line, without its line end."""
        body = _encoded(payload)
        signature = _encoded(self._key.sign(f"{self._protected}.{body}".encode()))
        return json.dumps(
            {"protected": self._protected, "payload": body, "signature": signature},
            separators=(",", ":"),
        )


def _private_key(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(
            _("The private key of this home cannot be read."),
            where=str(path),
            next_step=_("Run `yimen doctor`; `yimen department key make` makes a new one."),
        )
    return key


def private_fault(folder: Path, key_id: str) -> str | None:
    """What is wrong with a private key's file, or None; for `yimen doctor`."""
    path = private_path(folder, key_id)
    try:
        mode = path.stat().st_mode & 0o777
        key = _private_key(path)
    except (OSError, Refused):
        return _("the private key cannot be read")
    if mode & 0o077:
        return _("others may read the private key (mode {mode}, not 600)").format(mode=f"{mode:o}")
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if key_id_of(public.decode()) != key_id:
        return _("the private key is of another key")
    return None


def read_public_key(path: Path) -> tuple[str, str | None]:
    """A public key's PEM and the id of the home that wrote the file, if it says so."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    try:
        text = read_text(path)
        # Only the key's own block: what stands around it is for people.
        key = load_pem_public_key(text[max(text.find("-----BEGIN"), 0) :].encode())
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BadFile(
            _("This is not an Ed25519 public key in PEM."),
            where=str(path),
            next_step=_("The other side writes it with `yimen department key show` or openssl."),
        )
    said = _HOME.search(text)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return pem, said[1] if said else None


def key_id_of(public_pem: str) -> str:
    """The first sixteen hex digits of the SHA-256 of the key's DER form (SubjectPublicKeyInfo)."""
    body = "".join(public_pem.split("-----")[2].split())
    return hashlib.sha256(base64.b64decode(body)).hexdigest()[:16]


def read_line(text: str) -> SignedLine | None:
    """A line's parts, or None where it is no signed line."""
    try:
        line = json.loads(text)
        protected, payload, signature = (line[k] for k in ("protected", "payload", "signature"))
        header: Mapping[str, Any] = json.loads(_decoded(protected))
        if header["alg"] not in ALGORITHMS or "crit" in header:
            return None
        return SignedLine(
            str(header["kid"]),
            _decoded(payload),
            f"{protected}.{payload}".encode(),
            _decoded(signature),
        )
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        return None


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
