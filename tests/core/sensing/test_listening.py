"""What sensors say on a real broker is kept, then acknowledged: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from django.db.models import Sum
from paho.mqtt.publish import multiple
from tests.core.sensing import mosquitto
from tests.core.sensing.conftest import AT, NOON, Place

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.sensing import actions, listening
from communs.core.sensing.engine.brokers import Broker
from communs.core.sensing.listening import Listener
from communs.core.sensing.models import Observation, Source, State, Stranger, Tally, Thing
from communs.core.sensing.queries import milliseconds
from communs.core.sensing.topics import Topics, overlap, topic_of

pytestmark = pytest.mark.django_db

PATIENCE = 20.0
NOUGHT = 100_000  # the number of what is said at noon


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with mosquitto.running(tmp_path) as port:
        yield port


def listener(port: int, version: int = 5) -> Listener:
    return Listener(Broker("127.0.0.1", port, version=version), clock=lambda: NOON)


def until(done: Callable[[], bool]) -> Callable[[], bool]:
    """Stay alive until it is done, or for as long as one is patient."""
    end = time.monotonic() + PATIENCE
    return lambda: not done() and time.monotonic() < end


def say(port: int, *messages: tuple[str, object]) -> None:
    """Publish with quality of service 1: the broker has them when this returns."""
    told = [(topic, json.dumps(body), 1, False) for topic, body in messages]
    multiple(told, hostname="127.0.0.1", port=port)


def reading(code: str, second: int, *, taken: bool) -> dict[str, object]:
    return {
        "device": code,
        "time": AT + second * 1000,
        "sequence": NOUGHT + second,
        "presence": taken,
    }


def kept() -> list[tuple[int, float]]:
    """What the device of the test is known to have said, and how many seconds after noon."""
    rows = Observation.objects.filter(thing=Thing.objects.get(code="a1").number).order_by("at")
    return [(sequence - NOUGHT, value) for sequence, value in rows.values_list("sequence", "value")]


def subscribe(port: int, version: int = 5) -> None:
    """Have the broker know the session: what comes from now on waits for it."""
    one = listener(port, version)
    one.run(until(lambda: bool(one.topics.filters)))


@pytest.mark.parametrize("version", [4, 5])
def test_what_came_while_nobody_listened_is_kept_and_acknowledged_once(
    port: int, source: Source, place: Place, version: int
) -> None:
    place("a1")
    subscribe(port, version)
    topic = "communs/antony/rue/a1"
    say(port, *[(topic, reading("a1", n, taken=n % 2 == 0)) for n in range(-5, 0)])
    say(port, (topic, [reading("a1", n, taken=False) for n in range(-60, -55)]))
    say(port, (topic, "no reading at all"), (topic, reading("zz", -1, taken=True)))
    first = listener(port, version)
    first.run(until(lambda: first.kept >= 10 and first.refused >= 2))
    again = listener(port, version)
    enough = after(1.0)
    again.run(until(lambda: bool(again.waiting) or again.kept > 0 or enough()))
    assert [n for n, _value in kept()] == [*range(-60, -55), *range(-5, 0)]
    assert (first.kept, first.refused, again.kept, again.refused) == (10, 2, 0, 0)
    refused = (
        Tally.objects.filter(source=source)
        .exclude(outcome__in=["kept", "late"])
        .values_list("outcome", "count")
    )
    assert sorted(refused) == [("unknown_shape", 1), ("unknown_thing", 1)]


def after(seconds: float) -> Callable[[], bool]:
    """Tell whether so long has passed since it was first asked."""
    started: list[float] = []

    def asked() -> bool:
        started.append(time.monotonic())
        return time.monotonic() - started[0] > seconds

    return asked


@pytest.mark.parametrize(
    "error", [OperationalError, InterfaceError, InternalError, ProgrammingError, DatabaseError]
)
def test_while_the_database_is_away_nothing_is_acknowledged_and_all_comes_again(
    port: int,
    source: Source,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    place("a1")
    subscribe(port)
    say(port, *[("communs/antony/rue/a1", reading("a1", n, taken=True)) for n in range(-3, 0)])
    real, tries = listening.take, []

    def away(**options: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            message = "database is full, locked, damaged or gone"
            raise error(message)
        return real(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(listening, "take", away)
    monkeypatch.setattr(listening.connection, "close", lambda: None)  # the test's own
    one = listener(port)
    one.run(until(lambda: one.kept >= 3))
    assert len(tries) > 1  # what the broker sends again comes in one batch, or in several
    assert [n for n, _value in kept()] == [-3, -2, -1]


@pytest.mark.parametrize("error", [DataError, IntegrityError, ValueError, OverflowError])
def test_a_message_at_fault_is_refused_and_holds_up_no_other(
    port: int,
    source: Source,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    place("a1")
    subscribe(port)
    real = listening.take

    def choosy(**options: Any) -> object:
        if any(one.sequence == NOUGHT - 2 for one in options["readings"]):
            raise error
        return real(**options)

    say(port, *[("communs/antony/rue/a1", reading("a1", n, taken=True)) for n in range(-3, 0)])
    monkeypatch.setattr(listening, "take", choosy)
    one = listener(port)
    one.run(until(lambda: one.kept + one.refused >= 3))
    again = listener(port)
    enough = after(1.0)
    again.run(until(lambda: bool(again.waiting) or again.kept > 0 or enough()))
    assert (one.kept, one.refused, again.kept, again.refused) == (2, 1, 0, 0)
    assert ends() == {"kept": 2, "unknown_shape": 1}
    assert [n for n, _value in kept()] == [-3, -1]


def test_what_a_source_that_is_gone_said_is_left(source: Source) -> None:
    one = listener(0)
    one.topics.read()
    one.waiting = [listening.Message("communs/antony/rue/a1", b"{}", 1, 0)]
    source.delete()
    one._keep_all()
    assert (one.kept, one.refused, one.waiting) == (0, 0, [])


def test_a_broker_that_restarts_is_waited_for(tmp_path: Path, source: Source, place: Place) -> None:
    place("a1")
    topic, one = "communs/antony/rue/a1", None
    with mosquitto.running(tmp_path / "broker") as port:
        one = listener(port)
        one.run(until(lambda: bool(one.topics.filters)))
        say(port, (topic, reading("a1", -2, taken=True)))
    with mosquitto.running(tmp_path / "broker", port):
        say(port, (topic, reading("a1", -1, taken=False)))
        one = listener(port)
        one.run(until(lambda: one.kept >= 2))
    assert kept() == [(-2, 1.0), (-1, 0.0)]


HOUR = 3600
TOPIC = "communs/antony/rue/all"


def ends() -> dict[str, int]:
    """How many readings met each end so far."""
    rows = Tally.objects.order_by().values_list("outcome")
    return dict(rows.annotate(count=Sum("count")))


def heard(port: int, ended: int, second: int) -> None:
    """Listen, so many seconds after noon, until so many readings in all were kept or refused."""
    clock = NOON + timedelta(seconds=second)
    one = Listener(Broker("127.0.0.1", port), clock=lambda: clock)
    one.run(until(lambda: one.kept + one.refused >= ended))
    assert (one.kept + one.refused, one.waiting) == (ended, [])


def stands(code: str) -> tuple[float | None, int, int]:
    """What a device is held to say, since when and heard when, in seconds after noon."""
    state = State.objects.get(thing__code=code)
    return state.value, (state.since - AT) // 1000, (state.heard - AT) // 1000


def test_a_device_whose_clock_jumps_ahead_and_back_moves_no_state_wrongly(
    port: int, source: Source, place: Place
) -> None:
    place("a1")
    subscribe(port)
    say(port, (TOPIC, reading("a1", 0, taken=False)))
    heard(port, 1, 0)
    # A day ahead: refused, and counted with its reason.
    say(port, *[(TOPIC, reading("a1", 24 * HOUR + n, taken=True)) for n in (60, 120)])
    heard(port, 2, 120)
    assert (ends(), stands("a1")) == ({"future": 2, "kept": 1}, (0.0, 0, 0))
    assert Tally.objects.get(outcome="future").example == "a1 2026-03-03T12:02:00+00:00"
    # An hour back: kept as of then, and what is believed stays.
    say(port, *[(TOPIC, reading("a1", n - HOUR, taken=True)) for n in (180, 240)])
    heard(port, 2, 240)
    assert (ends(), stands("a1")) == ({"future": 2, "kept": 3, "late": 2}, (0.0, 0, 0))
    # Right again: it goes on.
    say(port, (TOPIC, reading("a1", 300, taken=True)), (TOPIC, reading("a1", 360, taken=True)))
    heard(port, 2, 360)
    assert (ends(), stands("a1")) == ({"future": 2, "kept": 5, "late": 2}, (1.0, 300, 360))
    assert kept() == [(180 - HOUR, 1.0), (240 - HOUR, 1.0), (0, 0.0), (300, 1.0), (360, 1.0)]


@pytest.mark.parametrize("jump", [24 * HOUR, -24 * HOUR])
def test_our_own_clock_that_jumps_holds_no_state_back_once_it_is_right(
    port: int, source: Source, place: Place, jump: int
) -> None:
    place("a1")
    subscribe(port)
    # Readings without a time are of the moment that they come.
    for second, taken in ((0, True), (60 + jump, False), (120, True), (180, False), (240, False)):
        say(port, (TOPIC, {"device": "a1", "presence": taken}))
        heard(port, 1, second)
    assert ends() == {"kept": 5}
    assert stands("a1") == (0.0, 180, 240)
    assert State.objects.get().silent_from == AT + (240 + 2 * HOUR) * 1000


def test_a_clock_set_back_never_makes_belief_last_longer(
    port: int, source: Source, place: Place
) -> None:
    place("a1")
    subscribe(port)
    say(port, (TOPIC, reading("a1", 0, taken=False)))
    heard(port, 1, 0)
    late = [reading("a1", n - 3 * HOUR, taken=True) for n in range(60, 2 * HOUR, 600)]
    say(port, *[(TOPIC, one) for one in late])
    heard(port, len(late), 2 * HOUR)
    assert ends() == {"kept": 1 + len(late), "late": len(late)}
    assert stands("a1") == (0.0, 0, 0)
    assert State.objects.get().silent_from == milliseconds(NOON) + 2 * HOUR * 1000


def test_an_hour_replayed_among_new_readings_is_kept_once_and_the_newest_counts(
    port: int, source: Source, place: Place
) -> None:
    codes = ["a1", "a2", "a3"]
    for code in codes:
        place(code)
    subscribe(port)
    # The network comes back: each sensor speaks anew, then its gateway sends the hour it held.
    say(port, *[(TOPIC, reading(code, 0, taken=True)) for code in codes])
    heard(port, 3, 0)
    hour = [reading(code, n, taken=n % 120 == 0) for n in range(-HOUR, 0, 60) for code in codes]
    new = [reading(code, n, taken=n % 2 == 0) for n in range(1, 61) for code in codes]
    mixed = [one for pair in zip(hour, new, strict=True) for one in pair]
    say(port, *[(TOPIC, one) for one in mixed])
    heard(port, 360, 60)
    assert ends() == {"kept": 363, "late": 180}
    held = [(n, float(n % 120 == 0)) for n in range(-HOUR, 0, 60)]
    assert kept() == [*held, *((n, float(n % 2 == 0)) for n in range(61))]
    assert [stands(code) for code in codes] == [(1.0, 60, 60)] * 3
    # The gateway, unsure, sends all of it again in bodies of many.
    say(port, *[(TOPIC, mixed[n : n + 60]) for n in range(0, 360, 60)])
    heard(port, 360, 60)
    assert (ends()["kept"], ends()["doubled"]) == (363, 360)
    assert Observation.objects.filter(thing__in=numbers()).count() == 363
    assert [stands(code) for code in codes] == [(1.0, 60, 60)] * 3


def numbers() -> list[int]:
    return list(Thing.objects.values_list("number", flat=True))


def test_devices_without_end_that_nobody_knows_are_counted_and_a_thousand_listed(
    port: int, source: Source
) -> None:
    subscribe(port)
    unknown = [reading(f"z{number}", 0, taken=True) for number in range(1_200)]
    say(port, *[(TOPIC, unknown[n : n + 100]) for n in range(0, 1_200, 100)])
    heard(port, 1_200, 0)
    assert ends() == {"unknown_thing": 1_200}
    assert Stranger.objects.filter(source=source).count() == 1_000


def test_nobody_follows_what_another_community_s_sensors_say(
    here: Community, source: Source, sceaux: Community
) -> None:
    actions.set_source(source=source, values={"topic": "application/7/#"}, by=None)
    with within(sceaux):
        for topic in (
            "application/7/#",
            "application/+/device/x",
            "application/7",
            "application/#",
        ):
            with pytest.raises(Refused) as refused:
                actions.add_source(slug="rue", name="Rue", topic=topic, by=None)
            assert refused.value.field == "topic"
        other = actions.add_source(slug="rue", name="Rue", topic="application/8/#", by=None)[0]
        with pytest.raises(Refused):
            actions.set_source(source=other, values={"topic": "application/7/x"}, by=None)
    actions.set_source(source=source, values={"topic": "application/7/+"}, by=None)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a", True),
        ("#", "x/y", True),
        ("a/+/c", "a/b/+", True),
        ("a/+/c", "a/b/d", False),
        ("a/b/#", "a/c/#", False),
    ],
)
def test_two_filters_overlap_when_a_topic_matches_both(one: str, other: str, both: bool) -> None:
    assert (overlap(one, other), overlap(other, one)) == (both, both)


def test_each_source_hears_its_own_topics_only(
    here: Community, source: Source, sceaux: Community
) -> None:
    with within(sceaux):
        other = actions.add_source(slug="rue", name="Rue", topic="v3/app@ttn/+/up", by=None)[0]
    topics = Topics()
    new, gone = topics.read()
    assert {"communs/antony/rue/#", "v3/app@ttn/+/up"} <= new
    assert not gone
    assert topics.source_of("communs/antony/rue/x/y") == source
    assert topics.source_of("v3/app@ttn/d1/up") == other
    assert topics.source_of("communs/sceaux/rue/x") is None
    actions.set_source(source=source, values={"on": False}, by=None)
    assert topics.read() == (set(), {topic_of(source)})


@pytest.mark.parametrize(
    ("address", "broker"),
    [
        ("mqtt://broker", Broker("broker", 1883)),
        (
            "mqtts://us:p%40ss@b.example:99?version=3.1.1&client=here",
            Broker("b.example", 99, True, "us", "p@ss", 4, "here"),
        ),
    ],
)
def test_a_broker_is_an_address(address: str, broker: Broker) -> None:
    assert Broker.read(address) == broker


@pytest.mark.parametrize("address", ["http://x", "mqtt://", "broker:1883", "mqtt://x?version=6"])
def test_another_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(ValueError, match=r"broker"):
        Broker.read(address)
