"""Pages of parking that no link leads to, and how to bring them about in the demonstration."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.visiting import Visit, fill_and_send

SHOWN = "antony"
# Routes that no page links to, each with why.
NOT_PAGES = {
    "parking:map_geojson": "what the interactive map draws",
    "parking:answer_overstay": "linked from the round while a stay lasts too long",
    "parking:change_tariff": "Antony has none; Levallois-Perret’s form is that of other nouns",
}


def _sensor_of_nowhere(page: Page) -> None:
    fill_and_send(page, "/antony/stationnement/capteurs/poser/", space="ZZZZZ", code="aa")


def _rule_of_nothing(page: Page) -> None:
    fill_and_send(page, "/antony/stationnement/gestion/regles/ajouter/", title="")


def _campaign_of_nothing(page: Page) -> None:
    fill_and_send(page, "/antony/stationnement/gestion/campagnes/ajouter/", name="")


STATES = [
    Visit("/antony/stationnement/?q=zzzzzz"),
    Visit("/antony/stationnement/?kind=rien", 400),
    Visit("/antony/stationnement/?q=48.7534,2.2960&kind=disabled"),
    Visit("/levallois-perret/stationnement/"),
    Visit("/levallois-perret/stationnement/puis-je/?place=parc:parc-de-la-halle-fictif&minutes=90"),
    Visit("/antony/stationnement/puis-je/?place=", 422),
    Visit("/antony/stationnement/p/P001/"),
    Visit("/antony/stationnement/mesures/?zone=zone-bleue-du-centre"),
    Visit("/antony/stationnement/mesures/?first=2001-01-01&last=2001-01-02"),
    Visit("/antony/stationnement/mesures/?first=rien", 400),
    Visit("/antony/stationnement/panneaux/entree-du-centre-fictif/?fixe=1"),
    Visit("/levallois-perret/stationnement/campagnes/"),
    Visit("/levallois-perret/stationnement/previsions/"),
]

STATES_OF_MEMBERS = [
    Visit("/antony/stationnement/tournee/"),
    Visit("/antony/stationnement/capteurs/poser/", 422, _sensor_of_nowhere, "a sensor, refused"),
    Visit(
        "/antony/stationnement/gestion/regles/ajouter/", 422, _rule_of_nothing, "a rule, refused"
    ),
    Visit(
        "/antony/stationnement/gestion/campagnes/ajouter/",
        422,
        _campaign_of_nothing,
        "a campaign, refused",
    ),
]
