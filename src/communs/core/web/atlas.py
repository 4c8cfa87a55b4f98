"""The metropolis on a day, as a map and as lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from communs.core.communities import queries
from communs.core.communities.addresses import prefix_of
from communs.core.communities.models import Community, Outline
from communs.core.kit.text import fold, nearest
from communs.core.web import mapping

Drawn = tuple[mapping.Projection, list[mapping.Outline], mapping.Grid]


def communes(day: date, asked: str = "") -> list[Community]:
    """Give the communes of a day, those whose name comes near `asked` only; each knows its `href`."""
    rows = list(queries.communes_on(day))
    if fold(asked):
        rows = _named(rows, fold(asked))
    return _linked(rows)


def territories(day: date) -> list[Community]:
    """Give the territories of a day; each knows its `href`."""
    return _linked(list(queries.territories_on(day)))


def map_of(day: date, *, levels: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Give the map macro's `shapes`, `view_box` and `grid`; nothing to draw gives an empty map.

    `levels` maps a community's slug to its level and to what is said of it. A commune that has
    merged since is drawn under the name of the one that it joined.
    """
    rows = Community.objects.filter(outline__isnull=False).select_related("merged_into")
    communities = {row.slug: _on(row, day) for row in rows}
    if not communities:
        return {"shapes": [], "view_box": "0 0 1 1", "grid": None}
    projection, outlines, grid = _drawn(frozenset(communities))
    shown = {code: levels.get(c.slug, ("", "")) for code, c in communities.items()}
    shapes = mapping.shapes(
        outlines,
        hrefs={code: f"{prefix_of(c)}/" for code, c in communities.items()},
        levels={code: level for code, (level, _says) in shown.items()},
        labels={code: _label(communities[code], says) for code, (_level, says) in shown.items()},
    )
    return {"shapes": shapes, "view_box": projection.view_box, "grid": grid}


def emblem(community: Community) -> dict[str, str] | None:
    """Give a commune's outline alone, or None where none is known."""
    slugs = Community.objects.filter(outline__isnull=False).values_list("slug", flat=True)
    known = frozenset(slugs)
    if community.slug not in known:
        return None
    _projection, outlines, _grid = _drawn(known)
    found = next(outline for outline in outlines if outline.code == community.slug)
    return {"view_box": found.view_box, "path": found.path}


@lru_cache(maxsize=2)
def _drawn(slugs: frozenset[str]) -> Drawn:
    """Draw the outlines of these communes, once a process."""
    rows = Outline.objects.filter(community__slug__in=slugs)
    features = [
        {"geometry": geometry, "properties": {"slug": slug, "name": name}}
        for geometry, slug, name in rows.values_list(
            "geometry", "community__slug", "community__name"
        )
    ]
    projection, outlines = mapping.outlines({"features": features}, code="slug", name="name")
    return projection, outlines, mapping.graticule(projection)


def _on(community: Community, day: date) -> Community:
    gone = not community.existed(day)
    return community.merged_into if gone and community.merged_into else community


def _label(community: Community, says: str) -> str:
    return (
        _("%(name)s: %(says)s") % {"name": community.name, "says": says} if says else community.name
    )


def _linked(rows: list[Community]) -> list[Community]:
    for row in rows:
        row.href = f"{prefix_of(row)}/"
    return rows


def _named(rows: list[Community], asked: str) -> list[Community]:
    found = [row for row in rows if asked in fold(row.name) or asked in row.postal_codes.split()]
    if found:
        return found
    by_name = {fold(row.name): row for row in rows}
    return [by_name[name] for name in nearest(asked, by_name, limit=5)]
