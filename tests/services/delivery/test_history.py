"""Discs of days gone by are taken in by the same rules as one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.delivery import actions
from communs.services.delivery.models import Bay, Ticket, Turning
from tests.services.delivery.samples import AT, OPTIONS, bay_made, placed, started

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> None:
    switch(sceaux, "delivery")


def drawn_stops(bay: Bay, seed: int, count: int = 60) -> list[actions.Stop]:
    """Draw who comes to a bay in a day and a half, at hours of loading and at others."""
    drawn = Random(seed)
    found = []
    for _each in range(count):
        came = AT + drawn.randrange(0, 36 * 60) * MINUTE
        left = None if drawn.random() < 0.3 else came + drawn.randrange(1, 60) * MINUTE
        found.append(actions.Stop(bay.pk, drawn.choice(("van", "truck", "car")), came, left))
    return sorted(found, key=lambda stop: stop.came)


def one_by_one(bay: Bay, stops: list[actions.Stop]) -> None:
    """Start and end discs as drivers do, at their own hours."""
    ends = []
    for stop in stops:
        for left, ticket in [pair for pair in ends if pair[0] <= stop.came]:
            actions.end_ticket(ticket=ticket, at=left, by=None)
            ends.remove((left, ticket))
        try:
            made = started(bay, stop.came, vehicle=stop.vehicle)
        except Refused as refusal:
            full = isinstance(refusal, actions.Full)
            actions.note_turning(bay=bay, full=full, at=stop.came, by=None)
        else:
            if stop.left is not None:
                ends.append((stop.left, made.ticket))
    for left, ticket in ends:
        actions.end_ticket(ticket=ticket, at=left, by=None)


def told(bay: Bay) -> list[list[tuple]]:
    discs = Ticket.objects.filter(bay=bay).order_by("started_at", "vehicle", "ended_at")
    turned = Turning.objects.filter(bay=bay).order_by("at", "full")
    return [
        list(discs.values_list("started_at", "allowed_until", "ended_at", "vehicle")),
        list(turned.values_list("at", "full")),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_taken_in_together_is_what_would_have_been_one_by_one(
    sceaux: Community, seed: int
) -> None:
    with within(sceaux):
        apart, together = (bay_made(f"Aire {n}", spaces=1 + seed % 3) for n in (1, 2))
        for bay in (apart, together):
            placed(bay)
            placed(bay, name="Lourds", vehicles=["truck"], most_minutes=10, priority=5)
            placed(bay, name="Nuit", activity="parking", begins=None, ends=None, priority=90)
        one_by_one(apart, drawn_stops(apart, seed))
        kept = actions.keep_history(stops=drawn_stops(together, seed), options=OPTIONS, by=None)
        found = told(together)
        assert found == told(apart)
        assert (len(found[0]), len(found[1])) == kept
        assert kept.discs > 5
        assert kept.turned > 5
        [event] = Event.objects.filter(name="delivery.history_kept")
    assert event.data == {"discs": kept.discs, "turned": kept.turned}


def test_nothing_to_take_in_leaves_no_event(sceaux: Community) -> None:
    with within(sceaux):
        assert actions.keep_history(stops=[], options=OPTIONS, by=None) == (0, 0)
        assert not Event.objects.filter(name="delivery.history_kept").exists()
