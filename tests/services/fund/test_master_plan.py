"""The master plan: workstreams, lessons and their review, and grants from rung to rung."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.actions import action, record
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.notifications.models import Notification
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.fund import actions, queries
from communs.services.fund.enums import Challenge, Duty, ExperimentState, LessonState, Verdict
from communs.services.fund.models import Evaluation, Grant, Lesson, Session, Workstream
from communs.services.fund.queries import master_plan as plan
from communs.services.fund.queries.master_plan import Rung
from tests.services.fund import cases, proving
from tests.services.fund.cases import appointed, client_of, person_of
from tests.services.fund.filing import filing, somebody
from tests.services.fund.proving import AT, DAY

pytestmark = pytest.mark.django_db
PLAN = "/en/fonds/schema-directeur/"
MANAGE = "/en/fonds/gestion/schema-directeur/"


@pytest.fixture
def here(metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Iterator[Community]:
    monkeypatch.setattr(timezone, "now", lambda: AT + DAY)
    with within(metropolis), override("en"):
        yield metropolis


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def stream(**values: Any) -> Workstream:
    given = {"challenge": "agile", "title": "Administration en ligne", "summary": "", "by": None}
    return actions.add_workstream(**given | values)


def lesson(evaluation: Evaluation | None = None, **values: Any) -> Lesson:
    given: dict[str, Any] = {
        "evaluation": evaluation or proving.evaluated(),
        "challenge": "agile",
        "finding": "Les places tournent plus vite.",
        "at": AT,
        "by": None,
    }
    return actions.propose_lesson(**given | values)


def reviewed(row: Lesson, outcome: str = "accepted", **values: Any) -> Lesson:
    return actions.review_lesson(lesson=row, outcome=outcome, **{"at": AT, "by": None} | values)


def row_of(challenge: Challenge | None = Challenge.AGILE) -> plan.Row:
    return next(one for one in plan.rows() if one.challenge == challenge)


def test_a_workstream_is_added_changed_and_closed_once(here: Community) -> None:
    row = stream()
    assert (row.code, row.position) == ("administration-en-ligne", 1)
    assert stream(title="Outils de décision").position == 2
    with pytest.raises(Refused, match="Another workstream has this name"):
        stream()
    with pytest.raises(Refused, match="Choose a challenge"):
        stream(title="Fibre", challenge="nulle")
    with pytest.raises(Refused, match="letters and digits"):
        stream(title="…")
    known: dict[str, Any] = {"workstream": row, "summary": "Tout en ligne.", "by": None}
    actions.change_workstream(challenge="inclusive", title="En ligne", **known)
    row.refresh_from_db()
    changed = ("administration-en-ligne", "inclusive", "En ligne")
    assert (row.code, row.challenge, row.title) == changed
    actions.close_workstream(workstream=row, on=AT.date(), at=AT, by=None)
    with pytest.raises(Refused, match="still to come"):
        actions.close_workstream(workstream=row, on=AT.date() + DAY, at=AT, by=None)
    with pytest.raises(Refused, match="closed already"):
        actions.close_workstream(workstream=row, on=AT.date(), at=AT, by=None)


def test_each_evaluation_yields_one_lesson_whatever_its_verdict(here: Community) -> None:
    failed = proving.evaluated(verdict=Verdict.ABANDON)
    assert lesson(failed).state == LessonState.PROPOSED
    assert lesson(failed).pk == Lesson.objects.get().pk
    undecided = proving.evaluated(verdict="", decided_at=None, proposed="adapt")
    with pytest.raises(Refused, match="Nobody has decided"):
        lesson(undecided)


@action("fund.verdict_decided")
def decide(*, evaluation: Evaluation, by: Any) -> None:
    record(evaluation, experiment=evaluation.experiment.code, number=evaluation.number)


def test_a_verdict_draws_its_lesson_once_and_who_reviews_is_told(here: Community) -> None:
    secretary = appointed(Duty.SECRETARY)
    evaluation = proving.evaluated()
    decide(evaluation=evaluation, by=None)
    decide(evaluation=evaluation, by=None)
    deliver(AT)
    deliver(AT)
    found = Lesson.objects.get()
    assert (found.challenge, found.finding, found.recommendation) == (
        "agile",
        "Les places tournent plus vite.",
        "Essayer ailleurs.",
    )
    told = Notification.objects.filter(person=secretary)
    assert list(told.values_list("notice", flat=True)) == ["fund.lesson_to_review"]


def test_without_a_challenge_the_evaluation_waits_for_a_manager(here: Community) -> None:
    evaluation = proving.evaluated(proving.tried(proving.granted(challenge=None)))
    decide(evaluation=evaluation, by=None)
    deliver(AT)
    assert not Lesson.objects.exists()
    manager = client_of(appointed(Duty.MANAGER))
    address = f"{MANAGE}evaluations/{evaluation.pk}/"
    assert address in text(manager, MANAGE)
    given = {"challenge": "", "workstream": "", "finding": "Gardé.", "recommendation": ""}
    answer = manager.post(address, given)
    assert answer.status_code == 422
    assert "Gardé.</textarea>" in answer.content.decode()
    assert manager.post(address, given | {"challenge": "inclusive"}).status_code == 302
    assert Lesson.objects.get().challenge == "inclusive"


def test_what_one_session_accepts_makes_one_edition(here: Community) -> None:
    held = Session.objects.create(kind="committee", held_at=AT)
    later = Session.objects.create(kind="committee", held_at=AT + DAY)
    numbers = [
        reviewed(lesson(), session=session, at=at).edition
        for session, at in (
            (held, AT),
            (held, AT + 2 * DAY),
            (later, AT + DAY),
            (None, AT + 3 * DAY),
            (None, AT + 3 * DAY + timedelta(hours=1)),
            (None, AT + 4 * DAY),
        )
    ]
    assert numbers == [1, 1, 2, 3, 3, 4]
    assert [(one.number, len(one.lessons)) for one in plan.editions()] == [
        (4, 1),
        (3, 2),
        (2, 1),
        (1, 2),
    ]
    assert plan.last_edition() == (4, AT + 4 * DAY)


def test_what_is_sent_back_says_why_and_comes_back(here: Community) -> None:
    row = lesson()
    for outcome in ("sent_back", "refused"):
        with pytest.raises(Refused, match="Say why"):
            reviewed(row, outcome)
    row = reviewed(row, "sent_back", reason="Trop court.")
    with pytest.raises(Refused, match="does not wait for a review"):
        reviewed(row)
    known: dict[str, Any] = {"lesson": row, "challenge": "agile", "at": AT, "by": None}
    with pytest.raises(Refused, match="Write what was found"):
        actions.write_lesson(finding=" ", **known)
    row = actions.write_lesson(finding="Plus long.", **known)
    row = reviewed(row)
    assert (row.state, row.finding, row.edition) == ("accepted", "Plus long.", 1)
    with pytest.raises(Refused, match="can no longer be changed"):
        actions.write_lesson(finding="Autre.", **known)


def test_a_lesson_keeps_to_its_challenge_and_to_the_committee(here: Community) -> None:
    with pytest.raises(Refused, match="workstream of this challenge"):
        lesson(workstream=stream(challenge="inclusive"))
    bureau = Session.objects.create(kind="bureau", held_at=AT)
    with pytest.raises(Refused, match="session of the committee"):
        reviewed(lesson(), session=bureau)


def judged(body: Community) -> tuple[Lesson, Any]:
    """A lesson from the experiment of a file that this commune leads."""
    file = filing().file(body, stage="reviewed")
    experiment = proving.tried(proving.granted(body.slug))
    row = lesson(proving.evaluated(experiment))
    return row, file


def test_who_is_concerned_neither_sees_nor_reviews(here: Community, sceaux: Community) -> None:
    row, _file = judged(sceaux)
    mandated = somebody("Ana", Duty.CHAIR, mandate=sceaux)
    free = somebody("Bo", Duty.CHAIR)
    address = f"{MANAGE}enseignements/{row.pk}/"
    for person, status in ((mandated, 404), (free, 200)):
        client = client_of(person)
        text(client, address, status)
        text(client, f"{address}avis/", status)
        assert (address in text(client, MANAGE)) == (status == 200)
    given = {"outcome": "accepted", "session": "", "reason": ""}
    assert client_of(mandated).post(f"{address}avis/", given).status_code == 404
    assert client_of(free).post(f"{address}avis/", given).status_code == 302
    row.refresh_from_db()
    assert row.edition == 1


def test_a_lesson_is_written_by_a_manager_and_reviewed_by_who_runs_the_committee(
    here: Community,
) -> None:
    row = lesson()
    address = f"{MANAGE}enseignements/{row.pk}/"
    manager, secretary = client_of(appointed(Duty.MANAGER)), client_of(appointed(Duty.SECRETARY))
    given = {"challenge": "agile", "workstream": "", "finding": "Mieux.", "recommendation": ""}
    assert secretary.post(f"{address}modifier/", given).status_code in (403, 404)
    assert manager.post(f"{address}modifier/", given).status_code == 302
    back = {"outcome": "sent_back", "session": "", "reason": ""}
    answer = secretary.post(f"{address}avis/", back)
    assert (answer.status_code, "Say why" in answer.content.decode()) == (422, True)
    assert secretary.post(f"{address}avis/", back | {"reason": "Trop court."}).status_code == 302
    assert "Trop court." in text(manager, address)
    deliver(AT)
    told = Notification.objects.filter(notice="fund.lesson_sent_back")
    assert [one.data["reason"] for one in told] == ["Trop court."]
    assert client_of(person_of("sceaux")).get(MANAGE).status_code == 404


def test_workstreams_are_written_on_their_pages(here: Community) -> None:
    manager = client_of(appointed(Duty.MANAGER))
    given = {"challenge": "connected", "title": "", "summary": "Partout.", "position": ""}
    answer = manager.post(f"{MANAGE}chantiers/ajouter/", given)
    assert (answer.status_code, "Partout.</textarea>" in answer.content.decode()) == (422, True)
    assert (
        manager.post(f"{MANAGE}chantiers/ajouter/", given | {"title": "Fibre"}).status_code == 302
    )
    row = Workstream.objects.get()
    assert "Fibre" in text(Client(), PLAN)
    change = given | {"title": "La fibre", "position": "3"}
    assert manager.post(f"{MANAGE}chantiers/{row.pk}/modifier/", change).status_code == 302
    closing = f"{MANAGE}chantiers/{row.pk}/clore/"
    assert manager.post(closing, {"on": "2026-11-02"}).status_code == 302
    assert "La fibre" not in text(Client(), PLAN)
    assert "closed on 2 November 2026" in text(Client(), f"{PLAN}connected/")


def test_grants_climb_from_funded_to_replicated(here: Community) -> None:
    Grant.objects.all()  # those of 2018 stay beside these
    before = row_of().counts
    designed = proving.tried(proving.granted(), state=ExperimentState.DESIGNED)
    proving.tried(proving.granted(), state=ExperimentState.LIVE)
    failed = proving.evaluated(verdict=Verdict.ABANDON)
    proving.evaluated()
    turned = proving.evaluated()
    proving.evaluated(turned.experiment, Verdict.INCONCLUSIVE)
    proving.confirmed(proving.offered())
    after = row_of().counts
    assert {rung: after[rung] - before[rung] for rung in Rung.values} == {
        "financees": 6,
        "en-service": 5,
        "prouvees": 2,
        "repliquees": 1,
    }
    proven = set(plan.grants_at(Challenge.AGILE, Rung.PROVEN))
    assert designed.grant not in proven
    assert failed.experiment.grant not in proven


def test_each_figure_is_the_number_of_its_rows(here: Community) -> None:
    proving.granted(challenge=None)
    proving.tried(proving.granted(), state=ExperimentState.LIVE)
    proving.confirmed(proving.offered())
    for row in plan.rows():
        for rung in Rung:
            assert plan.grants_at(row.challenge, rung).count() == row.counts[rung]


def test_a_service_that_answers_and_runs_makes_a_grant_live(here: Community) -> None:
    service = by_key("parking")
    assert service is not None
    grant = Grant.objects.get(row=3)
    challenge = Challenge(grant.challenge)
    before = row_of(challenge)
    with within(grant.beneficiary):
        set_service(service=service, on=False, options={}, by=None)
    assert grant not in plan.grants_at(challenge, Rung.LIVE)
    with within(grant.beneficiary):
        set_service(service=service, on=True, options={}, by=None)
    assert grant in plan.grants_at(challenge, Rung.LIVE)
    assert row_of(challenge).silent == before.silent


def test_what_nothing_tells_of_is_unknown_and_not_none(here: Community) -> None:
    Grant.objects.filter(challenge="connected").update(challenge="agile")
    assert row_of(Challenge.CONNECTED).known(Rung.LIVE) == 0
    proving.granted(challenge="connected")
    row = row_of(Challenge.CONNECTED)
    assert (row.counts["financees"], row.silent, row.known(Rung.LIVE)) == (1, 1, None)
    assert plan.rows()[0].known(Rung.FUNDED) == 1
    (told,) = [one for one in _json() if one["challenge"] == "connected"]
    assert told == {
        "challenge": "connected",
        "funded": 1,
        "live": None,
        "live_unknown": 1,
        "proven": None,
        "replicated": None,
        "workstreams": 0,
        "lessons": 0,
    }


def _json() -> list[dict[str, Any]]:
    return Client().get("/fonds/schema-directeur.json").json()


def test_the_page_says_it_all_and_leads_to_the_rows(here: Community) -> None:
    proving.confirmed(proving.offered())
    stream()
    reviewed(lesson(Evaluation.objects.get(), recommendation="Partout."))
    page = text(Client(), PLAN)
    for said in (
        "From funded to taken over",
        "Administration en ligne",
        "Les places tournent plus vite.",
        "This is edition 1, of 1 November 2026.",
        f"{PLAN}agile/?etape=repliquees",
        "What each figure means",
    ):
        assert said in page, said
    grant = Evaluation.objects.get().experiment.grant
    for rung in Rung.values:
        assert grant.title in text(Client(), f"{PLAN}agile/?etape={rung}")
    assert "Partout." in text(Client(), f"{PLAN}agile/")
    assert "Partout." in text(Client(), f"{PLAN}editions/")
    assert "Première édition" not in text(Client(), "/fonds/schema-directeur/")


def test_addresses_that_mean_nothing_are_not_found(here: Community) -> None:
    for address in ("nulle/", "agile/?etape=nulle", "agile/?page=99", "editions/?page=9"):
        text(Client(), f"{PLAN}{address}", 404)
    proving.granted(challenge=None)
    assert "Without a challenge" in text(Client(), PLAN)
    assert "Essai" in text(Client(), f"{PLAN}non-classes/")


def test_the_plan_is_in_french_too(here: Community) -> None:
    page = text(Client(), "/fonds/schema-directeur/")
    for said in ("Schéma directeur", "Ce que veut dire chaque chiffre", "inconnu"):
        assert said in page, said
    assert "Éditions du schéma directeur" in text(Client(), "/fonds/schema-directeur/editions/")


def test_the_same_figures_in_files_and_by_the_api(here: Community) -> None:
    proving.granted(challenge=None)
    rows = _json()
    assert [one["challenge"] for one in rows] == [*Challenge.values, None]
    assert Client().get("/api/fonds/schema-directeur").json() == rows
    file = Client().get("/fonds/schema-directeur.csv").content.decode("utf-8-sig")
    assert [one["funded"] for one in csv.DictReader(StringIO(file))] == [
        str(one["funded"]) for one in rows
    ]


def test_the_plan_costs_the_same_whatever_there_is(
    here: Community, django_assert_max_num_queries: Any
) -> None:
    proving.granted(challenge=None)
    with django_assert_max_num_queries(12):
        text(Client(), PLAN)
    for n in range(6):
        reviewed(lesson(), at=AT + n * DAY)
        stream(title=f"Chantier {n}")
    for address in (PLAN, f"{PLAN}agile/", f"{PLAN}editions/"):
        with django_assert_max_num_queries(12):
            text(Client(), address)


def test_a_file_is_sent_under_a_challenge_only(in_metropolis: Community) -> None:
    with override("en"):
        made = cases.ready(cases.call_made())
        made.challenges = []
        made.save(update_fields=["challenges"])
        told = queries.obstacles(cases.whole(made), at=cases.AT)
    assert [one.sentence for one in told] == ["Choose at least one challenge of the master plan."]
    assert Event.objects.filter(name="fund.application_begun").exists()
