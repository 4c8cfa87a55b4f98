"""Keys that sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0

_TICKS_PER_MILLISECOND = 4096


def time_ordered_id() -> UUID:
    """Give a UUID version 7 (RFC 9562): 48 bits of milliseconds, 12 of finer time, 62 random.

    Within a process each is greater than the one before, so that tables grow at their end.
    """
    global _last  # noqa: PLW0603 -- one clock for the process
    tick = time.time_ns() * _TICKS_PER_MILLISECOND // 1_000_000
    with _lock:
        tick = max(tick, _last + 1)
        _last = tick
    milliseconds, fraction = divmod(tick, _TICKS_PER_MILLISECOND)
    value = (milliseconds << 80) | (0x7 << 76) | (fraction << 64)
    value |= (0b10 << 62) | secrets.randbits(62)
    return UUID(int=value)
