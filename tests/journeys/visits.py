"""Pages in the states that no link leads to, and how to bring them about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

from playwright.sync_api import FilePayload, Page

from communs.core.registry.queries import services
from tests.journeys.visiting import PASSWORD, Visit, fill_and_send, leave_by, send, sign_in

ANTONY = "antony"
ADMINISTRATOR = "antony@demo.example"
MANAGER = "metropole@demo.example"
INVITED = "colleague@demo.example"
GRANTS = 25  # the 23 of 2018, and two that the demonstration makes up
UNLINKED = {"/kit/": "the gallery of components is for those who write pages"}


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


def _invited(page: Page) -> None:
    page.goto("/antony/reglages/membres/")
    link = page.get_by_role("link", name=INVITED)
    if not link.count():
        fill_and_send(page, "/antony/reglages/membres/inviter/", email=INVITED)
    leave_by(link)


def _members_invited(page: Page) -> None:
    _invited(page)
    page.goto("/antony/reglages/membres/")


def _journal_with_events(page: Page) -> None:
    _invited(page)
    page.goto("/antony/reglages/journal/")


def _invitation_to_nobody(page: Page) -> None:
    fill_and_send(page, "/antony/reglages/membres/inviter/", email="nobody")


def _key_without_a_day(page: Page) -> None:
    fill_and_send(page, "/antony/reglages/cles/", name="")


def _key_made(page: Page) -> None:
    page.goto("/antony/reglages/cles/")
    page.locator("main [name=permissions]").first.check()
    page.locator("main [name=name]").fill("journey")
    page.locator("main [name=until]").fill(f"{datetime.now(UTC) + timedelta(30):%Y-%m-%d}")
    leave_by(page.locator("main form.form button[type=submit]").last)


def _officer_of_nowhere(page: Page) -> None:
    contact = "/antony/reglages/donnees-personnelles/contact/"
    fill_and_send(page, contact, officer_email="nobody", officer_phone="12")


def _telephone_of_letters(page: Page) -> None:
    fill_and_send(page, "/antony/compte/avis/reglages/", phone="letters")


def _fact_without_a_source(page: Page) -> None:
    fill_and_send(page, "/fonds/registre/fmin-2018-12/faits/ajouter/", text_fr="", when="hier")


def _address_of_nowhere(page: Page) -> None:
    fill_and_send(page, "/plateforme/collectivites/antony/", host="not a host")


def _source_of_nothing(page: Page) -> None:
    fill_and_send(page, "/antony/capteurs/ajouter/", name="", mapping="{", silent_after="soon")


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
    fill_and_send(page, "/antony/reglages/services/fund/", page_size="20")
    page.goto("/antony/catalogue/")
    ours = page.locator("main ul.catalogue li", has_text="Métropole du Grand Paris")
    leave_by(ours.locator("a").first)
    document = page.locator("main a.download").get_attribute("href")
    _send_configuration(page, page.request.get(str(document)).body())


def _configuration_installed(page: Page) -> None:
    _configuration_in_conflict(page)
    install = page.locator("main button[value=install]")
    if install.count():
        leave_by(install)
    page.goto(CONFIGURATION)
    leave_by(page.locator("main table a").first)


STATES = [
    Visit("/nulle-part/", 404),
    Visit("/antony/nulle-part/", 404),
    Visit("/antony/fonds/registre/", 404),
    Visit("/fonds/registre/?theme=rien", 400),
    Visit("/fonds/registre/?page=99", 404),
    Visit("/fonds/registre/?q=stationement&theme=smart-parking"),
    Visit("/fonds/registre/?q=zzzzzz"),
    Visit("/communes/?date=hier", 400),
    Visit("/communes/?q=zzzzzz"),
    Visit("/recherche/?q=zzzzzz"),
    Visit("/recherche/?q=levallois"),
    Visit("/compte/demonstration/?next=/donnees/"),
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

# Besides Antony's home, where the demonstration shows a service: its community and its address.
SHOWN: dict[str, tuple[str, str]] = {}
# What only its members see there, by community.
STATES_OF_MEMBERS = {ANTONY: STATES_SIGNED_IN}
for _service in services():
    _own = import_module(f"tests.services.{_service.key}.visits")
    if _own.SHOWN:
        SHOWN[_service.key] = (_own.SHOWN, f"/{_own.SHOWN}/{_service.slug}/")
        STATES_OF_MEMBERS.setdefault(_own.SHOWN, []).extend(_own.STATES_OF_MEMBERS)
    STATES += _own.STATES
