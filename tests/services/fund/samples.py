"""Grants made for tests."""

from __future__ import annotations

from datetime import date, timedelta

from communs.core.communities.models import Community
from communs.services.fund.models import Fact, Grant, Programme, Round

_EVERYBODY = (
    "fund:index",
    "fund:register",
    "fund:register_csv",
    "fund:register_json",
    "fund:register_geojson",
    "fund:register_scdl",
    "fund:map_geojson",
    "fund:map",
    "fund:grant",
    "fund:rounds",
    "fund:round",
    "fund:beneficiary",
    "api:fund_register",
    "api:fund_grant",
    "api:fund_rounds",
)
_EDITORS = (
    "fund:add_fact",
    "fund:correct_fact",
    "fund:withdraw_fact",
    "api:fund_facts",
    "api:fund_fact",
    "api:withdraw_fact",
)
# For whom each route is: tests/conformance/test_isolation.py tries them all.
FOR_WHOM = dict.fromkeys(_EVERYBODY, "everybody") | dict.fromkeys(_EDITORS, "editors here")


def make(count: int) -> None:
    """Make `count` grants in the community in force, in a round of their own, each with a fact."""
    programme, _ = Programme.objects.get_or_create(
        code="test", defaults={"acronym": "TEST", "name": "Programme d’essai"}
    )
    held = Round.objects.count()
    day = date(2020, 1, 1) + timedelta(days=held)
    award = Round.objects.create(programme=programme, awarded_on=day, body="Bureau")
    communes = list(Community.objects.communes().order_by("slug")[:count])
    for number, commune in enumerate(communes, start=1):
        grant = Grant.objects.create(
            round=award,
            number=number,
            reference=f"test-{held}-{number}",
            beneficiary=commune,
            territory=commune.affiliations.exclude(group__kind="metropolis").get().group,
            beneficiary_as_published=commune.name,
            title=f"Essai {number}",
            title_as_published=f"Essai {number}",
            awarded_on=day,
            words=f"essai {number}",
        )
        Fact.objects.create(
            grant=grant, code="test", text_fr="Essai.", text_en="Test.", source="tests"
        )
