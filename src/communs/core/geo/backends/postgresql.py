"""PostgreSQL: a GiST tree of points, without an extension, asked for the nearest ones.

Its operator sorts and does not filter, so that row-level security leaves the index to it. Degrees
of longitude are worth what they are in the metropolis; each shelf has a stretch of the plane far
from the others’. Distances on that plane bound those on the sphere: rows are read until none that
is left can be nearer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection

from communs.core.geo.backends.asked import Asked, Found, Taking
from communs.core.geo.engine.sphere import FARTHEST, metres, plane_reach
from communs.core.geo.models import Spot

SCALE = 0.658  # the cosine of 48.85°
_STRETCH = 400  # degrees: more than any distance within a shelf
_POINT = f"point(lon * {SCALE}::float8, lat + {_STRETCH}::float8 * shelf)"
CREATE = (f"CREATE INDEX geo_spot_near ON geo_spot USING gist ({_POINT})",)
_NEAR = (
    f"SELECT subject, lat, lon, {_POINT} <-> point(%s::float8, %s::float8) AS far FROM geo_spot"  # noqa: S608 -- numbers of ours
    " WHERE community_id = %s AND layer = %s ORDER BY far LIMIT {:d}"
)
_MORE, _GROWS = 6, 4  # rows beyond those asked for; times, when they were too few
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
    """Nothing: the index is the table’s own."""


def remove(spots: Sequence[Spot]) -> None:
    """Nothing: the index is the table’s own."""


def repair() -> None:
    """Nothing: the index is the table’s own."""


def _near(asked: Asked, limit: int) -> list[Any]:
    x, y = asked.lon * SCALE, asked.lat + _STRETCH * asked.shelf
    rows: list[Any] = []

    def prepared(_run: Any, sql: str, values: Any, _many: bool, _context: Any) -> None:
        """Run it as a prepared statement: planning costs more than looking."""
        with psycopg.Cursor(connection.connection) as cursor:
            rows.extend(cursor.execute(sql, values, prepare=True).fetchall())

    with connection.cursor() as cursor, connection.execute_wrapper(prepared):
        cursor.execute(_NEAR.format(limit), [x, y, asked.community.pk, asked.layer])
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
