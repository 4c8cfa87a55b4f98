"""Whether a configuration comes from another one: by its digest, or as a later version of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """One version of a service's configuration: which commune of which site packed it."""

    slug: str
    key: str
    version: int
    digest: str


def links_of(document: Mapping[str, Any]) -> list[Link]:
    """Give the links of a document: where it comes from, the oldest first, itself last."""
    own = {**document["from"], "version": document["version"], "digest": document["digest"]}
    return [
        Link(one["slug"], one["key"], one["version"], one["digest"])
        for one in [*document["lineage"], own]
    ]


def descends(links: Iterable[Link], origin: Link, keys: Collection[str]) -> bool:
    """Tell whether one of the links is the origin, or a later version of it by the same commune.

    `keys` are those that this site signs with: another site may use the same name for a commune.
    """
    return any(
        one.digest == origin.digest
        or (one.slug == origin.slug and one.key in keys and one.version > origin.version)
        for one in links
    )
