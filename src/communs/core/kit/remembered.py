"""Answers kept a few seconds in this process: every request asks, and they hardly ever change."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")

_MOST = 2_000  # answers kept before all are forgotten


class Remembered(Generic[T]):
    """Keeps each answer for `seconds`; whoever changes what is asked calls `forget`.

    Another process learns of the change when its own answer is too old. Inside a transaction
    nothing is remembered: it may see what will never be. Neither is an empty answer.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the answer for this key, made now if none is fresh."""
        if connection.in_atomic_block:
            return make()
        now, kept = time.monotonic(), self._kept
        found = kept.get(key)
        if found and now - found[0] < self.seconds:
            return found[1]
        answer = make()
        if len(kept) >= _MOST:
            kept.clear()
        if answer:
            kept[key] = (
                now,
                answer,
            )  # of the dictionary seen at first: `forget` puts another there
        return answer

    def forget(self) -> None:
        """Drop every answer, once the running transaction is done."""
        transaction.on_commit(self._drop)

    def _drop(self) -> None:
        self._kept = {}
