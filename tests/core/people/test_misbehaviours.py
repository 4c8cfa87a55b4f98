"""A provider that misbehaves: each fault is refused in words, and nobody gets an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from communs.core.people.models import Person
from tests.core.people.elsewhere import NOT_VERIFIED, RESIDENT, go, refusal
from tests.core.people.provider import Provider

pytestmark = pytest.mark.django_db


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def having(**more: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: claims | more


MISBEHAVIOURS: dict[str, Callable[[Provider], object]] = {
    "wrong nonce": lambda p: setattr(p, "change_token", having(nonce="another")),
    "no nonce": lambda p: setattr(p, "change_token", without("nonce")),
    "wrong audience": lambda p: setattr(p, "change_token", having(aud="another")),
    "another party": lambda p: setattr(p, "change_token", having(azp="another")),
    "wrong issuer": lambda p: setattr(p, "change_token", having(iss="https://evil.example")),
    "expired": lambda p: setattr(p, "change_token", having(exp=1)),
    "no expiry": lambda p: setattr(p, "change_token", without("exp")),
    "no subject": lambda p: setattr(p, "change_token", without("sub")),
    "not signed": lambda p: setattr(p, "sign", p.unsigned),
    "signed with the public key": lambda p: setattr(p, "sign", p.signed_with_the_public_key),
    "signed by a stranger": lambda p: setattr(p, "sign", p.signed_by_a_stranger),
    "signed with an unknown key": lambda p: setattr(p, "sign", p.signed_with_an_unknown_key),
    "not a token": lambda p: setattr(p, "sign", lambda _claims: "a.b.c"),
    "userinfo not signed": lambda p: setattr(p, "userinfo", "json"),
    "userinfo of somebody else": lambda p: setattr(p, "change_userinfo", having(sub="another")),
    "userinfo for another": lambda p: setattr(p, "change_userinfo", having(aud="another")),
    "userinfo expired": lambda p: setattr(p, "change_userinfo", having(exp=1)),
    "token refused": lambda p: p.statuses.update({"/token": 400}),
    "userinfo refused": lambda p: p.statuses.update({"/userinfo": 500}),
    "a redirect instead of keys": lambda p: p.statuses.update({"/jwks": 302}),
    "keys are not JSON": lambda p: p.bodies.update({"/jwks": "<html>"}),
    "keys are a number": lambda p: p.bodies.update({"/jwks": '{"keys": 5}'}),
    "an empty subject": lambda p: setattr(p, "change_token", having(sub="")),
    "an endless subject": lambda p: p.claims.update(sub="x" * 192),
    "a nonce of other letters": lambda p: setattr(p, "change_token", having(nonce="é")),
    "keys are a list": lambda p: p.bodies.update({"/jwks": "[]"}),
    "tokens are missing": lambda p: p.bodies.update({"/token": "{}"}),
}


@pytest.mark.parametrize("misbehave", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS)
def test_a_provider_that_misbehaves_lets_nobody_in(
    client: Client,
    offer: Callable[..., Provider],
    misbehave: Callable[[Provider], object],
) -> None:
    idp = offer("franceconnect", RESIDENT)
    misbehave(idp)
    before = Person.objects.count()
    assert refusal(client, go(client, idp, "franceconnect")) == NOT_VERIFIED
    assert client.get("/en/antony/compte/").status_code == 302
    assert (Person.objects.count(), SocialAccount.objects.count()) == (before, 0)
