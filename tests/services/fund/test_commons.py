"""Digital commons: what may be offered, its page for each reader, its data, who hears."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.bundles import actions as bundles
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.kit.errors import Refused
from communs.core.notifications.models import Notification
from communs.core.search.models import Document
from communs.services.fund import actions
from communs.services.fund.enums import CommonState, Duty, Verdict
from communs.services.fund.models import Common
from communs.services.fund.queries import commons
from tests.services.fund import proving
from tests.services.fund.cases import appointed, client_of, person_of
from tests.services.fund.proving import AT, DAY, again, copy_of, installed

pytestmark = pytest.mark.django_db
PAGE = "/en/fonds/communs/parking-antony/"


@pytest.fixture
def here(metropolis: Community) -> Iterator[Community]:
    with within(metropolis), override("en"):
        yield metropolis


@pytest.fixture
def common(here: Community, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(timezone, "now", lambda: AT + 10 * DAY)
    return proving.offered()


@pytest.fixture
def managing(here: Community) -> Client:
    return client_of(appointed(Duty.MANAGER))


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_success_is_offered_with_what_its_commune_has_published(here: Community) -> None:
    evaluation, bundle = proving.evaluated(), proving.shared()
    found = proving.offered(evaluation, bundle)
    assert (found.code, found.state, found.service, found.licence, found.digest) == (
        "parking-antony",
        "offered",
        "parking",
        "etalab-2.0",
        bundle.digest,
    )
    assert not commons.offerable().exists()
    assert Document.objects.filter(title="Stationnement d’Antony").count() == 1


@pytest.mark.parametrize(
    "verdict", [Verdict.ABANDON, Verdict.INCONCLUSIVE, Verdict.PROLONG], ids=str
)
def test_only_a_success_is_offered(here: Community, verdict: str) -> None:
    with pytest.raises(Refused, match="evaluated as a success"):
        proving.offered(proving.evaluated(verdict=verdict))


def test_a_success_that_a_later_verdict_took_back_is_not_offered(here: Community) -> None:
    first = proving.evaluated()
    proving.evaluated(first.experiment, Verdict.ABANDON)
    with pytest.raises(Refused, match="evaluated as a success"):
        proving.offered(first)


def test_a_configuration_of_another_commune_or_of_none_is_not_offered(here: Community) -> None:
    evaluation = proving.evaluated()
    for key in (proving.shared("sceaux", grace_minutes=9).pk, uuid4()):
        with pytest.raises(Refused, match="that Antony has published") as refused:
            actions.offer_common(evaluation=evaluation, bundle=key, title="X", at=AT, by=None)
        assert refused.value.field == "bundle"


def test_a_success_is_in_the_catalogue_once(common: Common) -> None:
    with pytest.raises(Refused, match="in the catalogue already"):
        proving.offered(common.evaluation)


def test_two_successes_of_one_place_have_each_their_code(common: Common) -> None:
    assert proving.offered(proving.evaluated()).code == "parking-antony-2"


def test_what_is_withdrawn_stays_with_its_copies_and_may_come_back(common: Common) -> None:
    proving.confirmed(common)
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw_common(common=common, reason=" ", by=None)
    actions.withdraw_common(common=common, reason="Revu bientôt.", by=None)
    found = again(common)
    assert (found.state, found.confirmed_at, found.held) == (CommonState.WITHDRAWN, None, 1)
    assert not commons.commons().exists()
    assert not Document.objects.filter(title="Stationnement d’Antony").exists()
    with pytest.raises(Refused, match="offered no more"):
        actions.ask_replication(
            common=found, place=proving.place("bagneux"), message="", at=AT, by=None
        )
    back = proving.offered(found.evaluation)
    assert (back.pk, back.state, back.withdrawn_because) == (common.pk, CommonState.CONFIRMED, "")


def test_the_page_shows_the_evidence_its_lineage_and_what_it_sets(
    common: Common, client: Client
) -> None:
    proving.confirmed(common)
    theirs = proving.shared("sceaux", at=AT + DAY, grace_minutes=15)
    installed("bagneux", proving.document_of(theirs), at=AT + 2 * DAY)
    page = text(client, PAGE)
    for said in (
        "digital common",
        "to be adapted",
        "+0.6 (from +0.2 to +1)",
        "Licence Ouverte 2.0",
        "Where it runs",
        "Sceaux: confirmed",
        "Bagneux: running",
        "Minutes of patience",
        "Communes that take it over",
    ):
        assert said in page, said
    assert "Pour le marché." not in page
    assert page.index("Sceaux<span") < page.index("Bagneux<span")


def test_the_page_and_the_catalogue_are_in_french_too(common: Common, client: Client) -> None:
    assert "Comment le reprendre" in text(client, PAGE.removeprefix("/en"))
    catalogue = text(client, "/fonds/communs/?service=parking&challenge=agile")
    assert "Stationnement d’Antony" in catalogue
    assert "Communs numériques" in catalogue
    assert "Rien dans le catalogue" in text(client, "/fonds/communs/?challenge=connected")
    assert text(client, "/fonds/communs/?service=nulle", status=400)


def test_a_page_that_is_not_there_is_not_found(common: Common, client: Client) -> None:
    text(client, "/en/fonds/communs/nulle-part/", 404)


def test_a_commune_asks_on_the_page_then_installs_in_its_own_settings(common: Common) -> None:
    client = client_of(person_of("sceaux"))
    assert "Take it over" in text(client, PAGE)
    given = {"place": "sceaux", "message": "Pour le marché."}
    answer = client.post(f"{PAGE}demander/", given)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = text(client, PAGE)
    assert "Pour le marché." in page
    assert f"/en/sceaux/reglages/configurations/catalogue/{common.bundle}/" in page
    assert "Take it over</a>" not in page
    again_ = client.post(f"{PAGE}demander/", given)
    assert again_.status_code == 422
    assert "Sceaux has asked for this common already" in again_.content.decode()
    assert "Pour le marché.</textarea>" in again_.content.decode()


def test_the_whole_way_through_the_pages(common: Common, managing: Client) -> None:
    client = client_of(person_of("sceaux"))
    client.post(f"{PAGE}demander/", {"place": "sceaux", "message": ""})
    preview = f"/en/sceaux/reglages/configurations/catalogue/{common.bundle}/"
    assert client.post(preview, {"do": "try", "switch_on": "on"}).status_code == 200
    deliver(AT)
    assert "tried without effect" in text(client, PAGE)
    answer = client.post(preview, {"do": "install", "switch_on": "on"})
    assert answer.status_code == 302
    deliver(AT)
    row = copy_of(common, "sceaux")
    assert row is not None
    type(row).objects.filter(pk=row.pk).update(installed_at=AT)
    measuring = f"/en/fonds/gestion/reprises/{row.pk}/mesurer/"
    assert "0 days with a value" in _followed(client, measuring)
    proving.observed("sceaux", 9)
    assert "4.2 over 9 days with a value" in _followed(client, measuring)
    confirming = f"/en/fonds/gestion/reprises/{row.pk}/confirmer/"
    assert client.post(confirming, {"reason": "Oui."}).status_code == 404
    assert managing.post(confirming, {"reason": ""}).status_code == 422
    assert managing.post(confirming, {"reason": "Même effet."}).status_code == 302
    assert "digital common" in text(managing, PAGE)
    assert again(common).state == CommonState.CONFIRMED


def _followed(client: Client, address: str) -> str:
    client.post(address)
    return text(client, PAGE)


def test_nobody_acts_for_another_commune(common: Common) -> None:
    row = actions.ask_replication(
        common=common, place=proving.place("sceaux"), message="Secret.", at=AT, by=None
    )
    for person in (person_of("bagneux"), person_of("sceaux", Role.EDITOR, "ed")):
        other = client_of(person)
        assert "Secret." not in text(other, PAGE)
        for address in (
            f"/en/fonds/communs/reprises/{row.pk}/renoncer/",
            f"/en/fonds/gestion/reprises/{row.pk}/mesurer/",
        ):
            assert other.post(address, {"reason": "Non."}).status_code == 404
    stranger = client_of(person_of("bagneux"))
    answer = stranger.post(f"{PAGE}demander/", {"place": "sceaux", "message": ""})
    assert answer.status_code == 422
    editor = client_of(person_of("sceaux", Role.EDITOR, "ed"))
    assert editor.get(f"{PAGE}demander/").status_code == 404
    assert copy_of(common, "sceaux") == row


def test_the_original_commune_and_managers_read_the_request(
    common: Common, managing: Client
) -> None:
    actions.ask_replication(
        common=common, place=proving.place("sceaux"), message="Pour le marché.", at=AT, by=None
    )
    for client in (managing, client_of(person_of("antony"))):
        assert "Pour le marché." in text(client, PAGE)


def test_a_request_is_given_up_with_a_reason(common: Common) -> None:
    client = client_of(person_of("sceaux"))
    client.post(f"{PAGE}demander/", {"place": "sceaux", "message": ""})
    row = copy_of(common, "sceaux")
    assert row is not None
    address = f"/en/fonds/communs/reprises/{row.pk}/renoncer/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Pas cette année."}).status_code == 302
    assert "Pas cette année." in text(client, PAGE)


def test_a_manager_offers_and_withdraws(here: Community, managing: Client) -> None:
    evaluation = proving.evaluated()
    address = f"/en/fonds/gestion/communs/{evaluation.pk}/proposer/"
    assert "has not published its configuration" in text(managing, address)
    bundle = proving.shared()
    assert evaluation.experiment.title in text(managing, "/en/fonds/gestion/communs/")
    given = {"bundle": str(bundle.pk), "title": "", "summary": "Gardé."}
    answer = managing.post(address, given)
    assert answer.status_code == 422
    assert "Gardé.</textarea>" in answer.content.decode()
    assert managing.post(address, given | {"title": "Bon exemple"}).status_code == 302
    assert managing.get(address).status_code == 404
    assert "No other commune runs it" in text(managing, "/en/fonds/gestion/communs/")
    withdrawing = "/en/fonds/gestion/communs/parking-antony/retirer/"
    assert managing.post(withdrawing, {"reason": "Erreur."}).status_code == 302
    assert "Erreur." in text(Client(), PAGE)


def test_the_page_says_what_follows_when_the_configuration_is_gone_or_unread(
    common: Common, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = commons.bundle_of(common)
    assert bundle is not None
    with within(proving.place("antony")):
        bundles.withdraw(bundle=bundle, by=None)
    assert "Antony no longer publishes this version." in text(client, PAGE)
    monkeypatch.setattr(
        "communs.core.bundles.documents.FORMAT", 0
    )  # as on a site that is behind its document
    assert "made by a newer version of Communs" in text(client, PAGE)
    with within(proving.place("antony")):
        bundle.delete()
    assert "no longer on this site" in text(client, PAGE)


def test_the_same_in_files_and_by_the_api(common: Common, client: Client) -> None:
    proving.confirmed(common)
    (row,) = client.get("/fonds/communs.json").json()
    told = {
        "code": "parking-antony",
        "title": "Stationnement d’Antony",
        "summary": "La rotation augmente.",
        "service": "parking",
        "licence": "etalab-2.0",
        "commune": "antony",
        "challenge": "agile",
        "state": "confirmed",
        "verdict": "adapt",
        "version": 1,
        "sha256": common.digest,
        "copies": 1,
        "confirmed": 1,
    }
    assert {name: row[name] for name in told} == told
    lines = list(
        csv.DictReader(StringIO(client.get("/fonds/communs.csv").content.decode("utf-8-sig")))
    )
    assert [one["code"] for one in lines] == ["parking-antony"]
    page = client.get("/api/fonds/communs?service=parking").json()
    assert (page["count"], page["commons"][0]["code"]) == (1, "parking-antony")
    (place,) = client.get("/api/fonds/communs/parking-antony").json()["places"]
    assert (place["commune"], place["state"], place["running"], place["source"]) == (
        "sceaux",
        "confirmed",
        True,
        "Antony",
    )
    assert place["measured"][0]["days"] == 10
    assert client.get("/api/fonds/communs/nulle-part").status_code == 404


def test_a_commune_asks_by_the_api_for_itself_alone(common: Common) -> None:
    address = "/api/fonds/communs/parking-antony/reprises"
    mine = {"commune": "sceaux", "message": ""}
    assert Client().post(address, mine, content_type="application/json").status_code == 401
    client = client_of(person_of("sceaux"))
    other = client.post(address, {"commune": "bagneux"}, content_type="application/json")
    assert other.status_code == 404
    answer = client.post(address, mine, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (201, "requested")
    twice = client.post(address, mine, content_type="application/json")
    assert twice.status_code == 409


def notices(slug: str) -> list[str]:
    with within(proving.place(slug)):
        rows = Notification.objects.filter(notice__startswith="fund.").order_by("pk")
        return list(rows.values_list("notice", flat=True))


def test_each_hears_of_what_concerns_them_once(common: Common) -> None:
    for slug in ("antony", "sceaux"):
        person_of(slug)
    appointed(Duty.MANAGER)
    proving.confirmed(common)
    actions.withdraw_common(common=common, reason="Revu.", by=None)
    for _twice in range(2):
        deliver(AT)
    assert set(notices("sceaux")) == {"fund.replication_confirmed", "fund.common_withdrawn"}
    assert set(notices("antony")) == {"fund.replication_live", "fund.replication_confirmed"}
    assert "fund.replication_live" in notices("metropole")


def test_the_page_costs_the_same_for_one_copy_and_for_three(
    common: Common, client: Client, django_assert_max_num_queries: Any
) -> None:
    proving.confirmed(common)
    with django_assert_max_num_queries(20):
        text(client, PAGE)
    for slug in ("bagneux", "montreuil"):
        installed(slug, proving.document_of_common(common))
    with django_assert_max_num_queries(20):
        text(client, PAGE)
    for _n in range(3):
        proving.offered(proving.evaluated())
    with django_assert_max_num_queries(12):
        text(client, "/en/fonds/communs/")


def test_indicators_count_what_is_offered_and_confirmed(common: Common) -> None:
    proving.confirmed(common)
    on = (AT + 10 * DAY).date()
    assert (commons.offered_by(on), commons.confirmed_by(on)) == (1, 1)
    assert (commons.offered_by((AT - DAY).date()), commons.confirmed_by(AT.date())) == (0, 0)
