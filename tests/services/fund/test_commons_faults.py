"""A bundle that is not as it should be: the page says what is wrong, and the request stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from communs.core.bundles import signing
from communs.core.bundles.engine.canonical import canonical, digest_of
from communs.core.bundles.models import Installation
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.services.fund import actions
from communs.services.fund.models import Replication
from tests.services.fund import proving
from tests.services.fund.cases import client_of, person_of
from tests.services.fund.proving import AT

pytestmark = pytest.mark.django_db
CONFIGURATION = "/en/sceaux/reglages/services/parking/configuration/"


@pytest.fixture
def asked(metropolis: Community) -> Iterator[Replication]:
    with within(metropolis), override("en"):
        common = proving.offered()
        yield actions.ask_replication(
            common=common, place=proving.place("sceaux"), message="", at=AT, by=None
        )


def signed(raw: dict[str, Any]) -> bytes:
    raw["digest"] = digest_of(raw)
    raw["signature"] = signing.sign(raw["digest"])
    return canonical(raw).encode()


def cut(raw: dict[str, Any]) -> bytes:
    return canonical(raw).encode()[:-80]


def newer(raw: dict[str, Any]) -> bytes:
    return signed(raw | {"format": 2})


def of_another_service(raw: dict[str, Any]) -> bytes:
    return signed(raw | {"service": "nulle"})


def altered(raw: dict[str, Any]) -> bytes:
    return canonical(raw | {"licence": "CC0-1.0"}).encode()


def unsigned(raw: dict[str, Any]) -> bytes:
    return canonical(raw | {"signature": "0" * 128}).encode()


def of_unknown_options(raw: dict[str, Any]) -> bytes:
    return signed(raw | {"options": raw["options"] | {"colour": "red"}})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "This file is cut short"),
        (newer, "made by a newer version of Communs (format 2; this site reads up to 1)"),
        (of_another_service, "The service “nulle” is not installed on this site."),
        (altered, "This file was altered since it was signed"),
        (unsigned, "is not that of the installation it names"),
        (of_unknown_options, "sets the option “colour”, which the service “Parking”"),
    ],
)
def test_the_page_says_what_is_wrong_and_nothing_moves(
    asked: Replication, spoil: Callable[[dict[str, Any]], bytes], said: str
) -> None:
    raw = json.loads(proving.document_of_common(asked.common).text)
    file = SimpleUploadedFile("commun.json", spoil(raw), "application/json")
    client = client_of(person_of("sceaux"))
    answer = client.post(f"{CONFIGURATION}recevoir/", {"file": file})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#34;", '"')
    deliver(AT)
    asked.refresh_from_db()
    assert (asked.state, asked.digest) == ("requested", "")
    with within(proving.place("sceaux")):
        assert not Installation.objects.exists()


def test_a_file_of_the_common_installed_by_hand_moves_the_request(asked: Replication) -> None:
    text = proving.document_of_common(asked.common).text
    file = SimpleUploadedFile("commun.json", text.encode(), "application/json")
    client = client_of(person_of("sceaux"))
    answer = client.post(f"{CONFIGURATION}recevoir/", {"file": file})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert client.get(page).status_code == 200
    assert client.post(page, {"do": "install", "switch_on": "on"}).status_code == 302
    deliver(AT)
    asked.refresh_from_db()
    assert (asked.state, asked.digest) == ("live", asked.common.digest)


def test_a_commune_that_is_not_asked_cannot_install_for_another(asked: Replication) -> None:
    stranger = client_of(person_of("bagneux"))
    preview = f"/en/sceaux/reglages/configurations/catalogue/{asked.common.bundle}/"
    assert stranger.post(preview, {"do": "install"}).status_code == 404
    assert Client().post(preview, {"do": "install"}).status_code == 302
    deliver(AT)
    asked.refresh_from_db()
    assert asked.state == "requested"
