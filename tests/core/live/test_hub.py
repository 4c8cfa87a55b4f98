"""Open pages hear what they may, in order, and catch up with what they missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from communs.core.live.hub import KEPT, QUEUE, Hub, Reader

HERE, THERE = uuid4(), uuid4()


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def reader(*topics: str, community: UUID = HERE, address: str = "10.0.0.1") -> Reader:
    return Reader(community, frozenset(topics), address)


def heard(one: Reader) -> list[tuple[int, str] | None]:
    """What a reader was given: places and topics; None where its stream ends."""
    found: list[tuple[int, str] | None] = []
    while not one.queue.empty():
        frame = one.queue.get_nowait()
        if frame is None:
            found.append(None)
            continue
        first, second = frame.decode().strip().split("\n")
        data = json.loads(second.removeprefix("data: "))
        found.append((int(first.removeprefix("id: ")), data["topic"]))
    return found


def test_a_topic_reaches_who_listens_to_it_in_its_community() -> None:
    async def scene() -> None:
        hub = Hub()
        mine, other, elsewhere = reader("a"), reader("b"), reader("a", community=THERE)
        for one in (mine, other, elsewhere):
            hub.join(one, last=None)
        hub.publish(HERE, 1, [("a", {"n": 1})])
        assert (heard(mine), heard(other), heard(elsewhere)) == ([(1, "a")], [], [])

    run(scene())


def test_who_comes_back_hears_what_was_missed_once_and_only_of_its_topics() -> None:
    async def scene() -> None:
        hub = Hub()
        hub.begin(HERE, 10)
        for position, topic in ((11, "a"), (12, "b"), (13, "a")):
            hub.publish(HERE, position, [(topic, {})])
        for last, missed in ((13, []), (11, [(13, "a")]), (10, [(11, "a"), (13, "a")])):
            back = reader("a")
            hub.join(back, last=last)
            assert heard(back) == missed

    run(scene())


def test_who_was_away_too_long_or_comes_from_elsewhere_is_told_to_look_again() -> None:
    async def scene() -> None:
        hub = Hub()
        hub.begin(HERE, 10)
        hub.publish(HERE, 11, [("a", {})])
        for last in (9, 999):
            back = reader("a")
            hub.join(back, last=last)
            assert heard(back) == [(11, "reset")]

    run(scene())


def test_a_slow_reader_is_cut_off_and_the_others_hear_all() -> None:
    async def scene() -> None:
        hub = Hub()
        slow, quick = reader("a"), reader("a")
        hub.join(slow, last=None)
        hub.join(quick, last=None)
        got = []
        for position in range(1, QUEUE + 3):
            hub.publish(HERE, position, [("a", {})])
            got += heard(quick)
        assert heard(slow) == [None]
        assert got == [(n, "a") for n in range(1, QUEUE + 3)]
        assert hub.dropped == 1

    run(scene())


def test_what_is_over_is_forgotten() -> None:
    async def scene() -> None:
        hub = Hub()
        one = reader("a")
        hub.join(one, last=None)
        assert (hub.readers, hub.open_from("10.0.0.1")) == (1, 1)
        hub.leave(one)
        hub.publish(HERE, 1, [("a", {})])
        assert (hub.readers, hub.open_from("10.0.0.1"), heard(one)) == (0, 0, [])

    run(scene())


def test_closing_ends_every_stream() -> None:
    async def scene() -> None:
        hub = Hub()
        readers = [reader("a"), reader("a", "b"), reader("b", community=THERE)]
        for one in readers:
            hub.join(one, last=None)
        hub.close()
        assert [heard(one)[-1] for one in readers] == [None, None, None]

    run(scene())


@given(
    topics=st.lists(st.sampled_from("abc"), max_size=2 * KEPT + 20),
    left=st.integers(min_value=0, max_value=2 * KEPT + 20),
)
def test_who_comes_back_misses_nothing_or_is_told_to_look_again(
    topics: list[str], left: int
) -> None:
    async def scene() -> None:
        hub = Hub()
        hub.begin(HERE, 0)
        for position, topic in enumerate(topics, start=1):
            hub.publish(HERE, position, [(topic, {})])
        last = min(left, len(topics))
        back = reader("a")
        missed = [(n, t) for n, t in enumerate(topics, start=1) if n > last and t == "a"]
        hub.join(back, last=last)
        got = heard(back)
        assert got in (missed, [(len(topics), "reset")], [None])
        if len(topics) <= KEPT and len(missed) <= QUEUE:
            assert got == missed

    run(scene())
