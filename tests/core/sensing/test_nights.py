"""The two nights when Paris changes its clocks: an hour that comes twice, an hour that never comes.

On 25 October 2026 what comes after 02:59 is 02:00 again; on 29 March 2026 it is 03:00 after 01:59.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.sensing.conftest import MINUTE, Place

from communs.core.sensing import actions
from communs.core.sensing.engine.decoding import decoder
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.enums import Doubt, Outcome
from communs.core.sensing.intake import take
from communs.core.sensing.models import Observation, Source, State, Tally, Thing
from communs.core.sensing.queries import doubt, doubted, known, milliseconds

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
TWICE, NEVER = date(2026, 10, 25), date(2026, 3, 29)
# From 23:00 to 03:00 in universal time, every ten minutes: both nights change at 01:00.
LENGTH = 4 * 60
STEP = 10


def instant(night: date, minute: int) -> datetime:
    """So many minutes after 23:00 in universal time, on the eve."""
    return datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(minutes=minute - 60)


def local(at: datetime) -> str:
    """Write an instant as a clock in Paris does, with its offset."""
    return at.astimezone(PARIS).isoformat()


def told(text: str) -> datetime:
    """Read an instant with its offset, as somebody in Paris asks: arithmetic on it is of walls."""
    return datetime.fromisoformat(text).astimezone(PARIS)


def said(night: date, minutes: list[int]) -> list[dict[str, Any]]:
    """What a device says at those minutes of a night, in local time: taken at each even step."""
    return [
        {"device": "a1", "time": local(instant(night, minute)), "presence": minute % 20 == 0}
        for minute in minutes
    ]


def taken(source: Source, body: Any, at: datetime, protocol: str = "plain") -> Counter[Outcome]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    now = milliseconds(at)
    readings = decoder(protocol)(content, received=now, mapping={})
    return take(source=source, readings=readings, at=now, by=None).counts


def kept(thing: Thing) -> list[tuple[int, float]]:
    rows = Observation.objects.filter(thing=thing.number).order_by("at")
    return list(rows.values_list("at", "value"))


def due(night: date, minutes: list[int]) -> list[tuple[int, float]]:
    return [
        (milliseconds(instant(night, minute)), float(minute % 20 == 0))
        for minute in sorted(minutes)
    ]


@pytest.mark.parametrize(
    ("night", "written"),
    [
        (TWICE, ["01:50+02", "02:00+02", "02:50+02", "02:00+01", "02:50+01", "03:00+01"]),
        (NEVER, ["00:50+01", "01:00+01", "01:50+01", "03:00+02", "03:50+02", "04:00+02"]),
    ],
)
def test_a_night_told_with_offsets_is_kept_in_true_order(
    source: Source, place: Place, night: date, written: list[str]
) -> None:
    thing, minutes = place("a1"), list(range(0, LENGTH + 1, STEP))
    body = said(night, minutes)
    clocks = [one["time"][11:16] + one["time"][19:22] for one in body]
    assert [clocks[minute // STEP] for minute in (50, 60, 110, 120, 170, 180)] == written
    random.Random(7).shuffle(body)
    assert taken(source, body, instant(night, LENGTH)) == Counter({Outcome.KEPT: 25})
    assert kept(thing) == due(night, minutes)
    state = State.objects.get(thing=thing)
    last = milliseconds(instant(night, LENGTH))
    assert (state.heard, state.since, state.value) == (last, last, 1.0)
    assert list(Tally.objects.values_list("day", "outcome", "count")) == [(night, "kept", 25)]


@pytest.mark.parametrize("night", [TWICE, NEVER])
def test_each_reading_counts_on_the_day_it_came_in_universal_time(
    source: Source, place: Place, night: date
) -> None:
    thing, minutes = place("a1"), list(range(0, LENGTH + 1, STEP))
    for minute in minutes:
        counts = taken(source, said(night, [minute]), instant(night, minute))
        assert counts == Counter({Outcome.KEPT: 1})  # in time: none is late, none is of the future
    assert kept(thing) == due(night, minutes)
    days = Tally.objects.order_by("day").values_list("day", "outcome", "count")
    assert list(days) == [(night - timedelta(days=1), "kept", 6), (night, "kept", 19)]


nights = st.sampled_from([TWICE, NEVER])
batches = st.lists(st.lists(st.integers(0, LENGTH), max_size=8), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(nights, batches)
def test_whatever_comes_when_each_is_kept_once_and_the_newest_counts(
    source: Source, place: Place, night: date, batches: list[list[int]]
) -> None:
    thing = place("a1")
    Observation.objects.filter(thing=thing.number).delete()
    State.objects.filter(thing=thing).update(value=None, since=None, heard=None, sequence=0)
    sums: Counter[Outcome] = Counter()
    for batch in batches:
        sums += taken(source, said(night, batch), instant(night, LENGTH))
    everything = [minute for batch in batches for minute in batch]
    minutes = set(everything)
    assert kept(thing) == due(night, list(minutes))
    assert (sums[Outcome.KEPT], sums[Outcome.DOUBLED]) == (
        len(minutes),
        len(everything) - len(minutes),
    )
    heard = State.objects.get(thing=thing).heard
    assert heard == (milliseconds(instant(night, max(minutes))) if minutes else None)


def bodies(time: str) -> dict[str, bytes]:
    """The same reading as each way that may write a local time."""
    spot = {"id": "a1", "type": "ParkingSpot", "status": {"value": "occupied", "observedAt": time}}
    observation = {"Datastream": {"@iot.id": "a1"}, "phenomenonTime": time, "result": 1}
    return {
        "plain": json.dumps({"device": "a1", "time": time, "presence": True}).encode(),
        "csv_file": f"device;time;property;value\na1;{time};presence;1\n".encode(),
        "ngsi": json.dumps({"type": "Notification", "data": [spot]}).encode(),
        "sensorthings": json.dumps(observation).encode(),
    }


@pytest.mark.parametrize("protocol", ["plain", "csv_file", "ngsi", "sensorthings"])
@pytest.mark.parametrize(
    ("time", "offsets"),
    [("2026-10-25T02:30:00", ("+02:00", "+01:00")), ("2026-03-29T03:30:00", ("+02:00",))],
)
def test_a_local_time_without_its_offset_is_refused_and_counted(
    source: Source, place: Place, protocol: str, time: str, offsets: tuple[str, ...]
) -> None:
    thing, at = place("a1"), datetime.fromisoformat(f"{time}Z")
    counts = taken(source, bodies(time)[protocol], at, protocol)
    assert counts == Counter({Outcome.NO_TIME: 1})
    assert kept(thing) == []
    for offset in offsets:
        counts = taken(source, bodies(time + offset)[protocol], at, protocol)
        assert counts == Counter({Outcome.KEPT: 1})
    moments = [datetime.fromisoformat(time + offset) for offset in offsets]
    assert kept(thing) == [(milliseconds(moment), 1.0) for moment in moments]
    ends = Tally.objects.order_by("outcome").values_list("outcome", "count")
    assert list(ends) == [("kept", len(offsets)), ("no_time", 1)]


def test_the_hour_that_never_comes_is_an_instant_when_an_offset_says_which(
    source: Source, place: Place
) -> None:
    """A device left on winter time may say 02:30+01:00: that is 03:30 on the walls."""
    thing = place("a1")
    at = instant(NEVER, LENGTH)
    time = "2026-03-29T02:30:00"
    assert taken(source, bodies(time)["plain"], at) == Counter({Outcome.NO_TIME: 1})
    assert taken(source, bodies(time + "+01:00")["plain"], at) == Counter({Outcome.KEPT: 1})
    assert taken(source, bodies("2026-03-29T03:30:00+02:00")["plain"], at)[Outcome.DOUBLED] == 1
    assert kept(thing) == [(milliseconds(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)), 1.0)]


def test_a_file_of_both_hours_is_read_and_its_line_without_offset_is_named() -> None:
    lines = [
        "device;time;property;value",
        "a1;2026-10-25T02:30:00+02:00;presence;1",
        "a1;2026-10-25T02:30:00;presence;1",
        "a1;2026-10-25T02:30:00+01:00;presence;0",
        "a1;2026-10-25T01:30:00Z;presence;0",
    ]
    found = decoder("csv_file")("\n".join(lines).encode(), received=0, mapping={})
    first = milliseconds(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    second = Reading("a1", "presence", first + 60 * MINUTE, 0, 0.0)
    assert [str(one) if isinstance(one, Malformed) else one for one in found] == [
        Reading("a1", "presence", first, 0, 1.0), "no_time: line 3: time", second, second,
    ]  # fmt: skip


def doubts(thing: Thing, at: datetime) -> tuple[Doubt, Doubt, bool]:
    """Why a state is not believed, in our words and in the database's, and whether it is."""
    rows = State.objects.filter(thing=thing)
    return (
        doubt(rows.get(), at),
        Doubt(rows.annotate(found=doubted(at)).values_list("found", flat=True).get()),
        rows.filter(known(at)).exists(),
    )


def around(thing: Thing, text: str) -> list[Doubt]:
    """What is doubted just before an instant, and at it."""
    found = []
    for at in (told(text).astimezone(UTC) - timedelta(milliseconds=1), told(text)):
        words, database, is_known = doubts(thing, at.astimezone(PARIS))
        assert (words is Doubt.NONE, database) == (is_known, words)
        found.append(words)
    return found


@pytest.mark.parametrize(
    ("heard", "silent", "stuck"),
    [
        # Two hours of silence, three days without a change: of clocks that count, not of walls.
        ("2026-10-25T02:30:00+02:00", "2026-10-25T03:30:00+01:00", "2026-10-28T01:30:00+01:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T04:30:00+01:00", "2026-10-28T02:30:00+01:00"),
        ("2026-03-29T01:30:00+01:00", "2026-03-29T04:30:00+02:00", "2026-04-01T02:30:00+02:00"),
    ],
)
def test_the_end_of_belief_comes_after_as_long_as_on_any_night(
    source: Source, place: Place, heard: str, silent: str, stuck: str
) -> None:
    thing = place("a1")
    taken(source, bodies(heard)["plain"], told(heard))
    assert around(thing, silent) == [Doubt.NONE, Doubt.SILENT]
    end = told(stuck).astimezone(UTC)
    taken(source, bodies(local(end - timedelta(hours=1)))["plain"], end)
    assert around(thing, stuck) == [Doubt.NONE, Doubt.STUCK]


@pytest.mark.parametrize(
    ("last", "calm"),
    [
        ("2026-10-25T02:40:00+02:00", "2026-10-25T02:40:00+01:00"),
        ("2026-03-29T01:40:00+01:00", "2026-03-29T03:40:00+02:00"),
    ],
)
def test_a_flapping_sensor_is_calm_again_after_an_hour(
    source: Source, place: Place, last: str, calm: str
) -> None:
    thing = place("a1")
    actions.set_source(source=source, values={"flips_most": 3}, by=None)
    source.refresh_from_db()
    end = told(last).astimezone(UTC)
    for minutes in range(4, -1, -1):  # the first is no change
        at = end - timedelta(minutes=minutes)
        one = {"device": "a1", "time": local(at), "presence": minutes % 2 == 0}
        taken(source, one, at)
    assert around(thing, calm) == [Doubt.FLAPPING, Doubt.NONE]
