"""The metropolis on a day, as a map and as lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from communs.core.communities import queries
from communs.core.communities.addresses import prefix_of
from communs.core.communities.models import Community, Outline
from communs.core.kit.formats import feature
from communs.core.kit.text import fold, nearest, words
from communs.core.web import mapping

Drawn = tuple[mapping.Projection, list[mapping.Outline], mapping.Grid]

_kept: list[Drawn] = []


def communes(day: date, asked: str = "") -> list[Any]:
    """Give the communes of a day, or those whose name comes near `asked`; each has an `href`."""
    rows = list(queries.communes_on(day))
    if fold(asked):
        rows = _named(rows, fold(asked))
    return _linked(rows)


def territories(day: date) -> list[Any]:
    """Give the territories of a day; each knows its `href`."""
    return _linked(list(queries.territories_on(day)))


def map_of(day: date, *, levels: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Give the map macro's `shapes`, `view_box` and `grid`; nothing to draw gives an empty map.

    `levels` maps a community's slug to its level and to what is said of it. A commune that has
    merged since is drawn under the name of the one that it joined.
    """
    communities = _communities(day)
    drawn = _drawn()
    if drawn is None:
        return {"shapes": [], "view_box": "0 0 1 1", "grid": None}
    projection, outlines, grid = drawn
    shown = {code: levels.get(c.slug, ("", "")) for code, c in communities.items()}
    shapes = mapping.shapes(
        outlines,
        hrefs={code: f"{prefix_of(c)}/" for code, c in communities.items()},
        levels={code: level for code, (level, _says) in shown.items()},
        labels={code: _label(communities[code], says) for code, (_level, says) in shown.items()},
    )
    return {"shapes": shapes, "view_box": projection.view_box, "grid": grid}


def features_of(day: date, *, levels: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """Give the same as GeoJSON features, for the moving map."""
    geometries = dict(Outline.objects.values_list("community__slug", "geometry"))
    found = []
    for code, community in _communities(day).items():
        level, says = levels.get(community.slug, ("", ""))
        about = {
            "name": community.name,
            "level": level,
            "label": _label(community, says),
            "href": f"{prefix_of(community)}/",
        }
        found.append(feature(geometries[code], about, code))
    return found


def emblem(community: Community) -> dict[str, str] | None:
    """Give a commune's outline alone, or None where none is known."""
    drawn = _drawn()
    outlines = drawn[1] if drawn else []
    found = next((outline for outline in outlines if outline.code == community.slug), None)
    return {"view_box": found.view_box, "path": found.path} if found else None


def base_layer() -> dict[str, str]:
    """Give the tiles that the installation offers under the moving map, if any."""
    url = settings.COMMUNS_TILES
    kind = "pmtiles" if url.endswith(".pmtiles") else "raster"
    return {"raster": "", "pmtiles": "", "credit": settings.COMMUNS_TILES_CREDIT} | {kind: url}


def _communities(day: date) -> dict[str, Community]:
    """Give, by the slug of each commune that has an outline, who holds that land on the day."""
    rows = Community.objects.filter(outline__isnull=False).select_related("merged_into")
    return {row.slug: _on(row, day) for row in rows}


def _drawn() -> Drawn | None:
    """Draw the outlines, once a process; None as long as there is none."""
    if not _kept:
        rows = Outline.objects.values_list("geometry", "community__slug", "community__name")
        features = [
            {"geometry": geometry, "properties": {"slug": slug, "name": name}}
            for geometry, slug, name in rows
        ]
        if not features:
            return None
        projection, outlines = mapping.outlines({"features": features}, code="slug", name="name")
        _kept.append((projection, outlines, mapping.graticule(projection)))
    return _kept[0]


def _on(community: Community, day: date) -> Community:
    gone = not community.existed(day)
    return community.merged_into if gone and community.merged_into else community


def _label(community: Community, says: str) -> str:
    return (
        _("%(name)s: %(says)s") % {"name": community.name, "says": says} if says else community.name
    )


def _linked(rows: list[Any]) -> list[Any]:
    for row in rows:
        row.href = f"{prefix_of(row)}/"
    return rows


def _named(rows: list[Any], asked: str) -> list[Any]:
    found = [row for row in rows if asked in fold(row.name) or asked in row.postal_codes.split()]
    if found:
        return found
    known = {word for row in rows for word in words(row.name)}
    meant = [next(iter(nearest(word, known, limit=1)), word) for word in asked.split()]
    return [row for row in rows if all(word in words(row.name) for word in meant)]
