"""Evaluations: figures frozen, a verdict proposed, a person who decides, nothing written over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.models import Observation
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.notifications.models import Notification
from communs.services.fund import actions
from communs.services.fund.engine.evaluating import series
from communs.services.fund.engine.evaluating.assessing import assess
from communs.services.fund.enums import Duty, Verdict
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.models import Evaluation, Interest, Organisation
from communs.services.fund.queries import finding_words as findings
from communs.services.fund.queries import protocol_words
from communs.services.fund.queries.freezing import freeze
from tests.services.fund.experimenting import (
    AT,
    CONTROL,
    FIRST,
    KEY,
    LAST,
    OTHER_KEY,
    START,
    designed,
    judge,
    live_series,
    observe,
    towns,
    with_figures,
)
from tests.services.fund.filing import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_metropolis")]
_DAY = timedelta(days=1)


def told(evaluation: Evaluation, place: int = 0) -> list[tuple[str, str]]:
    """Give the doubts about an indicator, in English."""
    with override("en"):
        row = evaluation.results["indicators"][place]
        doubts = [findings.doubt(one, row["key"]) for one in row["gates"]]
        return [(one.sentence, one.follows) for one in doubts]


def test_an_effect_beside_three_communes_is_proposed_and_frozen(antony: Community) -> None:
    found = with_figures(antony).evaluated()
    site = live_series()[0]
    frozen = found.frozen
    line = frozen["indicators"][0]["site"]
    assert line["first"] == FIRST.isoformat()
    assert line["values"] == [
        None if value is None else pytest.approx(value, abs=1e-6) for value in site
    ]
    assert [row["community"] for row in frozen["comparisons"]] == ["bagneux", "montreuil", "sceaux"]
    assert (found.proposed, found.number, found.until) == ("generalise", 1, LAST)
    assert found.results["indicators"][0]["finding"] == "better"
    held = Evaluation.objects.get(pk=found.pk)
    assert series.digest(held.frozen) == held.digest
    assert assess(held.frozen) == held.results
    event = Event.objects.get(name="fund.experiment_evaluated")
    assert (event.data["proposed"], event.data["digest"]) == ("generalise", held.digest)


def test_what_is_measured_later_changes_nothing_and_another_evaluation_gets_its_number(
    antony: Community,
) -> None:
    tried = with_figures(antony)
    first = tried.evaluated()
    with within(antony):
        Observation.objects.filter(day__gte=START).update(value=1)
    second = actions.evaluate_experiment(experiment=tried.fresh(), at=AT, by=None)
    kept = Evaluation.objects.get(pk=first.pk)
    assert (kept.proposed, kept.digest) == (first.proposed, first.digest)
    assert (second.number, second.digest != first.digest) == (2, True)
    with override("en"), pytest.raises(Refused, match="A later evaluation exists"):
        actions.decide_verdict(evaluation=kept, verdict="generalise", at=AT, by=None)


def test_a_person_decides_beside_the_proposal_and_says_why_if_otherwise(
    antony: Community,
) -> None:
    tried = with_figures(antony)
    found = tried.evaluated()
    known: dict[str, Any] = {"evaluation": found, "at": AT, "by": None}
    with override("en"), pytest.raises(Refused) as raised:
        actions.decide_verdict(verdict="adapt", **known)
    assert (str(raised.value), raised.value.field) == (
        "You decide otherwise than what the figures propose: say why.",
        "reason",
    )
    actions.decide_verdict(verdict="adapt", reason="À revoir le samedi.", **known)
    row = Evaluation.objects.get()
    assert (row.proposed, row.verdict, row.reason) == ("generalise", "adapt", "À revoir le samedi.")
    assert tried.fresh().state == State.EVALUATED
    with pytest.raises(Refused):
        actions.decide_verdict(verdict="generalise", **known)
    for forged in ({"verdict": Verdict.ABANDON}, {"digest": "0" * 64}, {"decided_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evaluation.objects.filter(pk=row.pk).update(**forged)


def test_whom_it_concerns_does_not_decide(antony: Community) -> None:
    found = with_figures(antony).evaluated()
    manager = somebody("Gestion", Duty.MANAGER)
    body = Organisation.objects.create(kind="commune", name="Antony", body=antony)
    Interest.objects.create(person=manager, organisation=body, since=date(2020, 1, 1))
    with override("en"), pytest.raises(Refused, match="somebody else decides"):
        actions.decide_verdict(evaluation=found, verdict="generalise", at=AT, by=manager)


def test_the_commune_hears_of_the_start_and_of_the_verdict(antony: Community) -> None:
    found = with_figures(antony).evaluated()
    actions.decide_verdict(evaluation=found, verdict="generalise", at=AT, by=None)
    deliver(at=timezone.now())
    with within(antony):
        notices = set(Notification.objects.values_list("notice", flat=True))
    assert {"fund.experiment_started", "fund.verdict_decided"} <= notices


def test_nothing_is_evaluated_before_its_end(antony: Community) -> None:
    row = with_figures(antony).started()
    with override("en"), pytest.raises(Refused, match="on which day the trial ended"):
        actions.evaluate_experiment(experiment=row, at=AT, by=None)


def test_a_baseline_cut_to_three_days_says_so_and_proposes_nothing(antony: Community) -> None:
    observe(antony, live_series()[0])
    row = designed(antony).changed(judge(baseline_from=START - 3 * _DAY))
    row = actions.measure_experiment(experiment=row, on=LAST, at=AT, by=None)
    found = actions.evaluate_experiment(experiment=row, at=AT, by=None)
    assert found.proposed == Verdict.INCONCLUSIVE
    blocked = "This indicator concludes nothing."
    sentences = told(found)
    assert sentences[0] == (
        "The baseline has 3 days; 14 at least are needed, two whole weeks.",
        blocked,
    )
    assert sentences[1][0].startswith("Before the start, ")


def test_an_indicator_that_stopped_says_since_when(antony: Community) -> None:
    observe(antony, [50.0 + (n % 7) for n in range(110)])
    found = designed(antony).evaluated()
    last = FIRST + 109 * _DAY
    with override("en"):
        sentence = (
            f"The indicator stopped: its last value is of {last:%-d %B %Y},"
            f" {(LAST - last).days} days before the end."
        )
    assert (sentence, "This indicator concludes nothing.") in told(found)
    assert found.proposed == Verdict.INCONCLUSIVE


def test_a_commune_that_switched_the_service_on_midway_is_left_out(
    antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = with_figures(antony)
    place = towns()[0]
    moment = datetime.combine(START + 20 * _DAY, datetime.min.time(), AT.tzinfo)
    with within(place):
        Event(
            name="registry.service_set",
            at=moment,
            subject="registry.activation:x",
            data={"service": "parking", "on": True, "options": {}},
        ).save()
    found = tried.evaluated()
    assert found.frozen["comparisons"][2] == {
        "community": "sceaux",
        "name": "Sceaux",
        "left_out": "switched",
        "since": (START + 20 * _DAY).isoformat(),
    }
    with override("en"):
        sentence = f"Sceaux switched the service on or off on {START + 20 * _DAY:%-d %B %Y}:"
    assert told(found) == [(f"{sentence} it is left out.", "The other communes still count.")]
    assert found.proposed == "generalise"


def test_an_outlier_day_is_named(antony: Community) -> None:
    values = live_series()
    values[0][100] = 120.0
    for place, line in zip((antony, *towns()), values, strict=True):
        observe(place, line)
    found = designed(antony, compared=towns()).evaluated()
    when = FIRST + 100 * _DAY
    with override("en"):
        assert told(found)[0][0] == (
            f"Days far out for “{findings.title_of(KEY)}”: {when:%-d %B %Y}."
            " Without them, the conclusion is the same."
        )


def test_a_protocol_changed_after_the_start_weighs_on_the_verdict(antony: Community) -> None:
    tried = with_figures(antony)
    row = tried.started()
    actions.set_protocol(
        experiment=row,
        question=row.question,
        starts_on=START,
        ends_on=LAST + _DAY,
        indicators=[judge()],
        comparisons=towns(),
        reason="Une semaine de plus.",
        at=AT,
        by=None,
    )
    row = actions.measure_experiment(experiment=tried.fresh(), on=LAST, at=AT, by=None)
    found = actions.evaluate_experiment(experiment=row, at=AT, by=None)
    assert (found.proposed, found.results["rule"]) == ("prolong", "protocol_changed")
    (change,) = found.frozen["changes"]
    assert change["reason"] == "Une semaine de plus."
    assert (change["before"]["ends_on"], change["after"]["ends_on"]) == (
        LAST.isoformat(),
        (LAST + _DAY).isoformat(),
    )


def test_a_change_of_the_protocol_is_told_with_what_was_and_what_is(antony: Community) -> None:
    tried = designed(antony, judge(target=Decimal(12)), compared=towns(2))
    row = tried.started()
    actions.set_protocol(
        experiment=row,
        question="Et le samedi ?",
        starts_on=START,
        ends_on=LAST,
        indicators=[
            judge(baseline_from=START - 3 * _DAY, target=Decimal(14), control=CONTROL),
            judge(OTHER_KEY, baseline_from=START - 3 * _DAY),
        ],
        comparisons=towns(1),
        reason="La référence a été mal mesurée.",
        at=AT,
        by=None,
    )
    with override("en"):
        frozen = freeze(tried.fresh(), LAST, on=AT.date())
        (change,) = protocol_words.told(frozen["changes"])
        title, other = (findings.title_of(key) for key in (KEY, OTHER_KEY))
    assert (change.on, change.reason) == (AT.date(), "La référence a été mal mesurée.")
    assert change.lines == [
        f"Question: {row.question} → Et le samedi ?",
        "Baseline: from 1 January 2026 to 1 March 2026 → from 27 February 2026 to 1 March 2026",
        f"{title}, aim: should rise to 12 → should rise to 14",
        f"{title}, control: none → Rotation in control zones",
        f"Indicator added: {other}",
        "Communes compared with: Bagneux, Sceaux → Sceaux",
    ]


def test_what_was_frozen_before_changes_were_kept_whole_is_still_read() -> None:
    old = {"at": "2026-03-05T10:00:00+00:00", "reason": "Travaux."}
    assert protocol_words.told([old]) == [
        protocol_words.Told(date(2026, 3, 5), "Travaux.", []),
    ]


def test_paused_days_are_left_out(antony: Community) -> None:
    row = with_figures(antony).started()
    known: dict[str, Any] = {"at": AT, "by": None}
    pause = (START + 5 * _DAY, START + 9 * _DAY)
    row = actions.pause_experiment(experiment=row, on=pause[0], reason="Travaux.", **known)
    row = actions.resume_experiment(experiment=row, on=pause[1], **known)
    row = actions.measure_experiment(experiment=row, on=LAST, **known)
    found = actions.evaluate_experiment(experiment=row, **known)
    assert found.frozen["pauses"] == [[pause[0].isoformat(), pause[1].isoformat()]]


def test_a_control_indicator_and_no_data_at_all_are_told(antony: Community) -> None:
    observe(antony, live_series()[0])
    observe(antony, live_series()[1], CONTROL)
    two = (judge(control=CONTROL), judge("parking.tried_in_band"))
    found = designed(antony, *two).evaluated()
    one, other = found.results["indicators"]
    assert (one["against"], one["against_names"], one["finding"]) == (
        "control",
        [CONTROL],
        "better",
    )
    assert (other["finding"], other["before_days"], found.proposed) == ("unusable", 0, "prolong")
    assert found.results["rule"] == "some_unsure"


def test_another_way_of_counting_midway_is_told(antony: Community) -> None:
    site = live_series()[0]
    observe(antony, site[:100])
    observe(antony, site[100:], first=FIRST + 100 * _DAY, version=2)
    found = designed(antony).evaluated()
    assert any(sentence.startswith("It has been counted") for sentence, _ in told(found))
    assert found.frozen["indicators"][0]["key"] == KEY
