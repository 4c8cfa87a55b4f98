"""One way to write a document, whatever program wrote it; its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

UNSIGNED = ("digest", "signature")  # what is said of a document, not in it


def canonical(value: Any) -> str:
    """Write a value as JSON with sorted keys and no space, so that equal values are equal texts."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest_of(document: Mapping[str, Any]) -> str:
    """Give the SHA-256 of all that a document says, in hexadecimal."""
    said = {name: value for name, value in document.items() if name not in UNSIGNED}
    return hashlib.sha256(canonical(said).encode()).hexdigest()
