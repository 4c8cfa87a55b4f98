"""Signing in by an identity provider: what is proven lets in, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core import mail
from django.test import Client

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from tests import pages
from tests.core.people.elsewhere import AGENT, NOT_VERIFIED, RESIDENT, go, refusal, sign_in
from tests.core.people.provider import Provider

pytestmark = pytest.mark.django_db


def test_a_new_agent_gets_an_account_without_any_role(
    client: Client, offer: Callable[..., Provider], antony: Community
) -> None:
    idp = offer("proconnect", AGENT)
    assert "Sign in with ProConnect" in pages.text(client.get("/en/antony/compte/connexion/"))
    response = go(client, idp, "proconnect", next="/en/antony/services/")
    assert response.headers["Location"] == "/en/antony/services/"
    assert idp.faults == []
    person = Person.objects.get(email="sasha@antony.example")
    assert (person.name, person.has_usable_password()) == ("Sasha Martin", False)
    account = SocialAccount.objects.get(user=person)
    assert (account.provider, account.uid) == ("proconnect", "4f0c")
    assert account.extra_data == {"siret": "21920002900018", "name": "Sasha Martin"}
    with across("no role anywhere"):
        assert not Membership.everywhere.filter(person=person).exists()
    with within(antony):
        event = Event.objects.get(name="people.signed_up")
    assert event.data == {"provider": "proconnect"}
    assert (SocialApp.objects.count(), SocialToken.objects.count()) == (0, 0)
    assert pages.heading(client.get("/en/antony/compte/")) == "Your account"


def test_what_is_asked_of_the_provider(client: Client, offer: Callable[..., Provider]) -> None:
    idp = offer("franceconnect", RESIDENT)
    go(client, idp, "franceconnect")
    asked = idp.asked
    assert asked["redirect_uri"] == "http://testserver/compte/identites/franceconnect/retour/"
    assert asked["scope"] == "openid given_name family_name email"
    assert (asked["acr_values"], asked["response_type"]) == ("eidas1", "code")
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert len({asked["state"], asked["nonce"]}) == 2


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_both_kinds_of_keys_are_understood(
    client: Client, offer: Callable[..., Provider], algorithm: str
) -> None:
    idp = offer("proconnect", AGENT)
    idp.algorithm = algorithm
    assert go(client, idp, "proconnect").headers["Location"] == "/en/antony/"


def test_an_agent_comes_back_to_the_same_account_though_the_address_changed(
    client: Client, offer: Callable[..., Provider]
) -> None:
    idp = offer("proconnect", AGENT)
    go(client, idp, "proconnect")
    idp.claims["email"] = "sasha.martin@antony.example"
    go(Client(), idp, "proconnect")
    assert Person.objects.filter(email__contains="sasha").count() == 1


def test_a_verified_address_of_an_agent_opens_the_account_that_has_it(
    client: Client, offer: Callable[..., Provider], administrator: Person
) -> None:
    idp = offer("openid", AGENT | {"email": "ANTONY@demo.example"})
    idp.userinfo = "json"
    assert go(client, idp, "openid", next="/en/antony/reglages/").status_code == 302
    assert client.get("/en/antony/reglages/").status_code == 200
    assert SocialAccount.objects.get(user=administrator).uid == "4f0c"
    administrator.refresh_from_db()
    assert administrator.has_usable_password()


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1])
def test_an_address_that_is_not_verified_opens_nothing(
    client: Client, offer: Callable[..., Provider], administrator: Person, verified: object
) -> None:
    claims = AGENT | {"email": administrator.email, "email_verified": verified}
    response = go(client, offer("openid", claims), "openid")
    assert response.headers["Location"] == "/en/antony/compte/identites/inscription/"
    page = client.get(response.headers["Location"])
    assert "You already have an account here? Sign in with it first" in pages.text(page)
    assert client.get("/en/antony/compte/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_a_trusted_provider_vouches_for_its_own_addresses(
    client: Client, offer: Callable[..., Provider], administrator: Person
) -> None:
    claims = {"sub": "1", "email": administrator.email, "name": "A"}
    go(client, offer("openid", claims, trusted=True), "openid")
    assert SocialAccount.objects.get().user == administrator


@pytest.mark.parametrize("verified", [True, False])
def test_franceconnect_never_opens_an_account_by_its_address(
    client: Client, offer: Callable[..., Provider], resident: Person, verified: bool
) -> None:
    idp = offer("franceconnect", RESIDENT | {"email_verified": verified}, trusted=True)
    go(client, idp, "franceconnect")
    assert client.get("/en/antony/compte/").status_code == 302
    assert not SocialAccount.objects.filter(user=resident).exists()


def test_a_resident_signs_up_by_franceconnect_and_verifies_an_address(
    client: Client, offer: Callable[..., Provider], last_code: Callable[[], str]
) -> None:
    idp = offer("franceconnect", RESIDENT)
    response = go(client, idp, "franceconnect")
    form = client.get(response.headers["Location"]).content.decode()
    assert 'value="Lou Petit"' in form
    assert 'value="lou@example.org"' in form
    response = client.post(
        response.headers["Location"], {"name": "Lou P.", "email": "lou.p@example.org"}
    )
    assert response.headers["Location"] == "/en/antony/compte/adresse/code/"
    assert mail.outbox[-1].to == ["lou.p@example.org"]
    response = client.post(response.headers["Location"], {"code": last_code()})
    assert response.headers["Location"] == "/en/antony/"
    person = Person.objects.get(email="lou.p@example.org")
    assert (person.name, EmailAddress.objects.get(user=person).verified) == ("Lou P.", True)
    again = Client()
    assert go(again, idp, "franceconnect").headers["Location"] == "/en/antony/"
    assert "Lou P." in pages.text(again.get("/en/antony/compte/"))


def test_a_signed_in_resident_adds_and_removes_an_identity(
    client: Client,
    offer: Callable[..., Provider],
    resident: Person,
    antony: Community,
    last_code: Callable[[], str],
) -> None:
    idp = offer("franceconnect", RESIDENT)
    sign_in(client, resident, last_code)
    response = go(client, idp, "franceconnect", process="connect")
    assert response.headers["Location"] == "/en/antony/compte/identites/"
    page = client.get("/en/antony/compte/identites/")
    assert "Lou Petit" in pages.text(page)
    held = SocialAccount.objects.get(user=resident)
    client.post("/en/antony/compte/identites/", {"account": held.pk})
    assert not SocialAccount.objects.exists()
    with within(antony):
        names = set(Event.objects.values_list("name", flat=True))
    assert names >= {"people.identity_connected", "people.identity_disconnected"}


def test_an_identity_of_somebody_else_is_not_taken_over(
    client: Client,
    offer: Callable[..., Provider],
    resident: Person,
    administrator: Person,
    last_code: Callable[[], str],
) -> None:
    idp = offer("franceconnect", RESIDENT)
    SocialAccount.objects.create(user=administrator, provider="franceconnect", uid=RESIDENT["sub"])
    sign_in(client, resident, last_code)
    go(client, idp, "franceconnect", process="connect")
    page = pages.text(client.get("/en/antony/compte/identites/"))
    assert "This identity already belongs to another account." in page
    assert SocialAccount.objects.get().user == administrator


def test_adding_an_identity_to_an_idle_session_asks_for_a_proof(
    client: Client, offer: Callable[..., Provider], resident: Person, last_code: Callable[[], str]
) -> None:
    idp = offer("franceconnect", RESIDENT)
    client.force_login(resident)
    response = go(client, idp, "franceconnect", process="connect")
    assert not SocialAccount.objects.exists()
    again = client.get(response.headers["Location"]).headers["Location"]
    assert again == "/en/antony/compte/confirmation/code/"
    client.post(again)
    client.post(again, {"code": last_code()})
    assert SocialAccount.objects.get().user == resident


@pytest.mark.parametrize("level", [None, "self-asserted", "eidas0"])
def test_a_low_assurance_is_refused(
    client: Client, offer: Callable[..., Provider], level: str | None
) -> None:
    idp = offer("franceconnect", RESIDENT | {"acr": level})
    assert refusal(client, go(client, idp, "franceconnect")) == (
        "This identity is not sure enough for this site."
    )


def test_an_answer_serves_once(client: Client, offer: Callable[..., Provider]) -> None:
    idp = offer("proconnect", AGENT)
    left = client.post("/en/antony/compte/identites/proconnect/")
    back = idp.authorise(left.headers["Location"])
    client.get(back)
    client.post("/en/antony/compte/deconnexion/")
    assert client.get(back).headers["Location"] == "/compte/connexion/"
    assert client.get("/en/antony/compte/").status_code == 302


def test_an_answer_begun_in_another_browser_is_refused(
    client: Client, offer: Callable[..., Provider]
) -> None:
    idp = offer("proconnect", AGENT)
    left = client.post("/en/antony/compte/identites/proconnect/")
    back = idp.authorise(left.headers["Location"])
    victim = Client()
    assert victim.get(back).headers["Location"] == "/compte/connexion/"
    assert victim.get("/compte/").status_code == 302
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("why", ["access_denied", "server_error", "<script>"])
def test_who_gives_up_at_the_provider_is_told(
    client: Client, offer: Callable[..., Provider], why: str
) -> None:
    idp = offer("proconnect", AGENT)
    left = client.post("/en/antony/compte/identites/proconnect/")
    state = dict(parse_qsl(urlsplit(left.headers["Location"]).query))["state"]
    response = client.get("/compte/identites/proconnect/retour/", {"error": why, "state": state})
    assert refusal(client, response) == "You were not signed in: the identity provider was left."
    assert idp.requests == ["GET /.well-known/openid-configuration"]


def test_a_provider_that_is_down_is_told(client: Client, offer: Callable[..., Provider]) -> None:
    idp = offer("proconnect", AGENT, issuer="http://127.0.0.1:9")
    response = client.post("/en/antony/compte/identites/proconnect/")
    assert idp.requests == []
    assert refusal(client, response) == (
        "The identity provider does not answer. Try again later, or sign in by e-mail."
    )


def test_a_description_of_another_issuer_is_refused(
    client: Client, offer: Callable[..., Provider]
) -> None:
    offer("proconnect", AGENT).described_as = "https://evil.example"
    response = client.post("/en/antony/compte/identites/proconnect/")
    assert refusal(client, response) == NOT_VERIFIED


def test_without_an_address_one_is_asked_for(
    client: Client, offer: Callable[..., Provider]
) -> None:
    claims = {key: value for key, value in AGENT.items() if key != "email"}
    response = go(client, offer("proconnect", claims), "proconnect")
    assert response.headers["Location"] == "/en/antony/compte/identites/inscription/"
    response = client.post(response.headers["Location"], {"name": "", "email": ""})
    assert response.status_code == 422


def test_signing_out_ends_the_session_of_the_provider_too(
    client: Client, offer: Callable[..., Provider]
) -> None:
    idp = offer("proconnect", AGENT)
    go(client, idp, "proconnect")
    left = urlsplit(client.post("/en/antony/compte/deconnexion/").headers["Location"])
    assert f"{left.scheme}://{left.netloc}{left.path}" == f"{idp.address}/end"
    query = dict(parse_qsl(left.query))
    assert query["post_logout_redirect_uri"] == "http://testserver/"
    assert query["id_token_hint"].count(".") == 2
    assert client.get("/en/antony/compte/").status_code == 302


def test_a_provider_is_offered_where_it_is_meant_to_be(
    client: Client, offer: Callable[..., Provider]
) -> None:
    offer("openid", AGENT, communities=["sceaux"])
    said = {at: "FranceConnect" in pages.text(client.get(f"/{at}/compte/connexion/")) for at in
            ("antony", "sceaux")}  # fmt: skip
    assert said == {"antony": False, "sceaux": True}


def test_a_link_alone_sends_nobody_to_the_provider(
    client: Client, offer: Callable[..., Provider]
) -> None:
    idp = offer("proconnect", AGENT)
    page = client.get("/en/antony/compte/identites/proconnect/")
    assert (page.status_code, idp.requests) == (200, [])
    assert client.get("/en/antony/compte/identites/unknown/").status_code == 404
