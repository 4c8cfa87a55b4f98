"""The register: what was published, found by anyone, never more than is known."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund import queries
from communs.services.fund.models import Grant, Round
from tests import pages

pytestmark = pytest.mark.django_db

NOT_PUBLISHED = "montant non publié"


def found(client: Client, query: str) -> list[str]:
    """The experiments that the register shows for a query."""
    response = client.get(f"/fonds/registre/{query}")
    assert response.status_code == 200
    return [row[0] for row in pages.rows(response)[1:]]


def test_the_whole_list_as_published(client: Client) -> None:
    response = client.get("/fonds/registre/")
    assert pages.heading(response) == "Registre des subventions"
    rows = pages.rows(response)
    assert rows[0] == ["Expérimentation", "Bénéficiaire", "Champ", "Montant", "Service de Communs"]
    assert len(rows) == 24
    assert rows[1] == [
        "Le kiosque\u00a0: laboratoire des services publics de demain",
        "Alfortville",
        "Numérique pour tous",
        NOT_PUBLISHED,
        "pas encore de service",
    ]
    assert rows[12][:2] == ["Smart parking", "Levallois-Perret"]
    assert {row[3] for row in rows[1:]} == {NOT_PUBLISHED}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=chatbot", ["Chatbot"]),
        ("?q=CHATBOT", ["Chatbot"]),
        ("?q=bibliotheques", ["Bibliothèques"]),
        ("?q=bibliothèque", ["Bibliothèques"]),
        ("?q=usager sceaux", []),
        ("?q=creteil", ["M.I.C EDUC"]),
        ("?q=Levallois", ["Smart parking"]),
        ("?q=Levalois", ["Smart parking"]),
        ("?q=stationement", ["Stationnement intelligent", "Smart parking"]),
        (
            "?q=citizen participation",
            [
                "Une ville qui se construit en 3D",
                "Grandparisjeunes.com",
                "Montreuil est notre jardin",
                "Réseau social usager",
            ],
        ),
        ("?theme=logistics", ["L’aire de livraison numérique"]),
        (
            "?theme=smart-parking&challenge=resilient",
            ["Stationnement intelligent", "Smart parking"],
        ),
        ("?territory=est-ensemble", ["Grandparisjeunes.com", "Montreuil est notre jardin"]),
        ("?territory=est-ensemble&q=jardin", ["Montreuil est notre jardin"]),
        ("?year=2018&q=lavoir", ["Le lavoir expérimental"]),
        ("?q=zzzzzzzz", []),
    ],
)
def test_search_forgives_and_filters_narrow(
    client: Client, query: str, expected: list[str]
) -> None:
    assert found(client, query) == expected


@pytest.mark.parametrize("marks", ["%25", "%20", "!!!", "%27%22"])
def test_a_search_of_marks_alone_asks_nothing(client: Client, marks: str) -> None:
    assert len(found(client, f"?q={marks}")) == 23


def test_a_misspelt_search_says_how_it_was_understood(client: Client) -> None:
    response = client.get("/fonds/registre/?q=stationement")
    assert "le plus proche\u00a0: «\u00a0stationnement\u00a0»" in pages.text(response)


def test_counts_of_each_choice_follow_the_other_filters(in_metropolis: Community) -> None:
    counted = queries.counts(queries.Asked(theme="participation"))
    assert counted.total == 4
    assert counted.themes == {
        "digital-for-all": 8,
        "e-administration": 8,
        "participation": 4,
        "smart-parking": 2,
        "logistics": 1,
    }
    assert counted.challenges == {"collaborative": 4}
    assert counted.territories == {
        "est-ensemble": 2,
        "vallee-sud-grand-paris": 1,
        "paris-ouest-la-defense": 1,
    }
    assert counted.years == {2018: 4}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?theme=nope", "Champ"),
        ("?year=abc", "Année d’attribution"),
        ("?year=99999999999999999999", "Année d’attribution"),
        ("?territory=%00", "Territoire"),
        ("?q=" + "a" * 201, "Chercher dans le registre"),
        ("?q=a%00", "Chercher dans le registre"),
    ],
)
def test_a_wrong_filter_is_named_and_the_list_stays(
    client: Client, query: str, sentence: str
) -> None:
    response = client.get(f"/fonds/registre/{query}")
    assert response.status_code == 400
    text = pages.text(response)
    assert "Il y a 1 erreur" in text
    assert sentence in text


@pytest.mark.parametrize("page", ["0", "2", "-1", "abc", "9" * 30, "١", "1.5", ""])
def test_a_page_that_does_not_exist_is_not_found(client: Client, page: str) -> None:
    assert client.get("/fonds/registre/", {"page": page}).status_code == 404


def test_the_register_costs_six_queries_at_most(client: Client) -> None:
    client.get("/fonds/registre/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get("/fonds/registre/?theme=e-administration&q=relation")
    assert len(captured) <= 6


def test_a_grants_page_tells_all_that_is_known_with_its_sources(client: Client) -> None:
    response = client.get("/fonds/registre/fmin-2018-08/")
    assert pages.heading(response) == "Le lavoir expérimental"
    text = pages.text(response)
    for part in (
        "Grand-Orly Seine Bièvre",
        "publié sous le nom «\u00a0EPT Grand Orly Seine Bièvre\u00a0»",
        NOT_PUBLISHED,
        "27 novembre 2018",
        "Le Lavoir Numérique a ouvert le 16 octobre 2020",
        "Source\u00a0: lavoirnumerique.fr",
        "notre classement",
    ):
        assert part in text


def test_the_same_page_in_english(client: Client) -> None:
    text = pages.text(client.get("/en/fonds/registre/fmin-2018-08/"))
    assert "amount not published" in text
    assert "27 November 2018" in text
    assert "opened" in text


def test_the_rounds_page_gives_dates_totals_and_committee(client: Client) -> None:
    text = pages.text(client.get("/fonds/attributions/2018-11-27/"))
    for part in (
        "28 septembre 2018",
        "21 novembre 2018",
        "923\u202f571\u00a0€",
        "Patrick OLLIER",
        "23 subventions",
        "Le montant de chaque subvention n’a pas été publié",
    ):
        assert part in text


def test_a_beneficiarys_page_lists_its_grants(client: Client) -> None:
    response = client.get("/fonds/beneficiaires/montreuil/")
    assert [row[0] for row in pages.rows(response)[1:]] == [
        "Grandparisjeunes.com",
        "Montreuil est notre jardin",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "registre/nope/",
        "registre/fmin-2018-24/",
        "attributions/2019-01-01/",
        "attributions/2018-13-45/",
        "beneficiaires/paris/",
        "beneficiaires/nope/",
    ],
)
def test_what_is_not_in_the_register_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/fonds/{path}").status_code == 404


def test_the_map_and_its_list_say_the_same(client: Client) -> None:
    response = client.get("/fonds/registre/carte/")
    content = response.content.decode()
    assert content.count("map-two") - 1 == 4
    rows = pages.rows(response)[1:]
    assert len(rows) == 19
    assert ["Alfortville", "Commune", "2"] in rows
    assert ["Grand Paris Grand Est", "Territoire", "1"] in rows
    assert 'aria-label="Alfortville\u00a0: 2 expérimentations"' in content


def test_a_communes_home_shows_its_grants(client: Client) -> None:
    response = client.get("/antony/")
    assert pages.rows(response)[1][0] == "Stationnement intelligent"
    assert "/fonds/registre/fmin-2018-03/" in pages.links(response)


def test_an_amount_that_is_known_is_shown_as_the_reader_writes_it(
    client: Client, metropolis: Community
) -> None:
    with within(metropolis):
        Grant.objects.filter(reference="fmin-2018-12").update(amount="41200.50")
    assert "41\u202f200,50\u00a0€" in pages.text(client.get("/fonds/registre/fmin-2018-12/"))
    assert "€41,200.50" in pages.text(client.get("/en/fonds/registre/fmin-2018-12/"))


def test_a_service_that_answers_is_told_from_the_registry(
    client: Client, metropolis: Community, antony: Community, switch: object, monkeypatch: object
) -> None:
    """Row 3 is Antony's; pretend that the fund's own service answers to it."""
    from communs.core.registry.queries import by_key

    fund = by_key("fund")
    monkeypatch.setattr(type(fund), "rows", (3,))
    row = next(r for r in pages.rows(client.get("/fonds/registre/")) if r[1:2] == ["Antony"])
    assert row[4] == "service disponible"
    switch(antony, "fund")
    row = next(r for r in pages.rows(client.get("/fonds/registre/")) if r[1:2] == ["Antony"])
    assert row[4] == "en service"


def test_a_community_without_a_register_says_so(client: Client, metropolis: Community) -> None:
    with within(metropolis):
        from communs.services.fund.models import Fact

        Fact.objects.all().delete()
        Grant.objects.all().delete()
        Round.objects.all().delete()
    response = client.get("/fonds/registre/")
    assert response.status_code == 200
    assert "Aucune subvention" in pages.text(response)
    assert client.get("/").status_code == 200
    assert client.get("/fonds/registre/carte/").status_code == 200


@pytest.mark.parametrize("query", ["", "?theme=logistics", "?q=stationement", "?q=zzz", "?year=a"])
def test_the_part_that_filters_fetch_is_what_the_whole_page_holds(
    client: Client, query: str
) -> None:
    whole = client.get(f"/fonds/registre/{query}")
    headers = {"HX-Request": "true", "HX-Target": "div#results"}
    part = client.get(f"/fonds/registre/{query}", headers=headers)
    assert part.status_code == whole.status_code
    assert part.content.decode().strip() in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert {"HX-Request", "HX-Target"} <= set(whole.headers["Vary"].split(", "))


def test_what_the_metropolis_sets_is_what_the_register_does(
    client: Client, metropolis: Community
) -> None:
    from communs.core.registry.actions import set_service
    from communs.core.registry.queries import by_key

    options = {"page_size": 10, "contact_email": "fonds@metropole.example", "show_map": False}
    with within(metropolis):
        set_service(service=by_key("fund"), on=True, options=options, by=None)
    response = client.get("/fonds/registre/")
    assert len(pages.rows(response)) == 11
    assert "mailto:fonds@metropole.example" in pages.links(response)
    assert "Voir la carte" not in pages.text(response)
    assert "mailto:fonds@metropole.example" in pages.links(
        client.get("/fonds/registre/fmin-2018-13/")
    )
    beneficiaries = client.get("/fonds/registre/carte/")
    assert "map-shape" not in beneficiaries.content.decode()
    assert len(pages.rows(beneficiaries)) == 20
    assert len(pages.rows(client.get("/fonds/registre/?page=3"))) == 4


def test_without_an_address_none_is_shown(client: Client) -> None:
    for path in ("/fonds/registre/", "/fonds/registre/fmin-2018-13/"):
        assert [link for link in pages.links(client.get(path)) if "mailto" in link] == []


def test_the_moving_map_draws_what_the_plain_one_does(client: Client) -> None:
    features = client.get("/fonds/registre/carte.geojson").json()["features"]
    about = {feature["id"]: feature["properties"] for feature in features}
    assert len(about) == 131
    assert about["montreuil"] == {
        "name": "Montreuil",
        "level": "two",
        "label": "Montreuil\u00a0: 2 expérimentations",
        "href": "/montreuil/",
    }
    levels = [properties["level"] for properties in about.values()]
    assert {level: levels.count(level) for level in ("two", "one")} == {"two": 4, "one": 12}
    assert about["gagny"]["level"] == "terr"
    assert about["paris"]["level"] == ""
