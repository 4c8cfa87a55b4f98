"""Data sets that the house itself publishes."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from communs.core.registry.service import Dataset, Format, Service
from communs.core.sensing.standards.port import published_by

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


def of_sensors(services: Iterable[Service]) -> list[Dataset]:
    """Give what services publish of their sensors: the same addresses for each of them."""
    return [
        Dataset(
            key=f"{service.key}-sensors",
            title=_("%(service)s: sensors") % {"service": service.title},
            description=_(
                "Every public place with a sensor, what it says and what it said before. What is"
                " not believed has no value. The list can be asked again by its tag, or followed"
                " live."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.core.api.states:StateOut",
            formats=(
                Format("JSON", f"api:{service.key}_states", "application/json"),
                Format(
                    "SensorThings",
                    f"api:{service.key}_things_root",
                    "application/json",
                    "SensorThings 1.1",
                ),
                Format(
                    "NGSI-LD", f"api:{service.key}_ngsi_entities", "application/json", "NGSI-LD"
                ),
            ),
        )
        for service in services
        if published_by(service) is not None
    ]
