"""What the journal gets is handed over: once, in order, to the right topics."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.actions import action, record
from communs.core.journal.delivery import deliver
from communs.core.live import feed as feeds
from communs.core.live import topics
from communs.core.live.feed import Feed
from communs.core.live.topics import Message, is_public, of_person
from communs.core.notifications.actions import notify
from communs.core.notifications.notices import Notice
from communs.core.people.models import Person

pytestmark = pytest.mark.django_db


@action("tried.done")
def do(*, number: int, by: Any) -> None:
    record("tried:1", number=number)


@action("tried.unheard")
def do_unheard(*, by: Any) -> None:
    record("tried:1")


@pytest.fixture(autouse=True)
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_by_event", dict(topics._by_event))
    monkeypatch.setattr(topics, "_public", set(topics._public))
    topics.translates("tried.done", topics=("tried",))(
        lambda event: [Message("tried", {"n": event.data["number"]})]
    )


class Listener:
    def __init__(self) -> None:
        self.begun: dict[UUID, int] = {}
        self.told: list[tuple[UUID, str, dict]] = []
        self.feed = Feed(self.publish, self.begin)

    def begin(self, community: UUID, position: int) -> None:
        self.begun[community] = position

    def publish(self, community: UUID, _position: int, said: list[tuple[str, dict]]) -> None:
        self.told += [(community, topic, data) for topic, data in said]

    def hear(self) -> list[tuple[UUID, str, dict]]:
        deliver(timezone.now())
        self.feed.look()
        told, self.told = self.told, []
        return told


def test_only_what_comes_after_the_start_is_told(antony: Community, sceaux: Community) -> None:
    with within(antony):
        do(number=1, by=None)
    deliver(timezone.now())
    listener = Listener()
    assert listener.hear() == []
    assert listener.begun[antony.pk] >= 1
    with within(antony):
        do(number=2, by=None)
        do_unheard(by=None)
        do(number=3, by=None)
    with within(sceaux):
        do(number=4, by=None)
    assert sorted(listener.hear(), key=str) == sorted(
        [
            (antony.pk, "tried", {"n": 2}),
            (antony.pk, "tried", {"n": 3}),
            (sceaux.pk, "tried", {"n": 4}),
        ],
        key=str,
    )
    assert listener.hear() == []


def test_many_at_once_are_all_told(antony: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_BATCH", 3)
    listener = Listener()
    listener.hear()
    with within(antony):
        for number in range(8):
            do(number=number, by=None)
    told = [listener.hear() for _look in range(4)]
    assert [data["n"] for look in told for _c, _t, data in look] == list(range(8))


def test_nothing_new_costs_two_queries(antony: Community, django_assert_num_queries: Any) -> None:
    listener = Listener()
    listener.hear()
    with django_assert_num_queries(2):
        listener.feed.look()


def test_who_is_told_something_hears_of_it_alone(
    antony: Community, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communs.core.notifications import notices

    monkeypatch.setattr(notices, "_known", {"tried.x": Notice(key="tried.x", about="", title="T")})
    listener = Listener()
    listener.hear()
    with within(antony):
        notify(notice="tried.x", people=[administrator], subject="x", once="1", at=timezone.now())
    topic = of_person(administrator.pk)
    assert listener.hear() == [(antony.pk, topic, {})]
    assert not is_public(topic)
    assert is_public("tried")
