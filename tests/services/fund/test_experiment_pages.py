"""Pages, files and API of experiments: who sees what, what they say, what they cost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.services.fund import actions, models
from communs.services.fund.enums import Duty
from communs.services.fund.models import Appointment, Experiment
from tests.pages import text
from tests.services.fund.experimenting import (
    AT,
    CONTROL,
    FIRST,
    KEY,
    LAST,
    START,
    designed,
    granted,
    judge,
    live_series,
    observe,
    towns,
    with_figures,
)
from tests.services.fund.filing import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_metropolis")]
PAGE = "/fonds/experimentations/stationner-moins-longtemps/"


def text_of(answer: Any) -> str:
    """Give what a page says, its spaces plain."""
    return text(answer).replace("\xa0", " ").replace("\u202f", " ")


def opened(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def staff(name: str, *duties: str) -> Person:
    person = somebody(name, *duties)
    Appointment.objects.filter(person=person).update(since=FIRST)
    return person


def editor_of(place: Community) -> Person:
    person = Person.objects.create_user(f"e@{place.slug}.example", name="Rédaction")
    with within(place):
        Membership.objects.create(person=person, role=Role.EDITOR)
    return person


def posted(client: Client, tail: str, **given: Any) -> None:
    answer = client.post(PAGE + tail, given)
    assert answer.status_code == 302, (answer.status_code, text_of(answer)[:2000])


def test_the_whole_way_through_the_pages(antony: Community) -> None:
    for place, values in zip((antony, *towns()), live_series(), strict=True):
        observe(place, values)
    grant = granted(antony)
    client = opened(staff("Gestion", Duty.MANAGER))
    answer = client.post(
        "/fonds/gestion/experimentations/concevoir/",
        {
            "grant": grant.pk,
            "title": "Stationner moins longtemps",
            "question": "Un disque plus court fait-il tourner les places ?",
            "service": "parking",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}protocole/")
    given = {
        "question": "Un disque plus court fait-il tourner les places ?",
        "starts_on": START,
        "ends_on": LAST,
        "baseline_from": FIRST,
        "baseline_until": START - timedelta(days=1),
        "indicator_1": KEY,
        "aim_1": "up",
        "target_1": "52,5",
        "least_1": "14",
        "commune_1": "sceaux",
        "commune_2": "bagneux",
        "commune_3": "montreuil",
    }
    short = client.post(f"{PAGE}protocole/", given | {"target_1": "beaucoup"})
    assert short.status_code == 422
    assert 'value="beaucoup"' in short.content.decode()
    posted(client, "protocole/", **given)
    posted(client, "accord/")
    posted(client, "configuration/")
    posted(client, "demarrage/", on=START)
    posted(client, "jalons/ajouter/", title="Panneaux posés", due_on=START)
    posted(client, f"jalons/{models.Milestone.objects.get().pk}/", on=START)
    posted(client, "difficultes/ajouter/", on=START, what="Une panne.", consequence="Rien.")
    posted(client, f"difficultes/{models.Difficulty.objects.get().pk}/", on=START, solution="Fait.")
    posted(client, "visites/ajouter/", on=START, seen="Tout marche.")
    posted(client, "pause/", on=START + timedelta(days=3), reason="Travaux.")
    posted(client, "reprise/", on=START + timedelta(days=4))
    posted(client, "fin-essai/", on=LAST)
    posted(client, "evaluer/", until=LAST)
    report = text_of(client.get(f"{PAGE}evaluation/1/"))
    assert "Proposé par les chiffres : à généraliser" in report
    assert opened().get(f"{PAGE}evaluation/1/").status_code == 404
    refused = client.post(f"{PAGE}evaluation/1/verdict/", {"verdict": "adapt"})
    assert refused.status_code == 422
    posted(client, "evaluation/1/verdict/", verdict="generalise", finding="Ça tourne.")
    public = text_of(opened().get(f"{PAGE}evaluation/1/"))
    assert "Ce qui a été appris Ça tourne." in public
    assert "Verdict : à généraliser" in public
    shown = text_of(opened().get(PAGE))
    assert "Évaluation n° 1" in shown
    assert "Panneaux posés" in shown
    assert text_of(opened().get("/fonds/registre/essai-2018/")).count("à généraliser") == 1


def test_a_verdict_that_was_given_is_said_in_place_of_the_form(antony: Community) -> None:
    found = with_figures(antony).evaluated()
    client = opened(staff("Gestion", Duty.MANAGER))
    report = text_of(client.get(f"{PAGE}evaluation/1/"))
    assert "Verdict : pas encore rendu" in report
    assert "Intervalle à 95 %" in report
    assert "Le verdict proposé suit la première de ces règles qui convient :" in report
    assert b'name="verdict"' in client.get(f"{PAGE}evaluation/1/verdict/").content
    actions.decide_verdict(evaluation=found, verdict=found.proposed, at=AT, by=None)
    page = client.get(f"{PAGE}evaluation/1/verdict/")
    assert b'name="verdict"' not in page.content
    assert "Faites une autre évaluation" in text_of(page)
    assert "Rien ne manquait dans les chiffres." in text_of(client.get(PAGE))


def test_the_table_of_a_chart_says_that_its_values_are_of_weeks(antony: Community) -> None:
    observe(antony, live_series()[0])
    designed(antony).started()
    page = text_of(opened().get(PAGE))
    assert "semaine du 2 mars 2026" in page
    assert "(partielle)" in page


def test_what_follows_of_a_pause_is_told_in_the_language_of_who_reads(antony: Community) -> None:
    row = designed(antony).started()
    known: dict[str, Any] = {"experiment": row, "at": AT, "by": None}
    with override("en"):
        actions.pause_experiment(on=START, reason="Travaux.", **known)
    french, english = (text_of(opened().get(one)) for one in (PAGE, f"/en{PAGE}"))
    assert "Conséquence : L’expérimentation est en pause." in french
    assert "What follows: The experiment is paused." in english
    actions.resume_experiment(on=START + timedelta(days=1), **known)
    assert "réglée le 3 mars 2026" in text_of(opened().get(PAGE))


def test_a_visit_is_noted_under_visits(antony: Community) -> None:
    designed(antony).started()
    page = text_of(opened(staff("Gestion", Duty.MANAGER)).get(PAGE))
    assert page.index("Visites de conseil") < page.index("Noter une visite")


def test_a_page_says_what_is_missing_in_both_languages(antony: Community) -> None:
    observe(antony, live_series()[0])
    designed(antony).changed(judge(baseline_from=START - timedelta(days=3)))
    french, english = opened().get(PAGE), opened().get(f"/en{PAGE}")
    told = "La référence compte 3 jours ; il en faut au moins 14, soit deux semaines entières."
    assert told in text_of(french)
    assert "The baseline has 3 days; 14 at least are needed, two whole weeks." in text_of(english)
    assert "Rien n’est comparé" in text_of(french)
    assert french.content.count(b'<svg class="chart"') == 1


def test_what_has_not_begun_is_seen_by_who_runs_it_and_by_its_commune(
    antony: Community, sceaux: Community
) -> None:
    designed(antony)
    seen = {
        name: opened(person).get(PAGE).status_code
        for name, person in {
            "nobody": None,
            "manager": staff("Gestion", Duty.MANAGER),
            "instructor": staff("Instruction", Duty.INSTRUCTOR),
            "member": staff("Membre", Duty.MEMBER),
            "commune": editor_of(antony),
            "other": editor_of(sceaux),
        }.items()
    }
    assert seen == {
        "nobody": 404,
        "manager": 200,
        "instructor": 200,
        "member": 404,
        "commune": 200,
        "other": 404,
    }
    assert "Stationner" not in text_of(opened().get("/fonds/experimentations/"))


def test_another_commune_writes_nothing(antony: Community, sceaux: Community) -> None:
    designed(antony).started()
    stranger, here = opened(editor_of(sceaux)), opened(editor_of(antony))
    given = {"title": "Panneaux", "due_on": START}
    assert stranger.post(f"{PAGE}jalons/ajouter/", given).status_code == 404
    assert stranger.get(f"{PAGE}panel/inscrire/").status_code == 404
    assert not models.Milestone.objects.exists()
    posted(here, "jalons/ajouter/", **given)
    assert here.post(f"{PAGE}pause/", {"on": START, "reason": "Non"}).status_code == 404
    assert here.get(f"{PAGE}protocole/").status_code == 404


def test_a_resident_joins_answers_and_leaves_without_an_account(antony: Community) -> None:
    designed(antony).started()
    client = opened()
    page = text_of(client.get(f"{PAGE}panel/"))
    assert "Je peux partir à tout moment" in page
    kept = client.post(f"{PAGE}panel/", {"name": "Camille"})
    assert (kept.status_code, b'value="Camille"' in kept.content) == (422, True)
    joined = client.post(f"{PAGE}panel/", {"name": "Camille", "agrees": "on"})
    mine = joined["Location"]
    assert mine.startswith("/fonds/experimentations/panel/")
    assert client.post(mine, {"useful": "5", "easy": "4", "words": "Pratique."}).status_code == 302
    assert "Pratique." not in text_of(opened().get(PAGE))
    assert client.post(f"{mine}quitter/").status_code == 302
    assert client.get(mine).status_code == 404
    assert not models.Tester.objects.exists()


def test_what_residents_write_is_read_before_everybody_sees_it(
    antony: Community, sceaux: Community
) -> None:
    row = designed(antony).started()
    known = {"consent": "Oui.", "agrees": True, "at": AT, "by": None}
    _tester, token = actions.enrol_tester(experiment=row, name="Camille", **known)
    said = {"useful": "5", "easy": "4", "words": "Pratique."}
    mine = f"/fonds/experimentations/panel/{token}/"
    opened().post(mine, said)
    here = opened(editor_of(antony))
    page = text_of(here.get(PAGE))
    assert "« Pratique. »" in page[page.index("À lire avant de les montrer") :]
    read = f"{PAGE}reponses/{models.Feedback.objects.get().pk}/"
    for who, code in ((opened(editor_of(sceaux)), 404), (opened(), 302)):
        assert who.post(read, {"show": "yes"}).status_code == code
    assert "Pratique." not in text_of(opened().get(PAGE))
    here.post(read, {"show": "yes"})
    shown = text_of(opened().get(PAGE))
    assert ("« Pratique. »" in shown, "Camille" in shown) == (True, False)
    opened().post(mine, said)  # the same words again
    assert "« Pratique. »" in text_of(opened().get(PAGE))
    opened().post(mine, said | {"words": "Autre chose."})
    assert "Autre chose." not in text_of(opened().get(PAGE))
    here.post(read, {"show": "no"})
    page = text_of(here.get(PAGE))
    assert ("Autre chose." in page, "1 réponse" in page or "Réponses" in page) == (False, True)


def test_an_address_that_joins_too_often_must_wait_and_loses_nothing(antony: Community) -> None:
    designed(antony).started()
    with time_machine.travel(AT + timedelta(minutes=7), tick=False):  # a minute of no other test
        codes = [
            opened().post(f"{PAGE}panel/", {"name": f"Essai {n}", "agrees": "on"}).status_code
            for n in range(10)
        ]
        page = opened().post(f"{PAGE}panel/", {"name": "Camille", "agrees": "on"})
    assert (codes, page.status_code) == ([302] * 10, 422)
    assert "Trop d’essais d’affilée depuis cette adresse." in text_of(page)
    assert b'value="Camille"' in page.content
    assert models.Tester.objects.count() == 10


def test_frozen_figures_are_given_with_their_digest(antony: Community) -> None:
    found = with_figures(antony).evaluated()
    actions.decide_verdict(evaluation=found, verdict="generalise", at=AT, by=None)
    frozen = opened().get(f"{PAGE}evaluation/1.json")
    assert hashlib.sha256(frozen.content).hexdigest() == found.digest
    lines = opened().get(f"{PAGE}evaluation/1.csv").content.decode().splitlines()
    first = found.frozen["indicators"][0]["site"]["values"][0]
    assert lines[0] == "indicator,community,part,day,value"
    assert lines[1] == f"{KEY},antony,site,{FIRST.isoformat()},{first}"
    assert opened().get(f"{PAGE}evaluation/1.pdf").content.startswith(b"%PDF")
    api = opened().get("/api/fonds/experimentations/stationner-moins-longtemps/evaluations/1")
    told = json.loads(api.content)
    assert (told["proposed"], told["verdict"], told["digest"]) == (
        "generalise",
        "generalise",
        found.digest,
    )


def test_lists_files_and_api_give_the_same(antony: Community) -> None:
    found = with_figures(antony, grant=granted(antony)).evaluated()
    row = {
        "code": "stationner-moins-longtemps",
        "title": "Stationner moins longtemps",
        "question": "Un disque plus court fait-il tourner les places ?",
        "grant": "essai-2018",
        "service": "parking",
        "site": "antony",
        "insee": "92002",
        "state": "measured",
        "starts_on": START.isoformat(),
        "ends_on": LAST.isoformat(),
        "protocol_sha256": found.experiment.protocol_sha256,
        "verdict": None,
        "verdict_proposed": None,
        "decided_at": None,
        "evaluation": None,
        "demonstration": False,
    }
    assert json.loads(opened().get("/fonds/experimentations.json").content) == {
        "count": 1,
        "experiments": [row],
    }
    api = json.loads(opened().get("/api/fonds/experimentations").content)
    assert api == {"count": 1, "offset": 0, "limit": 50, "experiments": [row]}
    line = opened().get("/fonds/experimentations.csv").content.decode().splitlines()[1]
    assert line.startswith("stationner-moins-longtemps,Stationner moins longtemps,")
    one = json.loads(opened().get("/api/fonds/experimentations/stationner-moins-longtemps").content)
    assert one["indicators"][0]["indicator"] == KEY
    assert one["comparisons"] == ["bagneux", "montreuil", "sceaux"]
    assert opened().get("/api/fonds/experimentations?state=live").json()["count"] == 0


def test_a_page_costs_the_same_whatever_it_shows(
    antony: Community, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    two = (judge(control=CONTROL), judge("parking.tried_in_band"))
    for place, values in zip((antony, *towns()), live_series(), strict=True):
        observe(place, values)
        observe(place, values, "parking.tried_in_band")
    row = designed(antony, *two, compared=towns()).started()
    for number in range(10):
        known = {"experiment": row, "name": f"T{number}", "consent": "Oui.", "agrees": True}
        tester, _token = actions.enrol_tester(**known, at=AT, by=None)
        actions.give_feedback(tester=tester, useful=4, easy=5, words="Bien.", at=AT)
    known = {"experiment": row, "at": AT, "by": None}
    actions.log_difficulty(on=START, what="Une panne.", **known)
    client = opened()
    client.get(PAGE)
    with django_assert_max_num_queries(15):
        assert client.get(PAGE).status_code == 200
    assert Experiment.objects.get().state == "live"
