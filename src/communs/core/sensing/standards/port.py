"""What a service says of its places that have sensors, for every standard at once.

A service declares it in its `ports.py`, as `published = Published(…)`. What it does not give stays
with the service: a source, a sensor, a space out of service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from communs.core.registry.service import Service


@dataclass(frozen=True, slots=True)
class Place:
    """A public place, and the sensor that says how it is; `key` is letters, digits and `-`."""

    key: str
    name: str
    description: str
    thing: UUID
    point: tuple[float, float] | None = None  # latitude, longitude
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entity:
    """A public thing in the words of a Smart Data Model; what is not known is left out."""

    key: str
    type: str
    attributes: Mapping[str, Any]
    point: tuple[float, float] | None = None  # latitude, longitude
    observed: Mapping[str, datetime] = field(default_factory=dict)  # when, by attribute
    related: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # type and key, by name


@dataclass(frozen=True, slots=True)
class Published:
    """What a service publishes; each costs the same queries whatever there is."""

    places: Callable[[], Iterable[Place]]
    entities: Callable[[datetime], Iterable[Entity]]
    context: str = ""  # where the words of the entities are explained (JSON-LD)


def published_by(service: Service) -> Published | None:
    """Give what a service publishes of its sensors, or None when it publishes nothing."""
    found = getattr(service.module_named("ports"), "published", None)
    return found if isinstance(found, Published) else None
