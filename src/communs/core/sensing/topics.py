"""Whose topic is whose on the installation's broker."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from paho.mqtt.client import topic_matches_sub

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.sensing.models import Source

_MOST_TOPICS = 20_000


class Topics:
    """Which source each topic is of; read anew from time to time, sources being added and set."""

    def __init__(self) -> None:
        self.filters: dict[str, Source] = {}
        self._known: dict[str, Source | None] = {}

    def read(self) -> tuple[set[str], set[str]]:
        """Read the sources that are on; give the filters that are new, and those that are gone."""
        with across("the intake asks which sources speak on which topics"):
            rows = list(Source.everywhere.filter(on=True).select_related("community"))
        before, self.filters = set(self.filters), {topic_of(row): row for row in rows}
        self._known.clear()
        now = set(self.filters)
        return now - before, before - now

    def source_of(self, topic: str) -> Source | None:
        """Give the source whose topic this is; the most exact filter when several match."""
        if topic not in self._known:
            if len(self._known) >= _MOST_TOPICS:
                self._known.clear()
            self._known[topic] = self._matching(topic)
        return self._known[topic]

    def _matching(self, topic: str) -> Source | None:
        found = [one for one in self.filters if topic_matches_sub(one, topic)]
        return self.filters[max(found, key=_exactness)] if found else None


def topic_of(source: Source) -> str:
    """Give the filter of a source's topics: its own, or the one that its name makes."""
    return source.topic or f"communs/{source.community.slug}/{source.slug}/#"


def overlap(one: str, other: str) -> bool:
    """Tell whether some topic matches both filters (MQTT 5, section 4.7)."""
    for mine, theirs in zip_longest(one.split("/"), other.split("/")):
        if "#" in (mine, theirs):
            return True
        if mine is None or theirs is None or (mine != theirs and "+" not in (mine, theirs)):
            return False
    return True


def is_free(topic: str, community: Community) -> bool:
    """Tell whether no source of another community follows a part of these topics.

    The broker is the installation's: who follows a topic first keeps it.
    """
    with across("nobody may follow what another community's sensors say"):
        others = Source.everywhere.exclude(community=community).select_related("community")
        return not any(overlap(topic, topic_of(other)) for other in others)


def whole(topics: Iterable[str]) -> list[tuple[str, int]]:
    """Give filters as a subscription that loses nothing (quality of service 1)."""
    return [(topic, 1) for topic in sorted(topics)]


def _exactness(topic: str) -> tuple[int, str]:
    return sum(part not in {"+", "#"} for part in topic.split("/")), topic
