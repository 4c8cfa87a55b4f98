"""Streets, car parks and spaces one by one, and the answer to who would park there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.registry.service import Finding, noop
from communs.core.search.documents import Searchable
from communs.services.parking.engine import regulations as engine
from communs.services.parking.enums import Presence, SpaceKind
from communs.services.parking.models import PermitKind, Regulation, Segment, Site, Space, Tariff
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries.availability import Place, moment, presence, spaces
from communs.services.parking.queries.book import Book, book, law_for


@dataclass(frozen=True, slots=True)
class Seen:
    """A space and what is known of it now."""

    space: Space
    presence: Presence
    heard: datetime | None
    since: datetime | None


def place(key: str) -> Place | None:
    """Give a street or a car park by what a form calls it: `rue:slug` or `parc:slug`."""
    prefix, _colon, slug = key.partition(":")
    return segment(slug) if prefix == "rue" else site(slug) if prefix == "parc" else None


def key_of(found: Place) -> str:
    """Give what a form calls a place."""
    return f"{'parc' if isinstance(found, Site) else 'rue'}:{found.slug}"


def told(found: Place) -> str:
    """Say which street it is: « Rue des Lilas, numéros pairs, de la rue A à la rue B »."""
    if isinstance(found, Site):
        return found.name
    parts = [found.street, str(found.get_side_display()) if found.side else ""]
    if found.from_street and found.to_street:
        ends = {"first": found.from_street, "last": found.to_street}
        parts.append(_("between %(first)s and %(last)s") % ends)
    return ", ".join(part for part in parts if part)


def segment(slug: str) -> Segment | None:
    """Give one side of a street, or None when this community has none of that name."""
    return Segment.objects.select_related("zone").filter(slug=slug).first()


def site(slug: str) -> Site | None:
    """Give one car park, or None when this community has none of that name."""
    return Site.objects.select_related("zone").filter(slug=slug).first()


def segments() -> Sequence[Segment]:
    """Give every street's side, by name."""
    return list(Segment.objects.select_related("zone"))


def sites() -> Sequence[Site]:
    """Give every car park, by name."""
    return list(Site.objects.select_related("zone"))


def space(code: str, at: datetime) -> Seen | None:
    """Give the space of a code, as it is written on the spot, with what is known of it."""
    rows = spaces(at).select_related("segment__zone", "site__zone")
    found = rows.filter(code=code.upper()).first()
    return None if found is None else seen(found)


def any_space(code: str) -> Space | None:
    """Give a space by its code, in service or not."""
    rows = Space.objects.select_related("segment__zone", "site__zone", "thing")
    return rows.filter(code=code.upper()).first()


def every_space(text: str = "") -> QuerySet[Space]:
    """Give the spaces with their place and sensor, for those who set them; all, or of these words.

    Each word begins a code, or is in the name of a street, of a car park or in a sensor's code.
    """
    rows = Space.objects.select_related("segment", "site", "thing")
    for word in text.split():
        named = Q(segment__street__icontains=word) | Q(site__name__icontains=word)
        coded = Q(code__istartswith=word) | Q(thing__code__icontains=word)
        rows = rows.filter(named | coded)
    return rows.order_by("segment__street", "segment__slug", "site__name", "number", "code")


def spaces_of(found: Place, at: datetime) -> list[Seen]:
    """Give the spaces of a place in the order of their numbers."""
    where = {"site": found} if isinstance(found, Site) else {"segment": found}
    return [seen(row) for row in spaces(at).filter(**where)]


def seen(row: Any) -> Seen:
    """Give a row of `spaces` with its state in words."""
    said = presence(row.said)
    since = None if said == Presence.UNKNOWN else moment(row.since)
    return Seen(row, said, moment(row.heard), since)


def place_of(row: Space) -> Place:
    """Give where a space is."""
    found = row.segment or row.site
    if found is None:
        message = f"Space {row.code} is nowhere."
        raise LookupError(message)
    return found


def answer(
    where: Place,
    *,
    kind: str = SpaceKind.STANDARD,
    at: datetime,
    badges: frozenset[str] = frozenset(),
    minutes: int | None = None,
    options: ParkingOptions,
    rules: Book | None = None,
) -> engine.Answer:
    """Answer whether one may park there, until when, and for how much."""
    known = (rules or book()).rules(where, kind)
    law = law_for(where, options)
    return engine.answer(known, at=at, badges=badges, minutes=minutes, law=law)


def regulations() -> list[Regulation]:
    """Give every rule with its zone, its tariff and the places where it holds."""
    rows = Regulation.objects.select_related("zone", "tariff")
    return list(rows.prefetch_related("placements__segment", "placements__site"))


def regulation(code: str) -> Regulation | None:
    """Give one rule with the places where it holds."""
    rows = Regulation.objects.select_related("zone", "tariff")
    return (
        rows.prefetch_related("placements__segment", "placements__site").filter(code=code).first()
    )


def tariffs() -> list[Tariff]:
    """Give every tariff, by name."""
    return list(Tariff.objects.all())


def tariff(code: str) -> Tariff | None:
    """Give one tariff."""
    return Tariff.objects.filter(code=code).first()


def permits() -> list[PermitKind]:
    """Give the kinds of permits, by name."""
    return list(PermitKind.objects.all())


def documents() -> Iterator[Searchable]:
    """Give what the site's search finds here: streets and car parks."""
    yield from (searchable(row) for row in segments())
    yield from (searchable(row) for row in sites())


def searchable(found: Segment | Site) -> Searchable:
    """Give a street or a car park as the search keeps it."""
    if isinstance(found, Site):
        return Searchable(
            subject=found,
            kind=noop("Car park"),
            title=found.name,
            text=" · ".join(filter(None, (found.address, found.operator))),
            route="parking:site",
            args=(found.slug,),
        )
    return Searchable(
        subject=found,
        kind=noop("Street with parking"),
        title=found.street,
        text=" · ".join(filter(None, (found.from_street, found.to_street))),
        route="parking:segment",
        args=(found.slug,),
    )


def findings() -> Sequence[Finding]:
    """Tell what is not well with parking here."""
    told: list[Any] = []
    if not Space.objects.exists() and not Site.objects.exists():
        told.append(gettext_lazy("No street, car park or space is known yet: add a first one."))
    elif not Regulation.objects.exists():
        told.append(gettext_lazy("No rule is known: residents are told that nothing is known."))
    if Space.objects.filter(in_service=True, thing__withdrawn_at__isnull=False).exists():
        told.append(gettext_lazy("Some spaces have a sensor that was withdrawn."))
    unplaced = Q(lat__isnull=True) | Q(operator_siret="") | Q(capacity__isnull=True)
    if Site.objects.filter(unplaced).exists():
        told.append(gettext_lazy("Some car parks lack what their national file requires."))
    return [Finding("warning", sentence) for sentence in told]
