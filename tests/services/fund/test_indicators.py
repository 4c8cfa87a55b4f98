"""What the register measures of itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from communs.core.communities.models import Community
from communs.core.indicators.definitions import named
from communs.services.fund.models import Fact, Grant

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)


def value(key: str, on: date = DAY) -> Decimal | None:
    return named(f"fund.{key}").taken(on).value


def test_the_register_of_2018_is_counted_as_it_was_published(in_metropolis: Community) -> None:
    assert [value("grants_known", on) for on in (date(2018, 11, 26), date(2018, 11, 27))] == [0, 23]
    assert value("amounts_published") == 0
    assert value("facts_known") == Fact.objects.count()
    assert value("services_running") == 0


def test_amounts_are_unknown_until_one_is_published(in_metropolis: Community) -> None:
    assert value("amount_known") is None
    grant = Grant.objects.get(number=3)
    grant.amount = Decimal("12500.50")
    grant.save()
    assert value("amount_known") == Decimal("12500.50")
    assert round(value("amounts_published"), 2) == Decimal("4.35")


def test_days_since_a_correction_are_unknown_until_there_is_one(in_metropolis: Community) -> None:
    assert value("days_since_correction") is None
    fact = Fact.objects.first()
    fact.corrected_at = datetime(2026, 3, 7, 23, 30, tzinfo=UTC)  # already the 8th here
    fact.save()
    assert value("days_since_correction") == 2


def test_a_share_of_an_empty_register_is_unknown(in_metropolis: Community) -> None:
    assert value("amounts_published", date(2000, 1, 1)) is None
