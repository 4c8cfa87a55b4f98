"""Pages in the states that no link leads to, and how to bring them about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Locator, Page

from tests.journeys.watching import Watch

ADMINISTRATOR = "antony@demo.example"
MANAGER = "metropole@demo.example"
PASSWORD = "demonstration"
INVITED = "colleague@demo.example"
UNLINKED = {"/kit/": "the gallery of components is for those who write pages"}
OK = 200


def leave_by(link: Locator) -> None:
    """Click what leads to another page, and wait until that page is there.

    A click alone returns before the next page has begun: what is looked at then is the page
    that was left, or a document that has nothing in it yet.
    """
    with link.page.expect_navigation():
        link.click()


def send(page: Page) -> None:
    """Send the first form of the page, and wait for what answers."""
    leave_by(page.locator("main form.form button[type=submit]").first)


def sign_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.goto(address)
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    send(page)


def _wrong_password(page: Page) -> None:
    sign_in(page, "/compte/connexion/", ADMINISTRATOR, "wrong")


def _wrong_sign_in_in_english(page: Page) -> None:
    sign_in(page, "/en/compte/connexion/", ADMINISTRATOR, "wrong")


def _code_asked_for(page: Page) -> None:
    sign_in(page, "/compte/connexion/", "resident@demo.example", "")


def _reset_asked_for(page: Page) -> None:
    page.goto("/compte/mot-de-passe/oublie/")
    page.locator("[name=email]").fill("resident@demo.example")
    send(page)


def _incomplete_sign_up(page: Page) -> None:
    page.goto("/compte/inscription/")
    page.locator("[name=email]").fill("nobody")
    send(page)


def _application(page: Page) -> None:
    page.goto("/antony/compte/securite/application/")
    if page.locator("[name=password]").count():  # the session’s last proof is too old
        page.locator("[name=password]").fill(PASSWORD)
        send(page)


def _unreadable_colours(page: Page) -> None:
    page.goto("/antony/reglages/apparence/")
    page.locator("[name=brand]").fill("#ffee00")
    page.locator("[name=warm]").fill("red")
    send(page)


def _wrong_option(page: Page) -> None:
    page.goto("/antony/reglages/services/fund/")
    page.locator("[name=page_size]").fill("3")
    page.locator("[name=contact_email]").fill("nobody")
    send(page)


def _fill_and_send(page: Page, address: str, **typed: str) -> None:
    """Fill in the form of a page and send it."""
    page.goto(address)
    for name, text in typed.items():
        page.locator(f"main [name={name}]").fill(text)
    send(page)


def _invited(page: Page) -> None:
    page.goto("/antony/reglages/membres/")
    link = page.get_by_role("link", name=INVITED)
    if not link.count():
        _fill_and_send(page, "/antony/reglages/membres/inviter/", email=INVITED)
    leave_by(link)


def _members_invited(page: Page) -> None:
    _invited(page)
    page.goto("/antony/reglages/membres/")


def _journal_with_events(page: Page) -> None:
    _invited(page)
    page.goto("/antony/reglages/journal/")


def _invitation_to_nobody(page: Page) -> None:
    _fill_and_send(page, "/antony/reglages/membres/inviter/", email="nobody")


def _key_without_a_day(page: Page) -> None:
    _fill_and_send(page, "/antony/reglages/cles/", name="")


def _key_made(page: Page) -> None:
    page.goto("/antony/reglages/cles/")
    page.locator("main [name=permissions]").first.check()
    page.locator("main [name=name]").fill("journey")
    page.locator("main [name=until]").fill(f"{datetime.now(UTC) + timedelta(30):%Y-%m-%d}")
    leave_by(page.locator("main form.form button[type=submit]").last)


def _officer_of_nowhere(page: Page) -> None:
    contact = "/antony/reglages/donnees-personnelles/contact/"
    _fill_and_send(page, contact, officer_email="nobody", officer_phone="12")


def _telephone_of_letters(page: Page) -> None:
    _fill_and_send(page, "/antony/compte/avis/reglages/", phone="letters")


def _fact_without_a_source(page: Page) -> None:
    _fill_and_send(page, "/fonds/registre/fmin-2018-12/faits/ajouter/", text_fr="", when="hier")


def _address_of_nowhere(page: Page) -> None:
    _fill_and_send(page, "/plateforme/collectivites/antony/", host="not a host")


def _sensor_of_nowhere(page: Page) -> None:
    _fill_and_send(page, "/antony/stationnement/capteurs/poser/", space="ZZZZZ", code="aa")


def _source_of_nothing(page: Page) -> None:
    _fill_and_send(page, "/antony/capteurs/ajouter/", name="", mapping="{", silent_after="soon")


def _rule_of_nothing(page: Page) -> None:
    _fill_and_send(page, "/antony/stationnement/gestion/regles/ajouter/", title="")


CONFIGURATION = "/antony/reglages/services/fund/configuration/"


def _send_configuration(page: Page, content: bytes) -> None:
    page.goto(CONFIGURATION)
    file: FilePayload = {"name": "fund.json", "mimeType": "application/json", "buffer": content}
    page.locator("main [name=file]").set_input_files(files=[file])
    leave_by(page.locator("main form.form button[type=submit]").first)


def _configuration_cut_short(page: Page) -> None:
    _send_configuration(page, b'{"format": 1, "serv')


def _configuration_that_names_somebody(page: Page) -> None:
    page.goto(CONFIGURATION)
    page.locator("main [name=notes]").fill("06 12 34 56 78")
    leave_by(page.locator("main form.form button[type=submit]").last)


def _configuration_in_conflict(page: Page) -> None:
    _fill_and_send(page, "/antony/reglages/services/fund/", page_size="20")
    page.goto("/antony/catalogue/")
    leave_by(page.locator("main ul.catalogue a").first)
    document = page.locator("main a.download").get_attribute("href")
    _send_configuration(page, page.request.get(str(document)).body())


def _configuration_installed(page: Page) -> None:
    _configuration_in_conflict(page)
    install = page.locator("main button[value=install]")
    if install.count():
        leave_by(install)
    page.goto(CONFIGURATION)
    leave_by(page.locator("main table a").first)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to look at: its address, its status, and what brings it about besides going there."""

    address: str
    status: int = OK
    reach: Callable[[Page], None] | None = None
    name: str = ""
    language: str = "fr"

    def __str__(self) -> str:
        return self.name or self.address

    def open(self, page: Page, watch: Watch) -> None:
        """Go there, with the status announced."""
        if self.status != OK:
            watch.expect(self.status, self.address)
        if self.reach:
            self.reach(page)
            path = self.address.partition("?")[0]
            assert urlsplit(page.url).path.startswith(path), f"{page.url} instead of {self}"
        else:
            page.goto(self.address)


STATES = [
    Visit("/nulle-part/", 404),
    Visit("/antony/nulle-part/", 404),
    Visit("/antony/fonds/registre/", 404),
    Visit("/fonds/registre/?theme=rien", 400),
    Visit("/fonds/registre/?page=99", 404),
    Visit("/fonds/registre/?q=stationement&theme=smart-parking"),
    Visit("/fonds/registre/?q=zzzzzz"),
    Visit("/courbevoie/livraison/?q=bezons"),
    Visit("/courbevoie/livraison/?q=zzzzzz"),
    Visit("/courbevoie/livraison/a/nulle-part/", 404),
    Visit("/communes/?date=hier", 400),
    Visit("/communes/?q=zzzzzz"),
    Visit("/recherche/?q=zzzzzz"),
    Visit("/recherche/?q=levallois"),
    Visit("/compte/connexion/", 422, _wrong_password, "/compte/connexion/, wrong password"),
    Visit(
        "/en/compte/connexion/",
        422,
        _wrong_sign_in_in_english,
        "/en/compte/connexion/, wrong password",
        "en",
    ),
    Visit("/compte/ferme/"),
    Visit("/compte/connexion/code/", reach=_code_asked_for),
    Visit("/compte/mot-de-passe/oublie/code/", reach=_reset_asked_for),
    Visit("/compte/inscription/", 422, _incomplete_sign_up, "/compte/inscription/, errors"),
    Visit("/en/nowhere/", 404, language="en"),
    Visit("/en/antony/fonds/registre/", 404, language="en"),
    Visit("/en/fonds/registre/?theme=rien", 400, language="en"),
    Visit("/antony/stationnement/?q=zzzzzz"),
    Visit("/antony/stationnement/?kind=rien", 400),
    Visit("/antony/stationnement/?q=48.7534,2.2960&kind=disabled"),
    Visit("/levallois-perret/stationnement/"),
    Visit("/levallois-perret/stationnement/puis-je/?place=parc:parc-de-la-halle-fictif&minutes=90"),
    Visit("/antony/stationnement/puis-je/?place=", 422),
    Visit("/antony/stationnement/p/P001/"),
]

STATES_SIGNED_IN = [
    Visit("/reglages/", 404),
    Visit("/antony/compte/deconnexion/"),
    Visit("/antony/compte/confirmation/"),
    Visit("/antony/compte/securite/application/", reach=_application),
    Visit(
        "/antony/reglages/apparence/",
        422,
        _unreadable_colours,
        "/antony/reglages/apparence/, errors",
    ),
    Visit(
        "/antony/reglages/services/fund/",
        422,
        _wrong_option,
        "/antony/reglages/services/fund/, errors",
    ),
    Visit("/antony/reglages/membres/", reach=_members_invited, name="members and an invitation"),
    Visit("/antony/reglages/invitations/", reach=_invited, name="an invitation sent"),
    Visit("/antony/reglages/membres/inviter/", 422, _invitation_to_nobody, "invite, errors"),
    Visit("/antony/reglages/journal/", reach=_journal_with_events, name="a journal with events"),
    Visit("/antony/reglages/journal/?subject=zzzzzz"),
    Visit("/antony/reglages/envois/"),
    Visit("/antony/reglages/cles/", 422, _key_without_a_day, "keys, errors"),
    Visit("/antony/reglages/cles/", reach=_key_made, name="keys, one shown once"),
    Visit("/antony/compte/avis/reglages/", 422, _telephone_of_letters, "notices chosen, errors"),
    Visit(
        "/antony/reglages/donnees-personnelles/contact/",
        422,
        _officer_of_nowhere,
        "contact, errors",
    ),
    Visit("/antony/invitation/nothing/", 404),
    Visit(f"{CONFIGURATION}recevoir/", 422, _configuration_cut_short, "a file, refused"),
    Visit(CONFIGURATION, 422, _configuration_that_names_somebody, "a version, refused"),
    Visit("/antony/reglages/configurations/", reach=_configuration_in_conflict, name="a preview"),
    Visit("/antony/reglages/configurations/", reach=_configuration_installed, name="the way back"),
    Visit("/antony/capteurs/ajouter/", 422, _source_of_nothing, "a source, refused"),
    Visit("/antony/stationnement/tournee/"),
    Visit("/antony/stationnement/capteurs/poser/", 422, _sensor_of_nowhere, "a sensor, refused"),
    Visit(
        "/antony/stationnement/gestion/regles/ajouter/", 422, _rule_of_nothing, "a rule, refused"
    ),
]

STATES_MANAGING = [
    Visit("/plateforme/?q=zzzzzz"),
    Visit("/plateforme/collectivites/antony/", 422, _address_of_nowhere, "a host name, refused"),
    Visit(
        "/fonds/registre/fmin-2018-12/faits/ajouter/",
        422,
        _fact_without_a_source,
        "what is known, errors",
    ),
]
