"""The agents' round, reports, and what the use of bays advises."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.definitions import Ratio
from communs.core.journal.models import Event
from communs.core.kit.timespans import PARIS
from communs.core.people.models import Person
from communs.core.sensing.models import Observation
from communs.services.delivery import actions, indicators, jobs, queries
from communs.services.delivery.engine import advice, room, terms
from communs.services.delivery.models import Bay, Check, PlatePrint, Report, Visit
from tests.services.delivery.samples import AT, DAY, bay_made, placed, started
from tests.services.delivery.test_places import sensed

ANTONY = "/en/antony/livraison/"
MINUTE = timedelta(minutes=1)
GRACE = 5 * MINUTE


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], antony: Community) -> None:
    switch(antony, "delivery")


@pytest.fixture
def bay(antony: Community) -> Bay:
    with within(antony):
        found = bay_made()
        placed(found)
    return found


@pytest.fixture
def warden(antony: Community) -> Client:
    """An agent outside, who runs nothing."""
    person = Person.objects.create_user("agent@a.example", name="Agent fictif")
    with within(antony):
        Membership.objects.create(person=person, role=Role.AGENT)
    client = Client()
    client.force_login(person)
    return client


def test_a_plate_is_looked_up_and_nothing_of_it_is_kept(
    warden: Client, antony: Community, bay: Bay, caplog: pytest.LogCaptureFixture
) -> None:
    with within(antony):
        started(bay, plate="AB-123-CD")
        before = (Event.objects.count(), PlatePrint.objects.count())
    caplog.clear()
    with time_machine.travel(AT + 10 * MINUTE, tick=False):
        yes = warden.post(f"{ANTONY}tournee/", {"plate": "ab 123 cd"})
        no = warden.post(f"{ANTONY}tournee/", {"plate": "ZZ-999-ZZ"})
        wrong = warden.post(f"{ANTONY}tournee/", {"plate": "é"})
    assert ("is in force" in yes.text, "20 minutes left" in yes.text) == (True, True)
    assert "No disc is known with this plate" in no.text
    assert (wrong.status_code, "not a number plate" in wrong.text) == (422, True)
    with within(antony):
        assert (Event.objects.count(), PlatePrint.objects.count()) == before
    assert [word for word in ("123 cd", "123CD", "999ZZ", "ZZ-999") if word in caplog.text] == []


def test_the_round_shows_long_stops_and_spaces_without_a_disc(
    warden: Client, antony: Community, bay: Bay
) -> None:
    with within(antony):
        other = bay_made("Aire du port", spaces=1)
        placed(other)
        started(bay)
        sensed(other, 1.0)
    with time_machine.travel(AT + 10 * MINUTE, tick=False):
        early = warden.get(f"{ANTONY}tournee/").text
    with time_machine.travel(AT + 36 * MINUTE, tick=False):
        late = warden.get(f"{ANTONY}tournee/").text
    assert "20 minutes left" in early
    assert "stop too long" not in early
    assert "1 space taken without a disc" in early
    assert "unknown, no sensor tells" in early
    assert "1 stop too long" in late
    assert "over since 10:30" in late


def test_a_sensor_that_says_free_clears_who_forgot_to_end_a_disc(
    antony: Community, bay: Bay
) -> None:
    with within(antony):
        started(bay)
        sensed(bay, 0.0)
        [row] = queries.rounds([bay], at=AT + 40 * MINUTE, grace=GRACE)
    assert (row.over, row.valid, row.unticketed) == ([], [], 0)


def test_an_agent_notes_what_is_seen_and_no_fine_leaves(
    warden: Client, antony: Community, bay: Bay
) -> None:
    page = f"{ANTONY}tournee/{bay.code}/"
    with time_machine.travel(AT, tick=False):
        assert warden.get(page).status_code == 200
        many = warden.post(page, {"seen": "no_disc", "taken": "2"})
        warden.post(page, {"seen": "no_disc", "taken": "1"})
    assert (many.status_code, "fewer spaces than that" in many.text) == (422, True)
    with within(antony):
        assert list(Check.objects.values_list("bay", "seen", "taken", "at")) == [
            (bay.pk, "no_disc", 1, AT)
        ]
        assert Event.objects.filter(name__startswith="notifications.").count() == 0
    assert warden.get(f"{ANTONY}gestion/").status_code == 403


def test_a_report_waits_for_an_agent_and_its_words_go_when_it_is_set_aside(
    client: Client, warden: Client, antony: Community, bay: Bay
) -> None:
    page = f"{ANTONY}aires/{bay.code}/signaler/"
    with time_machine.travel(AT + 30 * MINUTE, tick=False):
        plate = client.post(page, {"kind": "double", "note": "La voiture AB-123-CD gêne"})
        long = client.post(page, {"kind": "double", "note": "x" * 201})
        client.post(page, {"kind": "double", "note": "Tous les matins"})
        client.post(page, {"kind": "blocked", "note": "Rien"})
    assert "Leave the number plate out" in plate.text
    assert (plate.status_code, long.status_code) == (422, 422)
    with within(antony):
        blocked, double = Report.objects.order_by("kind")
    told = warden.get(f"{ANTONY}signalements/").text
    assert [t for t in ("Tous les matins", "Double parking") if t not in told] == []
    warden.post(f"{ANTONY}signalements/{double.pk}/", {"keep": "1"})
    warden.post(f"{ANTONY}signalements/{blocked.pk}/", {"reject": "1"})
    with within(antony):
        rows = list(Report.objects.order_by("kind").values_list("state", "note"))
    assert rows == [("rejected", ""), ("kept", "Tous les matins")]
    assert warden.post(f"{ANTONY}signalements/{double.pk}/", {"keep": "1"}).status_code == 404


def test_who_reports_too_often_must_wait_and_keeps_what_was_typed(
    client: Client, antony: Community, bay: Bay
) -> None:
    page = f"{ANTONY}aires/{bay.code}/signaler/"
    said = {"kind": "double", "note": "Tous les matins"}
    with time_machine.travel(AT + 45 * MINUTE, tick=False):  # a minute of no other test
        codes = [client.post(page, said).status_code for _try in range(10)]
        answer = client.post(page, said)
    assert (codes, answer.status_code) == ([200] * 10, 422)
    assert "Too many tries from here." in answer.text
    assert "Tous les matins" in answer.text
    with within(antony):
        assert Report.objects.count() == 10


def observed(bay: Bay, *readings: tuple[int, float]) -> None:
    """Have the sensor of a bay say things, so many minutes after AT."""
    start = int(AT.timestamp() * 1000)
    for number, (minutes, value) in enumerate(readings):
        Observation.objects.create(
            at=start + minutes * 60_000, thing=bay.thing.number, sequence=number, value=value
        )


def test_a_days_stops_are_made_out_from_discs_and_sensors_and_measured(
    antony: Community, bay: Bay
) -> None:
    with within(antony):
        sensed(bay, 0.0)
        observed(bay, (-2, 1.0), (40, 0.0), (120, 1.0), (130, 0.0))
        first = started(bay).ticket
        assert actions.make_visits(day=DAY, grace=GRACE, by=None) == 2
        assert actions.make_visits(day=DAY, grace=GRACE, by=None) == 2  # made anew, not twice
        rows = list(
            Visit.objects.order_by("begins_at").values_list(
                "begins_at", "ends_at", "ticket", "sources", "overstayed"
            )
        )
        measured = (
            indicators.discs(DAY),
            indicators.dwell(DAY),
            indicators.turnover(DAY),
            indicators.overstays(DAY),
            indicators.saturated(DAY),
            indicators.turned_away(DAY),
            indicators.dwell(date(2026, 3, 3)),
            indicators.saturated(date(2026, 3, 3)),
        )
    assert rows == [
        (AT - 2 * MINUTE, AT + 40 * MINUTE, first.pk, "disc sensor", True),
        (AT + 120 * MINUTE, AT + 130 * MINUTE, None, "sensor", None),
    ]
    assert measured[1] == 26
    assert measured[:1] + measured[2:] == (1, Ratio(2, 1), Ratio(1, 1), 0, 0, None, None)


def test_jobs_erase_prints_give_back_and_make_stops_out(antony: Community, bay: Bay) -> None:
    with within(antony):
        started(bay, plate="AB-123-CD")
        with time_machine.travel(AT + timedelta(hours=23), tick=False):
            assert jobs.forget_plates.call() == 0
        with time_machine.travel(AT + timedelta(hours=25), tick=False):
            assert (jobs.forget_plates.call(), jobs.give_back.call()) == (1, 0)
            assert jobs.make_visits_out.call() == 1


def test_hours_advise_a_larger_bay_with_their_numbers(
    signed_in: Client, antony: Community, bay: Bay
) -> None:
    with within(antony):
        for ago in range(20):
            begins = datetime(2026, 3, 2, 9, tzinfo=PARIS) + timedelta(days=ago)
            Visit.objects.create(
                bay=bay,
                day=begins.date(),
                begins_at=begins,
                ends_at=begins + timedelta(minutes=57),
                sources="sensor",
            )
    with time_machine.travel(datetime(2026, 3, 22, 9, tzinfo=UTC), tick=False):
        page = signed_in.get(f"{ANTONY}bilan/").text
        week = signed_in.get(f"{ANTONY}bilan/{bay.code}/").text
        file = signed_in.get(f"{ANTONY}bilan.csv").text
    told = ("Too small: add spaces", ">7<", "95%", ">20<")
    assert [words for words in told if words not in page] == []
    assert week.count("saturated, 95%") == 7
    rows = [r for r in csv.DictReader(file.splitlines()) if float(r["share"]) > 0]
    assert {(row["hour"], row["share"]) for row in rows} == {("9", "0.9500")}
    assert {row["weekday"] for row in rows} == set("1234567")


@pytest.mark.parametrize(
    ("share", "turned", "days", "counsel"),
    [
        (0.9, 0, 13, "unknown"),
        (0.9, 0, 14, "larger"),
        (0.5, 0, 14, "keep"),
        (0.1, 0, 14, "smaller"),
        (0.1, 6, 14, "larger"),
        (0.1, 1, 14, "keep"),
    ],
)
def test_numbers_advise(share: float, turned: int, days: int, counsel: str) -> None:
    cells = {(0, hour): advice.Cell(share=share) for hour in (8, 9, 10)}
    cells[1, 8] = advice.Cell(share=0.0, turned=turned)
    assert advice.advise(cells, days=days, saturated=0.8, quiet=0.15).counsel == counsel


MOMENTS = st.integers(0, 8 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
)
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda pair: tuple(sorted(pair))), max_size=6)


@given(SPANS)
def test_the_time_of_stops_is_neither_lost_nor_made(spans) -> None:
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(9)]
    cells = advice.cells(spans, [], [], spaces=1_000, days=days)
    of_weekday = {d: sum(day.weekday() == d for day in days) for d in range(7)}
    found = sum(c.share * 3600 * 1_000 * of_weekday[slot[0]] for slot, c in cells.items())
    assert found == pytest.approx(sum((b - a).total_seconds() for a, b in spans), abs=1)


@given(SPANS, MOMENTS, st.integers(1, 4))
def test_a_bay_is_full_at_the_first_instant_at_which_its_spaces_are_asked_for(
    spans, at, spaces
) -> None:
    full = room.first_full(spans, spaces, at)
    week = at + timedelta(days=20)
    assert (room.peak(spans, at, week) >= spaces) == (full is not None)
    if full is not None and full > at:
        assert room.peak(spans, at, full) < spaces


def test_a_day_of_summer_time_has_its_true_minutes() -> None:
    span = terms.TimeSpan()
    rule = terms.Rule(key=uuid4(), name="", span=span, activity=terms.LOADING)
    days = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 2))
    assert [terms.loading_minutes([rule], day) for day in days] == [1380, 1500, 1440]
