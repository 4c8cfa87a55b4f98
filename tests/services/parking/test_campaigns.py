"""Campaigns: what changed beside what would have changed anyway, and never more than is known."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.definitions import named
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.parking.actions import set_campaign, set_zone
from communs.services.parking.engine.campaigns import (
    LEAST_DAYS,
    Estimate,
    Measure,
    Share,
    Target,
    estimate,
    figures,
    search_seconds,
)
from communs.services.parking.engine.uses import Day
from communs.services.parking.models import Campaign, CampaignZone, Zone
from communs.services.parking.queries.campaigns import judged
from tests.services.parking.samples import a_day, campaign, street

TARGET = Target(60, 80, 9, 19)
HOME = "/sceaux/stationnement/campagnes/"


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest) -> Iterator[None]:
    if "sceaux" not in request.fixturenames:
        yield
        return
    with within(request.getfixturevalue("sceaux")):
        yield


def days(first: date, *shares: float) -> dict[date, dict[Measure, Share]]:
    """Give days on which ten spaces were so full at every hour."""
    return {
        first + timedelta(days=n): figures(
            [Day(864_000, [[36_000, round(36_000 * share), 10, 0]] * 24, 40, [60])], TARGET
        )
        for n, share in enumerate(shares)
    }


BEFORE, AFTER = date(2026, 2, 2), date(2026, 2, 16)


def test_the_figures_of_a_day() -> None:
    hours = [[7_200, 5_040, 2, 1]] * 12 + [[0, 0, 0, 0]] * 12
    found = figures([Day(172_800, hours, 6, [30, 90])], TARGET)
    assert found == {
        Measure.OCCUPANCY: Share(15_120, 21_600),
        Measure.IN_BAND: Share(3, 3),
        Measure.ROTATION: Share(6, 1.0),
        Measure.DWELL: Share(120, 2),
        Measure.SEARCH: Share(pytest.approx(3 * search_seconds(5_040, 7_200)), 3),
    }


def test_the_difference_takes_away_what_changed_in_control_zones() -> None:
    tried = days(BEFORE, *[0.9] * 7), days(AFTER, *[0.7] * 14)
    control = days(BEFORE, *[0.8] * 7), days(AFTER, *[0.75] * 14)
    found = estimate(tried, control, Measure.OCCUPANCY)
    told = [found.before, found.after, found.control_before, found.control_after]
    assert told == pytest.approx([0.9, 0.7, 0.8, 0.75])
    assert [found.effect, found.low, found.high] == pytest.approx([-0.15] * 3)
    assert found.sure
    alone = estimate(tried, None, Measure.OCCUPANCY)
    assert (alone.effect, alone.control_before) == (pytest.approx(-0.2), None)


@pytest.mark.parametrize("count", [0, LEAST_DAYS - 1])
def test_too_few_days_are_not_enough_data(count: int) -> None:
    found = estimate((days(BEFORE, *[0.9] * 7), days(AFTER, *[0.7] * count)), None, Measure.IN_BAND)
    assert (found.effect, found.low, found.high, found.sure) == (None, None, None, False)


def test_days_of_which_nothing_is_known_do_not_count() -> None:
    silent = {day: {m: Share(0, 0) for m in Measure} for day in days(AFTER, *[0.7] * 14)}
    found = estimate((days(BEFORE, *[0.9] * 7), silent), None, Measure.OCCUPANCY)
    assert found == Estimate(pytest.approx(0.9), None)


def test_what_chance_alone_does_is_rarely_called_a_change() -> None:
    chance, called = Random(7), 0
    for _world in range(40):
        worlds = [[chance.uniform(0.5, 0.9) for _day in range(14)] for _cell in range(4)]
        cells = [days(BEFORE if n % 2 == 0 else AFTER, *w) for n, w in enumerate(worlds)]
        called += estimate(cells[:2], cells[2:], Measure.OCCUPANCY).sure
    assert called <= 6  # two are expected


SHARES = st.lists(st.integers(0, 100), min_size=LEAST_DAYS, max_size=10)


@settings(max_examples=30)
@given(SHARES, SHARES)
def test_the_effect_lies_in_its_interval_and_is_the_same_each_time(
    before: list[int], after: list[int]
) -> None:
    cells = days(BEFORE, *(n / 100 for n in before)), days(AFTER, *(n / 100 for n in after))
    found = estimate(cells, None, Measure.OCCUPANCY)
    assert found == estimate(cells, None, Measure.OCCUPANCY)
    assert -1 <= found.low <= found.high <= 1
    if len(set(before)) == len(set(after)) == 1:
        assert [found.low, found.high] == pytest.approx([found.effect] * 2)


@given(st.integers(3_600, 360_000), st.floats(0, 1), st.floats(0, 1))
def test_search_is_longer_where_it_is_fuller_and_never_endless(
    known: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0 <= search_seconds(low * known, known) <= search_seconds(high * known, known) + 1e-9
    assert search_seconds(known, known) <= 1.8 * (2 * known / 3_600 + 1) + 1e-6


def zones() -> tuple[Zone, Zone]:
    return tuple(set_zone(name=name, by=None) for name in ("Centre", "Gare"))


def lived(tried: Zone, control: Zone, row: Campaign) -> None:
    """Fill the days of a campaign: fuller before where something was tried."""
    places = street("Rue du Centre", zone=tried), street("Rue de la Gare", zone=control)
    spans = (row.before_from, row.before_until), (row.measured_from, row.measured_until)
    for number, (first, last) in enumerate(spans):
        for n in range((last - first).days + 1):
            shares = (0.95, 0.9) if number == 0 else (0.7, 0.9)
            for place, share in zip(places, shares, strict=True):
                a_day(place, first + timedelta(days=n), share=share, arrivals=8 + 4 * number)


def test_a_campaign_is_judged_by_the_days_of_its_zones(sceaux: Community) -> None:
    tried, control = zones()
    row = campaign("Zone bleue", tried_in=[tried], control=[control])
    lived(tried, control, row)
    a_day(street("Rue ailleurs"), row.measured_from, share=0.1)
    found = judged(row)
    occupancy = found.estimates[Measure.OCCUPANCY]
    assert occupancy.effect == pytest.approx(-0.25, abs=0.001)
    assert found.estimates[Measure.ROTATION].effect == 0.0  # both changed alike
    assert found.days == {
        ("tried", False): 7,
        ("tried", True): 14,
        ("control", False): 7,
        ("control", True): 14,
    }


def test_a_campaigns_measures_are_indicators_with_their_days_before(sceaux: Community) -> None:
    tried, control = zones()
    row = campaign("Zone bleue", tried_in=[tried], control=[control])
    lived(tried, control, row)

    def value(key: str, on: date) -> float | None:
        found = named(f"parking.{key}").taken(on).value
        return None if found is None else round(float(found), 2)

    before, after, between = row.before_from, row.measured_until, row.before_until
    assert [value("tried_rotation", day) for day in (before, after)] == [4.0, 6.0]
    assert [value("tried_in_band", day) for day in (before, after)] == [0.0, 100.0]
    assert [value("control_in_band", day) for day in (before, after)] == [0.0, 0.0]
    assert value("tried_search", before) > value("tried_search", after)
    assert value("tried_rotation", between + timedelta(days=1)) is None
    assert value("tried_rotation", after + timedelta(days=1)) is None
    assert [value(key, after) for key in ("rotation", "dwell", "time_known")] == [6.0, 1.0, 100.0]


def test_a_campaign_is_set_and_changed_with_one_event(sceaux: Community) -> None:
    tried, control = zones()
    row = campaign("Zone bleue", tried_in=[tried], control=[control])
    set_campaign(campaign=row, tried_in=[control], by=None)
    set_campaign(campaign=row, tried_in=[control], by=None)
    assert list(CampaignZone.objects.values_list("zone", "part")) == [(control.pk, "tried")]
    events = Event.objects.filter(name="parking.campaign_set").order_by("pk")
    assert [event.data["changed"][-1] for event in events] == ["zones", "zones"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"before_until": date(2026, 1, 1)}, "before_until"),
        ({"measured_from": date(2026, 2, 8)}, "measured_from"),
        ({"measured_until": date(2026, 2, 15)}, "measured_until"),
        ({"low": 80, "high": 80}, "high"),
        ({"high": 101}, "high"),
        ({"hour_from": 19}, "hour_until"),
        ({"hour_until": 25}, "hour_until"),
        ({"tried_in": []}, "tried_in"),
    ],
)
def test_what_is_out_of_order_is_refused(
    sceaux: Community, values: dict[str, object], field: str
) -> None:
    tried, _control = zones()
    with pytest.raises(Refused) as refusal:
        campaign("Zone bleue", **({"tried_in": [tried]} | values))
    assert refusal.value.field == field
    assert Campaign.objects.count() == 0


def test_a_zone_is_not_compared_with_itself(sceaux: Community) -> None:
    tried, _control = zones()
    with pytest.raises(Refused) as refusal:
        campaign("Zone bleue", tried_in=[tried], control=[tried])
    assert refusal.value.field == "control"


def test_page_file_and_api_say_the_same(
    client: Client, sceaux: Community, switch: Callable[[Community, str], None]
) -> None:
    switch(sceaux, "parking")
    tried, control = zones()
    row = campaign("Zone bleue", tried_in=[tried], control=[control])
    lived(tried, control, row)
    page = client.get(f"/en{HOME}{row.slug}/").text
    assert "−25 points (from −25 points to −25 points)" in page
    assert "it changed otherwise than in the control zones" in page
    assert "Zone bleue" in client.get(HOME).text
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HOME}{row.slug}/mesures.csv").text)))
    assert [line["measure"] for line in rows] == [measure.value for measure in Measure]
    api = client.get(f"/sceaux/api/stationnement/campagnes/{row.slug}").json()
    told = {line["measure"]: line["difference"] for line in api["measures"]}
    assert told["occupancy"] == float(rows[0]["difference"]) == -0.25
    assert client.get("/sceaux/api/stationnement/campagnes").json() == [row.slug]


def test_a_campaign_without_days_says_that_data_lack(
    client: Client, sceaux: Community, switch: Callable[[Community, str], None]
) -> None:
    switch(sceaux, "parking")
    assert "No campaign yet" in client.get(f"/en{HOME}").text
    row = campaign("Zone bleue", tried_in=[zones()[0]])
    page = client.get(f"/en{HOME}{row.slug}/").text
    assert page.count("not enough data") >= 2 * len(Measure)
    assert "no control zone" in page
