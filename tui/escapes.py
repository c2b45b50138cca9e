"""Tells the Esc key from the first sign of another key's sequence.

A terminal sends the same byte for both. Textual takes a key that comes soon after Esc for one with
Alt, which no screen has, and both would be lost; a quick hand types Esc and a letter in less time
than a slow line tears a sequence apart. What may follow Esc within a sequence decides instead.
"""

from __future__ import annotations

from collections.abc import Iterator

ESC = "\x1b"
# CSI and SS3 begin all sequences of the terminals that are supported.
_OPENINGS = "[O"


class Escapes:
    """The stream of a keyboard in pieces; the piece `ESC` alone is the key."""

    def __init__(self, delay: float) -> None:
        self._delay, self._held_at = delay, -1.0

    def feed(self, text: str, now: float) -> Iterator[str]:
        """What arrived at a moment in seconds; an Esc at its end is kept until it is clear."""
        if self._held_at >= 0:
            text, self._held_at = ESC + text, -1.0
        plain, *parts = text.split(ESC)
        if plain:
            yield plain
        for number, part in enumerate(parts, 1):
            if part[:1] and part[:1] in _OPENINGS:
                yield ESC + part
            elif part or number < len(parts):
                yield ESC
                if part:
                    yield part
            else:
                self._held_at = now

    def tick(self, now: float) -> bool:
        """Whether an Esc was kept so long that nothing can belong to it any more."""
        if self._held_at < 0 or now - self._held_at < self._delay:
            return False
        self._held_at = -1.0
        return True
