"""Notices that parts and services declare: what they say, whether they can wait or be refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from communs.core.notifications.enums import Channel

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A kind of news.

    `title` and `text` are sentences marked with `noop`, with %(names)s that each notification's
    data fill; they are written in the reader's language when they are read, so data hold nothing
    personal and nothing in one language only, but proper names. A notice that `always` goes out
    cannot be switched off: the sentence says why. An urgent one waits for no morning.
    """

    key: str
    about: Promise | str
    title: str
    text: str = ""
    channels: Sequence[Channel] = (Channel.EMAIL,)
    urgent: bool = False
    always: Promise | str = ""

    def check(self, data: Mapping[str, Any]) -> None:
        """Raise KeyError where the data lack what a sentence says: now, not before its reader."""
        _ = self.title % data, self.text % data

    @property
    def can_wait(self) -> bool:
        """Tell whether it may stand with others in one message."""
        return not self.urgent and not self.always

    @property
    def part(self) -> str:
        """The part or service that declared it."""
        return self.key.partition(".")[0]


_known: dict[str, Notice] = {}


def declare(*notices: Notice) -> None:
    """Make notices known; a part does so in its `listeners`. The same key twice is a mistake."""
    for notice in notices:
        if _known.setdefault(notice.key, notice) != notice:
            message = f"Two notices are named {notice.key}."
            raise ValueError(message)


def named(key: str) -> Notice:
    """Give a notice; raises LookupError for one that nobody declared."""
    if key not in _known:
        message = f"Unknown notice: {key}"
        raise LookupError(message)
    return _known[key]


def find(key: str) -> Notice | None:
    """Give a notice, or None if its service was removed since."""
    return _known.get(key)


def all_notices() -> list[Notice]:
    """Give every notice, by key."""
    return [_known[key] for key in sorted(_known)]
