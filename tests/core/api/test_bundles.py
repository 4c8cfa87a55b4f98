"""Shared configurations, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.api import actions as tokens
from communs.core.bundles import actions, queries, signing
from communs.core.bundles.documents import opened
from communs.core.bundles.models import Bundle
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.registry.queries import by_key
from communs.services.fund.models import Programme

pytestmark = pytest.mark.django_db
NAME = "Fonds Métropolitain pour l’Innovation Numérique"
Call = Callable[..., Any]


@pytest.fixture
def published(metropolis: Community) -> Bundle:
    with within(metropolis):
        Bundle.objects.all().delete()  # the demonstration's own
        bundle = actions.pack(
            service=by_key("fund"), licence="CC0-1.0", notes="", at=timezone.now(), by=None
        )
        return actions.publish(bundle=bundle, by=None)


@pytest.fixture
def call(antony: Community, administrator: Person, client: Client) -> Call:
    """Send a document to Antony with a key that may set it."""
    today = timezone.localdate()
    with within(antony):
        _token, key = tokens.make_token(
            name="Essai",
            permissions=["community.manage"],
            until=today + timedelta(1),
            on=today,
            by=administrator,
        )

    def do(path: str, body: str = "", method: str = "post", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        kind = {"content_type": "application/json"} if method == "post" else {}
        send = getattr(client, method)
        given = (
            (f"/antony/api/bundles/{path}", body)
            if method == "post"
            else (f"/antony/api/bundles/{path}",)
        )
        return send(*given, headers=headers, **kind, **more)

    return do


def test_the_catalogue_and_its_documents_are_everybodys(client: Client, published: Bundle) -> None:
    answer = client.get("/sceaux/api/bundles")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    body = answer.json()
    assert body == {
        "public_key": signing.public_key(),
        "count": 1,
        "bundles": [
            {
                "key": str(published.pk),
                "service": "fund",
                "community": "metropole",
                "title": "Le fonds (Métropole du Grand Paris)",
                "version": 1,
                "licence": "CC0-1.0",
                "notes": "",
                "digest": published.digest,
                "at": body["bundles"][0]["at"],
                "in_force": [],
            }
        ],
    }
    document = client.get(f"/api/bundles/{published.pk}")
    assert document.content.decode() == published.document
    assert client.get(f"/api/bundles/{uuid4()}").status_code == 404


def test_what_is_not_published_is_not_there(
    client: Client, metropolis: Community, published: Bundle
) -> None:
    with within(metropolis):
        actions.withdraw(bundle=published, by=None)
    assert client.get("/api/bundles").json()["bundles"] == []
    assert client.get(f"/api/bundles/{published.pk}").status_code == 404


def test_previewed_installed_listed_and_rolled_back(
    antony: Community, call: Call, published: Bundle
) -> None:
    seen = call("preview", published.document)
    assert seen.status_code == 200, seen.content
    body = seen.json()
    assert body == {
        "service": "fund",
        "title": "Le fonds (Métropole du Grand Paris)",
        "version": 1,
        "digest": published.digest,
        "signer": "here",
        "in_force": False,
        "differences": [
            {
                "ref": body["differences"][0]["ref"],
                "what": f"Dispositifs\u00a0: {NAME}",
                "before": "rien",
                "after": f"Sigle = FMIN\nNom = {NAME}\nCréé le = 28 septembre 2018",
                "outcome": "added",
            }
        ],
    }
    done = call("installations?switch_on=true", published.document).json()
    assert done == {
        "key": done["key"],
        "service": "fund",
        "title": "Le fonds (Métropole du Grand Paris)",
        "source": "Métropole du Grand Paris",
        "version": 1,
        "digest": published.digest,
        "state": "in_force",
        "at": done["at"],
    }
    assert call("installations", method="get").json() == {"count": 1, "installations": [done]}
    assert call("preview", published.document).json()["in_force"] is True
    back = call(f"installations/{done['key']}/roll-back")
    assert back.json() == done | {"state": "rolled_back"}
    with within(antony):
        assert not Programme.objects.exists()
        assert queries.in_force(by_key("fund")) is None
    again = call(f"installations/{done['key']}/roll-back")
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")


def test_a_refusal_is_a_problem_that_names_the_file(call: Call, published: Bundle) -> None:
    refused = call("preview", published.document[:100])
    assert refused.status_code == 409
    assert refused.json()["field"] == "file"
    assert refused.json()["detail"].startswith("Ce fichier est tronqué")


def test_an_unknown_signer_is_accepted_by_name(
    call: Call, published: Bundle, settings: Any
) -> None:
    settings.COMMUNS_TRUSTED_KEYS = {}
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "elsewhere"
    refused = call("installations", published.document)
    assert (refused.status_code, refused.json()["field"]) == (409, "accept_unknown")
    assert call("preview", published.document).json()["signer"] == "unknown"
    done = call("installations?accept_unknown=true", published.document)
    assert done.status_code == 200


@pytest.mark.parametrize(
    "path", ["preview", "installations", f"installations/{UUID(int=1)}/roll-back"]
)
def test_who_is_nobody_is_asked_who_they_are(client: Client, published: Bundle, path: str) -> None:
    answer = client.post(
        f"/antony/api/bundles/{path}", published.document, content_type="application/json"
    )
    assert answer.status_code == 401


def test_anothers_installation_is_not_found(
    sceaux: Community, call: Call, published: Bundle
) -> None:
    with within(sceaux):
        held = actions.install(document=opened(published.document), at=timezone.now(), by=None)
    assert call(f"installations/{held.pk}/roll-back").status_code == 404
    assert call(f"installations/{uuid4()}/roll-back").status_code == 404


def test_a_key_without_the_permission_is_refused(
    metropolis: Community, manager: Person, client: Client, published: Bundle
) -> None:
    today = timezone.localdate()
    with within(metropolis):
        _token, key = tokens.make_token(
            name="Essai",
            permissions=["fund.edit"],
            until=today + timedelta(1),
            on=today,
            by=manager,
        )
    answer = client.post(
        "/api/bundles/preview",
        published.document,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(("size", "status"), [(2_000_001, 409), (3_000_000, 400)])
def test_what_is_too_large_is_refused(call: Call, size: int, status: int) -> None:
    refused = call("preview", "[" * size)
    assert refused.status_code == status
    assert refused.headers["Content-Type"] == "application/problem+json"
