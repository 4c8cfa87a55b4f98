"""Data sets that the house itself publishes."""

from django.utils.translation import gettext_lazy as _

from communs.core.registry.service import Dataset, Format

DATASETS = (
    Dataset(
        key="communes",
        title=_("Communes and territories"),
        description=_(
            "Communes, territories and the metropolis, with dated memberships, populations and"
            " outlines. Ask for any day, for example 27 November 2018."
        ),
        licence="Licence Ouverte 2.0",
        schema="communs.core.api.communities:CommuneOut",
        formats=(
            Format("JSON", "api:communes", "application/json"),
            Format("CSV", "opendata:communes_csv", "text/csv"),
            Format("GeoJSON", "opendata:communes_geojson", "application/geo+json", "RFC 7946"),
        ),
    ),
    Dataset(
        key="indicators",
        title=_("Indicators"),
        description=_(
            "What the services measure here, day by day, over the last year. A day that is unknown"
            " has no value; months about too few people are withheld."
        ),
        licence="Licence Ouverte 2.0",
        schema="communs.core.api.indicators:PointOut",
        formats=(
            Format("CSV", "opendata:indicators_csv", "text/csv"),
            Format("JSON", "api:indicators", "application/json"),
        ),
    ),
)
