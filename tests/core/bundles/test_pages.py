"""The pages: making, publishing, looking, trying, installing, taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communs.core.bundles import actions, queries, signing
from communs.core.bundles.documents import MEDIA_TYPE, Document, opened
from communs.core.bundles.models import Bundle, Installation
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.models import Activation
from communs.core.registry.service import Service
from communs.services.fund.models import Programme
from tests.core.bundles.conftest import NOW, Forge, forged
from tests.pages import heading, links, rows, text

pytestmark = pytest.mark.django_db
Pack = Callable[..., Bundle]
HERE = "/antony/reglages/services/fund/configuration/"
NAME = "Fonds Métropolitain pour l’Innovation Numérique"
ROW = f"Sigle = FMIN Nom = {NAME} Créé le = 28 septembre 2018"


def plain(response: Any) -> str:
    return text(response).replace("\u00a0", " ")


def table(response: Any) -> list[list[str]]:
    return [[cell.replace("\u00a0", " ") for cell in row] for row in rows(response)]


@pytest.fixture
def published(metropolis: Community, pack: Pack) -> Bundle:
    bundle = pack()
    with within(metropolis):
        actions.publish(bundle=bundle, by=None)
    return bundle


def send(client: Client, content: bytes) -> Any:
    return client.post(f"{HERE}recevoir/", {"file": SimpleUploadedFile("a.json", content)})


def test_a_version_is_made_published_withdrawn_and_downloaded(
    metropolis: Community, manager: Person, client: Client
) -> None:
    client.force_login(manager)
    page = "/reglages/services/fund/configuration/"
    assert (
        "Ce qui est partagé : Subventions par page du registre, Montrer la carte du registre,"
        in (plain(client.get(page)))
    )
    made = client.post(page, {"licence": "CC0-1.0", "notes": "Pour\r\ntous."})
    assert made.status_code == 302
    with within(metropolis):
        bundle = Bundle.objects.get()
    assert (bundle.licence, bundle.notes, bundle.by) == ("CC0-1.0", "Pour\ntous.", manager.pk)
    shown = client.get(page)
    assert "La version 1 est prête." in plain(shown)
    address = f"/reglages/configurations/versions/{bundle.pk}/"
    assert address in links(shown)
    file = client.get(address)
    assert file.content.decode() == bundle.document
    assert file.headers["Content-Type"] == MEDIA_TYPE
    assert file.headers["Content-Disposition"] == 'attachment; filename="fund-metropole-1.json"'
    assert client.get(f"/catalogue/{bundle.pk}/").status_code == 404
    client.post(address, {"do": "publish"})
    assert heading(client.get(f"/catalogue/{bundle.pk}/")) == "Le fonds (Métropole du Grand Paris)"
    client.post(address)
    assert client.get(f"/catalogue/{bundle.pk}/").status_code == 200
    client.post(address, {"do": "withdraw"})
    assert client.get(f"/catalogue/{bundle.pk}/fichier/").status_code == 404


def test_what_is_refused_keeps_what_was_typed(manager: Person, client: Client) -> None:
    client.force_login(manager)
    given = {"licence": "CC0-1.0", "notes": "Écrire à jeanne@ville.fr"}
    refused = client.post("/reglages/services/fund/configuration/", given)
    assert refused.status_code == 422
    assert "« jeanne@ville.fr » ressemble à une adresse électronique" in plain(refused)
    assert ">\nÉcrire à jeanne@ville.fr</textarea>" in refused.content.decode()
    assert '<option value="CC0-1.0" selected>' in refused.content.decode()


def test_the_catalogue_is_for_everybody(client: Client, published: Bundle) -> None:
    listed = client.get("/sceaux/catalogue/")
    assert "Le fonds (Métropole du Grand Paris) Essai. Licence Ouverte 2.0" in plain(listed)
    assert f"/sceaux/catalogue/{published.pk}/" in links(listed)
    page = client.get(f"/sceaux/catalogue/{published.pk}/")
    assert table(page) == [["Sigle", "Nom", "Créé le"], ["FMIN", NAME, "28 septembre 2018"]]
    assert "Subventions par page du registre 50 Montrer la carte du registre oui" in plain(page)
    assert "Signée ici, par ce site." in plain(page)
    assert not [href for href in links(page) if "reglages" in href]
    file = client.get(f"/catalogue/{published.pk}/fichier/")
    assert opened(file.content).text == published.document


def test_nothing_is_in_the_catalogue_at_first(client: Client) -> None:
    assert "Aucune configuration n’est encore partagée" in plain(client.get("/catalogue/"))


def test_from_the_catalogue_to_the_way_back(
    antony: Community, signed_in: Client, published: Bundle
) -> None:
    address = f"/antony/reglages/configurations/catalogue/{published.pk}/"
    assert address in links(signed_in.get(f"/antony/catalogue/{published.pk}/"))
    assert table(signed_in.get(address))[:2] == [
        ["Quoi", "Maintenant", "Ensuite", "Résultat"],
        [f"Dispositifs : {NAME}", "rien", ROW, "ajouté"],
    ]
    tried = signed_in.post(address, {"do": "try"})
    assert "Essai à blanc : elle peut être installée" in plain(tried)
    with within(antony):
        assert not Programme.objects.exists()
    done = signed_in.post(address, {"do": "install", "switch_on": "on"})
    assert (done.status_code, done.headers["Location"]) == (302, HERE)
    with within(antony):
        assert Activation.objects.get().on
        held = Installation.objects.get()
    shown = signed_in.get(HERE)
    assert "En vigueur : version 1, préparée par Métropole du Grand Paris." in plain(shown)
    assert "cette version est en vigueur ici" in plain(signed_in.get(address)).lower()
    assert "Où elle est en vigueur : Antony" in plain(signed_in.get("/catalogue/"))
    back = f"/antony/reglages/configurations/installee/{held.pk}/"
    assert "Le service sera arrêté ici, comme avant l’installation." in plain(signed_in.get(back))
    assert back in links(shown)
    assert table(signed_in.get(back))[1] == [f"Dispositifs : {NAME}", ROW, "rien", "supprimé"]
    assert signed_in.post(back).headers["Location"] == HERE
    with within(antony):
        assert not Programme.objects.exists()
    again = signed_in.post(back)
    assert again.status_code == 409
    assert "On ne peut revenir en arrière que sur la configuration en vigueur." in plain(again)


def test_a_file_is_looked_at_then_installed_or_set_aside(
    antony: Community, signed_in: Client, packed: Document
) -> None:
    address = send(signed_in, packed.text.encode()).headers["Location"]
    assert "Un fichier attend votre décision" in plain(signed_in.get(HERE))
    assert signed_in.post(address, {"do": "set_aside"}).headers["Location"] == HERE
    assert signed_in.get(address).status_code == 404
    address = send(signed_in, packed.text.encode()).headers["Location"]
    assert signed_in.post(address, {"do": "install"}).headers["Location"] == HERE
    with within(antony):
        assert queries.in_force(packed.service) is not None
        assert queries.received(packed.service) is None


@pytest.mark.parametrize("length", [1, 10, 500])
def test_a_truncated_file_is_refused_beside_its_field(
    signed_in: Client, packed: Document, length: int
) -> None:
    refused = send(signed_in, packed.text.encode()[:length])
    assert refused.status_code == 422
    assert "Ce fichier est tronqué : il s’arrête à la ligne 1" in plain(refused)


def test_a_file_that_is_too_large_is_refused(signed_in: Client) -> None:
    assert "Ce fichier dépasse 2 Mo." in plain(send(signed_in, b"[" * 2_000_001))


def test_without_a_file_it_says_so(signed_in: Client) -> None:
    assert signed_in.post(f"{HERE}recevoir/").status_code == 422


def test_a_conflict_is_chosen_one_by_one(
    antony: Community, fund: Service, signed_in: Client, forge: Forge
) -> None:
    with within(antony):
        given = {"page_size": 20, "show_map": False}
        set_service(service=fund, on=False, options=given, by=None)
        Programme.objects.create(code="fmin", acronym="FA", name="Fonds d’Antony")
    document = opened(forge(options={"page_size": 100, "show_map": True}))
    address = send(signed_in, document.text.encode()).headers["Location"]
    page = signed_in.get(address)
    assert table(page)[1] == [
        "Subventions par page du registre",
        "20",
        "100",
        "le vôtre est gardé, sauf si vous choisissez",
    ]
    with within(antony):
        changes = queries.plan_of(document, on=NOW.date()).changes
    acronym = next(change.ref for change in changes if change.field == "acronym")
    signed_in.post(address, {"do": "install", "take": acronym})
    with within(antony):
        assert Programme.objects.values_list("acronym", "name").get() == ("FMIN", "Fonds d’Antony")
        assert Activation.objects.get().options["page_size"] == 20


def test_all_conflicts_are_taken_at_once(
    antony: Community, fund: Service, signed_in: Client, forge: Forge
) -> None:
    with within(antony):
        set_service(service=fund, on=True, options={"page_size": 20}, by=None)
        Programme.objects.create(code="fmin", acronym="FA", name="Fonds d’Antony")
    content = forge(options={"page_size": 100, "show_map": True})
    address = send(signed_in, content).headers["Location"]
    signed_in.post(address, {"do": "install", "take_all": "on"})
    with within(antony):
        assert Programme.objects.values_list("acronym", "name").get() == ("FMIN", NAME)
        assert Activation.objects.get().options["page_size"] == 100


def test_a_conflict_that_is_none_is_refused(
    antony: Community, fund: Service, signed_in: Client, forge: Forge
) -> None:
    with within(antony):
        set_service(service=fund, on=True, options={"page_size": 20}, by=None)
    content = forge(options={"page_size": 100, "show_map": True})
    address = send(signed_in, content).headers["Location"]
    refused = signed_in.post(address, {"do": "install", "take": "0" * 16})
    assert refused.status_code == 422
    with within(antony):
        assert not Programme.objects.exists()


def test_an_unknown_signer_is_said_and_ticked(
    antony: Community, signed_in: Client, packed: Document, settings: Any
) -> None:
    here, settings.SECRET_KEY = settings.SECRET_KEY, "elsewhere"
    foreign = forged(packed, source={"key": signing.public_key()})
    settings.SECRET_KEY = here
    address = send(signed_in, foreign).headers["Location"]
    assert "Signée par une installation qui n’est pas connue ici." in plain(signed_in.get(address))
    refused = signed_in.post(address, {"do": "install"})
    assert refused.status_code == 422
    assert "dites que vous avez confiance en sa provenance" in plain(refused)
    assert signed_in.post(address, {"do": "install", "accept_unknown": "on"}).status_code == 302


def test_a_newer_version_of_the_same_origin_is_offered(
    metropolis: Community, antony: Community, signed_in: Client, published: Bundle, pack: Pack
) -> None:
    with within(antony):
        actions.install(document=opened(published.document), at=NOW, by=None)
    newer = pack(notes="Mieux.")
    with within(metropolis):
        actions.publish(bundle=newer, by=None)
    shown = signed_in.get(HERE)
    assert "Regarder ce que changerait la version 2" in plain(shown)
    assert f"/antony/reglages/configurations/catalogue/{newer.pk}/" in links(shown)


def test_another_communitys_are_not_found(
    metropolis: Community, sceaux: Community, signed_in: Client, pack: Pack
) -> None:
    bundle = pack()
    with within(sceaux):
        held = actions.install(document=opened(bundle.document), at=NOW, by=None)
    for path in ("versions", "catalogue", "recue", "installee"):
        for key in (bundle.pk, held.pk, uuid4()):
            address = f"/antony/reglages/configurations/{path}/{key}/"
            assert (path, signed_in.get(address).status_code) == (path, 404)
            assert signed_in.post(address, {"do": "publish"}).status_code == 404
    assert signed_in.get("/antony/reglages/services/beehives/configuration/").status_code == 404


def test_who_does_not_manage_is_not_let_in(
    client: Client, manager: Person, published: Bundle
) -> None:
    addresses = [HERE, f"/antony/reglages/configurations/catalogue/{published.pk}/"]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    client.force_login(manager)
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_lists_cost_the_same_for_one_and_for_five(
    metropolis: Community,
    fund: Service,
    signed_in: Client,
    published: Bundle,
    pack: Pack,
    client: Client,
) -> None:
    with within(Community.objects.get(slug="antony")):
        actions.install(document=opened(published.document), at=NOW, by=None)
        actions.pack(service=fund, licence="CC0-1.0", notes="Un.", at=NOW, by=None)
    with CaptureQueriesContext(connection) as one:
        client.get("/catalogue/")
    with CaptureQueriesContext(connection) as own:
        signed_in.get(HERE)
    for number in range(5):
        bundle = pack(notes=f"Essai {number}.")
        with within(metropolis):
            actions.publish(bundle=bundle, by=None)
        place = Community.objects.communes().order_by("slug")[number]
        with within(place):
            actions.install(document=opened(bundle.document), at=NOW, by=None)
        with within(Community.objects.get(slug="antony")):
            actions.pack(service=fund, licence="CC0-1.0", notes=f"{number}", at=NOW, by=None)
    with CaptureQueriesContext(connection) as five:
        client.get("/catalogue/")
    with CaptureQueriesContext(connection) as own_five:
        signed_in.get(HERE)
    assert len(five) == len(one)
    assert len(own_five) == len(own)


def test_pages_link_there(signed_in: Client) -> None:
    assert HERE in links(signed_in.get("/antony/reglages/services/fund/"))
    assert "/antony/catalogue/" in links(signed_in.get("/antony/services/"))
