"""What does not go well is said in words, in the reader's language, and breaks nothing."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver

from tests import pages
from tests.conformance.test_gate import _made_up

pytestmark = pytest.mark.django_db

NASTY = (
    "%00", "%ff%fe", "%F0%9F%92%A9", "'\"><script>alert(1)</script>", "{{7*7}}", "../../etc/passwd",
    "9" * 400, "-1", "NaN", "é" * 3000, "%0d%0aSet-Cookie:a=b", "1e309", "[]", "\u202e", "%",
)  # fmt: skip
HEADERS = (
    {"accept": "\x7f/*;q=x"},
    {"accept-language": "x" * 5000},
    {"accept-language": "fr;q=nan,*;q=--"},
    {"cookie": "sessionid=" + "a" * 4000},
    {"if-none-match": '"' + "z" * 3000},
    {"hx-request": "true", "hx-current-url": "\x00"},
    {"x-forwarded-host": "evil.example"},
)


def every_address() -> list[str]:
    """Every address of the site with made-up arguments, pages and API."""
    found: list[str] = []

    def walk(patterns: list[object], start: str) -> None:
        for pattern in patterns:
            here = start + (_made_up(pattern) if hasattr(pattern, "pattern") else "")
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, here)
            else:
                found.append(here)

    walk(get_resolver().url_patterns, "/")
    return sorted(set(found))


def test_addresses_are_there_to_be_tried() -> None:
    assert len(every_address()) > 35


@pytest.mark.thorough
@pytest.mark.parametrize(("start", "texts"), [("", NASTY), ("/en/antony", NASTY[:1])])
def test_no_address_breaks_whatever_its_query(
    client: Client, start: str, texts: tuple[str, ...]
) -> None:
    broken = {}
    for address in every_address():
        for text in texts:
            names = ("q", "date", "page", "theme", "territory", "year", "limit", "offset")
            query = "&".join(f"{name}={text}" for name in names)
            code = client.get(f"{start}{address}?{query}").status_code
            if code >= 500:
                broken[f"{start}{address}?…{text[:20]}"] = code
    assert broken == {}


@pytest.mark.thorough
@pytest.mark.parametrize("headers", HEADERS)
def test_no_header_breaks_a_page(client: Client, headers: dict[str, str]) -> None:
    answers = {
        address: client.get(address, headers=headers).status_code for address in every_address()
    }
    assert {a: code for a, code in answers.items() if code >= 500} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head"])
def test_no_method_breaks_a_page(client: Client, method: str) -> None:
    answers = {
        address: getattr(client, method)(address, b"\xff\x00{", content_type="application/json")
        if method not in {"options", "head"}
        else getattr(client, method)(address)
        for address in every_address()
    }
    assert {a: r.status_code for a, r in answers.items() if r.status_code >= 500} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/nope/",
        "/antony/nope/",
        "/en/nope",
        "/%00/",
        "/antony/%ff/",
        "/" + "a/" * 300,
    ],
)
def test_a_wrong_address_is_not_found_and_says_where_to_go(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert len(pages.links(response)) > 3
    spoken = "This page does not exist" if path.startswith("/en") else "Cette page n’existe pas"
    assert spoken in pages.text(response)


def test_a_program_is_answered_with_a_problem_document(client: Client) -> None:
    response = client.get("/api/nope", headers={"accept-language": "en"})
    assert (response.status_code, response.headers["Content-Type"]) == (
        404,
        "application/problem+json",
    )
    assert response.json() == {
        "type": "about:blank",
        "title": "This page does not exist",
        "status": 404,
        "detail": "The address may be wrong, or the page has moved.",
    }


def test_a_method_that_a_page_does_not_know_is_refused_in_words(client: Client) -> None:
    response = client.post("/fonds/registre/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert pages.heading(response)


def test_a_service_that_is_off_is_not_found_and_says_where_it_is_on(client: Client) -> None:
    response = client.get("/antony/fonds/registre/")
    assert response.status_code == 404
    assert pages.heading(response) == "Le fonds"
    assert "/" in pages.links(response)


def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/compte/connexion/", {"username": "a"})
    assert response.status_code == 403
    assert pages.heading(response) == "Ce formulaire a expiré"
    assert "Le bouton «\u00a0Précédent\u00a0»" in pages.text(response)


@override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False)
def test_our_own_failure_is_a_plain_page_that_needs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from communs.core.web.views import pages as views

    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(views.catalogue, "whole", fail)
    client = Client(raise_request_exception=False)
    for start, word in (("", "erreur"), ("/en", "error")):
        response = client.get(f"{start}/services/")
        assert response.status_code == 500
        assert word in pages.text(response).lower()


def test_a_huge_body_is_refused(client: Client) -> None:
    response = client.post("/compte/connexion/", {"username": "a" * 3_000_000, "password": "b"})
    assert response.status_code in {400, 413}


def test_too_many_fields_are_refused(client: Client) -> None:
    response = client.post("/compte/connexion/", {f"f{n}": "x" for n in range(600)})
    assert response.status_code == 400


def test_a_page_of_a_service_that_is_not_found_leads_to_where_it_begins(
    client: Client, signed_in: Client
) -> None:
    path = "/fonds/dossiers/9999-99999/nulle-part/"
    for browser, words in ((client, "a changé de place."), (signed_in, "ne la montre pas.")):
        response = browser.get(path)
        assert response.status_code == 404
        assert "/fonds/" in pages.links(response)
        assert words in pages.text(response)
