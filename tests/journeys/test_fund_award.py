"""The fund's scene, from an opened call to a paid advance: every form filled by who fills it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.desks import plain
from tests.journeys.fund_people import People
from tests.journeys.fund_scene import (
    KEPT_AWAY,
    MISSING,
    NAMES,
    OBJECTS,
    PARIS,
    Scene,
    decide,
    examine,
    judge,
    open_call,
    pay,
    plan,
    propose,
    seal,
    send_file,
    sign,
)
from tests.journeys.server import Server

pytestmark = pytest.mark.browser

TITLE = OBJECTS.title


@pytest.fixture(scope="module")
def people(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """The demonstration's people on a server of their own, with one more elected member."""
    server = Server(tmp_path_factory.mktemp("award"))
    everybody = People(browser, server)
    everybody.account("elu-vanves", NAMES[2])
    yield everybody
    everybody.close()
    server.stop()


@pytest.fixture(scope="module")
def opened(people: People) -> Scene:
    return open_call(people)


@pytest.fixture(scope="module")
def planned(opened: Scene) -> Scene:
    return plan(opened)


@pytest.fixture(scope="module")
def sent(planned: Scene) -> Scene:
    return send_file(planned)


@pytest.fixture(scope="module")
def eligible(sent: Scene) -> Scene:
    return examine(sent)


@pytest.fixture(scope="module")
def judged(eligible: Scene) -> Scene:
    return judge(eligible)


@pytest.fixture(scope="module")
def proposed(judged: Scene) -> Scene:
    return propose(judged)


@pytest.fixture(scope="module")
def decided(proposed: Scene) -> Scene:
    return decide(proposed)


@pytest.fixture(scope="module")
def sealed(decided: Scene) -> Scene:
    return seal(decided)


@pytest.fixture(scope="module")
def paid(sealed: Scene) -> Scene:
    return pay(sign(sealed))


def said(page: Page) -> str:
    """Give what the main part of a page says."""
    return plain(page.locator("main").inner_text())


def test_a_call_is_opened_with_its_rules_its_envelope_its_criteria_and_its_phase(
    opened: Scene,
) -> None:
    assert "L’appel est publié." in opened.seen["published"]
    page = said(opened.people.at("sceaux", "/fonds/appels/fmin-2026/"))
    for words in ("Essayer à plusieurs.", "30 000 €", "60 000 €", "50 %", "Coopération"):
        assert words in page
    assert "Ces chiffres sont un exemple" in page


def test_the_plan_raises_the_ceiling_when_the_third_joins(planned: Scene) -> None:
    assert "Plafond avec 2 partenaires : 30 000 €" in planned.seen["with Bagneux"]
    assert "Plafond avec 3 partenaires : 60 000 €" in planned.seen["with Antony"]


def test_the_plan_refuses_58_per_cent_and_accepts_50(planned: Scene) -> None:
    told = "Demandé : {}, soit {} de 82 400 € hors taxes ; au plus 50 %, soit 41 200 €."
    refused, kept = told.format("47 792 €", "58 %"), told.format("41 200 €", "50 %")
    assert refused in planned.seen["58 %"]
    assert refused in planned.seen["58 % to send"]
    assert "non respecté" in planned.seen["58 %"].partition(refused)[0]
    assert kept in planned.seen["50 %"]
    assert "non respecté" not in planned.seen["50 %"]


def test_the_receipt_is_a_pdf_with_its_date(sent: Scene) -> None:
    receipt = sent.seen["receipt"]
    for words in (sent.number, TITLE, f"{datetime.now(PARIS):%Y}", "41 200 €"):
        assert words in receipt


def test_the_instructor_asks_for_a_quote_gets_it_and_finds_the_file_eligible(
    eligible: Scene,
) -> None:
    assert MISSING in eligible.seen["asked"]
    assert "en cours d’examen" in eligible.seen["eligible"]
    assert "Voici le devis." in eligible.seen["eligible"]


def test_five_members_score_the_file(judged: Scene) -> None:
    assert "80 sur 100" in judged.seen["opinions"]
    for name in NAMES:
        assert name in judged.seen["opinions"]


def test_the_member_of_bagneux_finds_the_file_nowhere(proposed: Scene) -> None:
    people, number = proposed.people, proposed.number
    assert "Élue de Bagneux (fictive)" in proposed.seen["kept away"]
    for part in ("", "avis/", "plan/", "recepisse.pdf"):
        people.refused(KEPT_AWAY, f"{proposed.file}{part}")
    assert number not in proposed.seen["agenda of who is kept away"]
    assert TITLE not in proposed.seen["agenda of who is kept away"]
    lists = ("/fonds/dossiers/?q=emprunter", "/fonds/bord/avis/", proposed.room)
    for address in (*lists, "/recherche/?q=objets+emprunter"):
        page = people.at(KEPT_AWAY, address)
        assert number not in page.content()
        assert TITLE not in page.content()
    row = people.at(KEPT_AWAY, "/fonds/comite/").locator("main li", has_text="parcours")
    assert "0 dossier" in plain(row.inner_text())


def test_the_committee_decides_with_a_quorum_and_its_minutes_name_who_was_kept_away(
    proposed: Scene,
) -> None:
    assert "quorum atteint" in proposed.seen["quorum"]
    assert "favorable, 41 200 €" in proposed.seen["room"]
    minutes = proposed.seen["minutes"]
    for words in (TITLE, "Élue de Bagneux (fictive)", "Déportés de ce dossier", "41 200 €"):
        assert words in minutes


def test_nothing_is_told_before_the_seal(decided: Scene) -> None:
    assert "attribué" not in decided.seen["file before the seal"]
    assert "avis favorable" not in decided.seen["file before the seal"]
    told = f"« {TITLE} » reçoit une subvention"
    assert told not in decided.seen["notices before the seal"]
    assert decided.people.refused("sceaux", decided.act) == "Cette page n’existe pas"


def test_the_sealed_deliberation_awards_and_only_then_sceaux_is_told(sealed: Scene) -> None:
    people = sealed.people
    for words in ("scellée", TITLE, "41 200 €"):
        assert words in sealed.seen["act"]
    assert "attribué" in said(people.at("sceaux", sealed.file))
    page = people.at("sceaux", "/sceaux/compte/avis/")
    told = f"« {TITLE} » reçoit une subvention"
    for _turn in range(30):
        if told in said(page):
            break
        page.wait_for_timeout(1000)
        page.reload()
    assert told in said(page)


def test_the_register_shows_the_grant(sealed: Scene) -> None:
    page = sealed.people.at("sceaux", "/fonds/registre/?q=emprunter")
    row = page.locator("main tbody tr", has_text=TITLE)
    expect(row).to_have_count(1)
    assert "41 200 €" in plain(row.inner_text())


def test_nothing_can_be_paid_before_the_agreement_is_signed(paid: Scene) -> None:
    assert paid.number not in paid.seen["before the signature"]


def test_the_agreement_is_scanned_back_and_signed(paid: Scene) -> None:
    for words in (TITLE, "41 200 €", "Bagneux", "Antony"):
        assert words in paid.seen["agreement"]
    assert "Toutes les pages signées sont revenues" in paid.seen["scanned"]
    assert "16 480 €" in paid.seen["signed"]


def test_the_advance_of_40_per_cent_is_paid_and_sceaux_reads_it(paid: Scene) -> None:
    read = paid.seen["paid"]
    assert "16 480 €" in read
    assert "24 720 €" in read
    assert "versé" in read
