"""The register, and whom people may ask."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.privacy.actions import note_export
from communs.core.privacy.declarations import declarations
from communs.core.privacy.models import Controller
from communs.core.registry.queries import services
from tests import pages

pytestmark = pytest.mark.django_db
CONTACT = "/antony/reglages/donnees-personnelles/contact/"
GIVEN = {
    "address": "Hôtel de ville\n92160 Antony",
    "representative": "Le maire",
    "officer": "Délégué mutualisé",
    "officer_email": "dpo@antony.example",
    "officer_phone": "01 40 96 71 00",
}


def test_the_public_page_says_that_nobody_was_named_yet(client: Client) -> None:
    assert "Sceaux ne l’a pas encore indiqué" in pages.text(
        client.get("/sceaux/donnees-personnelles/")
    )


def test_the_contact_is_kept_recorded_and_shown(
    signed_in: Client, client: Client, antony: Community
) -> None:
    response = signed_in.post(CONTACT, GIVEN)
    assert response.headers["Location"] == "/antony/reglages/donnees-personnelles/"
    with within(antony):
        row = Controller.objects.get()
        event = Event.objects.filter(name="privacy.controller_set").latest("id")
    assert row.officer_phone == "+33140967100"
    assert event.data == {"given": sorted(GIVEN)}
    text = pages.text(client.get("/antony/donnees-personnelles/"))
    wanted = ["Le maire", "Délégué mutualisé", "dpo@antony.example", "01 40 96 71 00", "92160"]
    assert [word for word in wanted if word not in text] == []
    assert "dpo@antony" not in pages.text(client.get("/sceaux/donnees-personnelles/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"officer_email": "dpo"}, "Écrivez une adresse comme dpo@commune.fr."),
        ({"officer_phone": "12"}, "Ce numéro de téléphone n’existe pas."),
        ({"officer_email": "", "address": ""}, "Donnez une adresse électronique ou postale."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    signed_in: Client, antony: Community, wrong: dict[str, str], said: str
) -> None:
    response = signed_in.post(CONTACT, GIVEN | wrong)
    assert response.status_code == 422
    assert said in pages.text(response)
    assert "Délégué mutualisé" in response.content.decode()
    with within(antony):
        assert Controller.objects.get().officer_email == "dpo.antony@demo.example"


def test_the_register_has_a_line_for_each_table_of_what_is_on(
    client: Client, switch: Any, antony: Community
) -> None:
    response = client.get("/donnees-personnelles/registre.csv")
    lines = list(csv.reader(response.content.decode().splitlines()))
    assert lines[0] == [
        "responsable de traitement", "service", "données", "finalité", "base légale",
        "destinataires", "hors Union européenne", "durée", "à l’effacement d’un compte", "table",
    ]  # fmt: skip
    off = {service.key for service in services()} - {"fund"}
    on = {d.label for d in declarations() if d.label.partition(".")[0] not in off}
    assert {line[-1] for line in lines[1:]} == on
    here = client.get("/antony/donnees-personnelles/registre.csv").content.decode()
    assert "fund.Round" not in here
    switch(antony, "fund")
    assert "fund.Round" in client.get("/antony/donnees-personnelles/registre.csv").content.decode()


def test_a_consent_is_the_ground_where_people_choose(client: Client) -> None:
    response = client.get("/donnees-personnelles/registre.csv")
    lines = {row[-1]: row for row in csv.reader(response.content.decode().splitlines())}
    assert lines["notifications.Reach"][4] == "Consentement (article 6.1.a du RGPD)"
    assert (
        lines["people.Person"][7] == "aussi longtemps que le compte, trois ans sans usage au plus"
    )


def test_the_page_of_protection_counts_the_rights_used(
    signed_in: Client, antony: Community, lou: Person
) -> None:
    page = "/antony/reglages/donnees-personnelles/"
    with within(antony):
        Controller.objects.all().delete()
    assert "Personne à qui écrire" in pages.text(signed_in.get(page))
    with within(antony):
        note_export(person=lou, by=lou)
    assert "copies téléchargées 1" in pages.text(signed_in.get(page))


def test_only_administrators_read_it(client: Client, lou: Person) -> None:
    client.force_login(lou)
    for path in ("", "contact/", "consultations/"):
        response = client.get(f"/antony/reglages/donnees-personnelles/{path}")
        assert response.status_code == 404
