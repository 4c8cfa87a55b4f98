"""Parking in Antony and Levallois-Perret: from a sensor's message to the answer on a phone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from paho.mqtt.publish import single
from playwright.sync_api import Browser, Page, expect

from tests.core.sensing import mosquitto
from tests.journeys.looking import broken_rules
from tests.journeys.server import Server
from tests.journeys.visiting import fill_and_send, leave_by, send, sign_in
from tests.journeys.visits import ADMINISTRATOR
from tests.journeys.watching import watched
from tests.launcher.starting import ROOT, environment

pytestmark = pytest.mark.browser

START = "/antony/stationnement/"
LEVALLOIS = "/levallois-perret/stationnement/"
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
PATIENCE = 60.0  # seconds for a message to be read on a page
MINUTE = 60_000  # milliseconds
SENSOR, SHY_SENSOR = "70b3d57ed0bb0001", "70b3d57ed0bb0002"
STREET, NEWS = "Rue du Parcours", "Dernières nouvelles"
JUST_NOW = "il y a moins d’une minute"
FACTS = {"Type de place": "Toute voiture", "Numéro": "1"}


@pytest.fixture(scope="module")
def broker(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A broker, and what takes its messages into the server's database; gives its port."""
    with mosquitto.running(tmp_path_factory.mktemp("broker")) as port:
        taking_in = subprocess.Popen(
            [sys.executable, "-m", "communs.project.cli", "ingest"],
            cwd=ROOT,
            env=environment(
                COMMUNS_DATA=str(server.data),
                COMMUNS_MQTT=f"mqtt://127.0.0.1:{port}",
                PYTHONPATH=str(ROOT / "src"),
            ),
        )
        yield port
        taking_in.terminate()
        assert taking_in.wait(timeout=20) == 0


@pytest.fixture(scope="module")
def agent(browser: Browser, origin: str) -> Iterator[Page]:
    """Who sets and walks the streets of Antony."""
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/antony/compte/connexion/", ADMINISTRATOR)
        yield page


@pytest.fixture
def driver(browser: Browser, origin: str) -> Iterator[Page]:
    """A driver with a small phone that runs no script."""
    with watched(browser, origin, **PHONE) as (page, _watch):
        yield page


def add_street(agent: Page, name: str, *points: str) -> list[str]:
    """Add a street with a space at each point; give the codes written on the spot."""
    agent.goto(f"{START}gestion/rues/ajouter/")
    agent.locator("main [name=street]").fill(name)
    agent.locator("main [name=side]").select_option("odd")
    agent.locator("main [name=line]").fill(f"{points[0]}\n48.7700, 2.3100")
    send(agent)
    for point in points:
        agent.goto(f"{START}gestion/places/ajouter/")
        agent.locator("main [name=place]").select_option(label=f"{name}, numéros impairs")
        agent.locator("main [name=point]").fill(point)
        send(agent)
    agent.goto(page_of(name))
    return agent.locator("main tbody th .note").all_inner_texts()


def page_of(street: str) -> str:
    """Give the address of a street of one side, as its name makes it."""
    return f"{START}rues/{street.lower().replace(' ', '-')}-odd/"


def add_network(agent: Page, slug: str, silent_after: str) -> None:
    """Add a network of sensors; one that is silent for so long is not believed."""
    typed = {"name": f"Réseau {slug}", "slug": slug, "silent_after": silent_after}
    fill_and_send(agent, "/antony/capteurs/ajouter/", **typed)


def say(port: int, slug: str, code: str, *, taken: bool, minutes_ago: int = 0) -> None:
    """Have a sensor say what it sees; the broker has it when this returns."""
    at = int(time.time() * 1000) - minutes_ago * MINUTE
    body = json.dumps({"device": code, "time": at, "presence": taken})
    single(f"communs/antony/{slug}/{code}", body, qos=1, hostname="127.0.0.1", port=port)


def hear(agent: Page, port: int, slug: str, code: str) -> None:
    """Have a sensor speak until its network's page says that nobody has put it in place."""
    agent.goto("/antony/capteurs/")
    leave_by(agent.get_by_role("link", name=f"Réseau {slug}"))
    stranger = agent.locator("section", has_text="ne sont pas posés").locator("code")
    until = time.monotonic() + PATIENCE
    while not stranger.count() and time.monotonic() < until:
        say(port, slug, code, taken=False)
        agent.reload()
    expect(stranger).to_have_text(code)


def fit(agent: Page, space: str, code: str) -> None:
    """Put the sensor of a code in a space, from the space's own page."""
    agent.goto(f"{START}p/{space}/")
    leave_by(agent.get_by_role("link", name="Poser un capteur"))
    expect(agent.locator("main [name=space]")).to_have_value(space)
    agent.locator("main [name=code]").fill(f" {code.upper()} ")
    send(agent)
    expect(agent.locator(".notice").first).to_contain_text(
        f"Le capteur {code} est dans la place {space}."
    )


def told(page: Page, address: str, what: str, *, lately: bool = False) -> dict[str, str]:
    """Wait until the page of a space says that it is so; give the facts that it says beside.

    lately: and that its sensor said so this very minute, not in a message read before.
    """
    until = time.monotonic() + PATIENCE
    page.goto(address)
    state, main = page.locator("main .tag").first, page.locator("main")
    while time.monotonic() < until:
        if state.inner_text() == what and (JUST_NOW in main.inner_text() or not lately):
            break
        page.reload()
    expect(state).to_have_text(what)
    return facts_of(page)


def facts_of(page: Page) -> dict[str, str]:
    """Give the first list of facts of a page."""
    terms = page.locator("main .definitions").first
    names, values = (terms.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
    return {name: " ".join(value.split()) for name, value in zip(names, values, strict=True)}


def answer(page: Page, **asked: str) -> list[str]:
    """Ask whether one may park, by the form; give the answer line by line, without its place."""
    for name, text in asked.items():
        box = page.locator(f"main [name={name}]")
        (box.select_option if name in {"place", "kind", "minutes"} else box.fill)(text)
    send(page)
    found = page.locator("section[aria-labelledby=answer] .notice")
    return [found.locator("h2").inner_text(), *found.locator("p").all_inner_texts()[1:]]


def fits(page: Page) -> None:
    """Fail where a phone would have to be scrolled sideways."""
    width = page.locator("html").bounding_box()
    assert width is not None
    assert width["width"] <= 360


def row_of(page: Page, words: str) -> list[str]:
    """Give the cells of the row that has these words."""
    row = page.get_by_role("row").filter(has_text=words)
    expect(row).to_have_count(1)
    return [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]


@pytest.fixture(scope="module")
def spaces(agent: Page) -> list[str]:
    """The codes of the two spaces of a street that has no sensor yet."""
    return add_street(agent, STREET, "48.7690, 2.3090", "48.7691, 2.3092")


@pytest.fixture(scope="module")
def fitted(agent: Page, broker: int, spaces: list[str]) -> str:
    """The code of the first space, in which a sensor has been put that has not spoken since."""
    add_network(agent, "parcours", "2 h")
    hear(agent, broker, "parcours", SENSOR)
    assert told(agent, f"{START}p/{spaces[0]}/", "inconnue") == FACTS | {NEWS: "sans capteur"}
    fit(agent, spaces[0], SENSOR)
    assert told(agent, f"{START}p/{spaces[0]}/", "inconnue") == FACTS | {NEWS: "aucune nouvelle"}
    return spaces[0]


def test_a_sensor_put_in_place_by_its_code_says_what_residents_read(
    driver: Page, broker: int, spaces: list[str], fitted: str
) -> None:
    say(broker, "parcours", SENSOR, taken=True, minutes_ago=50)
    say(broker, "parcours", SENSOR, taken=True)
    found = told(driver, f"{START}p/{fitted}/", "occupée", lately=True)
    assert found == FACTS | {NEWS: JUST_NOW}
    fits(driver)
    driver.goto(page_of(STREET))
    fits(driver)
    expect(driver.locator("main .lead")).to_have_text("0 libre, 1 prise, 1 inconnue")
    cells = row_of(driver, fitted)
    assert [cells[0], cells[2], cells[4]] == [
        f"Place 1 {fitted}", "occupée", JUST_NOW,
    ]  # fmt: skip
    cells = row_of(driver, spaces[1])
    assert [cells[0], *cells[2:]] == [f"Place 2 {spaces[1]}", "inconnue", "–", "sans capteur"]


def test_a_warden_answers_a_stay_that_lasts_too_long(agent: Page, broker: int, fitted: str) -> None:
    say(broker, "parcours", SENSOR, taken=True, minutes_ago=50)
    told(agent, f"{START}p/{fitted}/", "occupée")
    agent.goto(f"{START}gestion/regles/ajouter/")
    agent.locator("main [name=title]").fill("Vingt minutes, rue du Parcours")
    agent.locator("main [name=effect]").select_option("terms")
    agent.locator("main [name=where]").select_option("places")
    agent.get_by_label(STREET).check()
    agent.locator("main [name=most_minutes]").fill("20")
    send(agent)
    agent.goto(f"{START}tournee/")
    assert broken_rules(agent) == []
    cells = row_of(agent, fitted)
    assert cells[:2] == [f"{fitted} Toute voiture", f"{STREET}, numéros impairs, 1"]
    assert re.fullmatch(r"(29|3\d) minutes", cells[4])
    leave_by(agent.get_by_role("link", name=fitted))
    agent.get_by_label("Il n’y a plus personne").check()
    send(agent)
    expect(agent.locator(".notice").first).to_contain_text("C’est noté.")
    expect(agent.get_by_role("row").filter(has_text=fitted)).to_have_count(0)


def test_a_driver_who_says_where_reads_the_nearest_free_space(
    driver: Page, broker: int, fitted: str
) -> None:
    say(broker, "parcours", SENSOR, taken=False)
    told(driver, f"{START}p/{fitted}/", "libre")
    driver.goto(START)
    driver.get_by_label("Rue, parc, ou latitude et longitude").fill("48.7690, 2.3090")
    leave_by(driver.get_by_role("button", name="Filtrer"))
    fits(driver)
    nearest = driver.locator("section[aria-labelledby=nearest] li").first.inner_text()
    said = " ".join(nearest.split())
    assert said.startswith(f"Place {fitted} 10 m {STREET}, numéros impairs · Toute voiture · ")
    assert said.endswith(f" · {JUST_NOW}")


def test_a_sensor_that_falls_silent_leaves_its_space_unknown(
    agent: Page, driver: Page, broker: int, spaces: list[str]
) -> None:
    add_network(agent, "silence", "12 s")
    hear(agent, broker, "silence", SHY_SENSOR)
    fit(agent, spaces[1], SHY_SENSOR)
    say(broker, "silence", SHY_SENSOR, taken=False)
    found = told(driver, f"{START}p/{spaces[1]}/", "libre")
    assert found[NEWS] == "il y a moins d’une minute"
    found = told(driver, f"{START}p/{spaces[1]}/", "inconnue")
    assert found[NEWS] == "il y a moins d’une minute"
    driver.goto(page_of(STREET))
    assert row_of(driver, spaces[1])[2:4] == ["inconnue", "–"]
    agent.goto(f"{START}tournee/")
    assert row_of(agent, spaces[1])[:3] == [
        spaces[1], f"{STREET}, numéros impairs, 2", "Muet",
    ]  # fmt: skip


def test_a_driver_without_script_asks_whether_one_may_park_in_the_blue_zone(driver: Page) -> None:
    driver.goto(START)
    fits(driver)
    leave_by(driver.get_by_role("link", name="Puis-je me garer"))
    fits(driver)
    where = "rue:rue-de-la-mairie-odd-place-du-marche"
    assert answer(driver, place=where, day="2026-03-10", hour="10:00", minutes="120") == [
        "Oui, jusqu’à 11\u00a0h\u00a030 le 10 mars 2026.",
        "Ce stationnement est gratuit.",
        "C’est la fin de la durée maximale.",
        "Vous devriez partir avant la fin de la durée demandée.",
    ]
    fits(driver)
    driver.get_by_label("Titulaires de la carte").check()
    assert answer(driver, kind="disabled")[:2] == [
        "Oui, jusqu’à 10\u00a0h le 17 mars 2026.",
        "Ce stationnement est gratuit.",
    ]


def test_a_campaign_shows_its_week_before_and_its_control_zone(agent: Page) -> None:
    agent.goto(START)
    leave_by(agent.get_by_role("link", name="Campagnes de stationnement"))
    leave_by(agent.get_by_role("link", name="Une heure et demie au plus (fictif)"))
    said = facts_of(agent)
    assert said["Où l’on essaie"] == "Zone bleue du centre"
    assert said["Comparé avec"] == "Quartier de la gare"
    assert said["Occupation visée"] == "60 à 80 %, de 9 h à 19 h"
    known = agent.locator("main .lines .sub").all_inner_texts()
    assert [" ".join(days.split()) for days in known] == [
        "28 jours calculés avant, 42 pendant la mesure"
    ] * 2
    assert broken_rules(agent) == []
    stays = row_of(agent, "Durée moyenne")
    before, after, control_before, control_after = (
        float(cell.replace(",", ".")) for cell in stays[1:5]
    )
    assert after < 90 < before
    assert abs(control_after - control_before) < before - after
    assert stays[5].startswith("−")
    assert stays[6] == "cela a changé autrement que dans les zones témoins"


def test_levallois_says_the_price_the_market_and_the_car_park(driver: Page) -> None:
    driver.goto(f"{LEVALLOIS}puis-je/")
    where = "rue:rue-neuve-even-rue-du-marche-couvert"
    assert answer(driver, place=where, day="2026-03-10", hour="10:00", minutes="120") == [
        "Oui, jusqu’à 16\u00a0h le 10 mars 2026.",
        "Ce stationnement coûte 4\u00a0€.",
        "C’est la fin de la durée maximale.",
    ]
    driver.get_by_label("Résidents").check()
    assert answer(driver)[1] == "Ce stationnement coûte 1,80\u00a0€."
    driver.get_by_label("Résidents").uncheck()
    market = "rue:rue-du-marche-couvert-odd-rue-des-acacias"
    assert answer(driver, place=market, day="2026-03-14") == [
        "Non, pas avant 15\u00a0h le 14 mars 2026.",
        "Le stationnement est interdit.",
    ]
    driver.goto(f"{LEVALLOIS}parcs/parc-de-la-halle-fictif/")
    fits(driver)
    expect(driver.locator("main .lead")).to_have_text("37 libres, 173 prises, 0 inconnue")
    driver.goto(f"{LEVALLOIS}panneaux/")
    assert row_of(driver, "Parc de la Halle")[1:4] == [
        "37", "Parc de la Halle (fictif)", "37 libres, 173 prises, 0 inconnue",
    ]  # fmt: skip
