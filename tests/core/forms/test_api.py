"""Forms for programs: the schema of a version, and checking without keeping."""

from __future__ import annotations

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from tests.core.forms.conftest import DEFINITION, NOON, PURPOSE, SIRET

from communs.core.communities.models import Community
from communs.core.forms import actions, subjects
from communs.core.forms.models import Answers, Version

pytestmark = pytest.mark.django_db
API = "/antony/api/formulaires"
WHOLE = {"name": "Sceaux", "siret": SIRET, "amount": "10.00"}


@pytest.fixture(autouse=True)
def use() -> None:
    """What uses the form, where no service has said so."""
    if subjects.named(PURPOSE) is None:
        subjects.declare(subjects.Use(PURPOSE, "Demande", lambda _person, _key: False))


def check(values: object) -> dict:
    answer = Client().post(
        f"{API}/demande/verifier", {"values": values}, content_type="application/json"
    )
    assert answer.status_code == 200
    return answer.json()


def test_the_forms_in_force_are_listed_and_trials_are_not(version: Version) -> None:
    trial = actions.add_form(
        key="t", title="T", purpose="forms.trial", definition=DEFINITION, at=NOON, by=None
    )
    actions.publish(form=trial, at=NOON, by=None)
    assert Client().get(API).json() == {
        "count": 1,
        "forms": [
            {
                "key": "demande",
                "title": "Demande",
                "purpose": PURPOSE,
                "version": 1,
                "published_at": "2026-11-27T12:00:00Z",
                "sha256": version.sha256,
            }
        ],
    }
    assert Client().get(f"{API}/t").status_code == 404


def test_a_form_gives_a_schema_that_its_answers_meet(version: Version) -> None:
    whole = Client().get(f"{API}/demande").json()
    assert whole["layout"] == version.definition
    Draft202012Validator.check_schema(whole["answers"])
    judge = Draft202012Validator(whole["answers"])
    assert judge.is_valid(WHOLE)
    assert not judge.is_valid(WHOLE | {"amount": "0.005"})
    assert not judge.is_valid({"name": "Sceaux"})


def test_answers_are_checked_and_not_kept(version: Version) -> None:
    assert check(WHOLE) == {"accepted": True, "problems": []}
    assert check(WHOLE | {"amount": "5000.00"})["problems"] == [
        {
            "path": "why",
            "page": "what",
            "label": "Pourquoi tant ?",
            "code": "required",
            "detail": "Cette question attend une réponse.",
        }
    ]
    assert Answers.objects.count() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"name": 3},
        {"amount": "NaN"},
        {"amount": -1},
        {"amount": 1e12},
        {"partners": "x"},
        {"partners": [{"id": "a"}, {"id": "a"}]},
        {"partners": [3]},
        {"unknown": True},
        {"plan": {"file": "x", "name": "", "size": 0, "until": "hier"}},
        {"begins": "2026-02-31"},
        {"siret": "73282932000075"},
    ],
)
def test_rubbish_is_refused_in_words(version: Version, values: dict) -> None:
    told = check(WHOLE | values)
    assert told["accepted"] is False
    assert all(one["detail"] for one in told["problems"])


def test_another_communes_forms_are_not_here(version: Version, sceaux: Community) -> None:
    assert Client().get("/sceaux/api/formulaires").json() == {"count": 0, "forms": []}
    assert Client().get("/sceaux/api/formulaires/demande").status_code == 404
