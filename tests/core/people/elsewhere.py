"""Going to an identity provider and coming back, as a browser does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from communs.core.people.models import Person
from tests import pages
from tests.core.people.provider import Provider

NOT_VERIFIED = "The identity provider’s answer could not be verified. Nobody was signed in."
AGENT = {
    "sub": "4f0c",
    "email": "sasha@antony.example",
    "email_verified": True,
    "given_name": "Sasha",
    "usual_name": "Martin",
    "siret": "21920002900018",
}
RESIDENT = {
    "sub": "b6a1f",
    "email": "lou@example.org",
    "given_name": "Lou",
    "family_name": "Petit",
    "acr": "eidas1",
}


def sign_in(client: Client, person: Person, last_code: Callable[[], str]) -> None:
    """Sign in by a code, as a resident does."""
    client.post("/en/antony/compte/connexion/", {"login": person.email})
    client.post("/en/antony/compte/connexion/code/", {"code": last_code()})


def go(client: Client, idp: Provider, kind: str, *, at: str = "/en/antony", **form: str) -> Any:
    """Leave for the provider and come back with its answer."""
    left = client.post(f"{at}/compte/identites/{kind}/", form)
    return client.get(idp.authorise(left.headers["Location"]))


def refusal(client: Client, response: Any) -> str:
    """What the sign-in page says after somebody was refused."""
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/en/antony/compte/connexion/",
    )
    text = pages.text(client.get(response.headers["Location"]))
    return text.split("Problem: ", 1)[1].split(" E-mail address", 1)[0]
