"""The register as 360Giving: valid against the standard's own schemas, refused where it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.engine import giving
from communs.services.fund.models import Grant
from communs.services.fund.queries.giving import given as giving_of
from communs.services.fund.queries.register import Asked
from tests import pages
from tests.services.fund.agreeing import awarded, paid
from tests.services.fund.filing import filing
from tests.services.fund.opening import content_of

pytestmark = pytest.mark.django_db
FILE = "/fonds/donnees/360giving.json"
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def faults_of() -> Callable[[Any], list[str]]:
    """Read what the standard's schemas say of a file."""
    grant, package = (
        json.loads((DATA / f"360-giving-{name}.json").read_text())
        for name in ("schema", "package-schema")
    )
    of_a_grant = DRAFT202012.create_resource(grant)  # its own dialect is misspelt
    named = [grant["$id"], package["properties"]["grants"]["items"]["$ref"]]
    registry: Registry[Any] = Registry().with_resources([(name, of_a_grant) for name in named])
    checker = Draft202012Validator(package, registry=registry, format_checker=FormatChecker())
    return lambda file: [error.message for error in checker.iter_errors(file)]


def test_the_rows_of_2018_are_refused_and_what_is_missing_is_said(client: Client) -> None:
    response = client.get(FILE, headers={"accept": "application/json"})
    assert response.status_code == 409
    lacking = response.json()["missing"]
    assert len(lacking) == 23
    assert lacking["fmin-2018-12"] == ["amountAwarded"]
    shown = client.get(FILE, headers={"accept": "text/html"})
    assert shown.status_code == 409
    assert ["fmin-2018-12", "amountAwarded"] in pages.rows(shown)


def test_a_wrong_filter_is_named(client: Client) -> None:
    response = client.get(f"{FILE}?theme=nope", headers={"accept": "application/json"})
    assert (response.status_code, response.json()["field"]) == (409, "theme")


def test_complete_grants_are_given_alone_by_as_many_queries(
    client: Client, metropolis: Community, sceaux: Community, faults_of: Callable[[Any], list[str]]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"{FILE}?complete=1")
            assert response.streaming
            assert faults_of(json.loads(content_of(response))) == []
        return len(captured)

    with within(metropolis):
        here = filing()
        awarded(here, sceaux).signed()
    asked()
    with_one = asked()
    with within(metropolis):
        for _turn in range(3):
            awarded(here, sceaux).signed()
    assert asked() == with_one


def test_nothing_found_is_no_file(client: Client) -> None:
    assert client.get(f"{FILE}?q=zzzz").status_code == 409


def test_a_grant_is_published_as_the_schema_asks(
    client: Client, metropolis: Community, faults_of: Callable[[Any], list[str]]
) -> None:
    with within(metropolis):
        grant = Grant.objects.get(reference="fmin-2018-12")
        grant.amount = Decimal("41200.50")
        grant.save()
    answer = client.get(f"{FILE}?q=smart+parking&territory=paris-ouest-la-defense")
    file = json.loads(content_of(answer))
    assert faults_of(file) == []
    issued = file.pop("issued")
    assert date.fromisoformat(issued[:10])
    assert file == {
        "version": "1.4",
        "title": "Subventions\u00a0: Métropole du Grand Paris",
        "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "publisher": {"name": "Métropole du Grand Paris"},
        "grants": [
            {
                "id": "FR-INSEE-200054781-fmin-2018-12",
                "title": "Smart parking",
                "description": "Smart parking",
                "currency": "EUR",
                "amountAwarded": 41200.5,
                "awardDate": "2018-11-27",
                "url": "http://testserver/fonds/registre/fmin-2018-12/",
                "recipientOrganization": [{"id": "FR-INSEE-219200441", "name": "Levallois-Perret"}],
                "fundingOrganization": [
                    {"id": "FR-INSEE-200054781", "name": "Métropole du Grand Paris"}
                ],
                "beneficiaryLocation": [
                    {
                        "name": "Levallois-Perret",
                        "countryCode": "FR",
                        "geoCode": "92044",
                        "geoCodeType": "COG",
                    }
                ],
                "grantProgramme": [
                    {"code": "FMIN", "title": "Fonds Métropolitain pour l’Innovation Numérique"}
                ],
                "classifications": [
                    {"vocabulary": "SMAN", "code": "resilient", "title": "Résiliente et durable"}
                ],
            }
        ],
    }


def test_what_was_asked_agreed_and_paid_here_is_told(
    metropolis: Community, sceaux: Community, faults_of: Callable[[Any], list[str]]
) -> None:
    with within(metropolis):
        award = awarded(filing(), sceaux)
        agreement = award.signed()
        paid(agreement)
        found = [one for one in giving_of(Asked(), "https://m.example/{}".format) if one.paid]
    told = giving.grant_of(found[0])
    assert {name: told[name] for name in ("amountAwarded", "amountDisbursed", "fromOpenCall")} == {
        "amountAwarded": 41200.0,
        "amountDisbursed": 16480.0,
        "fromOpenCall": "Yes",
    }
    assert told["amountAppliedFor"] == float(award.file.requested or 0)
    assert agreement.starts_on is not None
    assert told["plannedDates"][0]["startDate"] == agreement.starts_on.isoformat()
    assert faults_of({"grants": [told]}) == []


@given(amount=st.none() | st.decimals(min_value="0.01", max_value="9999999999", places=2))
def test_an_unknown_amount_is_left_out_and_never_0(amount: Decimal | None) -> None:
    body = giving.Body("M", "200054781")
    told = giving.grant_of(
        giving.Given(
            "r", "https://m.example/r", "T", "D", amount, date(2026, 5, 4), body, body, ("P", "P")
        )
    )
    assert ("amountAwarded" in giving.missing(told)) == ("amountAwarded" not in told)
    assert ("amountAwarded" in told) == (amount is not None)
    assert amount is None or Decimal(str(told["amountAwarded"])) == amount


def test_the_schema_finds_what_is_wrong(faults_of: Callable[[Any], list[str]]) -> None:
    assert faults_of({"grants": [{"id": "x"}]})
