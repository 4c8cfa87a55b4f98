"""The demonstration's master plan and commons, made from what was evaluated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.models import Observation
from communs.core.journal.delivery import deliver
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.fund.demo import commons, courbevoie, master_plan
from communs.services.fund.enums import CommonState
from communs.services.fund.models import (
    Common,
    Evaluation,
    Experiment,
    Lesson,
    Replication,
    Workstream,
)
from communs.services.fund.queries.commons import bundles_of, offerable
from tests.services.fund import proving

pytestmark = pytest.mark.django_db


def test_nothing_is_offered_while_nothing_is_proven(in_metropolis: Community) -> None:
    master_plan.load()
    master_plan.teach(timezone.now())
    commons.load(timezone.now())
    assert Workstream.objects.count() == 9
    assert not Common.objects.exists()
    assert not Lesson.objects.exists()


def test_what_is_proven_is_taught_offered_and_taken_over(in_metropolis: Community) -> None:
    results = {"indicators": [{"key": proving.INDICATOR, "before_after": {"after": 4.5}}]}
    proving.evaluated(results=results)
    Experiment.objects.update(demonstration=True)
    proving.shared()
    at = timezone.now()
    master_plan.teach(at)
    commons.load(at)
    deliver(at)
    assert [one.edition for one in Lesson.objects.all()] == [1]
    common, copy = Common.objects.get(), Replication.objects.get()
    assert (common.state, copy.state) == (CommonState.CONFIRMED, "confirmed")
    lesson = Lesson.objects.get()
    decided = lesson.evaluation.decided_at
    assert decided <= lesson.written_at < lesson.reviewed_at < common.offered_at
    assert copy.measured[0]["days"] == (at.date() - common.offered_at.date()).days
    with within(copy.place):
        sources = Observation.objects.filter(indicator=proving.INDICATOR).values_list("source")
        assert {source for (source,) in sources} == {"Chiffres inventés pour la démonstration"}


def test_one_lesson_and_one_success_wait_for_somebody(in_metropolis: Community) -> None:
    at = timezone.now()
    results = {"indicators": [{"key": proving.INDICATOR, "before_after": {"after": 4.5}}]}
    proving.evaluated(results=results, decided_at=at - timedelta(days=20))
    Experiment.objects.update(demonstration=True)
    proving.shared()
    service = by_key("delivery")
    assert service is not None
    with within(proving.place("courbevoie")):
        set_service(service=service, on=True, by=None)
    courbevoie.load(at, None)
    latest = Evaluation.objects.get(experiment__site__slug="courbevoie")
    assert (latest.verdict, latest.frozen["demonstration"]) == (latest.proposed, True)
    master_plan.teach(at)
    commons.load(at)
    deliver(at)
    states = Lesson.objects.order_by("written_at").values_list("state", flat=True)
    assert list(states) == ["accepted", "proposed"]
    (waiting,) = offerable()
    assert waiting == latest
    assert len(bundles_of(waiting.experiment)) == 1
