"""Experiments: designed, agreed, switched on by a signature, started, measured; what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.validators import slug_re
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.models import Activation, activations
from communs.core.registry.queries import by_key
from communs.core.search.models import Document
from communs.services.fund import actions, models
from communs.services.fund.actions.experiments import RESERVED
from communs.services.fund.engine.evaluating import moves
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.listeners import configure_from_agreement
from communs.services.fund.models import (
    Difficulty,
    Experiment,
    Feedback,
    Grant,
)
from communs.services.fund.queries import experiments as queries
from communs.services.fund.urls.experiments import urlpatterns
from tests.services.fund.agreeing import awarded
from tests.services.fund.experimenting import (
    AT,
    LAST,
    START,
    designed,
    granted,
)
from tests.services.fund.filing import filing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_metropolis")]
_DAY = timedelta(days=1)


def refused(call: Any, **known: Any) -> tuple[str, str | None]:
    """Give the sentence and the field of a refusal."""
    with override("en"), pytest.raises(Refused) as raised:
        call(**known)
    return str(raised.value), raised.value.field


def test_an_experiment_never_takes_a_word_of_the_addresses(antony: Community) -> None:
    known: dict[str, Any] = {"question": "Q ?", "service": "parking", "site": antony, "at": AT}
    named = [
        actions.design_experiment(grant=granted(antony, f"g{n}"), title="Panel", by=None, **known)
        for n in range(2)
    ]
    assert [row.code for row in named] == ["panel-2", "panel-3"]
    begin = "experimentations/"
    tails = [str(one.pattern) for one in urlpatterns if str(one.pattern).startswith(begin)]
    words = {tail.removeprefix(begin).partition("/")[0] for tail in tails}
    assert {word for word in words if slug_re.fullmatch(word)} <= RESERVED


def test_nothing_starts_without_an_agreed_protocol(antony: Community) -> None:
    row = designed(antony, agreed=False).experiment
    row = actions.configure_experiment(experiment=row, at=AT, by=None)
    known = {"experiment": row, "at": AT, "by": None}
    assert refused(actions.start_experiment, on=START, **known)[0] == (
        "The protocol is not agreed yet: it has to be, before the start."
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Experiment.objects.filter(pk=row.pk).update(state=State.LIVE)
    row = actions.agree_protocol(experiment=row, at=AT, by=None)
    known["experiment"] = row
    assert refused(actions.start_experiment, on=START - _DAY, **known) == (
        "It starts after the last day of the baseline.",
        "on",
    )
    assert refused(actions.start_experiment, on=date(2027, 1, 1), **known)[1] == "on"
    assert actions.start_experiment(on=START, **known).state == State.LIVE


@pytest.mark.parametrize("before", State.values)
def test_only_the_moves_of_the_table_are_made(antony: Community, before: str) -> None:
    row = designed(antony).experiment
    Experiment.objects.filter(pk=row.pk).update(state=before)
    known: dict[str, Any] = {"experiment": row, "at": AT, "by": None}
    tries: dict[str, Any] = {
        "configured": lambda: actions.configure_experiment(**known),
        "live": lambda: (
            actions.resume_experiment(on=START, **known)
            if before == "paused"
            else actions.start_experiment(on=START, **known)
        ),
        "paused": lambda: actions.pause_experiment(on=START, reason="Travaux.", **known),
        "measured": lambda: actions.measure_experiment(on=LAST, **known),
        "abandoned": lambda: actions.abandon_experiment(reason="Sans objet.", **known),
    }
    for after, move in tries.items():
        with transaction.atomic():
            if moves.allowed(before, after):
                assert move().state == after
            else:
                with pytest.raises(Refused):
                    move()
                assert Experiment.objects.get(pk=row.pk).state == before
            transaction.set_rollback(True)


def test_a_pause_leaves_its_days_and_its_reason(antony: Community) -> None:
    row = designed(antony).started()
    on = START + 10 * _DAY
    known: dict[str, Any] = {"at": AT, "by": None}
    row = actions.pause_experiment(experiment=row, on=on, reason="Capteurs volés.", **known)
    row = actions.resume_experiment(experiment=row, on=on + 4 * _DAY, **known)
    assert queries.pauses(row, LAST) == [(on, on + 4 * _DAY)]
    trouble = Difficulty.objects.get()
    assert (trouble.what, trouble.settled_on) == ("Capteurs volés.", on + 4 * _DAY)
    actions.pause_experiment(experiment=row, on=on + 6 * _DAY, reason="Encore.", **known)
    assert queries.pauses(row, LAST)[1] == (on + 6 * _DAY, LAST)


def test_it_does_not_resume_before_it_was_paused(antony: Community) -> None:
    row = designed(antony).started()
    on = START + 10 * _DAY
    known: dict[str, Any] = {"experiment": row, "at": AT, "by": None}
    actions.pause_experiment(on=on, reason="Travaux.", **known)
    told = refused(actions.resume_experiment, on=on - _DAY, **known)
    assert told == ("It was not paused yet on that day.", "on")


def test_a_page_is_public_and_found_from_its_start(antony: Community) -> None:
    tried = designed(antony)
    assert not queries.public_experiments().exists()
    tried.started()
    assert list(queries.public_experiments()) == [tried.experiment]
    found = Document.objects.get(subject=f"fund.experiment:{tried.experiment.pk}")
    assert (found.title, found.route) == ("Stationner moins longtemps", "fund:experiment")


def test_given_up_before_the_start_it_stays_unknown_to_others(antony: Community) -> None:
    known: dict[str, Any] = {"reason": "La commune renonce.", "at": AT, "by": None}
    actions.abandon_experiment(experiment=designed(antony).experiment, **known)
    assert not queries.public_experiments().exists()


def settings_of_parking(place: Community) -> str:
    """Give what the administrator of a commune reads about the service."""
    with within(place):
        membership, _new = Membership.objects.get_or_create(
            person=Person.objects.get_or_create(email="mairie@demo.example")[0],
            role=Role.ADMINISTRATOR,
        )
    activations.forget()
    client = Client()
    client.force_login(membership.person)
    return client.get(f"/{place.slug}/reglages/services/parking/").content.decode()


def test_a_signed_agreement_switches_the_service_on_once(
    metropolis: Community, sceaux: Community
) -> None:
    award = awarded(filing(), sceaux)
    tried = designed(sceaux, grant=award.grant)
    with within(sceaux):
        assert not Activation.objects.filter(service="parking", on=True).exists()
    agreement = award.signed()
    deliver(at=timezone.now())
    provenance = f"fund: {tried.experiment.code}, {agreement.number}"
    assert tried.fresh().state == State.CONFIGURED
    with within(sceaux):
        row = Activation.objects.get(service="parking")
        assert (row.on, row.provenance) == (True, provenance)
    page = settings_of_parking(sceaux)
    assert f"par la convention signée {agreement.number}, pour l’expérimentation" in page
    assert f'href="/fonds/experimentations/{tried.experiment.code}/"' in page
    with within(sceaux):
        event = Event.objects.filter(name="registry.service_set").latest("id")
        assert event.data == {
            "service": "parking",
            "on": True,
            "options": row.options,
            "provenance": provenance,
        }
        service = by_key("parking")
        assert service is not None
        set_service(service=service, on=False, by=None)
    signed = Event.objects.get(name="fund.agreement_signed")
    configure_from_agreement(signed)  # heard twice
    with within(sceaux):
        assert not Activation.objects.get(service="parking").on
    assert "par la convention signée" not in settings_of_parking(sceaux)
    assert tried.fresh().state == State.CONFIGURED


def test_a_service_that_is_on_keeps_its_options(antony: Community, sceaux: Community) -> None:
    award = awarded(filing(), sceaux)
    designed(sceaux, grant=award.grant)
    service = by_key("parking")
    assert service is not None
    with within(sceaux):
        kept = set_service(service=service, on=True, by=None).options
    award.signed()
    deliver(at=timezone.now())
    with within(sceaux):
        row = Activation.objects.get(service="parking")
    assert (row.on, row.options, bool(row.provenance)) == (True, kept, True)


def test_a_grant_has_one_experiment_with_a_service_that_is_installed(antony: Community) -> None:
    grant = granted(antony)
    designed(antony, grant=grant)
    known: dict[str, Any] = {"title": "T", "question": "Q ?", "site": antony, "at": AT, "by": None}
    again = {"grant": grant, "service": "parking"} | known
    assert refused(actions.design_experiment, **again)[1] == "grant"
    other = {"grant": granted(antony, "autre"), "service": "nowhere"} | known
    assert refused(actions.design_experiment, **other) == (
        "This service is not installed here.",
        "service",
    )
    assert Grant.objects.filter(reference="autre").exists()


def test_milestones_difficulties_and_visits_keep_their_days(antony: Community) -> None:
    row = designed(antony).started()
    known: dict[str, Any] = {"at": AT, "by": None}
    milestone = actions.add_milestone(
        experiment=row, title="Panneaux posés", due_on=START + _DAY, by=None
    )
    reached = actions.reach_milestone(milestone=milestone, on=START, **known)
    assert reached.reached_on == START
    assert refused(actions.reach_milestone, milestone=milestone, on=START, **known)[0] == (
        "It was reached already."
    )
    trouble = actions.log_difficulty(experiment=row, on=START, what="Une panne.", **known)
    late = {"difficulty": trouble, "solution": "Réparé."}
    assert refused(actions.settle_difficulty, on=START - _DAY, **late, **known)[1] == "on"
    assert actions.settle_difficulty(on=START, **late, **known).solution == "Réparé."
    visit = actions.note_visit(experiment=row, on=START, seen="Tout marche.", **known)
    assert (visit.seen, visit.by) == ("Tout marche.", None)


def test_a_resident_tests_with_consent_answers_and_leaves(antony: Community) -> None:
    row = designed(antony).started()
    known: dict[str, Any] = {
        "experiment": row,
        "name": "Camille",
        "consent": "J’accepte.",
        "at": AT,
    }
    assert refused(actions.enrol_tester, agrees=False, by=None, **known)[1] == "agrees"
    tester, token = actions.enrol_tester(
        agrees=True, contact="camille@example.org", by=None, **known
    )
    assert token not in (tester.token_digest, tester.contact)
    assert queries.tester(token) == tester
    for useful in (3, 5):
        actions.give_feedback(tester=tester, useful=useful, easy=4, words="Bien.", at=AT)
    assert list(Feedback.objects.values_list("useful", "easy", "words")) == [(5, 4, "Bien.")]
    assert refused(actions.give_feedback, tester=tester, useful=6, easy=1, at=AT)[1] == "useful"
    actions.leave_panel(tester=tester, at=AT)
    assert not models.Tester.objects.exists()
    assert queries.tester(token) is None
    assert Feedback.objects.get().tester is None
    assert "camille" not in str(list(Event.objects.values_list("data", flat=True))).lower()


def test_nobody_joins_what_is_over(antony: Community) -> None:
    row = designed(antony).measured()
    known: dict[str, Any] = {"experiment": row, "name": "Camille", "consent": "Oui.", "by": None}
    told = refused(actions.enrol_tester, agrees=True, at=AT, **known)
    assert told == ("The panel of this experiment is not open.", None)
