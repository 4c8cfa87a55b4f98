"""Loads the reference of a metropolis; it comes before any community that could journal it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from communs.core.communities.engine import reference
from communs.core.communities.engine.tables import N_, BadFile
from communs.core.communities.enums import Kind
from communs.core.communities.models import Affiliation, Community, Outline, Population

DATA = Path(__file__).parent / "data"

METROPOLIS_SLUG = "metropole"
METROPOLIS_NAME = "Métropole du Grand Paris"
METROPOLIS_SIREN = "200054781"
# Law no. 2015-991 (NOTRe): the metropolis and its territories begin on this day.
BEGINNING = date(2016, 1, 1)

SOURCE_2016 = "INSEE, populations légales 2016 (@etalab/decoupage-administratif 0.7.0)"
SOURCE_2026 = "INSEE, populations légales (@etalab/decoupage-administratif 6.0.0)"
SOURCE_SUM = "Somme des communes"
SOURCE_OUTLINES = "IGN Admin Express 2018 (france-geojson), Licence Ouverte"

NO_DAY = N_("%(file)s: the commune %(value)s joined or left, and no file tells the day.")


@transaction.atomic
def load_metropolis(*, folder: Path = DATA) -> bool:
    """Load communes, territories, memberships, populations, outlines; False if already there."""
    if Community.objects.filter(kind=Kind.METROPOLIS).exists():
        return False
    rows = reference.read_communes(folder / "communes.csv")
    names = {row.insee: row.name for row in reference.read_names(folder / "names.csv")}
    mergers = {row.insee: row for row in reference.read_mergers(folder / "mergers.csv")}
    metropolis = Community.objects.create(
        kind=Kind.METROPOLIS,
        slug=METROPOLIS_SLUG,
        name=METROPOLIS_NAME,
        siren=METROPOLIS_SIREN,
        since=BEGINNING,
    )
    territories = _territories(folder, metropolis)
    communes = {row.insee: _commune(row, names, mergers) for row in rows}
    Community.objects.bulk_create(communes.values())
    _merge(communes, mergers.values())
    _affiliate(rows, communes, territories, metropolis, mergers)
    _populate(rows, communes, territories, metropolis)
    _outline(folder, communes)
    return True


def _territories(folder: Path, metropolis: Community) -> dict[str, Community]:
    found = {}
    for row in reference.read_territories(folder / "territories.csv"):
        name = reference.typographic(row.name)
        found[row.siren] = Community(
            kind=Kind.TERRITORY,
            slug=reference.slug(name),
            name=name,
            siren=row.siren,
            since=BEGINNING,
        )
    Community.objects.bulk_create(found.values())
    Affiliation.objects.bulk_create(
        Affiliation(member=territory, group=metropolis, since=BEGINNING)
        for territory in found.values()
    )
    return found


def _commune(
    row: reference.CommuneRow, names: dict[str, str], mergers: dict[str, Any]
) -> Community:
    name = names.get(row.insee) or reference.typographic(row.name)
    merged = mergers.get(row.insee)
    return Community(
        kind=Kind.COMMUNE,
        slug=reference.slug(name),
        name=name,
        siren=row.siren,
        insee=row.insee,
        department=row.department,
        postal_codes=" ".join(row.postcodes),
        until=merged.merged_on if merged else None,
    )


def _merge(communes: dict[str, Community], mergers: Iterable[reference.MergerRow]) -> None:
    for merger in mergers:
        gone = communes[merger.insee]
        gone.merged_into = communes[merger.merged_into]
        gone.save(update_fields=["merged_into"])


def _affiliate(
    rows: Iterable[reference.CommuneRow],
    communes: dict[str, Community],
    territories: dict[str, Community],
    metropolis: Community,
    mergers: dict[str, Any],
) -> None:
    for row in rows:
        commune, merged = communes[row.insee], mergers.get(row.insee)
        if not (row.member_2018 and (row.member_2026 or merged)):
            raise BadFile(NO_DAY, file="communes.csv", value=row.insee)
        siren = merged.territory_siren if merged else row.territory_siren
        groups = [metropolis, *([territories[siren]] if siren else [])]
        Affiliation.objects.bulk_create(
            Affiliation(member=commune, group=group, since=BEGINNING, until=commune.until)
            for group in groups
        )


def _populate(
    rows: Iterable[reference.CommuneRow],
    communes: dict[str, Community],
    territories: dict[str, Community],
    metropolis: Community,
) -> None:
    sums: dict[tuple[Any, int], int] = defaultdict(int)
    found = []
    for row in rows:
        editions = (
            (2016, row.population_2016, SOURCE_2016),
            (2026, row.population_2026, SOURCE_2026),
        )
        for year, inhabitants, source in editions:
            if inhabitants is not None:
                found.append((communes[row.insee], year, inhabitants, source))
                groups = Affiliation.objects.filter(member=communes[row.insee])
                for group in groups.values_list("group", flat=True):
                    sums[(group, year)] += inhabitants
    bodies = {body.pk: body for body in (*territories.values(), metropolis)}
    found += [(bodies[group], year, n, SOURCE_SUM) for (group, year), n in sums.items()]
    Population.objects.bulk_create(
        Population(community=body, year=year, inhabitants=n, source=source)
        for body, year, n, source in found
    )


def _outline(folder: Path, communes: dict[str, Community]) -> None:
    shapes = reference.read_outlines(folder / "outlines-2018.geojson")
    Outline.objects.bulk_create(
        Outline(community=communes[insee], geometry=_geojson(shape), source=SOURCE_OUTLINES)
        for insee, shape in shapes.items()
        if insee in communes
    )


def _geojson(shape: reference.Geometry) -> dict[str, Any]:
    polygons = [[[list(point) for point in ring] for ring in polygon] for polygon in shape]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
