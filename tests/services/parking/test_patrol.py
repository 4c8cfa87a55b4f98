"""A warden's round: stays that last too long, and what cannot be believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing.enums import Doubt
from communs.core.sensing.queries import milliseconds
from communs.services.parking.actions import answer_overstay, set_regulation
from communs.services.parking.enums import SpaceKind
from communs.services.parking.queries import doubtful, late, overstays, without_sensor
from tests.services.parking.samples import AT, OPTIONS, sensor, space, street

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def here(sceaux: Community) -> Iterator[None]:
    """In Sceaux: free everywhere, twenty minutes at minute-stops."""
    with within(sceaux):
        set_regulation(title="Libre", where="commune", charge="free", by=None)
        set_regulation(
            title="Arrêt", where="commune", kind=SpaceKind.SHORT, most_minutes=20, by=None
        )
        yield


def test_the_oldest_come_first_and_patience_is_kept() -> None:
    lilacs = street("Rue des Lilas")
    for minutes in (24, 26, 90, 10):
        taken = AT - minutes * MINUTE
        sensor(space(segment=lilacs, kind=SpaceKind.SHORT), (taken, 1.0), (AT - MINUTE, 1.0))
    sensor(space(segment=lilacs), (AT - 100 * MINUTE, 1.0))  # no limit there
    sensor(space(segment=lilacs, kind=SpaceKind.SHORT), (AT - 90 * MINUTE, 0.0))
    found = overstays(AT, OPTIONS)
    assert [(one.since, one.had_to_leave, one.over) for one in found] == [
        (AT - 90 * MINUTE, AT - 70 * MINUTE, 70 * MINUTE),
        (AT - 26 * MINUTE, AT - 6 * MINUTE, 6 * MINUTE),
    ]


def test_what_is_not_believed_is_no_overstay() -> None:
    where = space(segment=street("Rue des Lilas"), kind=SpaceKind.SHORT)
    sensor(where, (AT - 90 * MINUTE, 1.0))
    assert len(overstays(AT, OPTIONS)) == 1
    assert overstays(AT + timedelta(hours=2), OPTIONS) == []


def test_parking_where_it_is_forbidden_is_too_long_at_once() -> None:
    lilacs = street("Rue des Lilas")
    set_regulation(
        title="Marché", where="places", places=[lilacs], nature="recurring", effect="forbids",
        days="1", by=None,
    )  # fmt: skip
    sensor(space(segment=lilacs), (AT - 6 * MINUTE, 1.0))
    (found,) = overstays(AT, OPTIONS)
    assert (found.had_to_leave, found.over) == (AT - 6 * MINUTE, 6 * MINUTE)


def test_a_reserved_space_is_supposed_to_be_used_by_right() -> None:
    set_regulation(
        title="PMR", where="commune", kind=SpaceKind.DISABLED, who="disabled", effect="reserves",
        by=None,
    )  # fmt: skip
    where = space(segment=street("Rue des Lilas"), kind=SpaceKind.DISABLED)
    sensor(where, (AT - 100 * MINUTE, 1.0))
    assert overstays(AT, OPTIONS) == []


def test_what_was_answered_is_not_asked_again() -> None:
    since = AT - 60 * MINUTE
    where = space(segment=street("Rue des Lilas"), kind=SpaceKind.SHORT)
    sensor(where, (since, 1.0))
    (found,) = overstays(AT, OPTIONS)
    assert found.since_ms == milliseconds(since)
    assert late(where.code.lower(), found.since_ms, AT, OPTIONS) == found
    answer_overstay(space=where, since=found.since_ms, verdict="rightful", at=AT, by=None)
    assert overstays(AT, OPTIONS) == []
    assert late(where.code, found.since_ms, AT, OPTIONS) is None


def test_sensors_to_look_at() -> None:
    lilacs = street("Rue des Lilas")
    never, quiet = sensor(space(segment=lilacs)), space(segment=lilacs)
    sensor(quiet, (AT - timedelta(hours=3), 0.0))
    sensor(space(segment=lilacs), (AT - MINUTE, 0.0))
    space(segment=lilacs)
    found = [(one.space, one.why, one.heard) for one in doubtful(AT)]
    assert found == [
        (never, Doubt.NEVER, None),
        (quiet, Doubt.SILENT, AT - timedelta(hours=3)),
    ]
    assert without_sensor() == 1


def test_a_round_costs_the_same_for_one_and_for_many() -> None:
    lilacs = street("Rue des Lilas")

    def cost() -> int:
        sensor(space(segment=lilacs, kind=SpaceKind.SHORT), (AT - 90 * MINUTE, 1.0))
        sensor(space(segment=lilacs))
        with CaptureQueriesContext(connection) as queries:
            overstays(AT, OPTIONS)
            doubtful(AT)
        return len(queries)

    assert cost() == cost() == cost() == 6
