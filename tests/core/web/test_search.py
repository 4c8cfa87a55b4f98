"""The search page, and the list under its box."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.ids import time_ordered_id
from communs.core.people.models import Person
from communs.core.search.documents import Searchable
from communs.core.search.index import index
from communs.services.fund.models import Grant
from tests import pages

pytestmark = pytest.mark.django_db


def said(client: Client, query: str, path: str = "/recherche/", **more: str) -> str:
    response = client.get(path, {"q": query, **more})
    assert response.status_code == 200
    response.content = re.sub(rb"</?mark>", b"", response.content)
    return pages.text(response)


def indexed(community: Community, title: str, text: str = "", audience: str = "public") -> None:
    with within(community):
        index(
            Searchable(
                subject=Grant(pk=time_ordered_id()), kind="Grant", title=title, text=text,
                route="fund:register", on=date(2020, 1, 1), audience=audience,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("levalois", ["Levallois-Perret", "Smart parking"]),
        ("chatbot", ["Chatbot"]),
        ("fonds", ["Le fonds"]),
        ("stationement", ["Stationnement intelligent", "Smart parking"]),
        ("92160", ["Antony"]),
        ("92002", ["Antony"]),
        ("hay", ["L’Haÿ-les-Roses"]),
        ("kremlin bicetre", ["Le Kremlin-Bicêtre"]),
        ("plaine commune", ["Plaine Commune"]),
    ],
)
def test_one_box_finds_communes_services_and_grants(
    client: Client, query: str, found: list[str]
) -> None:
    text = said(client, query)
    assert [part for part in found if part not in text] == []


@pytest.mark.parametrize("query", ["", "   ", "!!!", "a" * 200, "de la", '"', "a'--", "*"])
def test_a_search_without_words_finds_nothing_and_does_not_break(
    client: Client, query: str
) -> None:
    assert "Montreuil est notre jardin" not in said(client, query)


def test_a_question_too_long_is_refused_and_kept(client: Client) -> None:
    response = client.get("/recherche/", {"q": "x" * 201})
    assert response.status_code == 400
    assert 'id="error-summary"' in response.text


def test_what_was_asked_is_marked_and_nothing_written_there_is_taken_for_html(
    client: Client, metropolis: Community
) -> None:
    indexed(metropolis, "<script>guinguette</script>", "Un <b>guinguette</b> à l’été & l’hiver")
    page = client.get("/recherche/", {"q": "guinguette"}).text
    assert "&lt;script&gt;<mark>guinguette</mark>&lt;/script&gt;" in page
    assert "Un &lt;b&gt;<mark>guinguette</mark>&lt;/b&gt; à l’été &amp; l’hiver" in page


def test_a_correction_is_said(client: Client) -> None:
    text = said(client, "levalois", path="/en/recherche/")
    assert "“levallois” instead of “levalois”" in text


def test_a_commune_finds_its_own_first_then_elsewhere_with_the_name_of_the_place(
    client: Client, antony: Community, metropolis: Community, switch: object
) -> None:
    switch(antony, "fund")
    indexed(antony, "Guinguette d’ici")
    indexed(metropolis, "Guinguette de là-bas")
    text = said(client, "guinguette", path="/en/antony/recherche/")
    assert text.index("1 result") < text.index("Guinguette d’ici") < text.index("Elsewhere")
    assert text.index("Elsewhere") < text.index("Guinguette de là-bas")
    assert "Grant · Métropole du Grand Paris" in text
    wide = said(client, "guinguette", path="/en/antony/recherche/", where="all")
    assert "2 results" in wide


def test_links_lead_to_the_page_in_its_own_community_and_in_the_readers_language(
    client: Client, antony: Community, switch: object
) -> None:
    switch(antony, "fund")
    indexed(antony, "Guinguette")
    assert "/en/antony/fonds/registre/" in pages.links(client.get("/en/recherche/?q=guinguette"))
    assert "/sceaux/" in pages.links(client.get("/recherche/?q=sceaux"))


def test_filters_are_links_that_keep_the_question(client: Client) -> None:
    links = pages.links(client.get("/recherche/?q=antony"))
    assert "?q=antony&amp;service=fund" in links
    text = said(client, "antony", service="fund")
    assert "Stationnement intelligent" in text
    assert "92160" not in text


def test_a_long_list_is_read_page_by_page_without_a_gap(
    client: Client, metropolis: Community
) -> None:
    for n in range(45):
        indexed(metropolis, f"Guinguette numéro{n:02}")
    shown = [
        re.findall(r"numéro(\d\d)", said(client, "guinguette", page=str(p))) for p in (1, 2, 3)
    ]
    assert [len(page) for page in shown] == [20, 20, 5]
    assert sorted(number for page in shown for number in page) == [f"{n:02}" for n in range(45)]
    assert client.get("/recherche/?q=guinguette&page=4").status_code == 404


def test_a_service_that_is_off_is_not_found(
    client: Client, antony: Community, switch: object
) -> None:
    switch(antony, "fund")
    indexed(antony, "Guinguette")
    path = "/antony/recherche/"
    assert "Guinguette" in said(client, "guinguette", path=path)
    switch(antony, "fund", on=False)
    assert "Guinguette" not in said(client, "guinguette", path=path)
    assert "Guinguette" not in said(client, "guinguette")


def test_agents_find_what_residents_do_not(
    client: Client, signed_in: Client, antony: Community, switch: object, administrator: Person
) -> None:
    switch(antony, "fund")
    indexed(antony, "Guinguette confidentiel", audience="community.manage")
    path = "/antony/recherche/"
    assert "Guinguette confidentiel" in said(signed_in, "guinguette", path=path)
    assert "Guinguette confidentiel" not in said(client, "guinguette", path=path)
    assert "confidentiel" not in client.get(f"{path}propositions/?q=gui").text
    assert "Guinguette confidentiel" not in said(signed_in, "guinguette", path="/sceaux/recherche/")


def test_the_list_under_the_box_holds_options_that_lead_to_pages(client: Client) -> None:
    page = client.get("/recherche/propositions/?q=Levall").text
    assert page.count('role="option"') == 1
    assert 'data-href="/levallois-perret/"' in page
    assert "Levallois-Perret" in page


@pytest.mark.parametrize("query", ["", "zzzz", "x" * 300, "l"])
def test_the_list_is_empty_when_there_is_nothing_to_suggest(client: Client, query: str) -> None:
    response = client.get("/recherche/propositions/", {"q": query})
    assert (response.status_code, response.text.count("option")) == (200, 0)
