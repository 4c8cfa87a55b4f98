"""Indicators declared for tests, and taken away after them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from communs.core.indicators import definitions
from communs.core.indicators.definitions import Answer, Indicator, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit

Declare = Callable[..., Indicator]


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Declare an indicator whose measure is what `answer(on)` gives."""
    definitions.all_indicators()  # found once: what is found while this stands would be lost
    monkeypatch.setattr(definitions, "_known", dict(definitions._known))

    def declare(
        answer: Callable[[date], Answer], key: str = "house.test", **more: Any
    ) -> Indicator:
        words = {"title": "Test", "description": "Counted for a test.", "unit": Unit.COUNT}
        ways = {"direction": Direction.UP, "aggregate": Aggregate.SUM}
        definitions._known.pop(key, None)
        indicator(key=key, **(words | ways | more))(answer)
        return definitions.named(key)

    return declare
