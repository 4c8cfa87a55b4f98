"""Delivery bays and their rules out of a CurbLR file; what is left out is counted, with why.

CurbLR 1.1, https://github.com/curblr/curblr-spec. One stretch of curb is one bay if some kept rule
of it lets goods be loaded. Nothing is guessed of what has no equal here: it is left out and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise, product
from math import cos, hypot, radians
from typing import Any

from communs.services.delivery.engine.nearby import metres

# Why something is left out; the words are those of `enums.LeftOut`.
NO_LOADING, PLACE, USERS, SIZE, ACTIVITY = "no loading", "place", "users", "size", "activity"
MONTHLY, YEARLY, PERIOD, OVER, HOURS = "monthly", "yearly", "period", "over", "hours"
# What is worth knowing of what is taken.
ZONE, PRICE, SPACES = "zone", "price", "spaces"

MOST_FEATURES = 5_000
_SPACE_M, _WIDTH_M = 10.0, 2.5
_DEGREE = 111_195.0  # metres of a degree of latitude
_MOST_SPACES, _MOST_LENGTH, _MOST_RANK, _MOST_MINUTES = 20, 200.0, 99, 720
_ACTIVITIES = {
    "loading": "loading",
    "parking": "parking",
    "no parking": "no parking",
    "no standing": "no parking",
}
_VEHICLES = {
    "truck": ("truck",),
    "freight": ("truck",),
    "commercial": ("van", "truck"),
    "delivery": ("van", "truck"),
    "van": ("van",),
    "bicycle": ("cargo_bicycle",),
    "cargo bicycle": ("cargo_bicycle",),
}
_SIZES = {"maxheight", "minheight", "maxlength", "minlength", "maxweight", "minweight"}
_DAYS = {name: number for number, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))}
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOLIDAYS = {"holidays", "public holidays", "holiday"}
_NO_CLOCKS = ({"from": "00:00", "to": "24:00"},)


class Unreadable(Exception):
    """A file that is no CurbLR; its words are what a JSON reader or this module says."""


class _LeftOut(Exception):
    """A rule that has no equal here: its reason and, in the file's words, of what."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.reason, self.about = reason, about


@dataclass(slots=True)
class Reading:
    """What a file holds for delivery bays, as plain JSON."""

    features: int = 0
    bays: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


def read(text: str, *, on: date) -> Reading:
    """Read a file; raises Unreadable. Rules that ended before a day are left out."""
    whole = _whole(text)
    manifest = whole.get("manifest")
    manifest = manifest if isinstance(manifest, dict) else {}
    ranks = _ranks(manifest.get("priorityHierarchy"))
    reading = Reading(features=len(whole["features"]))
    for number, feature in enumerate(whole["features"], 1):
        _take(reading, number, feature, ranks, on)
    zone = manifest.get("timeZone")
    if reading.bays and isinstance(zone, str) and zone != "Europe/Paris":
        _count(reading.notes, ZONE, _word(zone)[:60], 0)
    if reading.bays:
        _count(reading.notes, SPACES, "", 0)
    return reading


def _whole(text: str) -> dict[str, Any]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{error.msg}: {error.lineno}, {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(whole, dict) or not isinstance(whole.get("features"), list):
        raise Unreadable
    if len(whole["features"]) > MOST_FEATURES:
        raise Unreadable
    return whole


def _ranks(hierarchy: Any) -> dict[str, int]:
    """Give the rank of each category of a file's own order, the first before the others."""
    names = hierarchy if isinstance(hierarchy, list) else []
    return {_word(name): min(rank, _MOST_RANK) for rank, name in enumerate(names, 1)}


def _take(reading: Reading, number: int, feature: Any, ranks: Mapping[str, int], on: date) -> None:
    """Take one stretch of curb, or say why it is left out."""
    properties = _dict(_dict(feature).get("properties"))
    location = _dict(properties.get("location"))
    found, faults = _rules(properties.get("regulations"), ranks, on)
    if not any(rule["terms"]["activity"] == "loading" for rule, _paid in found):
        own = faults or [_LeftOut(NO_LOADING)]
        for fault in own:
            _count(reading.left_out, fault.reason, fault.about, number)
        return
    try:
        bay = _bay(number, location, _dict(_dict(feature).get("geometry")))
    except (_LeftOut, TypeError, ValueError, LookupError, OverflowError):
        _count(reading.left_out, PLACE, "", number)
        return
    for fault in faults:
        _count(reading.left_out, fault.reason, fault.about, number)
    if not any(known["origin"] == bay["origin"] for known in reading.bays):
        reading.bays.append(bay)
    for rule, paid in found:
        _place(reading.rules, rule, bay["origin"])
        if paid:
            _count(reading.notes, PRICE, "", number)


def _rules(
    given: Any, ranks: Mapping[str, int], on: date
) -> tuple[list[tuple[dict[str, Any], bool]], list[_LeftOut]]:
    found, faults = [], []
    for regulation in given if isinstance(given, list) else []:
        try:
            rule = _dict(_dict(regulation).get("rule"))
            terms = _terms(rule, _dict(regulation), ranks)
            spans = list(_spans(_dict(regulation).get("timeSpans"), on))
        except _LeftOut as fault:
            faults.append(fault)
            continue
        paid = rule.get("payment") is True
        found += [(span | {"terms": terms | span["terms"]}, paid) for span in spans]
    return found, faults


def _terms(
    rule: Mapping[str, Any], regulation: Mapping[str, Any], ranks: Mapping[str, int]
) -> dict[str, Any]:
    """Give what is allowed, to whom and for how long."""
    said = _word(rule.get("activity"))
    if said not in _ACTIVITIES:
        raise _LeftOut(ACTIVITY, said[:40])
    category = _word(rule.get("priorityCategory"))
    rank = ranks.get(category) or _rank(regulation.get("priority"))
    return {
        "activity": _ACTIVITIES[said],
        "vehicles": _vehicles(regulation.get("userClasses")),
        "most_minutes": _minutes(rule.get("maxStay")) or None,
        "no_return_minutes": _minutes(rule.get("noReturn")),
        "priority": rank,
    }


def _vehicles(given: Any) -> list[str]:
    """Give the vehicles that a rule names; others than those that carry goods are no bay's."""
    found: set[str] = set()
    for one in given if isinstance(given, list) else []:
        said = _dict(one)
        if _SIZES & {key.lower() for key in said}:
            raise _LeftOut(SIZE)
        for name in map(_word, [*_list(said.get("classes")), *_list(said.get("subclasses"))]):
            if name not in _VEHICLES:
                raise _LeftOut(USERS, name[:40])
            found |= set(_VEHICLES[name])
    return sorted(found)


def _spans(given: Any, on: date) -> Iterator[dict[str, Any]]:
    """Give the hours and days of a rule, one by one; without any, all of them."""
    for one in given if isinstance(given, list) and given else [{}]:
        span = _dict(one)
        days = _dict(span.get("daysOfWeek"))
        if (
            span.get("daysOfMonth")
            or days.get("occurrencesInMonth")
            or any(key.lower().startswith("occurrences") for key in days)
        ):
            raise _LeftOut(MONTHLY)
        known = {"days": _week(days), "holidays": _holidays(span.get("designatedPeriods"))}
        dates = [_dates(_dict(part), on) for part in _list(span.get("effectiveDates"))]
        clocks = _list(span.get("timesOfDay")) or _NO_CLOCKS
        for dated, clock in product(dates or [(None, None)], map(_dict, clocks)):
            ends = clock.get("to", clock.get("until"))
            hours = {"begins": _clock(clock.get("from")), "ends": _clock(ends)}
            yield {"since": dated[0], "until": dated[1], "terms": known | hours}


def _week(days: Mapping[str, Any]) -> str:
    names = [_word(name)[:2] for name in _list(days.get("days"))]
    if any(name not in _DAYS for name in names):
        raise _LeftOut(HOURS)
    return "".join(str(number) for number in sorted({_DAYS[name] for name in names})) or "0123456"


def _holidays(periods: Any) -> bool | None:
    found: bool | None = None
    for period in map(_dict, _list(periods)):
        apply = _word(period.get("apply"))
        if _word(period.get("name")) not in _HOLIDAYS or not apply.endswith(" during"):
            raise _LeftOut(PERIOD, _word(period.get("name"))[:40])
        found = apply.startswith("only")
    return found


def _dates(part: Mapping[str, Any], on: date) -> tuple[str | None, str | None]:
    first, last = part.get("from"), part.get("to", part.get("until"))
    for said in (first, last):
        if said is not None and not (isinstance(said, str) and _DATE.fullmatch(said)):
            raise _LeftOut(YEARLY)
    try:
        begins = date.fromisoformat(first) if first else None
        ends = date.fromisoformat(last) if last else None
    except ValueError:
        raise _LeftOut(HOURS) from None
    if ends is not None and (ends < on or (begins is not None and ends < begins)):
        raise _LeftOut(OVER)
    return first, last


def _clock(said: Any) -> str | None:
    """Give an hour; none at midnight, nor a minute before it, as files end a day."""
    if not isinstance(said, str) or not _CLOCK.fullmatch(said):
        raise _LeftOut(HOURS)
    return None if said in {"00:00", "24:00", "23:59"} else said


def _bay(number: int, location: Mapping[str, Any], geometry: Mapping[str, Any]) -> dict[str, Any]:
    line = _line(geometry)
    lon, lat = (sum(axis) / 2 for axis in zip(line[0], line[-1], strict=True))
    length = _length(location, line)
    parts = ("shstRefId", "sideOfStreet", "shstLocationStart", "shstLocationEnd", "shstLocation")
    told = [_plain(str(location.get(part, ""))) for part in parts]
    named = ":".join(told) if told[0] else f"{lon:.6f},{lat:.6f}"
    street = location.get("streetName") or location.get("street")
    return {
        "origin": f"curblr:{named}"[:120],
        "number": number,
        "street": _plain(street)[:160] if isinstance(street, str) else "",
        "lat": round(lat, 7),
        "lon": round(lon, 7),
        "length_m": None if length is None else round(length, 1),
        "spaces": max(1, min(_MOST_SPACES, round((length or 0) / _SPACE_M))),
        "shape": _outline(line),
    }


def _line(geometry: Mapping[str, Any]) -> list[tuple[float, float]]:
    given = geometry.get("coordinates")
    if geometry.get("type") == "Point":
        given = [given]
    elif geometry.get("type") != "LineString":
        raise _LeftOut(PLACE)
    line = [(float(point[0]), float(point[1])) for point in _list(given)]
    fits = all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in line)  # noqa: PLR2004 -- degrees
    if not line or not fits:
        raise _LeftOut(PLACE)
    return line


def _length(location: Mapping[str, Any], line: Sequence[tuple[float, float]]) -> float | None:
    """Give the metres of a stretch: as the file measures it, or along its line."""
    first, last = location.get("shstLocationStart"), location.get("shstLocationEnd")
    if isinstance(first, int | float) and isinstance(last, int | float):
        length = abs(last - first)
    else:
        length = sum(metres(a[1], a[0], b[1], b[0]) for a, b in pairwise(line))
    return length if 1 <= length <= _MOST_LENGTH else None


def _outline(line: Sequence[tuple[float, float]]) -> dict[str, Any] | None:
    """Draw the stretch as wide as a vehicle, straight from its first point to its last."""
    (west, south), (east, north) = line[0], line[-1]
    scale = cos(radians((south + north) / 2))
    across, up = (east - west) * scale, north - south
    run = hypot(across, up)
    if run * _DEGREE < 1 or scale <= 0:
        return None
    aside = _WIDTH_M / _DEGREE / 2
    shift_lon, shift_lat = -up / run * aside / scale, across / run * aside
    corners = [
        [west + shift_lon, south + shift_lat],
        [west - shift_lon, south - shift_lat],
        [east - shift_lon, north - shift_lat],
        [east + shift_lon, north + shift_lat],
    ]
    ring = [[round(lon, 7), round(lat, 7)] for lon, lat in corners]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _place(rules: list[dict[str, Any]], rule: dict[str, Any], origin: str) -> None:
    """Put a rule in a bay: with the same rule of other bays, if there is one."""
    for known in rules:
        if all(known[name] == rule[name] for name in ("terms", "since", "until")):
            if origin not in known["bays"]:
                known["bays"].append(origin)
            return
    rules.append({**rule, "bays": [origin]})


def _count(found: list[dict[str, Any]], reason: str, about: str, number: int) -> None:
    for known in found:
        if (known["reason"], known["about"]) == (reason, about):
            known["count"] += 1
            return
    found.append({"reason": reason, "about": about, "count": 1, "first": number})


def _rank(priority: Any) -> int:
    is_rank = isinstance(priority, int) and not isinstance(priority, bool) and 1 <= priority <= 9  # noqa: PLR2004 -- CurbLR has four
    return priority * 10 if is_rank else 40


def _minutes(said: Any) -> int:
    fits = isinstance(said, int) and not isinstance(said, bool) and 0 < said <= _MOST_MINUTES
    return said if fits else 0


def _word(said: Any) -> str:
    """Give a word of the file as it compares: in small letters, without hyphens."""
    return re.sub(r"[\s_-]+", " ", _plain(said)).strip().lower() if isinstance(said, str) else ""


def _plain(said: str) -> str:
    return "".join(mark for mark in said if mark.isprintable())


def _dict(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _list(said: Iterable[Any] | Any) -> list[Any]:
    return said if isinstance(said, list) else []
