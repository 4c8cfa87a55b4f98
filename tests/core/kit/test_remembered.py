"""What is remembered is fresh enough, and never what was undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from communs.core.kit import remembered
from communs.core.kit.remembered import Remembered


class Database:
    """A database that has just committed, or is inside a transaction."""

    def __init__(self) -> None:
        self.in_atomic_block = False
        self._later: list[Callable[[], None]] = []

    def on_commit(self, call: Callable[[], None]) -> None:
        if self.in_atomic_block:
            self._later.append(call)
        else:
            call()

    @contextmanager
    def atomic(self, *, undone: bool = False) -> Iterator[None]:
        self.in_atomic_block = True
        yield
        self.in_atomic_block = False
        later, self._later = self._later, []
        for call in [] if undone else later:
            call()


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    made = Database()
    monkeypatch.setattr(remembered, "connection", made)
    monkeypatch.setattr(remembered, "transaction", made)
    return made


class Source:
    """Something that changes, and counts how often it is asked."""

    def __init__(self) -> None:
        self.value: Any = ["one"]
        self.asked = 0

    def read(self) -> Any:
        self.asked += 1
        return list(self.value)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(remembered, "time", type("T", (), {"monotonic": lambda: now[0]}))
    return now


def test_an_answer_is_kept_for_its_seconds(source: Source, clock: list[float]) -> None:
    memory: Remembered[Any] = Remembered(seconds=5)
    assert [memory.get("k", source.read) for _ in range(3)] == [["one"]] * 3
    assert source.asked == 1
    source.value = ["two"]
    clock[0] += 4.9
    assert memory.get("k", source.read) == ["one"]
    clock[0] += 0.2
    assert memory.get("k", source.read) == ["two"]


def test_a_change_is_seen_as_soon_as_it_is_committed(source: Source, database: Database) -> None:
    memory: Remembered[Any] = Remembered(seconds=60)
    memory.get("k", source.read)
    with database.atomic():
        source.value = ["two"]
        memory.forget()
        assert memory.get("k", source.read) == ["two"]
    assert memory.get("k", source.read) == ["two"]


def test_what_a_transaction_sees_is_not_remembered(source: Source, database: Database) -> None:
    memory: Remembered[Any] = Remembered(seconds=60)
    with database.atomic(undone=True):
        source.value = ["never"]
        assert memory.get("k", source.read) == ["never"]
    source.value = ["one"]
    assert memory.get("k", source.read) == ["one"]


def test_an_answer_made_while_it_changed_is_not_kept(source: Source) -> None:
    memory: Remembered[Any] = Remembered(seconds=60)

    def slow() -> Any:
        memory.forget()
        return ["old"]

    assert memory.get("k", slow) == ["old"]
    assert memory.get("k", source.read) == ["one"]


def test_nothing_is_asked_again_and_memory_is_bounded(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory: Remembered[Any] = Remembered(seconds=60)
    source.value = []
    memory.get("k", source.read)
    memory.get("k", source.read)
    assert source.asked == 2
    monkeypatch.setattr(remembered, "_MOST", 10)
    source.value = ["x"]
    for number in range(100):
        memory.get(number, source.read)
    assert len(memory._kept) <= 10
