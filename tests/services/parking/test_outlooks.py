"""What to expect: chances and forecasts, judged, and never said to be better than they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.parking.actions import work_out_outlooks
from communs.services.parking.engine import chances, forecasting
from communs.services.parking.models import Outlook
from tests.services.parking.samples import a_day, street

ON = date(2026, 3, 30)  # Monday
SHARES, SPACES = st.floats(0, 1), st.integers(1, 60)
PRECISION = st.floats(0.5, 64)


@given(SHARES, SPACES, PRECISION)
def test_a_chance_is_one_and_grows_with_spaces(share: float, spaces: int, precision: float) -> None:
    one, more = (chances.some_free(share, n, precision) for n in (spaces, spaces + 1))
    assert 0 <= one <= more <= 1


@given(SHARES, SHARES, SPACES, PRECISION)
def test_a_chance_grows_with_the_share_of_free_spaces(
    one: float, other: float, spaces: int, precision: float
) -> None:
    low, high = sorted((one, other))
    told = [chances.some_free(share, spaces, precision) for share in (low, high)]
    assert told[0] <= told[1] + 1e-9


@given(st.floats(0.01, 0.99), PRECISION)
def test_of_one_space_the_chance_is_the_share(share: float, precision: float) -> None:
    assert chances.some_free(share, 1, precision) == pytest.approx(share)


def world(days: int, seed: int = 3) -> dict[str, dict[date, list[tuple[int, int]]]]:
    """Make streets of eight spaces, full by day and not by night, some more than others."""
    chance = Random(seed)
    found: dict[str, dict[date, list[tuple[int, int]]]] = {}
    for place in range(6):
        for ago in range(1, days + 1):
            busy = [0.3 if hour < 8 else 0.75 + 0.04 * place for hour in range(24)]
            cells = [(8, sum(chance.random() > share for _s in range(8))) for share in busy]
            found.setdefault(str(place), {})[ON - timedelta(days=ago)] = cells
    return found


def test_chances_are_calibrated_and_better_than_the_hour_alone() -> None:
    histories = world(84)
    first = ON - timedelta(days=chances.JUDGED)
    precision = chances.best_precision(histories, first)
    scores = chances.judged(
        chances.pairs(chances.cases(histories, first, chances.JUDGED), precision)
    )
    assert scores is not None
    assert scores.cases == 6 * 14 * 24
    assert scores.better
    assert sum(one.cases for one in scores.bins) == scores.cases
    assert all(abs(one.said - one.observed) < 0.12 for one in scores.bins if one.cases > 100)


def test_what_has_no_pattern_is_not_said_to_be_better() -> None:
    chance = Random(5)
    coin = {ON - timedelta(days=n): [(1, chance.randint(0, 1))] * 24 for n in range(1, 85)}
    first = ON - timedelta(days=chances.JUDGED)
    scores = chances.judged(chances.pairs(chances.cases({"a": coin}, first, chances.JUDGED), 8))
    assert scores is not None
    assert not scores.better


def test_a_chance_is_said_from_the_days_before_alone() -> None:
    first = ON - timedelta(days=chances.JUDGED)
    past = world(84)
    full = [(8, 0)] * 24
    changed = {
        place: {day: cells if day < first else full for day, cells in history.items()}
        for place, history in past.items()
    }
    one, other = (list(chances.cases(world, first, 1)) for world in (past, changed))
    assert [(case.share, case.usual) for case in one] == [(c.share, c.usual) for c in other]
    assert [case.happened for case in one] != [case.happened for case in other]


def test_an_hour_of_which_too_little_is_known_is_unknown() -> None:
    memory = chances.remembered({"a": {ON - timedelta(days=7): [(8, 2)] * 24}}, ON)
    assert memory.share("a", ON.weekday(), 9) is None
    assert memory.share("elsewhere", 0, 9) is None
    assert chances.judged([]) is None


HISTORY = st.dictionaries(
    st.integers(1, 80).map(lambda n: ON - timedelta(days=n)),
    st.lists(st.one_of(st.none(), SHARES), min_size=24, max_size=24),
)


@given(HISTORY)
def test_a_forecast_is_a_share_where_the_plain_guess_is_known(
    series: dict[date, list[float | None]],
) -> None:
    told, plain = forecasting.forecast(series, ON), forecasting.plain(series, ON)
    assert [one is None for one in told] == [one is None for one in plain]
    assert all(0 <= one <= 1 for one in told if one is not None)


def test_a_level_that_lasts_is_followed_and_noise_is_not_praised() -> None:
    lasting = {ON - timedelta(days=n): [0.3 if n > 20 else 0.6] * 24 for n in range(1, 85)}
    noise = Random(9)
    random = {ON - timedelta(days=n): [noise.random()] * 24 for n in range(1, 85)}
    first = ON - timedelta(days=14)
    followed = forecasting.judged({"a": lasting}, first, 14)
    praised = forecasting.judged({"a": random}, first, 14)
    assert followed is not None
    assert praised is not None
    assert followed.better
    assert not praised.better
    assert forecasting.judged({}, first, 14) is None


def test_outlooks_are_worked_out_shown_and_scored(
    client: Client, sceaux: Community, switch: Callable[[Community, str], None]
) -> None:
    switch(sceaux, "parking")
    assert "Nothing can be expected yet" in client.get("/en/sceaux/stationnement/previsions/").text
    with within(sceaux):
        assert work_out_outlooks(on=ON, by=None) == 0
        lilacs = street("Rue des Lilas", spaces=4)
        street("Rue sans passé", spaces=2)
        for ago in range(1, 71):
            a_day(lilacs, ON - timedelta(days=ago), share=0.5, spaces=4)
        assert work_out_outlooks(on=ON, by=None) == 1
        assert work_out_outlooks(on=ON, by=None) == 1
        whole = Outlook.objects.get(segment=None, site=None)
        row = Outlook.objects.get(segment=lilacs)
    assert row.ahead == [0.5] * 24
    assert {chance for day in row.chances for chance in day} == {row.chances[0][0]}
    assert whole.scores["chances"]["cases"] == 14 * 24
    assert whole.scores["occupancy"] == {"hours": 14 * 24, "error": 0.0, "plain": 0.0}
    page = client.get("/en/sceaux/stationnement/previsions/").text
    assert "Rue des Lilas" in page
    assert "Rue sans passé" not in page
    assert "the same hour of the weeks before is what is shown" in page
    name = "/previsions/rue/rue-des-lilas-rue-a/"
    assert "50\u00a0%" in client.get(f"/en/sceaux/stationnement{name}").text
    api = client.get("/sceaux/api/stationnement/previsions/rue:rue-des-lilas-rue-a").json()
    assert api["occupancy"] == [0.5] * 24
    assert api["scores"] == whole.scores
    for nothing in ("previsions/rue/rue-sans-passe-rue-a/", "previsions/x/y/"):
        assert client.get(f"/sceaux/stationnement/{nothing}").status_code == 404
