"""Codes that are read on a sign and typed with a thumb."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 or O, no 1 or I
_LENGTH = 6
_PLATE = re.compile(r"[A-Z0-9]{4,10}")
_PLATE_INSIDE = re.compile(
    r"\b[A-Z]{2}[\s.-]?\d{3}[\s.-]?[A-Z]{2}\b|\b\d{2,4}[\s.-]?[A-Z]{2,3}[\s.-]?\d{2}\b"
)


def drawn(length: int = _LENGTH) -> str:
    """Draw a code at random."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def typed(text: str) -> str:
    """Give a code as it was meant: capitals, without spaces or hyphens; "" if it is none."""
    kept = "".join(mark for mark in text.upper() if mark.isalnum())
    fits = len(kept) == _LENGTH and set(kept) <= set(ALPHABET)
    return kept if fits else ""


def plate(text: str) -> str:
    """Give a plate with its letters and figures alone; "" if it cannot be one."""
    kept = "".join(mark for mark in text.upper() if mark.isascii() and mark.isalnum())
    return kept if _PLATE.fullmatch(kept) else ""


def holds_plate(text: str) -> bool:
    """Tell whether a text seems to hold a French number plate."""
    return _PLATE_INSIDE.search(text.upper()) is not None
