"""A reading is kept once, or refused with its reason; what changed is one event."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.sensing.conftest import AT, MINUTE, NOON, Place, said

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import WrongCommunity
from communs.core.sensing import actions, keeping
from communs.core.sensing.backends.columns import COLUMNS
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.engine.states import AHEAD, Said, Standing
from communs.core.sensing.enums import Doubt, Outcome
from communs.core.sensing.intake import Taken, take
from communs.core.sensing.models import Observation, Source, State, Stranger, Tally, Thing
from communs.core.sensing.queries import believed, doubt, known
from communs.core.sensing.registry import limits_of

pytestmark = pytest.mark.django_db


def taken(source: Source, *readings: Reading | Malformed, at: int = AT + MINUTE) -> Taken:
    return take(source=source, readings=readings, at=at, by=None)


def kept() -> list[tuple[int, int, int, float]]:
    things = Thing.objects.exclude(source__demonstration=True).values("number")
    rows = Observation.objects.filter(thing__in=things).order_by("at", "thing", "sequence")
    return list(rows.values_list("at", "thing", "sequence", "value"))


def test_a_batch_is_kept_moves_the_states_and_is_one_event(source: Source, place: Place) -> None:
    one, two = place("a1"), place("b2")
    before = Event.objects.count()
    result = taken(source, said("a1", 0, 1.0), said("b2", 0, 0.0), said("a1", 1, 0.0, 7))
    assert result.counts == Counter({Outcome.KEPT: 3})
    assert kept() == [
        (AT, one.number, 0, 1.0), (AT, two.number, 0, 0.0), (AT + MINUTE, one.number, 7, 0.0),
    ]  # fmt: skip
    assert believed([one.pk, two.pk], at=NOON + timedelta(minutes=2)) == {one.pk: 0.0, two.pk: 0.0}
    event = Event.objects.order_by("id").last()
    assert Event.objects.count() == before + 1
    assert event is not None
    assert (event.name, event.data) == (
        "sensing.states_changed",
        {"changes": {str(one.number): 0.0, str(two.number): 0.0}},
    )


def test_the_same_readings_again_are_counted_and_change_nothing(
    source: Source, place: Place
) -> None:
    place("a1")
    batch = [said("a1", 0, 1.0), said("a1", 1, 0.0)]
    taken(source, *batch)
    states, events = list(State.objects.order_by("pk").values()), Event.objects.count()
    assert taken(source, *batch, batch[0]).counts[Outcome.DOUBLED] == 3
    assert (list(State.objects.order_by("pk").values()), Event.objects.count()) == (states, events)
    assert len(kept()) == 2


def test_many_readings_of_which_some_are_there_already_are_each_kept_once(
    source: Source, place: Place
) -> None:
    place("a1")
    many = [said("a1", 0, turn % 2, turn) for turn in range(300)]
    assert taken(source, *many[:200]).counts == Counter({Outcome.KEPT: 200})
    counts = taken(source, *many[150:]).counts
    assert (counts[Outcome.KEPT], counts[Outcome.DOUBLED]) == (100, 50)
    assert [(sequence, value) for _at, _thing, sequence, value in kept()] == [
        (turn, turn % 2) for turn in range(300)
    ]


def test_what_says_the_same_as_before_is_kept_without_an_event(
    source: Source, place: Place
) -> None:
    thing = place("a1")
    taken(source, said("a1", 0, 1.0))
    events = Event.objects.count()
    taken(source, said("a1", 5, 1.0), at=AT + 5 * MINUTE)
    state = State.objects.get(thing=thing)
    assert (Event.objects.count(), state.since, state.heard) == (events, AT, AT + 5 * MINUTE)


def test_an_hour_that_comes_late_is_kept_and_moves_no_state(source: Source, place: Place) -> None:
    thing = place("a1")
    taken(source, said("a1", 60, 1.0), at=AT + 60 * MINUTE)
    late = [said("a1", minute, float(minute % 2)) for minute in range(60)]
    result = taken(source, *late, at=AT + 61 * MINUTE)
    state = State.objects.get(thing=thing)
    assert (result.counts[Outcome.KEPT], result.counts[Outcome.LATE], result.changes) == (
        60,
        60,
        {},
    )
    assert (state.value, state.since, state.heard) == (1.0, AT + 60 * MINUTE, AT + 60 * MINUTE)
    assert len(kept()) == 61
    again = taken(source, *late, said("a1", 30, 1.0, 1), at=AT + 61 * MINUTE).counts
    assert +again == Counter({Outcome.KEPT: 1, Outcome.DOUBLED: 60, Outcome.LATE: 1})


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [
        (said("zz", 0, 1.0), Outcome.UNKNOWN_THING),
        (said("a1", 0, 2.0), Outcome.OUT_OF_RANGE),
        (said("a1", 0, 0.5), Outcome.OUT_OF_RANGE),
        (said("a1", 0, -1.0), Outcome.OUT_OF_RANGE),
        (said("a1", 0, math.nan), Outcome.OUT_OF_RANGE),
        (said("a1", 0, math.inf), Outcome.OUT_OF_RANGE),
        (said("a1", 10, 1.0), Outcome.FUTURE),
        (said("a1", -500 * 24 * 60, 1.0), Outcome.PAST),
        (Reading("a1", "presence", 10**18, 0, 1.0), Outcome.FUTURE),
        (Reading("a1", "presence", -(10**18), 0, 1.0), Outcome.PAST),
        (Reading("a1", "temperature", AT, 0, 12.0), Outcome.UNKNOWN_THING),
        (Malformed("wrong_type", "readings.3.value"), Outcome.WRONG_TYPE),
        (Malformed("no_time", "time"), Outcome.NO_TIME),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason_and_the_rest_is_kept(
    source: Source, place: Place, reading: Reading | Malformed, outcome: Outcome
) -> None:
    place("a1")
    result = taken(source, reading, said("a1", 0, 1.0))
    assert result.counts == Counter({outcome: 1, Outcome.KEPT: 1})
    assert result.refused == 1
    tallies = Tally.objects.filter(source=source).values_list("outcome", "count", "latest")
    assert sorted(tallies) == sorted(
        [(outcome.value, 1, AT + MINUTE), (Outcome.KEPT.value, 1, AT + MINUTE)]
    )
    assert Tally.objects.get(source=source, outcome=outcome).example != ""


def test_a_clock_a_little_fast_is_forgiven(source: Source, place: Place) -> None:
    place("a1")
    reading = Reading("a1", "presence", AT + AHEAD, 0, 1.0)
    assert taken(source, reading, at=AT).counts == Counter({Outcome.KEPT: 1})


def test_a_stranger_is_remembered_until_it_is_put_in_place(source: Source, place: Place) -> None:
    taken(source, said("new", 0, 1.0), said("new", 1, 1.0))
    taken(source, said("new", 2, 1.0), at=AT + 2 * MINUTE)
    rows = Stranger.objects.filter(source=source).values_list("code", "property", "count", "latest")
    assert list(rows) == [("new", "presence", 3, AT + 2 * MINUTE)]
    place(" new ")
    assert not Stranger.objects.filter(source=source).exists()
    assert taken(source, said("new", 3, 1.0), at=AT + 3 * MINUTE).counts == Counter(
        {Outcome.KEPT: 1}
    )


def test_a_label_in_capitals_is_the_same_device(source: Source, place: Place) -> None:
    place("A81758FFFE031234")
    place("Rue-7")
    result = taken(
        source,
        said("a81758fffe031234", 0, 1.0),
        said("A81758FFFE031234", 1, 0.0),
        said("Rue-7", 0, 1.0),
        said("RUE-7", 1, 1.0),
    )
    assert result.counts == Counter({Outcome.KEPT: 4})


def test_a_withdrawn_sensor_is_a_stranger_and_its_number_is_never_another_s(
    source: Source, place: Place
) -> None:
    thing = place("a1")
    taken(source, said("a1", 0, 1.0))
    actions.withdraw(thing=thing, at=NOON, by=None)
    source.refresh_from_db()
    assert taken(source, said("a1", 1, 0.0)).counts[Outcome.UNKNOWN_THING] == 1
    assert believed([thing.pk], at=NOON) == {}
    assert place("b2").number != thing.number
    assert place("a1").pk == thing.pk


def test_two_communities_may_have_the_same_sensor_and_neither_hears_the_other(
    source: Source, place: Place, sceaux: Community
) -> None:
    place("a1")
    with within(sceaux):
        other, _secret = actions.add_source(slug="rue", name="Rue", by=None)
        actions.commission(source=other, code="a1", at=NOON, by=None)
        other.refresh_from_db()
        taken(other, said("a1", 0, 1.0))
        assert len(kept()) == 1
    assert kept() == []
    with pytest.raises(WrongCommunity), within(sceaux):
        source.save()


def test_silence_is_never_freedom(source: Source, place: Place) -> None:
    thing = place("a1")
    assert doubt(State.objects.get(thing=thing), NOON) is Doubt.NEVER
    taken(source, said("a1", 0, 0.0))
    state = State.objects.get(thing=thing)
    told = [doubt(state, NOON + timedelta(minutes=m)) for m in (0, 119, 120, 6000)]
    assert told == [Doubt.NONE, Doubt.NONE, Doubt.SILENT, Doubt.SILENT]
    for minutes in (0, 119, 120, 6000):
        at = NOON + timedelta(minutes=minutes)
        assert State.objects.filter(known(at), thing=thing).exists() is (minutes < 120)


def test_the_database_and_the_words_agree_on_what_is_believed(source: Source, place: Place) -> None:
    thing = place("a1")
    for hours, told in ((71.9, Doubt.NONE), (72, Doubt.STUCK), (79.9, Doubt.STUCK)):
        stuck = [said("a1", hour * 60, 0.0) for hour in range(int(hours) + 1)]
        taken(source, *stuck, at=AT + int(hours * 60) * MINUTE)
        state = State.objects.get(thing=thing)
        at = NOON + timedelta(hours=hours)
        assert doubt(state, at) is told
        assert State.objects.filter(known(at), thing=thing).exists() is (told is Doubt.NONE)


def test_a_sensor_often_wrong_on_the_spot_is_not_believed_until_it_is_right_again(
    source: Source, place: Place
) -> None:
    thing = place("a1")
    taken(source, said("a1", 0, 0.0))
    for _time in range(3):
        actions.check_on_the_spot(thing=thing, seen=1.0, at=NOON, by=None)
    assert doubt(State.objects.get(thing=thing), NOON) is Doubt.DRIFTING
    assert believed([thing.pk], at=NOON) == {}


def test_a_batch_costs_the_same_number_of_queries_whatever_it_holds(
    source: Source, place: Place
) -> None:
    for number in range(20):
        place(f"c{number}")
    taken(source, *[said(f"c{n}", -1, 1.0) for n in range(20)])
    costs = []
    for count in (1, 20):
        with CaptureQueriesContext(connection) as queries:
            result = taken(source, *[said(f"c{n}", count / 10, 0.0) for n in range(count)])
        assert result.counts[Outcome.KEPT] == count
        costs.append(len(queries))
    assert costs[0] == costs[1]


batches = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["a1", "b2"]), st.integers(0, 40), st.integers(0, 2),
            st.sampled_from([0.0, 1.0]),
        ),
        max_size=8,
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches)
def test_whatever_the_batches_each_reading_is_there_once_and_the_newest_counts(
    source: Source, place: Place, batches: list[list[tuple[str, int, int, float]]]
) -> None:
    things = {code: place(code) for code in ("a1", "b2")}
    numbers = [thing.number for thing in things.values()]
    Observation.objects.filter(thing__in=numbers).delete()
    for thing in things.values():
        State.objects.filter(thing=thing).update(value=None, since=None, heard=None, sequence=0)
    first: dict[tuple[int, int, int], float] = {}
    for batch in batches:
        taken(source, *[said(code, m, v, s) for code, m, s, v in batch], at=AT + 60 * MINUTE)
        for code, minute, sequence, value in sorted(
            batch, key=lambda one: (one[1], things[one[0]].number, one[2], one[3])
        ):
            key = (AT + minute * MINUTE, things[code].number, sequence)
            first.setdefault(key, value)
    assert {row[:3]: row[3] for row in kept()} == first
    for thing in things.values():
        mine = [key for key in first if key[1] == thing.number]
        state = State.objects.get(thing=thing)
        assert (state.heard, state.sequence) == (
            (max(mine)[0], max(mine)[2]) if mine else (None, 0)
        )


histories = st.lists(
    st.tuples(st.integers(0, 240), st.integers(0, 2), st.sampled_from([0.0, 1.0]), st.booleans()),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories, st.integers(1, 3), st.sampled_from([None, 600]))
def test_a_state_moved_by_the_database_is_the_one_that_the_engine_says(
    source: Source, place: Place, told: list[Any], flips_most: int, stuck_after: int | None
) -> None:
    thing = place("a1")
    limits = {"flips_most": flips_most, "stuck_after": stuck_after}
    actions.set_source(source=source, values=limits, by=None)
    source.refresh_from_db()
    new = {f.name: f.get_default() for f in State._meta.concrete_fields if f.name in COLUMNS}
    Observation.objects.filter(thing=thing.number).delete()
    State.objects.filter(thing=thing).update(**new)
    due = Standing()
    for minute, sequence, value, charged in told:
        reading = Reading(
            "a1", "presence", AT + minute * MINUTE, sequence, value, 80.0 if charged else None
        )
        before = due.value
        result = taken(source, reading, at=AT + 300 * MINUTE)
        late = due.is_late(Said(*reading[2:])) and result.counts[Outcome.KEPT]
        due.hear([Said(*reading[2:])], limits_of(source))
        assert result.counts[Outcome.LATE] == late
        assert result.changes == ({} if due.value == before else {thing.number: due.value})
    state = State.objects.get(thing=thing)
    assert {name: getattr(state, name) for name in COLUMNS} == {
        name: getattr(due, name) for name in COLUMNS
    }


def test_readings_go_when_their_source_says_so(source: Source, place: Place) -> None:
    thing = place("a1")
    taken(source, said("a1", -60 * 24 * 399, 1.0), said("a1", 0, 0.0))
    assert keeping.let_go(NOON) == 0
    assert keeping.let_go(NOON + timedelta(days=2)) == 1
    assert kept() == [(AT, thing.number, 0, 0.0)]


def test_months_to_come_are_made_ready_twice_without_harm(here: Community) -> None:
    assert keeping.prepare(NOON) == 3
    assert keeping.prepare(NOON + timedelta(days=31)) == 3


def test_months_that_are_over_and_empty_give_their_tables_back(
    source: Source, place: Place, sceaux: Community
) -> None:
    october, november, december = (-60 * 24 * days for days in (130, 100, 70))
    keeping.prepare(NOON - timedelta(days=150))
    place("a1")
    taken(source, said("a1", november, 1.0))
    with within(sceaux):
        elsewhere = actions.add_source(slug="place", name="Place", by=None)[0]
        actions.commission(source=elsewhere, code="b1", at=NOON, by=None)
        taken(elsewhere, said("b1", december, 1.0))
    has_tables = connection.vendor == "postgresql"
    assert keeping.tidy(NOON) == (1 if has_tables else 0)
    assert keeping.tidy(NOON) == 0
    taken(source, said("a1", october, 0.0))
    assert [row[3] for row in kept()] == [0.0, 1.0]
    keeping.let_go(NOON + timedelta(days=330))
    assert keeping.tidy(NOON + timedelta(days=330)) == (1 if has_tables else 0)
    with within(sceaux):
        assert [row[3] for row in kept()] == [1.0]
