"""SQLite: an R*Tree of whole numbers, in ten-millionths of a degree: 1 cm, as spots are kept.

A third dimension is the layer’s shelf, one thick: boxes without a volume would all seem as good to
the tree, and it would put points anywhere. The box asked for grows until it holds enough; how large
it had to be is remembered by neighbourhood, as a first guess for who asks next. The tree gives
numbers and places; whose they are is asked of those alone that are to be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, cos, floor, radians, sqrt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from communs.core.geo.backends.asked import Asked, Found, Taking, owner_of
from communs.core.geo.engine.sphere import FARTHEST, box_around, metres
from communs.core.geo.models import FINE, Spot

_TREE = "number, south, north, west, east, shelf_from, shelf_to, +owner, +subject"
CREATE = (f"CREATE VIRTUAL TABLE geo_tree USING rtree_i32({_TREE})",)
_FIRST, _GROWS = 100.0, 3.0  # metres, times
_MOST_GUESSES, _BLOCK = 20_000, 100  # neighbourhoods, of a hundredth of a degree
_ROOM, _HABIT = 1.15, 0.9  # times the distance that was needed there; how slowly a guess changes
_FLAT, _TEMPERATE = (
    20_000.0,
    70.0,
)  # metres and degrees: where flat is near enough
_UNEVEN, _COARSE = 1.1, 4.0  # what flat may be wrong by, of squares
_IN_BOX = (
    "SELECT number, south, west FROM geo_tree WHERE north >= ? AND south <= ? AND east >= ?"
    " AND west <= ? AND shelf_from <= ? AND shelf_to >= ?"
)
_WHOSE = "SELECT rowid, a0, a1 FROM geo_tree_rowid WHERE rowid IN ({})"  # what the tree has beside
_ADD = "INSERT INTO geo_tree VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_REMOVE = "DELETE FROM geo_tree WHERE number = ?"
_NUMBER, _AT_ONCE = 2**62 - 1, 500

_guesses: dict[tuple[int, ...], float] = {}


class _Candidate(NamedTuple):
    metres: float
    number: int


def nearest(asked: Asked, taking: Taking) -> list[Found]:
    """Give what is nearest in a layer of the community in force, nearest first."""
    limit = min(asked.within, FARTHEST)
    place = asked.shelf, asked.most, int(asked.lat * _BLOCK), int(asked.lon * _BLOCK)
    reach = min(_guesses.get(place) or _guesses.get(place[:2], _FIRST), limit)
    while True:
        found = _taken(asked, _within(asked, reach, all_count=taking.takes_all), taking)
        enough = len(found) >= asked.most
        last = found[asked.most - 1].metres if enough else _wider(reach, len(found), asked.most)
        if reach >= limit or last <= reach:
            break
        reach = min(last, limit)
    _remember(place, min(last, reach))
    return found[: asked.most]


def _wider(reach: float, found: int, wanted: int) -> float:
    """Give how far to look next, if things stood as densely a little farther."""
    return reach * min(_GROWS, 1.1 * sqrt((wanted + 2) / found)) if found else reach * _GROWS


def add(spots: Iterable[Spot]) -> None:
    """Take in spots just written."""
    _run_many(_ADD, [_row(spot) for spot in spots])


def remove(spots: Sequence[Spot]) -> None:
    """Let go of spots about to be written anew or deleted."""
    _run_many(_REMOVE, [(_number(spot),) for spot in spots])


def repair() -> None:
    """Make the index anew from the spots of every community."""
    _run("DELETE FROM geo_tree", ())
    add(Spot.everywhere.iterator())


def _within(asked: Asked, reach: float, *, all_count: bool) -> list[_Candidate]:
    """Give what is within reach, nearest first; of other layers too, which share the shelf."""
    lat, lon, shelf = asked.lat, asked.lon, 2 * asked.shelf
    box = box_around(lat, lon, reach)
    south, north, west, east = (
        floor(box.south * FINE), ceil(box.north * FINE),
        floor(box.west * FINE), ceil(box.east * FINE),
    )  # fmt: skip
    rows = _run(_IN_BOX, (south, north, west, east, shelf, shelf + 1))
    return _sorted_out(asked, rows, reach, all_count=all_count)


def _sorted_out(
    asked: Asked, rows: list[Any], reach: float, *, all_count: bool
) -> list[_Candidate]:
    """Measure rows and sort them; where flat is near enough, only those that may be told."""
    lat, lon = asked.lat, asked.lon
    if all_count and reach < _FLAT and len(rows) > asked.most and abs(lat) < _TEMPERATE:
        up, across, narrow = lat * FINE, lon * FINE, cos(radians(lat)) ** 2
        flat = [((y - up) ** 2 + narrow * (x - across) ** 2, number, y, x) for number, y, x in rows]
        flat.sort()
        far = flat[asked.most - 1][0] * _UNEVEN + _COARSE
        rows = [row[1:] for row in flat if row[0] <= far]
    found = [_Candidate(metres(lat, lon, y / FINE, x / FINE), number) for number, y, x in rows]
    found.sort()
    while found and found[-1].metres > reach:
        found.pop()
    return found


def _taken(asked: Asked, candidates: list[_Candidate], taking: Taking) -> list[Found]:
    """Give the candidates that are of the layer and count; as few as do are looked at."""
    if taking.takes_all and len(candidates) > asked.most:
        last = candidates[asked.most - 1].metres
        few = [one for one in candidates if one.metres <= last]
        found = _whose(asked, few)
        if len(found) >= asked.most:
            return found
    return taking.chosen(_whose(asked, candidates))


def _whose(asked: Asked, candidates: list[_Candidate]) -> list[Found]:
    owner, found = owner_of(asked.community.pk, asked.layer), []
    for begin in range(0, len(candidates), _AT_ONCE):
        part = dict(candidate[::-1] for candidate in candidates[begin : begin + _AT_ONCE])
        rows = _run(_WHOSE.format(",".join("?" * len(part))), tuple(part))
        found += [
            Found(part[n], UUID(bytes=subject)) for n, whose, subject in rows if whose == owner
        ]
    found.sort()
    return found


def _run(statement: str, values: tuple[Any, ...]) -> list[Any]:
    """Run a statement past Django’s cursor, which costs as much as the question."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        rows: list[Any] = connection.connection.execute(statement, values).fetchall()
    return rows


def _run_many(statement: str, rows: list[tuple[Any, ...]]) -> None:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.connection.executemany(statement, rows)


def _row(spot: Spot) -> tuple[Any, ...]:
    lat, lon, shelf = round(spot.lat * FINE), round(spot.lon * FINE), 2 * spot.shelf
    owner = owner_of(spot.community_id, spot.layer)
    return (_number(spot), lat, lat, lon, lon, shelf, shelf + 1, owner, spot.subject.bytes)


def _number(spot: Spot) -> int:
    return spot.pk.int & _NUMBER


def _remember(place: tuple[int, ...], needed: float) -> None:
    if len(_guesses) >= _MOST_GUESSES:
        _guesses.clear()
    usual = _guesses.get(place[:2], needed)
    _guesses[place] = max(needed * _ROOM, 1.0)
    _guesses[place[:2]] = max(_HABIT * usual + (1 - _HABIT) * needed, 1.0)
