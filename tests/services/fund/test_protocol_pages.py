"""Pages on which a protocol is written, changed and agreed: what they say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.services.fund import actions
from communs.services.fund.enums import Challenge, Duty
from communs.services.fund.forms import LessonForm, LessonReviewForm
from communs.services.fund.models import Experiment
from communs.services.fund.queries import master_plan
from communs.services.fund.views import reports
from tests.services.fund.experimenting import (
    AT,
    FIRST,
    KEY,
    LAST,
    START,
    designed,
    granted,
    judge,
    observe,
)
from tests.services.fund.test_experiment_pages import opened, posted, staff, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_metropolis")]
TITLE = "Rotation là où l’on essaie"
PAGE = "/fonds/experimentations/stationner-moins-longtemps/"


def test_a_change_of_the_protocol_stands_on_both_pages_and_in_the_document(
    antony: Community,
) -> None:
    row = designed(antony).changed(judge(baseline_from=START - timedelta(days=3)))
    told = "Référence : du 1er janvier 2026 au 1er mars 2026 → du 27 février 2026 au 1er mars 2026"
    why = "1er septembre 2026. Motif : La référence a été mal mesurée."
    page = text_of(opened().get(PAGE))
    assert (told in page, why in page) == (True, True)
    row = actions.measure_experiment(experiment=row, on=LAST, at=AT, by=None)
    found = actions.evaluate_experiment(experiment=row, at=AT, by=None)
    page = text_of(opened(staff("Gestion", Duty.MANAGER)).get(f"{PAGE}evaluation/1/"))
    assert (told in page, why in page) == (True, True)
    with override("fr"):
        written = str(reports.report(row, found).blocks).replace("\\xa0", " ")
    assert (told in written, why in written) == (True, True)


def test_what_is_not_there_agrees_in_gender(antony: Community) -> None:
    designed(antony, agreed=False)
    page = text_of(opened(staff("Gestion", Duty.MANAGER)).get(PAGE))
    for said in (
        "Empreinte du protocole (SHA-256) aucune",
        "Conseiller aucun pour l’instant",
        "Référence inconnue, moyenne des jours",
    ):
        assert said in page, said


def test_the_fund_is_not_what_is_tried(antony: Community) -> None:
    granted(antony)
    client = opened(staff("Gestion", Duty.MANAGER))
    page = client.get("/fonds/gestion/experimentations/concevoir/").content.decode()
    choices = page[page.index('name="service"') :].partition("</select>")[0]
    assert 'value="parking"' in choices
    assert 'value="fund"' not in choices
    assert choices.index('value=""') < choices.index('value="parking"')


def test_a_protocol_that_could_not_conclude_says_so_while_it_is_written(
    antony: Community,
) -> None:
    observe(antony, [45.0] * 60)
    short = judge(baseline_from=START - timedelta(days=3), least_days=21, target=Decimal(40))
    designed(antony, short, agreed=False)
    client = opened(staff("Gestion", Duty.MANAGER))
    told = "La référence compte 3 jours : il en faut au moins 14, et 21 pour cet indicateur."
    assert told in text_of(client.get(PAGE))
    posted(client, "accord/")
    page = text_of(client.get(PAGE))
    assert page.count(told) == 2
    assert page.count(f"« {TITLE} »") == 2


def test_a_refusal_stands_beside_the_line_it_is_about(antony: Community) -> None:
    designed(antony, agreed=False)
    client = opened(staff("Gestion", Duty.MANAGER))
    given = {
        "question": "Q ?",
        "starts_on": START,
        "ends_on": LAST,
        "baseline_from": FIRST,
        "baseline_until": START - timedelta(days=1),
        "indicator_1": KEY,
        "indicator_3": "parking.tried_in_band",
        "target_3": "140",
    }
    page = client.post(f"{PAGE}protocole/", given)
    assert page.status_code == 422
    errors = page.content.decode().split('id="id_target_3_error"')
    assert len(errors) == 2
    assert "Un pourcentage va de 0 à 100." in errors[1][:300].replace("\xa0", " ")


def test_a_protocol_that_is_not_changed_says_so_and_keeps_its_start(antony: Community) -> None:
    designed(antony).started()
    client = opened(staff("Gestion", Duty.MANAGER))
    page = client.get(f"{PAGE}protocole/").content.decode()
    assert "Le début est passé : il ne change plus." in page.replace("\xa0", " ")
    given = {
        "question": "Un disque plus court fait-il tourner les places ?",
        "starts_on": START + timedelta(days=2),  # not asked any more: the field is closed
        "ends_on": LAST,
        "baseline_from": FIRST,
        "baseline_until": START - timedelta(days=1),
        "indicator_1": KEY,
        "least_1": "14",
        "reason": "Un jour de plus.",
    }
    posted(client, "protocole/", **given)
    assert "Rien n’a changé." in text_of(client.get(PAGE))
    assert Experiment.objects.get().starts_on == START


def test_a_siret_that_is_emptied_is_said_to_stay_unknown(antony: Community) -> None:
    granted(antony)
    client = opened(staff("Gestion", Duty.MANAGER))
    assert client.post("/fonds/gestion/siret/antony/", {"siret": ""}).status_code == 302
    page = text_of(client.get("/fonds/gestion/siret/"))
    assert "Le SIRET reste inconnu." in page
    assert "sans lui, la subvention n’y figure pas." in page


def test_workstreams_follow_the_order_of_the_challenges() -> None:
    for challenge in reversed(Challenge.values):
        actions.add_workstream(challenge=challenge, title=f"Chantier {challenge}", by=None)
    listed = [one.challenge for one in master_plan.workstreams()]
    assert listed == Challenge.values


def test_selects_of_a_lesson_say_that_none_is_chosen() -> None:
    page = str(LessonForm()) + str(LessonReviewForm())
    assert "---------" not in page
    assert ">aucun<" in page
    assert ">aucune<" in page
