"""The seal of an act: SHA-256 of what it says, after the seal before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(content: Mapping[str, Any], previous: str) -> str:
    """Give the seal of an act: of the digest before it, a line feed, and its canonical JSON.

    Canonical: keys in order, no space, UTF-8 as it is; amounts are text with two decimals.
    """
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{told}".encode()).hexdigest()
