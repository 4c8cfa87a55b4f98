"""What parking measures of itself: known spaces only, never a guess."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.definitions import named
from communs.core.kit.timespans import PARIS
from tests.services.parking.samples import network, sensor, space, street

ELEVEN = datetime(2026, 3, 9, 11, tzinfo=PARIS)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def here(sceaux: Community) -> Iterator[None]:
    with within(sceaux):
        yield


def value(key: str) -> Decimal | None:
    return named(f"parking.{key}").taken(ELEVEN.date()).value


def test_without_spaces_shares_are_unknown() -> None:
    assert value("spaces_in_service") == 0
    assert value("fresh_spaces") is None
    assert value("occupancy_at_eleven") is None


def test_what_sensors_had_said_by_eleven() -> None:
    lilacs = street("Rue des Lilas", spaces=1)
    said = (
        ((ELEVEN - 90 * MINUTE, 0.0), (ELEVEN - MINUTE, 1.0), (ELEVEN + MINUTE, 0.0)),
        ((ELEVEN - 59 * MINUTE, 1.0),),
        ((ELEVEN - 100 * MINUTE, 0.0),),  # known still, but not fresh
        ((ELEVEN - 121 * MINUTE, 1.0),),  # silent for longer than its network bears
        ((ELEVEN + MINUTE, 1.0),),  # nothing by then
        (),
    )
    for readings in said:
        sensor(space(segment=lilacs), *readings, source=network())
    assert value("spaces_in_service") == 7
    assert round(value("fresh_spaces") or 0, 1) == Decimal("28.6")  # 2 of 7
    assert round(value("occupancy_at_eleven") or 0, 1) == Decimal("66.7")  # 2 of 3


def test_nothing_heard_is_unknown_not_empty() -> None:
    street("Rue des Lilas", spaces=3)
    assert value("fresh_spaces") == 0
    assert value("occupancy_at_eleven") is None
