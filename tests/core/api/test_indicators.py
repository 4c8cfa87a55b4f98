"""Measures for programs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


def get(path: str, status: int = 200) -> dict:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_list_gives_each_indicator_with_its_latest_value() -> None:
    told = get("/en/api/indicators")
    yesterday = str(timezone.localdate() - timedelta(days=1))
    assert (told["community"], told["count"]) == ("metropole", len(told["indicators"]))
    by_key = {row["key"]: row for row in told["indicators"]}
    assert by_key["fund.grants_known"] == {
        "key": "fund.grants_known",
        "title": "Grants in the register",
        "description": "Grants awarded on that day or before, as the register now knows them.",
        "unit": "count",
        "direction": "none",
        "aggregate": "last",
        "version": 1,
        "min_people": None,
        "value": "23",
        "measured_on": yesterday,
    }
    assert by_key["fund.amount_known"]["value"] is None


def test_a_series_keeps_its_unknown_days() -> None:
    today = timezone.localdate()
    start, end = today - timedelta(days=34), today - timedelta(days=31)
    told = get(f"/antony/api/indicators/house.actions/series?start={start}&end={end}")
    assert [point["value"] is None for point in told["points"]] == [True, True, True, False]
    assert told["points"][3]["demonstration"] is True
    week = get("/antony/api/indicators/house.actions/series?step=week")
    assert week["step"] == "week"


@pytest.mark.parametrize(
    ("query", "status"),
    [("step=hour", 422), ("start=12", 422), ("start=2026-02-01&end=2026-01-01", 409)],
)
def test_what_cannot_be_asked_is_said(query: str, status: int) -> None:
    get(f"/api/indicators/house.actions/series?{query}", status)


def test_an_indicator_of_elsewhere_is_not_found() -> None:
    get("/antony/api/indicators/fund.grants_known/series", 404)
    get("/antony/api/indicators/x/compare", 404)


def test_a_comparison_names_each_population() -> None:
    told = get("/antony/api/indicators/house.actions/compare")
    rows = {row["community"]: row for row in told["communities"]}
    antony = rows["antony"]
    assert antony["population_year"] == 2026
    rate = int(antony["value"]) * 1000 / antony["population"]
    assert float(antony["per_1000_inhabitants"]) == pytest.approx(rate, abs=1e-6)
    total = sum(int(row["value"]) for row in rows.values() if row["value"] is not None)
    assert (int(told["total"]), told["withheld"]) == (total, 0)


def test_the_files_hold_what_the_api_tells() -> None:
    one = Client().get("/donnees/indicateurs/fund.grants_known.csv")
    rows = list(csv.DictReader(io.StringIO(one.content.decode())))
    assert len(rows) == 90
    assert {row["value"] for row in rows} == {"23"}
    every = Client().get("/donnees/indicateurs.csv").content.decode()
    keys = {row["indicator"] for row in csv.DictReader(io.StringIO(every))}
    assert keys >= {"fund.grants_known", "house.actions"}
    assert "/donnees/indicateurs.csv" in Client().get("/donnees/").content.decode()
