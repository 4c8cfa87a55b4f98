"""The catalogue of open data: read back by rdflib, checked against the shapes of DCAT-AP 3."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, URIRef

from communs.core.api.datasets import DATASETS
from communs.core.communities.models import Community
from communs.core.kit import turtle
from communs.core.registry.service import Dataset, Format
from tests import pages

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what validates
SHAPES = Path(__file__).parent / "data" / "dcat-ap-3.0.0-shapes.ttl"
FILE = "/donnees/dcat.ttl"
PAGE = "http://testserver/donnees/"
ETALAB = URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence/")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def graph_of(client: Client, path: str = FILE) -> Graph:
    response = client.get(path)
    assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return Graph().parse(data=response.content.decode(), format="turtle")


def faults_of(graph: Graph, shapes: Graph) -> str:
    """Give what the shapes find wrong, or nothing."""
    conforms, _report, words = validate(graph, shacl_graph=shapes)
    return "" if conforms else words


def about(graph: Graph, subject: URIRef) -> set[tuple[Any, Any]]:
    return set(graph.predicate_objects(subject))


@pytest.mark.django_db
@pytest.mark.parametrize("path", [FILE, "/en/donnees/dcat.ttl", "/fonds/donnees/dcat.ttl"])
def test_the_shapes_find_nothing_wrong(client: Client, shapes: Graph, path: str) -> None:
    assert faults_of(graph_of(client, path), shapes) == ""


@pytest.mark.django_db
def test_the_shapes_find_what_is_wrong(client: Client, shapes: Graph) -> None:
    graph = graph_of(client)
    catalogue = URIRef(f"{PAGE}#catalogue")
    graph.remove((catalogue, DCTERMS.publisher, None))
    graph.remove((None, DCAT.accessURL, None))
    words = faults_of(graph, shapes)
    assert f"Less than 1 values on <{catalogue}>->dct:publisher" in words
    assert "->dcat:accessURL" in words


@pytest.mark.django_db
def test_it_says_what_the_page_says_in_both_languages(
    client: Client, metropolis: Community
) -> None:
    graph = graph_of(client)
    listed = {str(one) for one in graph.objects(URIRef(f"{PAGE}#catalogue"), DCAT.dataset)}
    page = client.get("/donnees/")
    shown = re.findall(r'class="flow dataset" id="([a-z-]+)"', page.content.decode())
    assert {"communes", "indicators", "register", "calls", "deliberations"} <= set(shown)
    assert listed == {f"{PAGE}#{key}" for key in shown}
    files = {str(one) for one in graph.objects(None, DCAT.downloadURL)}
    linked = {
        f"http://testserver{one}" for one in pages.links(page) if "." in one.rpartition("/")[2]
    }
    assert linked - files == {f"http://testserver{one}" for one in (FILE, "/api/openapi.json")}
    register = URIRef(f"{PAGE}#register")
    assert set(graph.objects(register, DCTERMS.title)) == {
        Literal("Registre des subventions", lang="fr"),
        Literal("Register of grants", lang="en"),
    }
    assert set(graph.objects(register, DCAT.keyword)) == {
        Literal("subvention", lang="fr"),
        Literal("subventions", lang="fr"),
    }


@pytest.mark.django_db
def test_who_publishes_is_named_by_its_siren(client: Client) -> None:
    graph = graph_of(client)
    publisher = graph.value(URIRef(f"{PAGE}#catalogue"), DCTERMS.publisher)
    assert isinstance(publisher, URIRef)
    assert about(graph, publisher) == {
        (RDF.type, FOAF.Agent),
        (FOAF.name, Literal("Métropole du Grand Paris")),
        (FOAF.homepage, URIRef("http://testserver/")),
        (DCTERMS.identifier, Literal("200054781")),
        (DCTERMS.type, URIRef("http://purl.org/adms/publishertype/LocalAuthority")),
    }


@pytest.mark.django_db
def test_a_file_says_its_form_its_licence_and_its_standard(client: Client) -> None:
    graph = graph_of(client)
    at = URIRef("http://testserver/fonds/donnees/subventions-scdl-2.1.csv")
    standard = URIRef("https://gitlab.com/opendatafrance/scdl/subventions/raw/v2.1.1/schema.json")
    assert about(graph, URIRef(f"{PAGE}#register-scdl")) == {
        (RDF.type, DCAT.Distribution),
        (DCTERMS.title, Literal("SCDL")),
        (DCAT.accessURL, at),
        (DCAT.downloadURL, at),
        (DCAT.mediaType, URIRef("https://www.iana.org/assignments/media-types/text/csv")),
        (
            DCTERMS.format,
            URIRef("http://publications.europa.eu/resource/authority/file-type/CSV"),
        ),
        (DCTERMS.license, ETALAB),
        (DCTERMS.conformsTo, standard),
    }
    assert about(graph, standard) == {
        (RDF.type, DCTERMS.Standard),
        (DCTERMS.title, Literal("SCDL subventions 2.1")),
    }


@pytest.mark.django_db
def test_a_commune_has_its_own(
    client: Client, antony: Community, switch: Any, shapes: Graph
) -> None:
    switch(antony, "parking")
    graph = graph_of(client, "/antony/donnees/dcat.ttl")
    assert faults_of(graph, shapes) == ""
    assert (None, FOAF.name, Literal("Antony")) in graph
    room = URIRef("http://testserver/antony/donnees/#room")
    assert (room, RDF.type, DCAT.Dataset) in graph


@pytest.mark.django_db
def test_it_costs_the_same_whatever_it_lists(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(FILE)
        return len(captured)

    asked()
    before = asked()
    with patch("communs.core.web.catalogue.DATASETS", DATASETS * 5):
        assert asked() == before


_HOSTILE = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@pytest.mark.django_db
def test_names_of_every_kind_are_read_back(client: Client, shapes: Graph) -> None:
    name = 'Un "nom" \\ sur\ndeux lignes\t<b>é</b> \x07 ; .'
    odd = Dataset(
        key="odd",
        title=name,
        description=name,
        licence="Licence « maison »",
        formats=(Format(name, "web:data", "text/odd", name),),
    )
    with patch("communs.core.web.catalogue.DATASETS", (odd,)):
        graph = graph_of(client)
    assert faults_of(graph, shapes) == ""
    assert set(graph.objects(URIRef(f"{PAGE}#odd"), DCTERMS.title)) == {
        Literal(name, lang="fr"),
        Literal(name, lang="en"),
    }


@given(text=_HOSTILE, language=st.sampled_from(["", "fr"]))
def test_a_text_is_read_back_as_it_was(text: str, language: str) -> None:
    written = turtle.subject("https://m.example/a", {"a": turtle.literal(text, language)})
    (found,) = Graph().parse(data=written, format="turtle").objects()
    assert found == Literal(text, lang=language or None)


@given(rest=_HOSTILE)
def test_an_address_never_ends_before_its_end(rest: str) -> None:
    address = f"https://m.example/{rest}"
    written = turtle.subject("https://m.example/a", {"a": turtle.iri(address)})
    (found,) = Graph().parse(data=written, format="turtle").objects()
    assert isinstance(found, URIRef)
    assert not set('<>"{}|^`\\ \n') & set(str(found))
