"""Every event reaches its listeners at least once, in order, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import current, within
from communs.core.journal import delivery, listeners
from communs.core.journal.actions import action, record
from communs.core.journal.delivery import deliver
from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event, Undelivered
from communs.core.registry.models import Activation

pytestmark = pytest.mark.django_db

heard: list[Any] = []
trouble: list[str] = []


@action("test.said")
def say(*, word: str, by: None = None) -> None:
    record("test:1", word=word)


def hear(event: Event) -> None:
    """Keep what was heard, and write a row as a listener may."""
    Activation.objects.create(service=f"heard-{event.data['word']}")
    heard.append((event.data["word"], current().slug))


def stumble(event: Event) -> None:
    """Fail on the words that make trouble, after having written."""
    Activation.objects.create(service=f"stumbled-{event.data['word']}")
    if event.data["word"] in trouble:
        message = f"I do not know {event.data['word']}"
        raise ValueError(message)


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch, metropolis: Community) -> Iterator[None]:
    """The demonstration's events are delivered, and nobody else listens."""
    now = timezone.now()
    while deliver(now):
        pass
    monkeypatch.setattr(listeners, "_by_name", {})
    heard.clear()
    trouble.clear()
    return


def written() -> set[str]:
    found = Activation.objects.filter(service__contains="-").values_list("service", flat=True)
    return set(found)


def test_a_listener_hears_each_event_once_in_order_in_its_community(
    antony: Community, sceaux: Community
) -> None:
    listens_to("test.said")(hear)
    for place, word in ((antony, "un"), (sceaux, "deux"), (antony, "trois")):
        with within(place):
            say(word=word)
    assert deliver(timezone.now()) == 3
    assert [w for w in heard if w[1] == "antony"] == [("un", "antony"), ("trois", "antony")]
    assert [w for w in heard if w[1] == "sceaux"] == [("deux", "sceaux")]
    assert deliver(timezone.now()) == 0


def test_a_part_may_listen_to_everything(antony: Community) -> None:
    listens_to(listeners.ANY)(hear)
    with within(antony):
        say(word="un")
    deliver(timezone.now())
    assert heard == [("un", "antony")]


def test_a_listener_that_fails_holds_nobody_up_and_leaves_nothing_half_written(
    antony: Community,
) -> None:
    listens_to("test.said")(stumble)
    listens_to("test.said")(hear)
    trouble.append("deux")
    with within(antony):
        for word in ("un", "deux", "trois"):
            say(word=word)
        deliver(timezone.now())
        assert written() == {
            "heard-un",
            "heard-deux",
            "heard-trois",
            "stumbled-un",
            "stumbled-trois",
        }
        row = Undelivered.objects.get()
        assert (row.reason, row.state, row.listener) == (
            "ValueError: I do not know deux",
            "waiting",
            "tests.core.journal.test_delivery.stumble",
        )


def later(at: datetime, **time: int) -> datetime:
    return at + timedelta(**time)


def test_what_failed_is_tried_again_until_it_works(antony: Community) -> None:
    listens_to("test.said")(stumble)
    trouble.append("un")
    now = timezone.now()
    with within(antony):
        say(word="un")
        deliver(now)
        assert deliver(later(now, seconds=5)) == 0
        assert deliver(later(now, seconds=11)) == 1
        assert Undelivered.objects.get().attempts == 2
        trouble.clear()
        assert deliver(later(now, hours=1)) == 1
        assert (Undelivered.objects.count(), written()) == (0, {"stumbled-un"})


def test_what_fails_again_and_again_is_given_up_with_its_reason(antony: Community) -> None:
    listens_to("test.said")(stumble)
    trouble.append("un")
    now = timezone.now()
    with within(antony):
        say(word="un")
        for day in range(20):
            deliver(later(now, days=day))
        row = Undelivered.objects.get()
        assert (row.state, row.attempts, row.reason) == (
            "dead",
            delivery.ATTEMPTS,
            "ValueError: I do not know un",
        )


def test_a_listener_that_is_gone_is_given_up(antony: Community, monkeypatch: Any) -> None:
    listens_to("test.said")(stumble)
    trouble.append("un")
    now = timezone.now()
    with within(antony):
        say(word="un")
        deliver(now)
        monkeypatch.setattr(listeners, "_by_name", {})
        deliver(later(now, minutes=1))
        assert Undelivered.objects.get().state == "dead"


def test_an_event_written_by_a_listener_is_told_next(antony: Community) -> None:
    def answer(event: Event) -> None:
        if event.data["word"] == "question":
            say(word="answer")

    listens_to("test.said")(answer)
    listens_to("test.said")(hear)
    with within(antony):
        say(word="question")
    assert [deliver(timezone.now()) for _ in range(3)] == [1, 1, 0]
    assert [word for word, _place in heard] == ["question", "answer"]


def test_delivery_costs_the_same_for_one_event_and_for_fifty(
    antony: Community, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    counts = []
    for number in (1, 1, 50):
        with within(antony):
            for _ in range(number):
                say(word="x")
        with django_assert_max_num_queries(20) as captured:
            deliver(timezone.now())
        counts.append(len(captured))
    assert counts[1] == counts[2]
