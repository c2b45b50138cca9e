"""Files of a cache: each states the hash of what it holds, so that a torn one is none."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_cached(file: Path) -> bytes | None:
    """The payload of a cache file, or None when it is missing or does not match its own hash."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    stated, __, payload = content.partition(b"\n")
    return payload if hashlib.sha256(payload).hexdigest().encode() == stated else None


def write_cached(file: Path, payload: bytes) -> None:
    """Writes a cache file with its hash; where the folder cannot be written there is no cache."""
    beside = file.with_suffix(f".{hashlib.sha256(payload).hexdigest()[:8]}.new")
    try:
        beside.write_bytes(hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)
        beside.replace(file)
    except OSError:
        return
