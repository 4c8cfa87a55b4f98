"""Figures about few people leave the house nowhere: page, list, file, API."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import measuring
from communs.core.indicators.engine.combining import Daily
from tests import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_month(sceaux: Community, declared: object) -> date:
    """Three people in Sceaux on one day of the month that is over."""
    found = declared(lambda _on: 3, title="People helped", min_people=5)
    day = timezone.localdate().replace(day=1) - timedelta(days=10)
    with within(sceaux):
        measuring.keep(found, [Daily(day, Decimal(3), n=3)], at=timezone.now())
    return day.replace(day=1)


def test_the_pages_say_fewer_than_and_never_how_many(last_month: date) -> None:
    page = Client().get("/en/sceaux/indicateurs/house.test/?step=day")
    assert page.status_code == 200
    assert [row for row in pages.rows(page) if row[1:] == ["fewer than 5", ""]]
    assert "Only whole months are published, and none about fewer than 5 people." in (
        pages.text(page)
    )
    listed = Client().get("/en/sceaux/indicateurs/")
    (row,) = [row for row in pages.rows(listed) if row[0] == "People helped"]
    assert row[2] == "not yet"


def test_the_file_and_the_api_give_no_value(last_month: date) -> None:
    text = Client().get("/sceaux/donnees/indicateurs/house.test.csv").content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["first"], row["value"], row["withheld"], row["known_days"]) == (
        str(last_month),
        "",
        "true",
        "0",
    )
    told = Client().get("/sceaux/api/indicators/house.test/compare").json()
    assert (told["total"], told["withheld"]) == (None, 1)
    assert told["communities"][0]["value"] is None
    every = Client().get("/sceaux/api/indicators").json()["indicators"]
    assert {row["value"] for row in every if row["key"] == "house.test"} == {None}
