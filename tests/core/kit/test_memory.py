"""Long-lived processes do not look through what they loaded."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from communs.core.kit.memory import settle


@pytest.fixture
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("as_before")
def test_what_is_there_is_left_out_and_cycles_made_later_are_still_found() -> None:
    class Knot:
        gone = False

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            Knot.gone = True

    settle()
    assert gc.get_freeze_count() > 0
    Knot()
    gc.collect()
    assert Knot.gone
