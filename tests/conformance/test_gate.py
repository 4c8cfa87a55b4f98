"""The gate: off means 404 everywhere; on costs the same whatever there is to show."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.service import Service

pytestmark = pytest.mark.django_db

UUID = "018f0000-0000-7000-8000-000000000000"
PARTS = {"slug": "x", "str": "x", "int": "1", "uuid": UUID, "day": "2018-11-27", "path": "x"}


def addresses(service: Service) -> list[str]:
    """Every address of a service, its pages and its API, with made-up arguments."""
    found = []
    for pattern in get_resolver().url_patterns:
        start = str(pattern.pattern)
        if start == f"{service.slug}/":
            found += [f"/{start}{_made_up(p)}" for p in pattern.url_patterns]
        if start == "api/":
            inner = [_made_up(p) for p in pattern.url_patterns]
            found += [f"/api/{path}" for path in inner if path.startswith(f"{service.slug}/")]
    return found


def test_a_service_has_addresses(service: Service) -> None:
    assert addresses(service)


def test_off_means_not_found_for_pages_and_api(
    service: Service, antony: Community, switch: object
) -> None:
    switch(antony, service.key, on=False)
    client = Client()
    answers = {path: client.get(f"/antony{path}").status_code for path in addresses(service)}
    assert set(answers.values()) == {404}, answers


def test_off_takes_the_service_out_of_the_description_of_the_api(
    service: Service, antony: Community, switch: object
) -> None:
    client = Client()

    def paths() -> set[str]:
        found = client.get("/antony/api/openapi.json").json()["paths"]
        return {path for path in found if path.startswith(f"/antony/api/{service.slug}/")}

    switch(antony, service.key, on=False)
    assert paths() == set()
    switch(antony, service.key, on=True)
    if service.module_named("api"):
        assert paths()


def test_a_list_costs_the_same_queries_for_one_and_for_five(
    service: Service, sceaux: Community, switch: object
) -> None:
    switch(sceaux, service.key)
    make = import_module(f"tests.services.{service.key}.samples").make
    client = Client()
    plain = [path for path in addresses(service) if not _has_arguments(path)]

    def costs() -> dict[str, int]:
        found = {}
        for path in plain:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(f"/sceaux{path}")
            found[path] = len(queries)
        return found

    with within(sceaux):
        make(1)
    costs()
    one = costs()
    with within(sceaux):
        make(4)
    assert costs() == one


def _has_arguments(path: str) -> bool:
    return any(part in {"x", "1", UUID, "2018-11-27"} for part in path.strip("/").split("/"))


def _made_up(pattern: URLPattern) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = {
            "SlugConverter": "slug",
            "StringConverter": "str",
            "IntConverter": "int",
            "UUIDConverter": "uuid",
            "UUIDStrConverter": "uuid",
            "DayConverter": "day",
            "PathConverter": "path",
        }[type(converter).__name__]
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, PARTS[kind])
    return route
