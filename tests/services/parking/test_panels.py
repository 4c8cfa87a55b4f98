"""Panels: a number that rests on news, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.services.parking.actions import set_panel, set_zone
from communs.services.parking.models import Panel
from communs.services.parking.queries.panels import panels, shown
from tests.services.parking.samples import AT, car_park, sensor, space, street

HOME = "/sceaux/stationnement/panneaux/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> Iterator[None]:
    switch(sceaux, "parking")
    with within(sceaux):
        yield


def texts(at=AT) -> dict[str, str]:
    return {one.panel.name: one.text for one in shown(panels(), at)}


def test_a_panel_counts_its_zone_its_street_or_its_car_park() -> None:
    zone = set_zone(name="Centre", by=None)
    lilacs, roses = street("Rue des Lilas", zone=zone), street("Rue des Roses")
    park = car_park("Parc", zone=zone)
    for place, values in ((lilacs, (0, 0, 1)), (roses, (0,))):
        for value in values:
            sensor(space(segment=place), (AT - MINUTE, float(value)))
    sensor(space(site=park), (AT - MINUTE, 0.0))
    sensor(space(segment=lilacs, kind="disabled"), (AT - MINUTE, 0.0))
    for name, counts, kind in (
        ("zone", zone, ""), ("street", roses, ""), ("park", park, ""),
        ("cards", lilacs, "disabled"),
    ):  # fmt: skip
        set_panel(name=name, counts=counts, kind=kind, by=None)
    assert texts() == {"zone": "4", "street": "1", "park": "1", "cards": "1"}


def test_a_panel_without_fresh_news_shows_no_number() -> None:
    lilacs = street("Rue des Lilas")
    set_panel(name="P", counts=lilacs, stale_after=30, by=None)
    assert texts() == {"P": "—"}
    sensor(space(segment=lilacs), (AT - MINUTE, 0.0))
    assert texts() == {"P": "1"}
    assert texts(AT + 29 * MINUTE) == {"P": "1"}
    assert texts(AT + 30 * MINUTE) == {"P": "—"}


def test_full_is_a_number_and_unknown_is_not() -> None:
    lilacs = street("Rue des Lilas", spaces=3)
    set_panel(name="P", counts=lilacs, by=None)
    assert texts() == {"P": "—"}
    sensor(space(segment=lilacs), (AT - MINUTE, 1.0))
    assert texts() == {"P": "0"}


def test_a_panel_that_counts_nothing_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        set_panel(name="P", counts=None, by=None)
    assert refusal.value.field == "counts"


def test_a_panel_changes_what_it_counts() -> None:
    zone, lilacs = set_zone(name="Centre", by=None), street("Rue des Lilas")
    row = set_panel(name="P", counts=zone, by=None)
    set_panel(panel=row, counts=lilacs, by=None)
    assert list(Panel.objects.values_list("zone", "segment", "site")) == [(None, lilacs.pk, None)]


def test_feeds_say_number_age_and_staleness_and_304_when_unchanged(client: Client) -> None:
    lilacs, at = street("Rue des Lilas"), timezone.now()
    row = set_panel(name="Entrée", counts=lilacs, by=None)
    heard = (at - MINUTE).replace(microsecond=0)
    sensor(space(segment=lilacs), (heard, 0.0), at=at)
    text = client.get(f"{HOME}{row.slug}.txt")
    assert text.text == f"1\n{heard.isoformat()}\n"
    assert text.headers["Cache-Control"] == "no-cache"
    again = client.get(f"{HOME}{row.slug}.txt", headers={"If-None-Match": text.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    told = client.get(f"{HOME}{row.slug}.json").json()
    assert told["heard_at"].startswith(heard.isoformat()[:19])
    del told["heard_at"]
    assert told == {
        "name": "Entrée",
        "text": "1",
        "free": 1,
        "known": 1,
        "unknown": 0,
        "stale": False,
        "stale_after_minutes": 30,
    }
    (same,) = client.get("/sceaux/api/stationnement/panneaux").json()
    assert same["text"] == "1"
    sensor(space(segment=lilacs), (heard, 0.0), at=at)
    changed = client.get(f"{HOME}{row.slug}.txt", headers={"If-None-Match": text.headers["ETag"]})
    assert (changed.status_code, changed.text[:1]) == (200, "2")


def test_a_screen_looks_again_without_a_script_unless_one_stops_it(client: Client) -> None:
    row = set_panel(name="Entrée", counts=street("Rue des Lilas"), by=None)
    page = client.get(f"/en{HOME}{row.slug}/")
    assert page.headers["Refresh"] == "60"
    assert "<script" not in page.text
    assert "no number: news are too old" in page.text
    assert "Refresh" not in client.get(f"/en{HOME}{row.slug}/?fixe=1").headers
    assert "Entrée" in client.get(f"/en{HOME}").text
    assert client.get(f"{HOME}rien/").status_code == 404
