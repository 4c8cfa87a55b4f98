"""Sensors are found where they stand, as long as they stand there, by what is believed of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.core.sensing.conftest import AT, NOON, Place, said

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.geo.placing import nearest
from communs.core.sensing import actions
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source
from communs.core.sensing.nearby import layer_of, nearest_saying

pytestmark = pytest.mark.django_db
HERE = 48.7530, 2.2970


def test_a_sensor_is_near_from_its_commissioning_until_it_is_withdrawn(
    here: Community, place: Place, sceaux: Community
) -> None:
    far, near = place("far", lat=48.7630, lon=2.2970), place("near", lat=48.7531, lon=2.2970)
    place("nowhere")

    def around() -> list[str]:
        return [str(one.subject) for one in nearest(layer_of("presence"), *HERE, 5)]

    assert around() == [str(near.pk), str(far.pk)]
    place("far", lat=48.7530, lon=2.2970)
    assert around() == [str(far.pk), str(near.pk)]
    actions.withdraw(thing=far, at=NOON, by=None)
    assert around() == [str(near.pk)]
    with within(sceaux):
        assert around() == []


def test_only_what_is_believed_counts(source: Source, place: Place) -> None:
    things = [place(f"s{n}", lat=48.7530 + n / 10_000, lon=2.2970) for n in range(4)]
    source.refresh_from_db()
    readings = [said("s0", 0, 1), said("s1", 0, 0), said("s2", -180, 0), said("s3", 0, 0)]
    take(source=source, readings=readings, at=AT, by=None)
    found = nearest_saying("presence", 0, *HERE, 3, at=NOON)
    assert [one.subject for one in found] == [things[1].pk, things[3].pk]  # s2 has been silent
    assert [round(one.metres) for one in found] == [11, 33]
    assert nearest_saying("presence", 0, *HERE, 3, at=NOON + timedelta(days=1)) == []
