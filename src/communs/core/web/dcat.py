"""The open data of a community as a DCAT-AP 3 catalogue, for portals that gather it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.core.communities.addresses import url_of
from communs.core.communities.models import Community
from communs.core.kit.turtle import document, iri, literal, node, subject
from communs.core.registry.request import Request
from communs.core.registry.service import Dataset, Format
from communs.core.web import catalogue

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
LICENCES = {
    "Licence Ouverte 2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
MEDIA_TYPE = "text/turtle; charset=utf-8"
_EU = "http://publications.europa.eu/resource/authority"
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = {
    "text/csv": "CSV",
    "application/json": "JSON",
    "application/geo+json": "GEOJSON",
    "application/xml": "XML",
    "text/turtle": "RDF_TURTLE",
}
_SPOKEN = {"fr": "FRA", "en": "ENG"}


def turtle(request: Request) -> str:
    """Give the catalogue of what the community in force publishes, as Turtle.

    A day on which a data set was made or changed is said where it is known, and only there.
    """
    with override(settings.LANGUAGE_CODE):
        written = _Catalogue(request)
        return document(PREFIXES, written.subjects(catalogue.datasets(request)))


class _Catalogue:
    """One catalogue being written: its addresses are those of the first language."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._community = request.community
        self._page = self._at("web:data")
        self._publisher = f"{self._at('web:home')}#publisher"

    def subjects(self, datasets: Iterable[Dataset]) -> Iterator[str]:
        held = list(datasets)
        yield self._catalogue(held)
        yield _agent(self._publisher, self._community, self._at("web:home"))
        yield self._api(held)
        for dataset in held:
            yield self._dataset(dataset)
            for form in dataset.formats:
                yield self._distribution(dataset, form)
        forms = [form for dataset in held for form in dataset.formats if form.specification]
        for at, name in {form.specification: form.standard for form in forms}.items():
            yield subject(at, {"a": "dct:Standard", "dct:title": literal(name)})

    def _at(self, route: str) -> str:
        return self._request.build_absolute_uri(url_of(self._community, route))

    def _named(self, dataset: Dataset, form: Format | None = None) -> str:
        name = f"{dataset.key}-{slugify(form.label)}" if form else dataset.key
        return f"{self._page}#{name}"

    def _catalogue(self, datasets: list[Dataset]) -> str:
        return subject(
            f"{self._page}#catalogue",
            {
                "a": "dcat:Catalog",
                "dct:title": _spoken(lambda: f"{_('Open data')} – {self._community.name}"),
                "dct:description": _spoken(
                    lambda: _(
                        "Everything public here can be downloaded, or read by a program."
                        " Free to reuse."
                    )
                ),
                "dct:publisher": iri(self._publisher),
                "dct:language": _languages(),
                "foaf:homepage": iri(self._page),
                "dcat:dataset": [iri(self._named(one)) for one in datasets],
                "dcat:service": iri(self._at("openapi")),
            },
        )

    def _dataset(self, dataset: Dataset) -> str:
        return subject(
            self._named(dataset),
            {
                "a": "dcat:Dataset",
                "dct:title": _spoken(lambda: str(dataset.title)),
                "dct:description": _spoken(lambda: str(dataset.description)),
                "dct:identifier": literal(dataset.key),
                "dct:publisher": iri(self._publisher),
                "dct:accessRights": iri(f"{_EU}/access-right/PUBLIC"),
                "dcat:keyword": [literal(word, "fr") for word in dataset.keywords],
                "dcat:landingPage": iri(self._page),
                "dcat:distribution": [iri(self._named(dataset, one)) for one in dataset.formats],
            },
        )

    def _distribution(self, dataset: Dataset, form: Format) -> str:
        media_type, at = form.media_type.partition(";")[0].strip(), self._at(form.route)
        file_type = _FILE_TYPES.get(media_type)
        return subject(
            self._named(dataset, form),
            {
                "a": "dcat:Distribution",
                "dct:title": literal(form.label),
                "dcat:accessURL": iri(at),
                "dcat:downloadURL": iri(at),
                "dcat:mediaType": iri(_MEDIA_TYPE + media_type),
                "dct:format": iri(f"{_EU}/file-type/{file_type}") if file_type else "",
                "dct:license": _licence(dataset.licence),
                "dct:conformsTo": _standard(form),
            },
        )

    def _api(self, datasets: list[Dataset]) -> str:
        return subject(
            self._at("openapi"),
            {
                "a": "dcat:DataService",
                "dct:title": literal("API"),
                "dct:publisher": iri(self._publisher),
                "dcat:endpointURL": iri(self._at("openapi").removesuffix("openapi.json")),
                "dcat:endpointDescription": iri(self._at("openapi")),
                "dcat:servesDataset": [
                    iri(self._named(one))
                    for one in datasets
                    if any(form.route.startswith("api:") for form in one.formats)
                ],
            },
        )


def _agent(address: str, community: Community, home: str) -> str:
    return subject(
        address,
        {
            "a": "foaf:Agent",
            "foaf:name": literal(community.name),
            "foaf:homepage": iri(home),
            "dct:identifier": literal(community.siren) if community.siren else "",
            "dct:type": iri("http://purl.org/adms/publishertype/LocalAuthority"),
        },
    )


def _licence(name: str) -> str:
    if name in LICENCES:
        return iri(LICENCES[name])
    return node({"a": "dct:LicenseDocument", "rdfs:label": literal(name)})


def _standard(form: Format) -> str:
    if form.specification:
        return iri(form.specification)
    if not form.standard:
        return ""
    return node({"a": "dct:Standard", "dct:title": literal(form.standard)})


def _spoken(words: Any) -> list[str]:
    """Write a text in every language of the site."""
    found = []
    for language in _SPOKEN:
        with override(language):
            found.append(literal(words(), language))
    return found


def _languages() -> list[str]:
    return [iri(f"{_EU}/language/{code}") for code in _SPOKEN.values()]
