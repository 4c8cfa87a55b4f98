"""Protocols: what is refused, what is agreed, what is kept of a change after the start."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from communs.core.communities.models import Community
from communs.core.journal.models import Event
from communs.services.fund import actions
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.forms import AppointmentForm
from communs.services.fund.models import (
    Experiment,
    ProtocolChange,
)
from communs.services.fund.queries import experiments as queries
from tests.services.fund.experimenting import (
    AT,
    CONTROL,
    FIRST,
    LAST,
    START,
    designed,
    judge,
    observe,
)
from tests.services.fund.test_experiments import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_metropolis")]
_DAY = timedelta(days=1)
WHERE = "where something is tried"


def test_a_protocol_is_agreed_with_its_digest_and_again_after_a_change(antony: Community) -> None:
    tried = designed(antony, judge(control=CONTROL))
    row = tried.experiment
    assert row.code == "stationner-moins-longtemps"
    assert row.protocol_sha256 == queries.protocol_digest(actions_hold(row))
    assert queries.protocol_of(actions_hold(row)) == {
        "question": "Un disque plus court fait-il tourner les places ?",
        "service": "parking",
        "site": "antony",
        "starts_on": START.isoformat(),
        "ends_on": LAST.isoformat(),
        "indicators": [
            {
                "indicator": "parking.tried_rotation",
                "version": 1,
                "control": "parking.control_rotation",
                "aim": "up",
                "baseline": [FIRST.isoformat(), (START - _DAY).isoformat()],
                "target": None,
                "least_days": 14,
            }
        ],
        "comparisons": [],
    }
    changed = _set(row, ends_on=LAST + _DAY)
    assert (changed.agreed_at, changed.protocol_sha256) == (None, "")
    assert not ProtocolChange.objects.exists()


def actions_hold(row: Experiment) -> Experiment:
    return queries.with_protocol(Experiment.objects.filter(pk=row.pk)).get()


def _set(row: Experiment, **more: Any) -> Experiment:
    known = {
        "question": row.question,
        "starts_on": START,
        "ends_on": LAST,
        "indicators": [judge(control=CONTROL)],
    }
    return actions.set_protocol(experiment=row, **(known | more), at=AT, by=None)


def test_a_protocol_changed_after_the_start_says_why_and_keeps_what_was(
    antony: Community,
) -> None:
    row = designed(antony, judge(control=CONTROL)).started()
    assert refused(_set, row=row, ends_on=LAST + _DAY) == (
        "It has begun: say why the protocol changes. The page will show it.",
        "reason",
    )
    after = _set(row, ends_on=LAST + _DAY, reason="Deux semaines de travaux.")
    change = ProtocolChange.objects.get()
    assert (change.before["ends_on"], change.after["ends_on"], change.reason) == (
        LAST.isoformat(),
        (LAST + _DAY).isoformat(),
        "Deux semaines de travaux.",
    )
    assert (after.protocol_sha256, after.state) == (row.protocol_sha256, State.LIVE)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProtocolChange.objects.filter(pk=change.pk).update(reason="Autre")


def test_the_start_stays_once_it_is_past(antony: Community) -> None:
    row = designed(antony, judge(control=CONTROL)).started()
    told = refused(_set, row=row, starts_on=START + _DAY, reason="Un jour de plus.")
    assert told == ("The start is past: it changes no more.", "starts_on")


def test_a_protocol_written_again_as_it_was_changes_nothing(antony: Community) -> None:
    row = designed(antony, judge(control=CONTROL)).experiment
    events = Event.objects.count()
    assert _set(row).agreed_at == AT
    row = actions.configure_experiment(experiment=row, at=AT, by=None)
    row = actions.start_experiment(experiment=row, on=START, at=AT, by=None)
    assert _set(row).state == State.LIVE
    assert (Event.objects.count() - events, ProtocolChange.objects.count()) == (2, 0)


@pytest.mark.parametrize(
    ("more", "told", "field"),
    [
        (
            {"baseline_from": START - 3 * _DAY, "least_days": 21},
            "The baseline has 3 days: 14 at least are needed, and 21 for this indicator.",
            "baseline_until",
        ),
        (
            {"baseline_from": START - 13 * _DAY},
            "The baseline has 13 days: 14 at least are needed.",
            "baseline_until",
        ),
        (
            {"target": Decimal(40)},
            "The target is reached already before the start: the mean is 45.",
            "target_1",
        ),
        (
            {"target": Decimal(50), "aim": "down"},
            "The target is reached already before the start: the mean is 45.",
            "target_1",
        ),
    ],
)
def test_a_protocol_that_could_never_conclude_is_not_agreed(
    antony: Community, more: dict[str, Any], told: str, field: str
) -> None:
    observe(antony, [45.0] * 60)
    row = designed(antony, judge(**more), agreed=False).experiment
    title = f"Rotation {WHERE}"
    known = {"experiment": row, "at": AT, "by": None}
    assert refused(actions.agree_protocol, **known) == (f"“{title}”. {told}", field)


def test_a_target_is_not_called_reached_from_too_few_days(antony: Community) -> None:
    observe(antony, [45.0] * 13)
    row = designed(antony, judge(target=Decimal(40)), agreed=False).experiment
    assert actions.agree_protocol(experiment=row, at=AT, by=None).agreed_at == AT


@pytest.mark.parametrize(
    ("more", "told", "field"),
    [
        ({"ends_on": START}, "It ends after it starts.", "ends_on"),
        ({"indicators": []}, "From 1 to 12 indicators judge it.", "indicator_1"),
        ({"indicators": [judge(), judge()]}, "An indicator judges once.", "indicator_2"),
        (
            {"indicators": [judge("parking.nothing")]},
            "There is no public indicator “parking.nothing”.",
            "indicator_1",
        ),
        (
            {"indicators": [judge(control="parking.tried_rotation")]},
            "An indicator is no control of itself.",
            "control_1",
        ),
        (
            {"indicators": [judge(baseline_until=START)]},
            "A baseline has its days in order, all of them before the start.",
            "baseline_until",
        ),
        (
            {"indicators": [judge(least_days=2)]},
            "From 3 to 366 days with a value are needed.",
            "least_1",
        ),
        (
            {"indicators": [judge(), judge("parking.tried_in_band", target=Decimal(140))]},
            f"“Hours in the band aimed at, {WHERE}”. A percentage goes from 0 to 100.",
            "target_2",
        ),
        ({"indicators": [judge(aim="aside")]}, "Say which way it should go.", "aim_1"),
    ],
)
def test_a_protocol_that_cannot_be_is_refused_in_words(
    antony: Community, more: dict[str, Any], told: str, field: str
) -> None:
    row = designed(antony, agreed=False).experiment
    assert refused(_set, row=row, **more) == (told, field)


def test_the_site_is_not_compared_with_itself(antony: Community) -> None:
    row = designed(antony, agreed=False).experiment
    assert refused(_set, row=row, comparisons=[antony]) == (
        "Compare with other communes than the site, 20 at most.",
        "commune_1",
    )


def test_communes_are_offered_as_people_sort_their_names(antony: Community) -> None:
    row = designed(antony, agreed=False).experiment
    offered = [one.name for one in queries.communes_to_compare(row)]
    offered_to_manage = [name for key, name in AppointmentForm().fields["mandate"].choices if key]
    for names in (offered, offered_to_manage):
        assert names.index("Épinay-sur-Seine") < names.index("Fontenay-aux-Roses")
    assert "Antony" not in offered
