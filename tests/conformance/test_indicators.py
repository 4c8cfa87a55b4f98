"""Every indicator is declared in whole words, and tells a number or that it is unknown."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.definitions import HOUSE, Indicator, all_indicators
from communs.core.indicators.engine.combining import Aggregate
from communs.core.registry.queries import by_key
from communs.core.registry.service import Service

DAY = date(2026, 3, 10)


@pytest.fixture(params=all_indicators(), ids=lambda found: found.key)
def found(request: pytest.FixtureRequest) -> Indicator:
    return request.param


def test_an_indicator_is_named_after_who_measures_it(found: Indicator) -> None:
    assert found.part == HOUSE or by_key(found.part) is not None


def test_an_indicator_says_what_it_is_and_how_it_is_counted(found: Indicator) -> None:
    with override("en"):
        title, description = str(found.title), str(found.description)
    assert title[0].isupper()
    assert not title.endswith(".")
    assert len(title) <= 60
    assert description.endswith(".")
    assert len(description.split()) >= 6


@pytest.mark.django_db
def test_an_indicator_tells_a_number_or_unknown_where_there_is_nothing(
    found: Indicator, sceaux: Community
) -> None:
    with within(sceaux):
        taken = found.taken(DAY)
    assert taken.value is None or taken.value.is_finite()
    assert (taken.denominator is not None) == (found.aggregate is Aggregate.RATIO)


@pytest.mark.django_db
def test_an_indicator_costs_the_same_for_one_and_for_five(
    service: Service, sceaux: Community, switch: object
) -> None:
    switch(sceaux, service.key)
    make = import_module(f"tests.services.{service.key}.samples").make
    own = [found for found in all_indicators() if found.part == service.key]

    def costs() -> dict[str, int]:
        spent = {}
        for found in own:
            with CaptureQueriesContext(connection) as queries:
                found.taken(DAY)
            spent[found.key] = len(queries)
        return spent

    with within(sceaux):
        make(1)
        one = costs()
        make(4)
        assert costs() == one
