"""Who hears of which events: a part listens by the event's name, and knows nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from communs.core.journal.models import Event

Listener = Callable[[Event], object]

ANY = "*"
_by_name: dict[str, list[Listener]] = {}


def listens_to(*names: str) -> Callable[[Listener], Listener]:
    """Have a function called after each event of these names, in the event's community.

    It is called at least once, maybe twice: it must bear that. What it writes is kept together
    with the news that it was told. An e-mail or a long work is for a task that it enqueues.
    """

    def keep(listener: Listener) -> Listener:
        for name in names:
            _by_name.setdefault(name, []).append(listener)
        return listener

    return keep


def listening_to(event: Event) -> Iterator[Listener]:
    """Give who is to hear of this event."""
    yield from _by_name.get(event.name, ())
    yield from _by_name.get(ANY, ())


def named(path: str) -> Listener | None:
    """Give a listener by the path that `path_of` gave, or None if it is gone."""
    every = {path_of(one): one for found in _by_name.values() for one in found}
    return every.get(path)


def path_of(listener: Listener) -> str:
    """Give a listener's name in code."""
    return f"{listener.__module__}.{listener.__qualname__}"
