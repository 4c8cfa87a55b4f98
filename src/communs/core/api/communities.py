"""Communes and territories, on any day."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import BeforeValidator, Field

from communs.core.communities import queries
from communs.core.communities.models import Community
from communs.core.kit.errors import Refused
from communs.core.kit.formats import csv_file, feature, feature_collection, json_file
from communs.core.registry.service import noop

router = Router()

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


def written_out(value: Any) -> Any:
    """Refuse what a lenient reader takes for a day, such as a count of seconds."""
    if isinstance(value, str) and not _ISO.fullmatch(value):
        raise ValueError(_("Write the date as 2018-11-27."))
    return value


class Day(Schema):
    """The day asked about."""

    date: Annotated[dt.date | None, BeforeValidator(written_out)] = Field(
        None, ge=FIRST_DAY, le=LAST_DAY, description="Today unless said"
    )


DAY = Query(...)


class TerritoryOut(Schema):
    """A territory on a day."""

    slug: str
    name: str
    siren: str | None
    communes: int | None
    population: int | None
    population_year: int | None


class CommuneOut(Schema):
    """A commune on a day."""

    slug: str = Field(description=noop("The commune as in addresses"))
    name: str = Field(description=noop("Name of the commune"))
    insee: str = Field(description=noop("INSEE code of the commune"))
    siren: str | None = Field(description=noop("SIREN number of the public body"))
    department: str = Field(description=noop("Number of the department"))
    territory: str | None = Field(description=noop("Territory on that day, as in addresses"))
    territory_name: str | None = Field(description=noop("Name of that territory"))
    population: int | None = Field(description=noop("Inhabitants (municipal population)"))
    population_year: int | None = Field(description=noop("Edition of the population"))


class CommunesOut(Schema):
    """The communes of a day."""

    date: dt.date
    count: int
    communes: list[CommuneOut]


class TerritoriesOut(Schema):
    """The territories of a day."""

    date: dt.date
    count: int
    territories: list[TerritoryOut]


class MembershipOut(Schema):
    """A time in a group; the end is the first day outside it, null if it goes on."""

    group: str
    kind: str
    since: dt.date | None
    until: dt.date | None


class PopulationOut(Schema):
    """Inhabitants in an edition."""

    year: int
    inhabitants: int
    source: str


class CommunityOut(Schema):
    """A community through time."""

    slug: str
    name: str
    kind: str
    insee: str | None
    siren: str | None
    since: dt.date | None
    until: dt.date | None
    merged_into: str | None
    memberships: list[MembershipOut]
    populations: list[PopulationOut]


@router.get("/communes", response=CommunesOut, url_name="communes")
def communes(request: HttpRequest, day: Day = DAY) -> HttpResponse:
    """List the communes that existed on a day, with the territory that held each."""
    asked = day.date or timezone.localdate()
    rows = [_commune(row) for row in queries.communes_on(asked)]
    return json_file({"date": asked, "count": len(rows), "communes": rows})


@router.get("/territoires", response=TerritoriesOut, url_name="territories")
def territories(request: HttpRequest, day: Day = DAY) -> HttpResponse:
    """List the territories of a day with their number of communes."""
    asked = day.date or timezone.localdate()
    rows = [_territory(row) for row in queries.territories_on(asked)]
    return json_file({"date": asked, "count": len(rows), "territories": rows})


@router.get("/communautes/{slug}", response=CommunityOut, url_name="community")
def community(request: HttpRequest, slug: str) -> CommunityOut:
    """Give a commune, a territory or the metropolis with its dated memberships."""
    found = Community.objects.filter(slug=slug).select_related("merged_into").first()
    if found is None:
        raise Http404(slug)
    return CommunityOut(
        slug=found.slug,
        name=found.name,
        kind=found.kind,
        insee=found.insee,
        siren=found.siren,
        since=found.since,
        until=found.until,
        merged_into=found.merged_into.slug if found.merged_into else None,
        memberships=[
            MembershipOut(
                group=row.group.slug, kind=row.group.kind, since=row.since, until=row.until
            )
            for row in queries.history(found)
        ],
        populations=[
            PopulationOut(year=row.year, inhabitants=row.inhabitants, source=row.source)
            for row in found.populations.all()
        ],
    )


def communes_csv(request: HttpRequest) -> HttpResponse:
    """Every commune of the day asked for, as CSV."""
    rows = [_commune(row) for row in queries.communes_on(_day(request))]
    header = list(CommuneOut.model_fields)
    return csv_file("communes.csv", header, ([row[name] for name in header] for row in rows))


def communes_geojson(request: HttpRequest) -> HttpResponse:
    """Every commune of the day asked for, with its outline where one is known."""
    rows = queries.communes_on(_day(request)).select_related("outline")
    features = [feature(_geometry(row), _commune(row), row.insee or row.slug) for row in rows]
    return json_file(feature_collection(features), "application/geo+json")


def _day(request: HttpRequest) -> dt.date:
    text = request.GET.get("date")
    if not text:
        return timezone.localdate()
    try:
        asked = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refused(_("Write the date as 2018-11-27."), field="date") from error
    if not FIRST_DAY <= asked <= LAST_DAY:
        raise Refused(_("The date must be between 1900 and 2999."), field="date")
    return asked


def _geometry(row: Community) -> Any:
    return row.outline.geometry if hasattr(row, "outline") else None


def _commune(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "insee": row.insee,
        "siren": row.siren,
        "department": row.department,
        "territory": row.territory_slug,
        "territory_name": row.territory_name,
        "population": row.inhabitants,
        "population_year": row.year,
    }


def _territory(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "siren": row.siren,
        "communes": row.commune_count,
        "population": row.inhabitants,
        "population_year": row.year,
    }
