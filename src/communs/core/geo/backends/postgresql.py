"""PostgreSQL: a table of points with an SP-GiST index, without an extension, beside the spots.

Beside, because row-level security makes each question twice as dear: its policy is read for every
row, and a point worked out from two columns is worked out again. The table holds numbers and
places; whose they are is part of the question. Degrees of longitude are worth what they are in the
metropolis; each shelf has a stretch of the plane far from the others’. Distances on that plane
bound those on the sphere: rows are read until none that is left can be nearer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection

from communs.core.geo.backends.asked import Asked, Found, Taking, owner_of
from communs.core.geo.engine.sphere import FARTHEST, metres, plane_reach
from communs.core.geo.models import Spot

SCALE = 0.658  # the cosine of 48.85°
_STRETCH = 400  # degrees: more than any distance within a shelf
_POINT = f"point(lon * {SCALE}::float8, lat + {_STRETCH}::float8 * shelf)"
_PLACE = "lat float8 NOT NULL, lon float8 NOT NULL, at point NOT NULL"
_ROW = f"spot uuid PRIMARY KEY, owner text NOT NULL, subject uuid NOT NULL, {_PLACE}"
CREATE = (
    f"CREATE TABLE geo_near ({_ROW})",
    "CREATE INDEX geo_near_at ON geo_near USING spgist (at)",
)
_NEAR = (
    "SELECT subject, lat, lon, at <-> point(%s::float8, %s::float8) AS far FROM geo_near"
    " WHERE owner = %s ORDER BY far LIMIT {:d}"
)
_OWNER = "replace(community_id::text, '-', '') || ' ' || layer"
_OF_SPOTS = f"INSERT INTO geo_near SELECT id, {_OWNER}, subject, lat, lon, {_POINT} FROM geo_spot"  # noqa: S608 -- no value in it
_MORE, _GROWS = 3, 4  # rows beyond those asked for; times, when they were too few
_BLUR = 1e-6  # degrees lost to the size of the stretches


def nearest(asked: Asked, taking: Taking) -> list[Found]:
    """Give what is nearest in a layer of the community in force, nearest first."""
    limit = asked.most + _MORE
    while True:
        rows = _near(asked, limit)
        found = taking.chosen(_measured(asked, rows))
        if len(rows) < limit or _is_whole(asked, found, rows[-1][3]):
            return found[: asked.most]
        limit *= _GROWS


def add(spots: Iterable[Spot]) -> None:
    """Take in spots just written."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_OF_SPOTS} WHERE id = ANY(%s)", [[spot.pk for spot in spots]])


def remove(spots: Sequence[Spot]) -> None:
    """Let go of spots about to be written anew or deleted."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM geo_near WHERE spot = ANY(%s)", [[s.pk for s in spots]])


def repair() -> None:
    """Make the index anew from the spots of every community."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM geo_near")
        cursor.execute(_OF_SPOTS)


def _near(asked: Asked, limit: int) -> list[Any]:
    """Ask past Django’s cursor, as a prepared statement: both cost as much as looking."""
    x, y = asked.lon * SCALE, asked.lat + _STRETCH * asked.shelf
    values = (x, y, owner_of(asked.community.pk, asked.layer))
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_NEAR.format(limit), values, prepare=True, binary=True)
        rows: list[Any] = cursor.fetchall()
    return rows


def _measured(asked: Asked, rows: list[Any]) -> list[Found]:
    lat, lon = asked.lat, asked.lon
    found = [Found(metres(lat, lon, y, x), subject) for subject, y, x, _far in rows]
    found.sort()
    while found and found[-1].metres > asked.within:
        found.pop()
    return found


def _is_whole(asked: Asked, found: list[Found], read: float) -> bool:
    """Tell whether nothing that was not read can be among the nearest; `read` is in degrees."""
    enough = len(found) >= asked.most
    reach = found[asked.most - 1].metres if enough else min(asked.within, FARTHEST)
    far = plane_reach(asked.lat, asked.lon, reach, SCALE)
    return far is not None and read > far + _BLUR
