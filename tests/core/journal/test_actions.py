"""One action is one transaction and one recorded event."""

from __future__ import annotations

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.actions import Unrecorded, action, nothing_done, record
from communs.core.journal.models import Event
from communs.core.kit.errors import NoCommunity, Refused
from communs.core.people.models import Person
from communs.core.registry.models import Activation

pytestmark = pytest.mark.django_db


@action("test.done")
def do(*, times: int = 1, fail: bool = False, by: Person | None) -> str:
    Activation.objects.create(service="zz-test")
    for _ in range(times):
        record("test:1", by=str(by))
    if fail:
        raise Refused("no")
    return "done"


def test_an_action_writes_its_rows_and_its_event(in_metropolis: Community, manager: Person) -> None:
    before = Event.objects.count()
    assert do(by=manager) == "done"
    event = Event.objects.last()
    assert Event.objects.count() == before + 1
    assert (event.name, event.subject, event.actor, event.community) == (
        "test.done",
        "test:1",
        manager.pk,
        in_metropolis,
    )


@pytest.mark.parametrize("wrong", [{"times": 0}, {"times": 2}])
def test_an_action_without_its_one_event_writes_nothing(
    in_metropolis: Community, wrong: dict[str, int]
) -> None:
    with pytest.raises(Unrecorded):
        do(by=None, **wrong)
    assert not Activation.objects.filter(service="zz-test").exists()


def test_a_refused_action_writes_nothing(in_metropolis: Community) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused):
        do(fail=True, by=None)
    assert not Activation.objects.filter(service="zz-test").exists()
    assert Event.objects.count() == before


def test_an_action_that_finds_nothing_to_do_records_nothing(in_metropolis: Community) -> None:
    @action("test.nothing")
    def look(*, by: Person | None) -> None:
        nothing_done()

    before = Event.objects.count()
    look(by=None)
    assert Event.objects.count() == before


def test_recording_is_for_actions_only() -> None:
    with pytest.raises(Unrecorded):
        record("x")
    with pytest.raises(Unrecorded):
        nothing_done()


def test_an_action_outside_any_community_is_impossible() -> None:
    with pytest.raises(NoCommunity):
        do(by=None)


def test_an_event_stays_in_its_community(antony: Community, sceaux: Community) -> None:
    with within(antony):
        do(by=None)
    with within(sceaux):
        assert not Event.objects.filter(name="test.done").exists()
