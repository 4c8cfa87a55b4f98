"""The fund's whole loop, from a call to the copy of what it proved in another commune.

Every form is posted as its page gives it; only sensors, which have no page, speak to the intake.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.models import Activation
from communs.services.fund.demo import cycle, master_plan
from tests.journeys import fund_loop as steps
from tests.journeys import fund_scene as before
from tests.journeys.fund_loop import BODIES, DAY, LAST, START, Clock, Loop
from tests.journeys.fund_people import Readers
from tests.services.fund.opening import faults_of, made_up_siret, rows_of

# The scene is one transaction, of which every test reads what it needs.
pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HALFWAY, BACK = START + 21 * DAY, LAST + 22 * DAY
AGREED = "2026-01-05"


@pytest.fixture(scope="module")
def begun(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loop]:
    """The people and templates of the demonstration, on a day; all of it is taken back."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    clock = Clock()
    clock.set(steps.OPENED)
    with django_db_blocker.unblock(), transaction.atomic():
        metropolis = Community.objects.get(kind=Kind.METROPOLIS)
        cycle.load(metropolis)
        with within(metropolis):
            master_plan.load()
            people = Readers()
            people.account("elu-vanves", before.NAMES[2])
            vanves = Community.objects.get(slug="vanves")
            people.account("vanves", "Administration de Vanves (fictive)", vanves)
            yield Loop(before.open_call(people, steps.PARKING), clock)
        transaction.set_rollback(True)
    clock.close()


@pytest.fixture(scope="module")
def awarded(begun: Loop) -> Loop:
    """From the application to the sealed deliberation."""
    scene = before.examine(before.send_file(before.plan(begun.scene)))
    before.seal(before.decide(before.propose(before.judge(scene))))
    return begun


@pytest.fixture(scope="module")
def signed(awarded: Loop) -> Loop:
    """The experiment is designed, then the agreement signed and the advance paid."""
    steps.design(awarded)
    before.pay(before.sign(awarded.scene))
    awarded.on(steps.BEFORE)
    awarded.look("service of Antony", "antony", steps.SERVICE.format("antony"))
    return steps.equip(awarded)


@pytest.fixture(scope="module")
def tried(signed: Loop) -> Loop:
    """Four weeks before, then three weeks of trial, with what happened and who tested."""
    steps.live(signed, steps.BEFORE, START - DAY)
    signed.on(START)
    steps.start(signed)
    steps.live(signed, START, HALFWAY - DAY)
    signed.on(HALFWAY)
    steps.try_out(signed)
    signed.look("live", "", steps.PAGE)
    return signed


@pytest.fixture(scope="module")
def proven(tried: Loop) -> Loop:
    """Three more weeks, the evaluation, and what the master plan learns."""
    steps.live(tried, HALFWAY, LAST)
    tried.on(LAST + DAY)
    steps.evaluate(tried)
    tried.on(LAST + 2 * DAY)
    return steps.teach(tried)


@pytest.fixture(scope="module")
def copied(proven: Loop) -> Loop:
    """Antony publishes, a manager offers, Vanves takes it over, measures, and it is confirmed."""
    steps.publish(proven, "Première version.", card_most_hours="24")
    steps.take_over(steps.offer(proven))
    proven.on(BACK)
    steps.observed("vanves", LAST + 2 * DAY, 18)
    return steps.confirm(proven)


@pytest.fixture(scope="module")
def updated(copied: Loop) -> Loop:
    """Antony publishes a second version, and Vanves takes it."""
    steps.publish(copied, "Plus de patience.", card_most_hours="48", grace_minutes="8")
    return steps.update(copied)


@pytest.fixture(scope="module")
def exported(updated: Loop) -> Loop:
    return steps.export(updated)


def part(page: str, first: str, last: str) -> str:
    """Give what a page says from some words up to others."""
    assert first in page, f"“{first}” is not in: {page}"
    rest = page[page.index(first) :]
    assert last in rest, f"“{last}” is not in: {rest}"
    return rest[: rest.index(last)].strip()


def test_antony_leads_and_its_file_is_bounded_completed_and_scored(awarded: Loop) -> None:
    seen = awarded.scene.seen
    assert "Plafond avec 2 partenaires : 30 000 €" in seen["with Bagneux"]
    assert "Plafond avec 3 partenaires : 60 000 €" in seen["with Sceaux"]
    asked = "Demandé : 47 792 €, soit 58 % de 82 400 € hors taxes ; au plus 50 %, soit 41 200 €."
    assert asked in seen["58 % to send"]
    for words in (awarded.scene.number, steps.PARKING.title, "5 janvier 2026", "41 200 €"):
        assert words in seen["receipt"]
    assert before.MISSING in seen["asked"]
    assert "Voici le devis." in seen["eligible"]
    assert "80 sur 100" in seen["opinions"]


def test_the_mayor_is_kept_away_and_the_bureau_seals(awarded: Loop) -> None:
    seen = awarded.scene.seen
    assert "Élue de Bagneux (fictive)" in seen["kept away"]
    assert awarded.scene.number not in seen["agenda of who is kept away"]
    assert "quorum atteint" in seen["quorum"]
    assert "Déportés de ce dossier" in seen["minutes"]
    assert "attribué" not in seen["file before the seal"]
    for words in ("scellée", steps.PARKING.title, "41 200 €"):
        assert words in seen["act"]


def test_the_experiment_is_designed_before_anything_is_signed(signed: Loop) -> None:
    page = signed.seen["designed"]
    assert part(page, "Où elle en est", "Empreinte") == (
        "Où elle en est en conception depuis le 5 janvier 2026 Service essayé Stationnement"
        " Début le 9 février 2026 Fin le 22 mars 2026 Protocole convenu le 5 janvier 2026"
    )
    assert part(page, "Protocole et chiffres", "Comparé avec") == (
        "Protocole et chiffres Rotation là où l’on essaie Sens visé doit augmenter jusqu’à 9"
        " Référence inconnue, moyenne des jours du 12 janvier 2026 au 8 février 2026"
        " Témoin Rotation dans les zones témoins Aucune valeur n’est encore connue."
    )


def test_the_signature_opens_the_service_in_antony_and_the_advance_is_paid(signed: Loop) -> None:
    assert "Le service est ouvert : Antony" in signed.seen["service of Antony"]
    with within(Community.objects.get(slug="antony")):
        row = Activation.objects.get(service="parking")
    code = steps.PAGE.strip("/").rpartition("/")[2]
    assert row.on
    assert row.provenance.startswith(f"fund: {code}, ")
    told = signed.scene.seen
    assert "16 480 €" in told["signed"]
    for words in ("16 480 €", "24 720 €", "versé"):
        assert words in told["paid"]


def test_the_page_shows_what_sensors_measure_beside_the_baseline(tried: Loop) -> None:
    assert (
        "Référence 4,94, moyenne des jours du 12 janvier 2026 au 8 février 2026"
        in (tried.seen["live"])
    )
    shown = "Rotation là où l’on essaie : 4,94 avant le début, 7,67 ces derniers temps."
    assert shown in tried.seen["live"]
    assert part(tried.seen["live"], "Qualité", "Jalons") == (
        "Qualité des chiffres Indicateur Valeurs avant Valeurs depuis le début"
        " Assez pour conclure Rotation là où l’on essaie 28 21 oui"
    )
    assert part(tried.seen["live"], "Ce qui manque", "Protocole") == (
        "Ce qui manque pour conclure À noter : Rien ne manque dans les chiffres jusqu’ici."
        " L’évaluation dira si l’effet est sûr."
    )


def test_what_happened_and_what_residents_said_stand_on_the_page(tried: Loop) -> None:
    assert part(tried.seen["live"], "Jalons", "Tester ce service") == (
        "Jalons Panneaux posés atteint le 9 février 2026"
        " Difficultés Un panneau est tombé. Conséquence : Une rue sans panneau."
        " 9 février 2026 – réglée le 9 février 2026 : La régie l’a remis."
        " Visites de conseil Les panneaux sont lus. 9 février 2026 – Conseil : Montrer le disque."
        " Habitants qui testent Testeurs en ce moment 1 Réponses 2 Utile 4,5 sur 5 Facile 4 sur 5"
    )
    assert "Je trouve une place." not in tried.seen["live"]  # nobody has read these words yet
    assert "Je peux partir à tout moment, sur ma propre page" in tried.seen["consent"]
    assert "Merci : c’est noté." in tried.seen["answer of Camille"]
    assert tried.seen["link of Camille"] in tried.seen["answer of Camille"]
    assert "Vous avez quitté le panel" in tried.seen["left"]
    for name, _words in steps.TESTERS:
        assert name not in tried.seen["live"]


def test_the_figures_propose_and_a_person_decides(proven: Loop) -> None:
    rule = "Tous les indicateurs vont mieux, de façon sûre"
    assert (
        "Verdict : pas encore rendu Proposé par les chiffres : à adapter"
        in (proven.seen["proposed"])
    )
    assert rule in proven.seen["proposed"]
    report = proven.seen["report"]
    assert "Verdict : à adapter par une personne, le 23 mars 2026, 10:00" in report
    assert part(report, "Effets", "Comment c’est calculé") == (
        "Effets Indicateur Avant Depuis le début Effet Intervalle à 95 % Résultat"
        " Rotation là où l’on essaie doit augmenter jusqu’à 9 – pas atteinte"
        " 4,94 8 +3,01 de +2,74 à +3,28 mieux, de façon sûre"
        " Rotation là où l’on essaie"
        " Comparaison comparé avec « Rotation dans les zones témoins »"
        " Avant et après seuls +3,06 (de +2,85 à +3,27)"
        " Différence de différences +3,01 (de +2,74 à +3,28)"
        " Probabilité s’il n’y a pas d’effet, relevée par la règle de Holm moins de 0,1 %"
        " Valeurs connues 28 avant, 42 depuis le début"
    )
    paper = proven.seen["report on paper"]
    for words in (
        "Subvention fmin-2026-01 – Stationner moins longtemps au centre-ville",
        "Décidé par une personne le 23 mars 2026, 10:00 : à adapter.",
        f"Ce qui a été appris {steps.FINDING}",
        f"Ce qui est recommandé {steps.RECOMMENDATION}",
        "Coût final 80 000 €",
    ):
        assert words in paper


def test_the_lesson_enters_the_master_plan_in_a_session(proven: Loop) -> None:
    told = "Agile et efficiente – à adapter – écrit le 23 mars 2026"
    assert f"{steps.TITLE} à examiner {told}" in proven.seen["lessons"]
    reviewed = part(proven.seen["reviewed"], "Enseignements qui", "Chantiers")
    assert reviewed == "Enseignements qui ne sont pas dans le schéma Rien n’attend."
    assert figures(proven.seen["plan"]) == {
        "financées": "9",
        "en service": "1 inconnu pour 8",
        "prouvées": "1",
        "répliquées": "0",
    }
    assert part(proven.seen["challenge"], "Enseignements", "Ce qui est entré") == (
        f"Enseignements {steps.FINDING} Recommandation : Étendre le disque court aux"
        f" centres-villes. {steps.TITLE}, Antony – édition 1"
    )


def figures(page: str) -> dict[str, str]:
    """Give what the master plan counts for the challenge of the scene."""
    rungs = ("financées", "en service", "prouvées", "répliquées")
    line = part(page, "Agile et efficiente, financées", "Collaborative et participative ")
    found = [one.partition(" : ") for one in line.split("Agile et efficiente, ")[1:]]
    assert [name for name, _mark, _value in found] == list(rungs)
    return {name: value.strip() for name, _mark, value in found}


def test_antony_publishes_and_a_manager_offers(copied: Loop) -> None:
    assert "Publiée au catalogue." in copied.seen["published: Première version."]
    told = f"Réussites à proposer {steps.TITLE} Antony – à adapter, 23 mars 2026"
    assert told in copied.seen["to offer"]
    assert "Les places tournent plus vite. proposé aux communes" in copied.seen["offered"]
    assert part(copied.seen["offered"], "Les preuves", "Lire l’évaluation") == (
        "Les preuves Verdict à adapter Essayé à Antony Service Stationnement"
        " Défi Agile et efficiente Décidé le 23 mars 2026 Effet par indicateur"
        f" Rotation là où l’on essaie +3,01 (de +2,74 à +3,28) {steps.FINDING}"
    )


def test_vanves_looks_tries_then_installs(copied: Loop) -> None:
    assert part(copied.seen["preview"], "Ce qui changerait", "Ouvrir le service ici") == (
        "Ce qui changerait Quoi Maintenant Ensuite Résultat"
        " Durée maximale avec la carte pour personnes handicapées, en heures 0 24 modifié"
        " Zones de stationnement : Centre rien Nom = Centre Couleur = bleue ajouté"
        " Zones de stationnement : Gare rien Nom = Gare Couleur = bleue ajouté"
    )
    assert "Essai à blanc : elle peut être installée" in copied.seen["tried"]
    assert "En vigueur : version 1, préparée par Antony." in copied.seen["installed"]
    assert part(copied.seen["copied"], "Qui l’a repris de qui", "Communes qui") == (
        "Qui l’a repris de qui Antony essayé ici d’abord Vanves en service"
    )


def test_what_is_measured_elsewhere_makes_it_a_common(copied: Loop) -> None:
    kept = "Rotation là où l’on essaie 7,5 sur 18 jours avec une valeur,"
    assert f"{kept} du 24 mars 2026 au 12 avril 2026" in copied.seen["measured"]
    page = copied.seen["confirmed"]
    assert "Les places tournent plus vite. commun numérique" in page
    assert part(page, "Communes qui le reprennent", "Rotation") == (
        "Communes qui le reprennent Commune État Depuis Version Repris de"
        " Vanves confirmée Les places tournent comme à Antony. 13 avril 2026 1 Antony"
    )
    assert part(page, "Commune Dernière semaine", "Comment le reprendre") == (
        "Commune Dernière semaine Tendance Antony 7,9 en hausse"
        " Vanves 7,5 trop peu de valeurs pour dire une tendance"
    )
    assert figures(copied.seen["plan at the end"])["répliquées"] == "1"
    assert steps.PARKING.title in copied.seen["grant at the end"]


def test_vanves_takes_the_later_version_and_keeps_what_it_set(updated: Loop) -> None:
    assert "Une version plus récente est partagée" in updated.seen["later version"]
    changes = part(updated.seen["preview of version 2"], "Ce qui changerait", "Là où les deux")
    assert changes == (
        "Ce qui changerait Quoi Maintenant Ensuite Résultat Minutes de patience avant de montrer"
        " un stationnement comme trop long 12 8 le vôtre est gardé, sauf si vous choisissez"
        " Durée maximale avec la carte pour personnes handicapées, en heures 24 48 modifié"
    )
    told = updated.seen["version 2 installed"]
    assert "En vigueur : version 2, préparée par Antony." in told
    with within(Community.objects.get(slug="vanves")):
        options = Activation.objects.get(service="parking").options
    assert (options["card_most_hours"], options["grace_minutes"]) == (48, 12)
    assert (
        "Vanves confirmée Les places tournent comme à Antony. 13 avril 2026 2 Antony"
        in (updated.seen["lineage"])
    )


def test_the_grant_is_a_line_for_each_beneficiary_that_the_schema_accepts(
    exported: Loop, tmp_path: Path
) -> None:
    bodies = {one.slug: one for one in Community.objects.filter(slug__in=BODIES)}
    content = exported.files["grants"]
    assert faults_of(content, "scdl-subventions-2.1.1", tmp_path) == []
    columns = ("nomBeneficiaire", "idBeneficiaire", "pourcentageSubvention")
    shared = {"idAttribuant": made_up_siret(bodies["metropole"]), "montant": "41200"}
    shared |= {"dateConvention": AGREED, "referenceDecision": "7"}
    rows = [one for one in rows_of(content) if one["objet"] == steps.PARKING.title]
    assert [{name: one[name] for name in (*columns, *shared)} for one in rows] == [
        dict(zip(columns, (bodies[slug].name, made_up_siret(bodies[slug]), share), strict=True))
        | shared
        for slug, share in (("antony", "0.34"), ("bagneux", "0.33"), ("sceaux", "0.33"))
    ]


def test_what_was_tried_proven_and_copied_is_open_data(exported: Loop) -> None:
    told = {name: json.loads(exported.files[name]) for name in ("experiments", "commons", "plan")}
    (tried,) = told["experiments"]["experiments"]
    wanted = {"grant": "fmin-2026-01", "site": "antony", "state": "evaluated", "verdict": "adapt"}
    assert {name: tried[name] for name in wanted} == wanted
    (common,) = told["commons"]
    wanted = {"commune": "antony", "state": "confirmed", "copies": 1, "confirmed": 1}
    assert {name: common[name] for name in wanted} == wanted
    (row,) = [one for one in told["plan"] if one["challenge"] == "agile"]
    wanted = {"funded": 9, "live": 1, "live_unknown": 8, "proven": 1, "replicated": 1}
    assert {name: row[name] for name in wanted} == wanted
    assert date.fromisoformat(tried["ends_on"]) == LAST
    for title in (
        "Registre des subventions",
        "Expérimentations et leurs verdicts",
        "Schéma directeur : du financé au répliqué",
        "Communs numériques",
    ):
        assert title in exported.seen["catalogue"]
        assert title in exported.files["catalogue"].decode().replace("\u00a0", " ")
