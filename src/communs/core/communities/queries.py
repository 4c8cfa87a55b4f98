"""Reads about communities, for pages and API alike."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from communs.core.communities.enums import Kind
from communs.core.communities.models import Affiliation, Community, Population, directory
from communs.core.kit.periods import in_force
from communs.core.kit.text import fold

_NAMES = "communities.territory_names"
_A_WHILE = 300  # seconds


@dataclass(frozen=True, slots=True)
class Address:
    """Whom an address names; without one of its own it is the metropolis'."""

    metropolis: Community | None
    community: Community | None
    by_segment: bool


def metropolis() -> Community | None:
    """Give the metropolis of this installation, or None before there is one."""
    found: Community | None = Community.objects.filter(kind=Kind.METROPOLIS).first()
    return found


def address(*, host: str, segment: str | None) -> Address:
    """Give the community that this host name, or else this first segment, names: one query."""
    rows = _named(host, segment)
    metropolis = next((row for row in rows if row.is_metropolis), None)
    by_host = next((row for row in rows if row.host == host), None)
    if by_host and not by_host.is_metropolis:
        return Address(metropolis, by_host, by_segment=False)
    by_slug = next((row for row in rows if row.slug == segment and not row.is_metropolis), None)
    return Address(metropolis, by_slug or metropolis, by_segment=by_slug is not None)


def _named(host: str, segment: str | None) -> list[Community]:
    """Give the metropolis, and whoever has this host name or this segment."""
    if connection.in_atomic_block:
        wanted = Q(kind=Kind.METROPOLIS) | Q(host=host) | Q(slug=segment or "")
        return list(Community.objects.filter(wanted))
    everyone = directory.get("all", lambda: list(Community.objects.all()))
    return [copy(c) for c in everyone if c.is_metropolis or c.host == host or c.slug == segment]


def by_name(rows: Iterable[Community]) -> list[Community]:
    """Sort communities as people do: É beside E, not after Z."""
    return sorted(rows, key=lambda one: fold(one.name))


def communes_on(day: date) -> QuerySet[Community]:
    """Give the communes of that day with `territory_name`, `territory_slug`, `inhabitants`, `year`.

    The population is the latest edition not after the day, or the earliest there is.
    """
    territory = Affiliation.objects.filter(
        in_force(day), member=OuterRef("pk"), group__kind=Kind.TERRITORY
    )
    return _with_population(Community.objects.communes().existing(day), day).annotate(
        territory_name=Subquery(territory.values("group__name")[:1]),
        territory_slug=Subquery(territory.values("group__slug")[:1]),
    )


def territories_on(day: date) -> QuerySet[Community]:
    """Give the territories of that day with `commune_count`, `inhabitants`, `year`."""
    members = (
        Affiliation.objects.filter(in_force(day), group=OuterRef("pk"), member__kind=Kind.COMMUNE)
        .order_by()
        .values("group")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Community.objects.territories().existing(day)
    return _with_population(rows, day).annotate(commune_count=Subquery(members))


def members_on(group: Community, day: date) -> QuerySet[Community]:
    """Give the communes that belonged to a territory or the metropolis that day."""
    held = Affiliation.objects.filter(in_force(day), group=group)
    return communes_on(day).filter(pk__in=held.values("member"))


def history(community: Community) -> QuerySet[Affiliation]:
    """Give every affiliation of a community, oldest first."""
    return (
        Affiliation.objects.filter(member=community)
        .select_related("group")
        .order_by("since", "group__kind")
    )


def territory_names() -> dict[str, tuple[str, str]]:
    """Give (slug, name) by key in hexadecimal; kept a while, since territories hardly change."""
    found = cache.get(_NAMES)
    if found is None:
        rows = Community.objects.territories().values_list("pk", "slug", "name")
        found = {key.hex: (slug, name) for key, slug, name in rows}
        cache.set(_NAMES, found, timeout=_A_WHILE)
    return found


def _with_population(rows: QuerySet[Community], day: date) -> QuerySet[Community]:
    editions = Population.objects.filter(community=OuterRef("pk")).annotate(
        later=Q(year__gt=day.year)
    )
    best = editions.order_by("later", F("year").desc())
    return rows.annotate(
        inhabitants=Subquery(best.values("inhabitants")[:1]),
        year=Subquery(best.values("year")[:1]),
    )
