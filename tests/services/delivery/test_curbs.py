"""Curbs are published as the Curb Data Specification 1.1 wants them, without a plate."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from jsonschema import Draft202012Validator

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.delivery import actions
from communs.services.delivery.models import Bay, Policy
from tests.services.delivery.samples import AT, DAY, bay_made, placed, started

FOLDER = Path(__file__).parent / "standards"
START = "/sceaux/api/livraison/cds"
SHAPE = {
    "type": "Polygon",
    "coordinates": [
        [[2.256, 48.8977], [2.2562, 48.8977], [2.2562, 48.8978], [2.256, 48.8977]],
    ],
}


@pytest.fixture
def bays(switch: Callable[[Community, str], None], sceaux: Community) -> list[Bay]:
    """Three bays: a plain one with its rules, one with an outline and two spaces, one nowhere."""
    switch(sceaux, "delivery")
    with within(sceaux):
        found = [
            bay_made("Aire 1"),
            bay_made("Aire 2", spaces=2, shape=SHAPE, length_m=16),
            bay_made("Aire 3", lat=None, lon=None),
        ]
        placed(*found, vehicles=["van", "truck"])
        placed(
            found[0], name="Nuit", activity="parking", begins=time(20), ends=time(7), priority=50
        )
        placed(found[1], name="Essai", until=date(2026, 3, 3), holidays=False)
    return found


@lru_cache(maxsize=2)
def description(name: str) -> dict[str, Any]:
    """Give an OpenAPI description, its polygons put right as RFC 7946 has them."""
    found = json.loads((FOLDER / f"{name}.bundle.json").read_text())
    schemas = found["components"]["schemas"]
    if "coordinates" in schemas:
        schemas["coordinates"] = {"type": "array", "items": schemas["coordinates"]}
    return found


def faults(name: str, path: str, answer: Any) -> list[str]:
    """Give what the standard says against an answer."""
    whole = description(name)
    content = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    schema = {**content["schema"], "components": whole["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


@pytest.mark.parametrize("part", ["zones", "policies", "areas", "spaces", "objects"])
def test_curbs_are_valid(client: Client, bays: list[Bay], part: str) -> None:
    with time_machine.travel(AT, tick=False):
        answer = client.get(f"{START}/curbs/{part}")
    assert answer.headers["Content-Type"] == "application/vnd.cds+json;version=1.1"
    body = answer.json()
    assert faults("Curbs", f"/curbs/{part}", body) == []
    expected = {"zones": 2, "policies": 3, "areas": 1, "spaces": 3, "objects": 2}
    assert len(body["data"][part]) == expected[part]


def test_the_schema_refuses_what_is_wrong(client: Client, bays: list[Bay]) -> None:
    body = client.get(f"{START}/curbs/zones").json()
    body["data"]["zones"][0]["published_date"] = "2026-03-02"
    del body["data"]["zones"][1]["curb_policy_ids"]
    assert len(faults("Curbs", "/curbs/zones", body)) == 2


def test_a_zone_says_its_policies_of_today_and_those_of_before(
    client: Client, sceaux: Community, bays: list[Bay]
) -> None:
    with time_machine.travel(AT + timedelta(days=5), tick=False):
        zones = client.get(f"{START}/curbs/zones").json()["data"]["zones"]
    with within(sceaux):
        keys = {policy.name: str(policy.pk) for policy in Policy.objects.all()}
    zone = next(zone for zone in zones if zone["name"] == "Aire 2")
    assert zone["curb_policy_ids"] == [keys["Livraisons"]]
    midnight = {
        day: int(datetime(2026, 3, day, 23, tzinfo=UTC).timestamp() * 1000) for day in (1, 3)
    }
    assert zone["prev_policies"] == [
        {
            "curb_policy_ids": [keys["Essai"]],
            "start_date": midnight[1],
            "end_date": midnight[3],
        }
    ]
    assert (zone["length"], zone["num_spaces"], zone["geometry"]) == (1600, 2, SHAPE)
    assert "available" not in zone  # nobody knows


def test_hours_past_midnight_are_told_in_two(client: Client, bays: list[Bay]) -> None:
    policies = client.get(f"{START}/curbs/policies").json()["data"]["policies"]
    night = next(policy for policy in policies if policy["name"] == "Nuit")
    hours = [
        (len(s["days_of_week"]), s["time_of_day_start"], s["time_of_day_end"], s["days_of_week"][0])
        for s in night["time_spans"]
    ]
    assert hours == [(6, "20:00", "24:00", "mon"), (6, "00:00", "07:00", "tue")]
    loading = next(policy for policy in policies if policy["name"] == "Livraisons")
    assert [rule["user_classes"] for rule in loading["rules"]] == [["van"], ["truck"]]
    assert {rule["max_stay"] for rule in loading["rules"]} == {30}


@pytest.fixture
def stops(sceaux: Community, bays: list[Bay]) -> None:
    """A stop of ten minutes that was ended, and one that nobody ended."""
    with within(sceaux):
        first = started(bays[0], plate="AB-123-CD").ticket
        actions.end_ticket(ticket=first, at=AT + timedelta(minutes=10), by=None)
        started(bays[1], AT + timedelta(hours=1))
        assert actions.make_visits(day=DAY, grace=timedelta(minutes=5), by=None) == 2


@pytest.mark.usefixtures("stops")
def test_events_are_valid_of_days_gone_by_and_tell_no_plate(client: Client) -> None:
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        answer = client.get(f"{START}/events/events", {"day": DAY.isoformat()})
    body = answer.json()
    assert faults("Events", "/events/events", body) == []
    kinds = sorted(event["event_type"] for event in body["data"]["events"])
    assert kinds == ["park_end", "park_start", "park_start"]
    forbidden = ("plate", "company", "operator_name", "AB123CD")
    assert [word for word in forbidden if word in answer.text] == []
    with time_machine.travel(AT + timedelta(hours=3), tick=False):
        today = client.get(f"{START}/events/events", {"day": DAY.isoformat()}).json()
    assert today["data"]["events"] == []


def test_the_status_of_sensors_is_valid(client: Client, bays: list[Bay]) -> None:
    body = client.get(f"{START}/events/status").json()
    assert faults("Events", "/events/status", body) == []
    assert body["data"]["status"] == []


@pytest.mark.usefixtures("stops")
def test_metrics_are_csv_with_the_columns_of_the_standard(client: Client, bays: list[Bay]) -> None:
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        sessions = client.get(f"{START}/metrics/sessions")
        aggregates = client.get(f"{START}/metrics/aggregates")
    assert sessions.headers["Content-Type"] == "application/vnd.cds+csv;version=1.1"
    rows = list(csv.DictReader(sessions.text.splitlines()))
    start = int(AT.timestamp() * 1000)
    times = sorted((row["event_time_start"], row["event_time_end"]) for row in rows)
    assert times == [(str(start), str(start + 600_000)), (str(start + 3_600_000), "")]
    values = {
        (row["metric_type"], row["hour"]): row["value"]
        for row in csv.DictReader(aggregates.text.splitlines())
        if row["curb_place_id"] == str(bays[0].pk)
    }
    assert values == {
        ("total_sessions", "10"): "1",
        ("turnover", "10"): "1.0",
        ("average_dwell_time", "10"): "10.0",
        ("occupancy_percent", "10"): "16.7",
    }


@pytest.mark.parametrize("part", ["zones", "policies", "events", "sessions"])
def test_the_page_of_open_data_leads_to_curbs(client: Client, bays: list[Bay], part: str) -> None:
    folder = {"events": "events", "sessions": "metrics"}.get(part, "curbs")
    with time_machine.travel(AT, tick=False):
        answer = client.get(f"/sceaux/livraison/cds/{part}/")
    day = "?day=2026-03-01" if part == "events" else ""
    assert (answer.status_code, answer.url) == (302, f"{START}/{folder}/{part}{day}")
