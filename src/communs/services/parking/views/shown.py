"""From what the queries give to what the pages show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.translation import gettext as _

from communs.core.kit.localised import number
from communs.services.parking import queries
from communs.services.parking.engine import regulations as engine
from communs.services.parking.enums import Presence, SpaceKind, Who
from communs.services.parking.models import Site
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries import Asked, Room
from communs.services.parking.views import drawn, words

_NEAREST, _LOOKED_AT = 5, 20  # free spaces that are told, and that are looked at for that
TAGS = {Presence.FREE: "on", Presence.TAKEN: "off", Presence.UNKNOWN: "neutral"}


def of_rooms(rooms: Sequence[Room], asked: Asked, at: datetime, page: Page) -> dict[str, Any]:
    """Give one page of the list, a row a place, and the totals of all."""
    is_first = page.number == 1
    return {
        "nearest": _nearest(rooms, asked, at) if asked.near and is_first else None,
        "page_object": page,
        "rows": [_row(room, asked, at) for room in page],
        "counts": queries.totals(rooms, asked.kind),
        "asked": asked,
        "read_at": at,
    }


def base_of_pages(request: HttpRequest) -> str:
    """Give what the links to the other pages of a list begin with."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"?{kept.urlencode()}&page=" if kept else "?page="


def of_place(place: queries.Place, options: ParkingOptions, at: datetime) -> dict[str, Any]:
    """Give a street or a car park: its counts, its spaces, what applies there."""
    rules = queries.book()
    room = queries.room_of(place, at, options, rules)
    kinds = sorted(room.kinds) or [SpaceKind.STANDARD]
    held = {row.pk: row for kind in kinds for row in rules.of(place, kind)}
    return {
        "place": place,
        "title": queries.told(place),
        "key": queries.key_of(place),
        "is_site": isinstance(place, Site),
        "facts": _facts(place),
        "counts": room.counts,
        "said": words.counted(room.counts),
        "kinds": [(SpaceKind(kind).label, words.counted(room.kinds[kind])) for kind in room.kinds],
        "now": words.now(room.now, room.pays_now),
        "age": words.age(room.heard, at),
        "spaces": [_seen(one, at) for one in queries.spaces_of(place, at)],
        "rules": [words.rule(row) for row in held.values()],
        "read_at": at,
    }


def of_space(found: queries.Seen, options: ParkingOptions, at: datetime) -> dict[str, Any]:
    """Give a space: its state, and what applies there to anybody and to holders of a card."""
    space, rules = found.space, queries.book()
    place = queries.place_of(space)
    readers = [(Who.EVERYONE, frozenset()), (Who.DISABLED, frozenset({engine.DISABLED}))]
    if space.kind == SpaceKind.ELECTRIC:
        readers.append((Who.ELECTRIC, frozenset({engine.ELECTRIC})))
    answers = []
    for who, badges in readers:
        said = queries.answer(
            place, kind=space.kind, at=at, badges=badges, options=options, rules=rules
        )
        answers.append(
            {
                "who": who.label,
                "headline": words.headline(said, at),
                "reasons": words.reasons(said),
            }
        )
    return {
        **_seen(found, at),
        "space": space,
        "place": place,
        "place_title": queries.told(place),
        "place_href": drawn.href(place),
        "place_key": queries.key_of(place),
        "answers": answers,
        "rules": [words.rule(row) for row in rules.of(place, space.kind)],
        "read_at": at,
    }


def of_rules(may_edit: bool) -> dict[str, Any]:
    """Give every rule, tariff and kind of permit in words."""
    return {
        "rules": [words.rule(row) | {"where": _where(row)} for row in queries.regulations()],
        "tariffs": [words.tariff(row) for row in queries.tariffs()],
        "permits": [
            {
                "row": row,
                "price": None if row.month_cents is None else words.cents(row.month_cents),
            }
            for row in queries.permits()
        ],
        "may_edit": may_edit,
    }


def _where(row: Any) -> str:
    held = [one.segment or one.site for one in row.placements.all()]
    places = ", ".join(queries.told(place) for place in held if place)
    parts = [row.zone.name if row.zone else places or row.get_where_display()]
    if row.kind:
        parts.append(row.get_kind_display())
    return " · ".join(str(part) for part in parts)


def _nearest(rooms: Sequence[Room], asked: Asked, at: datetime) -> list[dict[str, Any]]:
    """Give the nearest free spaces in places that answer to the question and are open now."""
    if asked.near is None:
        return []
    open_ = (room for room in rooms if room.now is None or room.now.allowed is not False)
    held = {room.place.pk: room for room in open_}
    kind = asked.kind or SpaceKind.STANDARD
    found = []
    for one in queries.nearest_free(asked.near, at, kind=kind, count=_LOOKED_AT):
        place = queries.place_of(one.seen.space)
        room = held.get(place.pk)
        if room is not None:
            found.append(
                {
                    **_seen(one.seen, at),
                    "place": queries.told(place),
                    "distance": words.distance(one.metres),
                    "now": words.now(room.now, room.pays_now),
                }
            )
    return found[:_NEAREST]


def _row(room: Room, asked: Asked, at: datetime) -> dict[str, Any]:
    counts = room.count(asked.kind)
    return {
        "name": queries.told(room.place),
        "href": drawn.href(room.place),
        "zone": room.place.zone.name if room.place.zone else "",
        "counts": counts,
        "said": words.counted(counts) if counts.total else _("number of spaces not known"),
        "tag": _tag(counts),
        "now": words.now(room.now, room.pays_now),
        "age": words.age(room.heard, at),
        "distance": None if room.metres is None else words.distance(room.metres),
    }


def _tag(counts: queries.Counts) -> dict[str, str]:
    if counts.free:
        return {"label": _("room"), "state": "on"}
    if counts.taken and not counts.unknown:
        return {"label": _("full"), "state": "off"}
    return {"label": _("not known"), "state": "neutral"}


def _seen(found: queries.Seen, at: datetime) -> dict[str, Any]:
    return {
        "code": found.space.code,
        "number": found.space.number,
        "kind": found.space.get_kind_display(),
        "presence": found.presence.label,
        "tag_state": TAGS[found.presence],
        "since": words.when(found.since, at) if found.since else "",
        "age": _("no sensor") if found.space.thing_id is None else words.age(found.heard, at),
    }


def _facts(place: queries.Place) -> list[dict[str, Any]]:
    zone = place.zone
    facts = [{"label": _("Zone"), "value": zone.name if zone else None}]
    if not isinstance(place, Site):
        return facts
    height = None if place.height_cm is None else f"{number(place.height_cm / 100)}\u00a0m"
    if place.height_unlimited:
        height = _("no limit")
    return [
        {"label": _("Kind of car park"), "value": place.get_kind_display()},
        {"label": _("Address"), "value": place.address or None},
        {"label": _("Spaces"), "value": place.capacity},
        {"label": _("Greatest height"), "value": height},
        {"label": _("Run by"), "value": place.operator or None},
        *facts,
    ]
