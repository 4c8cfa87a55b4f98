"""How much room there is, street by street: free, taken, unknown, never a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, reduce
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, Max, Q, QuerySet, Sum, Value, When

from communs.core.kit.text import fold, nearest, words
from communs.core.sensing.enums import Property
from communs.core.sensing.queries import known
from communs.services.parking.engine import regulations as engine
from communs.services.parking.engine.distances import Point, by_distance
from communs.services.parking.enums import Presence, SpaceKind
from communs.services.parking.models import Segment, Site, Space
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries.book import BADGES_OF, Book, Place, book, law_for
from communs.services.parking.queries.streets import streets

_TAKEN = 2**20  # what a space taken counts for in a sum, beside the one that it is known


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of the list; nothing is no condition."""

    q: str = ""
    kind: str = ""
    room: bool = False
    free_of_charge: bool = False
    near: Point | None = None


@dataclass(slots=True)
class Counts:
    """How many spaces are in each state."""

    free: int = 0
    taken: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.free + self.taken + self.unknown

    def add(self, presence: str, number: int = 1) -> None:
        """Count spaces in a state."""
        setattr(self, presence, getattr(self, presence) + number)


class Held(NamedTuple):
    """The spaces of one kind of a place: how many there are, how many known, how many taken."""

    kind: str
    total: int
    known: int
    taken: int
    heard: int | None


@dataclass
class Room:
    """A street or a car park with what is known of its spaces now; `heard` is the newest news."""

    place: Place
    kinds: dict[str, Counts] = field(default_factory=dict)
    heard: datetime | None = None
    now: engine.Conditions | None = None
    pays_now: bool | None = None
    metres: float | None = None
    at: Point | None = None

    @property
    def is_site(self) -> bool:
        return isinstance(self.place, Site)

    @cached_property
    def counts(self) -> Counts:
        """Give the counts of all kinds together, once they are all there."""
        held = self.kinds.values()
        return Counts(
            sum(c.free for c in held), sum(c.taken for c in held), sum(c.unknown for c in held)
        )

    def count(self, kind: str = "") -> Counts:
        """Give the counts of a kind, or of all."""
        return self.kinds.get(kind, Counts()) if kind else self.counts

    @property
    def is_empty(self) -> bool:
        """Tell whether no space of it is known at all."""
        return not self.counts.total


def spaces(at: datetime) -> QuerySet[Any]:
    """Give the spaces in service, each with what is believed of it as `said`: 1, 0 or None."""
    rows = Space.objects.filter(in_service=True).annotate(
        said=_said(at),
        heard=F("thing__state__heard"),
        since=F("thing__state__since"),
    )
    return rows.order_by("number", "code")


def _said(at: datetime) -> Case:
    believed = known(at, "thing__state__")
    return Case(When(believed, then=F("thing__state__value")), output_field=FloatField())


def _weight(at: datetime) -> Case:
    """Give what a space counts for, so that one sum tells how many are known, and how many taken.

    What is believed is then worked out once a space.
    """
    taken = When(thing__state__value__gt=0, then=Value(1 + _TAKEN))
    return Case(When(known(at, "thing__state__"), then=Case(taken, default=Value(1))))


def presence(said: float | None) -> Presence:
    """Say what a sensor's value means; what is not believed is unknown."""
    if said is None:
        return Presence.UNKNOWN
    return Presence.TAKEN if said else Presence.FREE


def moment(milliseconds: int | None) -> datetime | None:
    """Give an instant of the sensors as a date."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def availability(at: datetime, options: ParkingOptions, asked: Asked | None = None) -> list[Room]:
    """Give every place that answers to the question, the nearest first where one asks from.

    Five queries, whatever there is.
    """
    question = asked or Asked()
    held = rooms(at)
    _apply(held, book(), options, question.kind or SpaceKind.STANDARD, at)
    if question.q:
        held = _named(held, question.q)
    return _sorted([room for room in held if _answers(room, question)], question.near)


def room_of(place: Place, at: datetime, options: ParkingOptions, rules: Book) -> Room:
    """Give one place with what is known of it."""
    is_site = isinstance(place, Site)
    room = Room(place, at=_point(place))
    _add(room, _held(at, **{"site" if is_site else "segment": place})[place.pk])
    _whole(room, _counters(at).get(pk=place.pk) if is_site else place)
    _apply([room], rules, options, SpaceKind.STANDARD, at)
    return room


def overall(at: datetime) -> tuple[Counts, int]:
    """Give what is known of all spaces together, and how many places there are; three queries."""
    found = [Room(place) for place in _counters(at)]
    held = _held(at, "site")
    for room in found:
        _add(room, held[room.place.pk])
        _whole(room, room.place)
    streets = reduce(_sum, map(_counts_of, held[None]), Counts())
    return _sum(totals(found), streets), len(found) + Segment.objects.count()


def totals(rooms: Iterable[Room], kind: str = "") -> Counts:
    """Add up what several places have."""
    return reduce(_sum, (room.count(kind) for room in rooms), Counts())


def where_is(text: str) -> Point | None:
    """Give a point from « 48.75, 2.29 », or None."""
    parts = text.replace(";", ",").split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 -- degrees


def rooms(at: datetime) -> list[Room]:
    """Give every place with what is known of its spaces, and not what applies; three queries."""
    places: list[Place] = [*streets(), *_counters(at)]
    held = _held(at)
    found = []
    for place in places:
        room = Room(place, at=_point(place))
        _add(room, held[place.pk])
        _whole(room, place)
        found.append(room)
    return found


def _held(at: datetime, *by: str, **where: Any) -> dict[UUID | None, list[Held]]:
    """Count the spaces in service by place and kind; the database adds up, a row is no object.

    Asked by site alone, those of all streets come together, under None.
    """
    rows = Space.objects.filter(in_service=True, **where).order_by()
    counted = rows.values_list(*(by or ("segment", "site")), "kind").annotate(
        total=Count("pk"),
        said=Sum(_weight(at)),
        heard=Max("thing__state__heard"),
    )
    found = defaultdict(list)
    for row in counted:
        *keys, kind, total, said, heard = row
        taken, known = divmod(said or 0, _TAKEN)
        place = next((key for key in keys if key), None)
        found[place].append(Held(kind, total, known, taken, heard))
    return found


def _counters(at: datetime) -> QuerySet[Any]:
    """Give car parks, each with the free spaces that its own counter says, where it is believed."""
    believed = known(at, "thing__state__") & Q(thing__property=Property.FREE)
    counted = Case(When(believed, then=F("thing__state__value")), output_field=FloatField())
    rows = Site.objects.select_related("zone")
    return rows.annotate(counted=counted, counted_at=F("thing__state__heard"))


def _add(room: Room, rows: Iterable[Held]) -> None:
    newest = 0
    for held in sorted(rows):
        room.kinds[held.kind] = _counts_of(held)
        newest = max(newest, held.heard or 0)
    room.heard = moment(newest or None)


def _counts_of(held: Held) -> Counts:
    return Counts(held.known - held.taken, held.taken, held.total - held.known)


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(one.free + other.free, one.taken + other.taken, one.unknown + other.unknown)


def _whole(room: Room, place: Any) -> None:
    """Count what a car park's own counter says, or leave the rest of its spaces unknown."""
    if not isinstance(place, Site) or place.capacity is None:
        return
    rest = max(0, place.capacity - sum(counts.total for counts in room.kinds.values()))
    counts = room.kinds.setdefault(SpaceKind.STANDARD, Counts())
    said = getattr(place, "counted", None)
    if said is None:
        counts.add(Presence.UNKNOWN, rest)
        return
    free = min(max(0, round(said)), rest)
    counts.add(Presence.FREE, free)
    counts.add(Presence.TAKEN, rest - free)
    news = (room.heard, moment(getattr(place, "counted_at", None)))
    room.heard = max((one for one in news if one), default=None)


def _apply(
    rooms: Iterable[Room], rules: Book, options: ParkingOptions, kind: str, at: datetime
) -> None:
    """Say what applies in each place now, for the kind of space asked for.

    Places where the same rules may hold have the same answer: it is found once.
    """
    badges = BADGES_OF.get(SpaceKind(kind), frozenset())
    said: dict[Any, tuple[engine.Conditions, bool | None]] = {}
    for room in rooms:
        key = (room.is_site, rules.key(room.place, kind))
        if key not in said:
            law = law_for(room.place, options)
            found = engine.conditions(rules.rules(room.place, kind), at=at, badges=badges, law=law)
            paid = engine.charged(found, at) if found.allowed and found.tariff else None
            said[key] = (found, paid)
        room.now, room.pays_now = said[key]


def _answers(room: Room, asked: Asked) -> bool:
    counts = room.count(asked.kind)
    if asked.kind and not counts.total:
        return False
    if asked.room and not counts.free:
        return False
    return not asked.free_of_charge or room.pays_now is False


def _named(rooms: Sequence[Room], text: str) -> list[Room]:
    """Keep places with these words in their names; slips are forgiven."""
    said = {id(room): _words_of(room.place) for room in rooms}
    vocabulary = {word for known_words in said.values() for word in known_words}
    meant = [_meant(word, vocabulary) for word in words(text)]
    return [room for room in rooms if all(_holds(said[id(room)], word) for word in meant)]


def _holds(known_words: Iterable[str], word: str) -> bool:
    return any(known_word.startswith(word) for known_word in known_words)


def _meant(word: str, vocabulary: set[str]) -> str:
    if any(known_word.startswith(word) for known_word in vocabulary):
        return word
    return next(iter(nearest(word, vocabulary, limit=1)), word)


def _words_of(place: Place) -> list[str]:
    if isinstance(place, Site):
        return fold(f"{place.name} {place.address}").split()
    return fold(f"{place.street} {place.from_street} {place.to_street}").split()


def _sorted(rooms: list[Room], near: Point | None) -> list[Room]:
    if near is None:
        return sorted(rooms, key=lambda room: (room.is_site, fold(str(room.place))))
    placed = [(room.at, room) for room in rooms if room.at is not None]
    found = by_distance(near, placed)
    for metres, room in found:
        room.metres = metres
    return [room for _metres, room in found]


def _point(place: Place) -> Point | None:
    """Give where a place is: a car park's door, the middle of a street's line."""
    if isinstance(place, Site):
        return None if place.lat is None or place.lon is None else (place.lat, place.lon)
    line = (place.line or {}).get("coordinates") or []
    if not line:
        return None
    lon, lat = line[len(line) // 2] if len(line) > 2 else _middle(line)  # noqa: PLR2004 -- two ends
    return lat, lon


def _middle(line: Sequence[Sequence[float]]) -> tuple[float, float]:
    (west, south), (east, north) = line[0][:2], line[-1][:2]
    return round((west + east) / 2, 7), round((south + north) / 2, 7)  # a centimetre
