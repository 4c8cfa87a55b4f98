"""Parking as others read it: the national schema of car parks, and ParkAPI."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from communs.core.communities.scope import current
from communs.core.kit.timespans import PARIS
from communs.services.parking.engine import regulations as engine
from communs.services.parking.enums import SiteKind, SpaceKind, Who
from communs.services.parking.models import PermitKind, Site
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries.availability import Counts, Room, availability
from communs.services.parking.queries.book import Book, book

# « Lieux de stationnement » 0.1.5, in its order.
LIEUX_COLUMNS = (
    "id", "nom", "insee", "adresse", "url", "type_usagers", "gratuit", "nb_places", "nb_pr",
    "nb_pmr", "nb_voitures_electriques", "nb_velo", "nb_2r_el", "nb_autopartage", "nb_2_rm",
    "nb_covoit", "hauteur_max", "num_siret", "Xlong", "Ylat", "tarif_pmr", "tarif_1h", "tarif_2h",
    "tarif_3h", "tarif_4h", "tarif_24h", "abo_resident", "abo_non_resident", "type_ouvrage", "info",
)  # fmt: skip
_REQUIRED = {
    "national_id": "",
    "operator_siret": "",
    "capacity": None,
    "subscribers_only": None,
    "lat": None,
    "lon": None,
}
_BUILT = {SiteKind.SURFACE: "enclos_en_surface", SiteKind.BUILDING: "ouvrage"}
_HOURS = (1, 2, 3, 4, 24)
_TYPES = {
    SiteKind.SURFACE: "OFF_STREET_PARKING_GROUND",
    SiteKind.BUILDING: "CAR_PARK",
    SiteKind.GROUP: "OTHER",
}
_AUDIENCES = {
    SpaceKind.DISABLED: "DISABLED",
    SpaceKind.ELECTRIC: "CHARGING",
    SpaceKind.DELIVERY: "DELIVERY",
}


def lieux(at: datetime) -> list[dict[str, Any]]:
    """Give the rows of the national schema, for the car parks of which all it requires is known.

    Prices are those of a weekday from nine on, as the tariff now in force says them.
    """
    rules, abonnements = book(), _subscriptions()
    rows = (row for row in _complete() if current().insee)
    return [_lieu(row, rules, abonnements, at) for row in rows if _is_free(row, rules) is not None]


def lacking() -> list[Site]:
    """Give the car parks of which the national schema requires more than is known."""
    rules, complete = book(), {row.pk for row in _complete()}
    rows = Site.objects.select_related("zone")
    return [row for row in rows if row.pk not in complete or _is_free(row, rules) is None]


def parking_sites(at: datetime, options: ParkingOptions) -> list[dict[str, Any]]:
    """Give streets and car parks as ParkAPI v3 has them; those on no map are left out."""
    rooms = availability(at, options)
    return [_parking_site(room) for room in rooms if room.at and not room.is_empty]


def _complete() -> list[Site]:
    unknown = Q(height_cm__isnull=True, height_unlimited=False)
    for name, missing in _REQUIRED.items():
        unknown |= Q(**{f"{name}__isnull": True} if missing is None else {name: missing})
    return list(Site.objects.select_related("zone").exclude(unknown).order_by("national_id"))


def _is_free(row: Site, rules: Book) -> bool | None:
    """Tell whether everyone parks there for nothing; None when no rule says so."""
    said = [r.tariff for r in rules.rules(row) if r.who == Who.EVERYONE and r.tariff]
    return all(tariff == engine.FREE for tariff in said) if said else None


def _lieu(row: Site, rules: Book, subscriptions: dict[str, int], at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(LIEUX_COLUMNS)
    values |= {
        "id": row.national_id,
        "nom": _plain_capitals(row.name),
        "insee": current().insee,
        "adresse": row.address or None,
        "url": row.page or None,
        "type_usagers": "abonnés" if row.subscribers_only else "tous",
        "gratuit": "true" if _is_free(row, rules) else "false",
        "nb_places": row.capacity,
        "nb_pmr": row.capacity_disabled,
        "nb_voitures_electriques": row.capacity_electric,
        "hauteur_max": "N/A" if row.height_unlimited else row.height_cm,
        "num_siret": row.operator_siret,
        "Xlong": row.lon,
        "Ylat": row.lat,
        "type_ouvrage": _BUILT.get(SiteKind(row.kind)),
        "abo_resident": _euros(subscriptions.get(Who.RESIDENTS)),
        "abo_non_resident": _euros(subscriptions.get(Who.EVERYONE)),
    }
    prices = _prices(rules.rules(row), at)
    return values | {f"tarif_{hours}h": prices[hours] for hours in _HOURS}


def _prices(rules: Iterable[engine.Rule], at: datetime) -> dict[int, float | None]:
    """Give the price of some hours, from the next Tuesday at nine by the tariff's own clocks."""
    local = at.astimezone(PARIS)
    ahead = (1 - local.weekday()) % 7
    start = (local + timedelta(days=ahead)).replace(hour=9, minute=0, second=0, microsecond=0)
    known = list(rules)
    found = {}
    for hours in _HOURS:
        said = engine.answer(known, at=start, minutes=hours * 60, law=engine.OFF_STREET)
        found[hours] = _euros(said.price_cents) if said.fits else None
    return found


def _subscriptions() -> dict[str, int]:
    rows = PermitKind.objects.filter(month_cents__isnull=False).order_by("-code")
    return dict(rows.values_list("who", "month_cents"))


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _plain_capitals(name: str) -> str:
    """Write a name as the schema wants it: capitals without accents."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(mark for mark in letters if not unicodedata.combining(mark)).upper()


def _parking_site(room: Room) -> dict[str, Any]:
    counts, known = room.counts, room.counts.free + room.counts.taken
    lat, lon = room.at or (None, None)
    changed = room.place.changed_at
    return {
        "uid": room.place.slug,
        "name": _name(room),
        "purpose": "CAR",
        "type": _TYPES[SiteKind(room.place.kind)] if isinstance(room.place, Site) else "ON_STREET",
        "address": room.place.address or None if isinstance(room.place, Site) else None,
        "operator_name": room.place.operator or None if isinstance(room.place, Site) else None,
        "lat": f"{lat:.7f}",
        "lon": f"{lon:.7f}",
        "capacity": counts.total,
        "has_fee": room.pays_now,
        "max_stay": None if room.now is None else _seconds(room.now.most_minutes),
        "restrictions": [
            _restriction(kind, held)
            for kind, held in sorted(room.kinds.items())
            if kind in _AUDIENCES
        ],
        "static_data_updated_at": None if changed is None else changed.isoformat(),
        "has_realtime_data": known > 0,
        "realtime_opening_status": "UNKNOWN" if room.now is None else _opening(room.now.allowed),
        "realtime_capacity": known or None,
        "realtime_free_capacity": counts.free if known else None,
        "realtime_data_updated_at": room.heard.isoformat() if room.heard and known else None,
    }


def _name(room: Room) -> str:
    place = room.place
    if not isinstance(place, Site):
        return f"{place.street}, {place.from_street}" if place.from_street else place.street
    return place.name


def _restriction(kind: str, counts: Counts) -> dict[str, Any]:
    known = counts.free + counts.taken
    return {
        "type": _AUDIENCES[SpaceKind(kind)],
        "capacity": counts.total,
        "realtime_capacity": known or None,
        "realtime_free_capacity": counts.free if known else None,
    }


def _opening(allowed: bool | None) -> str:
    return {True: "OPEN", False: "CLOSED", None: "UNKNOWN"}[allowed]


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60
