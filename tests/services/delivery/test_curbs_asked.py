"""What may be asked of curbs, by CDS 1.1, and how wrong requests are told."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.delivery import actions
from communs.services.delivery.api import asked
from communs.services.delivery.engine.areas import Box, Circle, holds
from communs.services.delivery.models import Bay
from tests.services.delivery.samples import AT, DAY, bay_made, placed, started
from tests.services.delivery.test_curbs import START, faults

MINUTE = timedelta(minutes=1)
SQUARE = [[2.0, 48.0], [2.001, 48.0], [2.001, 48.001], [2.0, 48.001], [2.0, 48.0]]
NUMBERS = st.floats(-0.003, 0.004)


@pytest.fixture
def bays(switch: Callable[[Community, str], None], sceaux: Community) -> list[Bay]:
    """Three bays, 111 metres from one to the next northwards; the second has two spaces."""
    switch(sceaux, "delivery")
    with within(sceaux):
        found = [bay_made(f"Aire {n}", lat=48.8977 + n / 1000, spaces=1 + n % 2) for n in (0, 1, 2)]
        placed(*found)
    return found


def told(client: Client, path: str, at: datetime = AT, **query: Any) -> Any:
    with time_machine.travel(at, tick=False):
        return client.get(f"{START}/{path}", query)


def names(answer: Any) -> list[str]:
    return [zone["name"] for zone in answer.json()["data"]["zones"]]


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_box_touches_a_square_when_their_sides_overlap(a, b, c, d) -> None:
    west, east = sorted((2 + a, 2 + b))
    south, north = sorted((48 + c, 48 + d))
    apart = west > 2.001 or east < 2.0 or south > 48.001 or north < 48.0
    assert Box(west, south, east, north).away(SQUARE) == (inf if apart else 0.0)


@given(NUMBERS, NUMBERS)
def test_the_distance_to_a_square_is_that_to_its_nearest_point(a, b) -> None:
    lon, lat = 2 + a, 48 + b
    nearest = (min(max(lon, 2.0), 2.001), min(max(lat, 48.0), 48.001))
    near = Circle(lon, lat, 10_000).away(SQUARE)
    point = Circle(lon, lat, 10_000).away([nearest, nearest])
    assert near == pytest.approx(point, abs=0.01)
    assert (near == 0) or not holds(SQUARE, (lon, lat))
    if near > 1:
        assert Circle(lon, lat, near - 0.5).away(SQUARE) == inf


def test_zones_in_a_box_and_around_a_point_the_nearest_first(
    client: Client, bays: list[Bay]
) -> None:
    box = {"min_lat": 48.8985, "max_lat": 48.9, "min_lng": 2.25, "max_lng": 2.26}
    assert names(told(client, "curbs/zones", **box)) == ["Aire 1", "Aire 2"]
    near = {"lat": 48.8998, "lng": 2.256, "radius": 12_500}  # centimetres
    assert names(told(client, "curbs/zones", **near)) == ["Aire 2", "Aire 1"]
    assert names(told(client, "curbs/zones", **near | {"radius": 2_000})) == ["Aire 2"]
    spaces = told(client, "curbs/spaces", **near).json()["data"]["spaces"]
    assert [space["curb_zone_id"] for space in spaces] == [
        str(bays[2].pk),
        str(bays[1].pk),
        str(bays[1].pk),
    ]
    far = {"lat": 40, "lng": 2.256, "radius": 100}
    assert told(client, "curbs/areas", **far).json()["data"]["areas"] == []


def test_zones_of_a_time_and_of_an_area_and_without_their_shape(
    client: Client, sceaux: Community, bays: list[Bay]
) -> None:
    with within(sceaux):
        actions.close_bay(bay=bays[0], on=DAY, at=AT, by=None)
        started(bays[2])
    later = int((AT + timedelta(days=1)).timestamp() * 1000)
    before = int((AT - timedelta(days=30)).timestamp() * 1000)
    now = told(client, "curbs/zones", AT + MINUTE)
    assert names(now) == ["Aire 0", "Aire 1", "Aire 2"]
    assert now.json()["data"]["zones"][2]["available_spaces"] == 0
    then = told(client, "curbs/zones", AT + MINUTE, time=later)
    assert names(then) == ["Aire 1", "Aire 2"]
    assert [zone for zone in then.json()["data"]["zones"] if "available" in zone] == []
    assert names(told(client, "curbs/zones", time=before)) == []
    bare = told(client, "curbs/zones", include_geometry="false").json()["data"]["zones"]
    assert [zone for zone in bare if "geometry" in zone] == []
    assert len(names(told(client, "curbs/zones", area=str(sceaux.pk)))) == 3
    assert names(told(client, "curbs/zones", area=str(bays[0].pk))) == []


def test_one_object_at_a_time_and_what_is_not_here(
    client: Client, sceaux: Community, bays: list[Bay]
) -> None:
    with within(sceaux):
        actions.close_bay(bay=bays[0], on=DAY, at=AT, by=None)
    lists = {"zones": "zone", "policies": "policy", "areas": "area", "spaces": "space"}
    lists["objects"] = "object"
    for many, one in lists.items():
        rows = told(client, f"curbs/{many}").json()["data"][many]
        key = rows[0][f"curb_{one}_id"]
        answer = told(client, f"curbs/{many}/{key}")
        assert answer.json()["data"] == rows[0]
        assert faults("Curbs", f"/curbs/{many}/{{id}}", answer.json()) == []
        nowhere = told(client, f"curbs/{many}/{sceaux.affiliations.first() and DAY.year:032x}")
        assert nowhere.status_code == 404
    day = AT + timedelta(days=1)
    gone = told(client, f"curbs/zones/{bays[0].pk}", day)
    assert (gone.status_code, gone.json()["error"]) == (404, "not_found")
    shown = told(client, f"curbs/zones/{bays[0].pk}", day, show_historic="true")
    assert shown.json()["data"]["end_date"] == int(
        datetime(2026, 3, 2, 23, tzinfo=UTC).timestamp() * 1000
    )


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("curbs/zones", {"min_lat": "48"}, "min_lng"),
        ("curbs/zones", {"lat": "48", "lng": "2"}, "radius"),
        ("curbs/zones", {"lat": "48", "lng": "2", "radius": "x"}, "radius"),
        ("curbs/zones", {"lat": "91", "lng": "2", "radius": "1"}, "lat"),
        ("curbs/zones", {"lat": "nan", "lng": "2", "radius": "1"}, "lat"),
        ("curbs/zones", {"lat": "48", "lng": "2", "radius": "-1"}, "radius"),
        (
            "curbs/zones",
            {"min_lat": "49", "max_lat": "48", "min_lng": "2", "max_lng": "3"},
            "min_lat",
        ),
        ("curbs/zones", {"time": "yesterday"}, "time"),
        ("curbs/zones", {"time": "9" * 15}, "time"),
        ("curbs/zones", {"include_geometry": "no"}, "include_geometry"),
        ("curbs/zones", {"area": "here"}, "area"),
        ("curbs/policies", {"ids": "1,2"}, "ids"),
        ("events/events", {"event_time": "2026-03-02T25"}, "event_time"),
        ("events/events", {"event_time": "0001-01-01T00"}, "event_time"),
        ("events/events", {"day": "9999-12-31"}, "day"),
        ("metrics/aggregates", {"metric_type": "joy"}, "metric_type"),
        ("metrics/sessions", {"curb_place_type": "street"}, "curb_place_type"),
        ("metrics/sessions", {"start_time": "0"}, "start_time"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_the_words_of_both_standards(
    client: Client, bays: list[Bay], path: str, query: dict[str, str], field: str
) -> None:
    answer = told(client, path, **query)
    body = answer.json()
    assert (answer.status_code, body["status"], body["error"]) == (400, 400, "bad_request")
    assert body["error_details"] == [f"{field}: {body['error_description']}"]
    assert (body["field"], body["title"]) == (field, body["error_description"])


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", True),
        ("*/*", True),
        ("application/json", True),
        ("application/vnd.cds+json", True),
        ("application/vnd.cds+json;version=1.1", True),
        ('application/vnd.cds+json; version="1.1.0"', True),
        ("text/html, application/vnd.cds+json;version=1.1;q=0.5", True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", True),
        ("application/vnd.cds+json;version=1.0", False),
        ("application/vnd.cds+json;version=2", False),
        ("application/vnd.mds+json;version=1.1", False),
        ("text/html", False),
        ("*/*;q=0", False),
    ],
)
def test_another_version_is_not_acceptable(
    client: Client, bays: list[Bay], header: str, taken: bool
) -> None:
    headers = {"Accept": header} if header else {}
    answer = client.get(f"{START}/curbs/zones", headers=headers)
    assert asked.accepted(header) is taken
    assert answer.status_code == (200 if taken else 406)
    if taken:
        assert "Accept" in answer.headers["Vary"]
    else:
        assert answer.json()["error"] == "not_acceptable"


@pytest.mark.parametrize("path", ["curbs/zones", "curbs/policies", "curbs/spaces", "events/status"])
def test_who_has_the_latest_answer_is_told_so(client: Client, bays: list[Bay], path: str) -> None:
    first = told(client, path)
    given_back = {"If-None-Match": first.headers["ETag"]}
    with time_machine.travel(AT + timedelta(seconds=20), tick=False):
        again = client.get(f"{START}/{path}", headers=given_back)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_change_is_told_and_so_is_when_it_was_made(
    client: Client, sceaux: Community, bays: list[Bay]
) -> None:
    first = told(client, "curbs/zones")
    with within(sceaux):
        actions.close_bay(bay=bays[0], on=DAY, at=AT + MINUTE, by=None)
    second = told(client, "curbs/zones", AT + 2 * MINUTE)
    assert first.json()["last_updated"] == int(AT.timestamp() * 1000)
    assert second.json()["last_updated"] == int((AT + MINUTE).timestamp() * 1000)
    assert first.headers["ETag"] != second.headers["ETag"]


@pytest.fixture
def stops(sceaux: Community, bays: list[Bay]) -> None:
    """Two stops on a Monday: from ten to ten past, and from eleven, in two bays."""
    with within(sceaux):
        first = started(bays[0]).ticket
        actions.end_ticket(ticket=first, at=AT + 10 * MINUTE, by=None)
        started(bays[1], AT + 60 * MINUTE)
        actions.make_visits(day=DAY, grace=5 * MINUTE, by=None)


@pytest.mark.usefixtures("stops")
def test_events_of_an_hour_the_latest_first_by_zone_and_space(
    client: Client, sceaux: Community, bays: list[Bay]
) -> None:
    after = AT + timedelta(days=1)

    def kinds(**query: Any) -> list[str]:
        answer = told(client, "events/events", after, **query)
        assert faults("Events", "/events/events", answer.json()) == []
        return [event["event_type"] for event in answer.json()["data"]["events"]]

    assert kinds(event_time="2026-03-02T09") == ["park_end", "park_start"]
    assert kinds(event_time="2026-03-02T10") == ["park_start"]
    assert kinds(event_time="2026-03-02T11") == []
    assert kinds() == []
    hour = {"event_time": "2026-03-02T09"}
    assert kinds(**hour, curb_zone_id=str(bays[0].pk)) == ["park_end", "park_start"]
    assert kinds(**hour, curb_zone_id=str(bays[1].pk)) == []
    assert kinds(**hour, curb_area_id=str(sceaux.pk)) == ["park_end", "park_start"]
    assert kinds(**hour, curb_area_id=str(bays[0].pk)) == []
    spaces = told(client, "curbs/spaces").json()["data"]["spaces"]
    of_first = next(s for s in spaces if s["curb_zone_id"] == str(bays[0].pk))
    assert kinds(**hour, curb_space_id=of_first["curb_space_id"]) == ["park_end", "park_start"]
    of_second = next(s for s in spaces if s["curb_zone_id"] == str(bays[1].pk))
    assert kinds(event_time="2026-03-02T10", curb_space_id=of_second["curb_space_id"]) == []
    same_day = told(client, "events/events", AT + 300 * MINUTE, **hour).json()
    assert same_day["data"]["events"] == []


@pytest.mark.usefixtures("stops")
def test_metrics_of_a_time_a_place_and_a_kind(client: Client, bays: list[Bay]) -> None:
    after = AT + timedelta(days=1)

    def rows(path: str, **query: Any) -> list[dict[str, str]]:
        answer = told(client, f"metrics/{path}", after, **query)
        assert answer.headers["Content-Type"] in answers(path)
        return list(csv.DictReader(answer.text.splitlines()))

    start = int(AT.timestamp() * 1000)
    assert len(rows("sessions")) == 2
    assert len(rows("sessions", start_time=start + 1)) == 1
    assert len(rows("sessions", start_time=start, end_time=start + 1)) == 1
    assert rows("sessions", end_time=start) == []
    zone = {"curb_place_type": "zone", "curb_place_id": str(bays[1].pk)}
    assert {row["curb_zone_id"] for row in rows("sessions", **zone)} == {str(bays[1].pk)}
    near = {"lat": bays[1].lat, "lng": bays[1].lon, "radius": 20_000}
    found = rows("sessions", **near)
    assert [row["curb_zone_id"] for row in found] == [str(bays[1].pk), str(bays[0].pk)]
    counts = rows("aggregates", metric_type="total_sessions")
    assert {(row["curb_place_id"], row["hour"], row["value"]) for row in counts} == {
        (str(bays[0].pk), "10", "1"),
        (str(bays[1].pk), "11", "1"),
    }
    late = rows("aggregates", metric_type="turnover", start_time=start + 3_600_000)
    assert [(row["hour"], row["value"]) for row in late] == [("11", "1.0")]


def answers(path: str) -> set[str]:
    """Give the media types that the standard's description allows."""
    text = (Path(__file__).parent / "standards" / "Metrics.bundle.json").read_text()
    operation = json.loads(text)["paths"][f"/metrics/{path}"]["get"]
    return set(operation["responses"]["200"]["content"])


def test_every_parameter_of_the_standard_is_described(
    client: Client, bays: list[Bay], metropolis: Community
) -> None:
    described = client.get("/sceaux/api/openapi.json").json()["paths"]
    start = "/sceaux/api/livraison/cds"
    for name in ("Curbs", "Events", "Metrics"):
        text = (Path(__file__).parent / "standards" / f"{name}.bundle.json").read_text()
        whole = json.loads(text)
        for path, item in whole["paths"].items():
            if "get" not in item:
                continue
            ours = described[start + path.replace("{id}", "{key}")]["get"]
            known = {one["name"] for one in ours.get("parameters", [])}
            assert wanted(whole, item["get"]) <= known | {"id"}, path
    assert date.fromisoformat("2026-03-02") == DAY


def wanted(whole: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    """Give the names of an operation's parameters, wherever they stand."""
    found = set()
    for one in operation.get("parameters", []):
        held = one
        for step in one.get("$ref", "").split("/")[1:]:
            held = (whole if held is one else held)[step]
        found.add(held["name"])
    return found


@pytest.mark.usefixtures("bays")
def test_events_are_not_taken_and_the_answer_is_the_one_the_specification_wants(
    client: Client,
) -> None:
    answer = client.post("/sceaux/api/livraison/cds/events/event", {}, "application/json")
    assert answer.status_code == 501
    assert answer["Content-Type"] == "application/problem+json"
