"""Generated from the addresses: what belongs to a community exists for nobody else.

Every route of pages and API, with every key of another community's rows, by every kind of reader;
`routes.py` says for whom each route is.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.owned import owned_models
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.registry.queries import services
from communs.core.search.rebuilding import rebuild
from tests.conformance.routes import (
    AGENTS,
    EDITORS,
    EVERYBODY,
    FOR_WHOM,
    MANAGERS,
    NOBODY,
    ONESELF,
    PLATFORM,
    ROUTES,
    WITH_KEYS,
    Route,
)
from tests.planting import plant
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db
MARK, SOUGHT = "zqxmark", "zqsought"  # every text planted holds both
NAMED_BY = {"reference", "code", "slug", "key", "subject", "number"}
FAULT, NO_SUCH_METHOD = 500, 405


def test_every_route_says_for_whom_it_is() -> None:
    assert sorted({route.name for route in ROUTES if not route.whom}) == []


def test_nothing_is_said_of_a_route_that_is_not_there() -> None:
    names = [route.name for route in ROUTES]
    assert [said for said in FOR_WHOM if not any(fnmatch(name, said) for name in names)] == []


@pytest.fixture
def planted(antony: Community, switch: Any) -> list[Any]:
    """Rows of Antony in every table; the fund is on in Antony and in Sceaux."""
    switch(antony, "fund")
    switch(Community.objects.get(slug="sceaux"), "fund")
    with within(antony):
        make(1)
    return plant(antony, f"{MARK} {SOUGHT}", Person.objects.create_user("p@a.example", name=MARK))


@pytest.fixture
def strangers(sceaux: Community, metropolis: Community, manager: Person) -> dict[str, Client]:
    """Readers in Sceaux who hold nothing in Antony: all of them."""
    people = {}
    for role in Role:
        people[role.value] = Person.objects.create_user(f"{role}@s.example", name="S")
        with within(sceaux):
            Membership.objects.create(person=people[role.value], role=role)
    people["resident"] = Person.objects.create_user("r@s.example", name="R")
    people["of the metropolis"] = manager
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name, person in people.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(person)
    return clients


def keys_of(rows: list[Any]) -> list[str]:
    """Give all by which rows can be named: keys, codes, references, numbers with letters."""
    keys = {str(row.pk) for row in rows}
    for row in rows:
        for field in row._meta.concrete_fields:
            if field.name in NAMED_BY and not isinstance(field, models.IntegerField):
                keys.add(str(getattr(row, field.name)))
    return sorted(key for key in keys if re.fullmatch(r"[\w-]+", key) and key != "None")


def keys_for(route: Route, rows: list[Any]) -> list[str]:
    """Give the keys that a route may name: of its own service's or part's rows, or the house's."""
    keys = {service.slug: service.key for service in services()}
    own = keys.get(route.path.removeprefix("api/").partition("/")[0])
    part = [row for row in rows if row._meta.app_label == route.name.partition(":")[0]]
    if own is None and part:
        return keys_of(part)
    return keys_of([r for r in rows if own == _service_of(r, set(keys.values()))])


def _service_of(row: Any, keys: set[str]) -> str | None:
    return row._meta.app_label if row._meta.app_label in keys else None


def answer(client: Client, method: str, address: str) -> tuple[int, str]:
    """Give the status and the words, without what differs from one request to the next."""
    response = getattr(client, method)(address)
    content = b"".join(response) if response.streaming else response.content
    location = response.headers.get("Location", "")
    return response.status_code, f"{location} {content.decode(errors='replace')}"


def plain(text: str, *keys: str) -> str:
    """Give what a reader sees: tickets and tokens stand in attributes."""
    for key in keys:
        text = text.replace(key, "KEY")
    text = re.sub(r"next=[^\"&> ]*", "next=", text)
    return re.sub(r"<[^>]*>", "", text)


# Where they look; what changes is tried by who may change the most.
LOOKING = [
    ("/sceaux", "administrator"),
    ("/sceaux", "anonymous"),
    ("/sceaux", "editor"),
    ("", "of the metropolis"),
    ("", "resident"),
]
CHANGING = [("/sceaux", "administrator"), ("", "of the metropolis")]
TRIED = [
    *((*place, "get") for place in LOOKING),
    *((*place, method) for place in CHANGING for method in ("post", "delete")),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("start", "who", "method"), TRIED)
def test_a_key_of_another_community_is_as_one_that_never_was(
    planted: list[Any], strangers: dict[str, Client], start: str, who: str, method: str
) -> None:
    before = digest(planted)
    client, leaks = strangers[who], []
    for route in WITH_KEYS:
        unknown = next(iter(route.fillings([str(uuid4()), "zqnowhere"])), None)
        if unknown is None:  # a day is nobody's
            continue
        status, text = answer(client, method, start + route.filled(*unknown))
        if status == NO_SUCH_METHOD:  # said before any key is looked at
            continue
        nowhere = status, plain(text, *unknown)
        for way in route.fillings(keys_for(route, planted)):
            status, text = answer(client, method, start + route.filled(*way))
            alike = (status, plain(text, *way)) == nowhere and status < FAULT
            if not alike or MARK in plain(text, *way):
                leaks.append(f"{route.name} {way}: {status}, not {nowhere[0]}")
    assert leaks == []
    assert digest(planted) == before


def digest(rows: list[Any]) -> list[Any]:
    with within(rows[0].community):
        return [
            sorted(map(str, type(row).objects.values_list())) for row in sorted(rows, key=_label)
        ]


def _label(row: models.Model) -> str:
    return row._meta.label


@pytest.mark.thorough
@pytest.mark.parametrize(("start", "who"), LOOKING)
def test_no_list_export_search_or_count_tells_of_another_community(
    planted: list[Any], strangers: dict[str, Client], start: str, who: str, switch: Any
) -> None:
    client, told = strangers[who], []
    for service in services():  # what they publish is everybody's
        switch(planted[0].community, service.key, on=False)
    with within(planted[0].community):
        rebuild()
    for route in ROUTES:
        for query in () if route.parameters else ("", f"?q={SOUGHT}"):
            status, text = answer(client, "get", f"{start}/{route.path}{query}")
            if MARK in text or (status >= FAULT and route.name != "web:health"):
                told.append(f"{route.name}{query}")
    assert told == []


def test_what_was_planted_is_read_where_it_belongs(
    planted: list[Any], administrator: Person
) -> None:
    """Without this, the tests above could find nothing because nothing is ever shown."""
    client, place = Client(raise_request_exception=False), planted[0].community
    client.force_login(administrator)
    with within(place):
        rebuild()
    found = {
        route.name
        for route in ROUTES
        for query in ("", f"?q={SOUGHT}")
        if not route.parameters
        and MARK in answer(client, "get", f"/{place.slug}/{route.path}{query}")[1]
    }
    assert found >= {
        "api:search",
        "notifications:sent",
        "web:deliveries",
        "web:jobs",
        "web:journal",
        "web:members",
        "web:search",
    }


ALLOWED = {
    EVERYBODY: {"anonymous", "resident", "elsewhere", "editor", "administrator"},
    ONESELF: {"resident", "elsewhere", "editor", "administrator"},
    AGENTS: {"editor", "administrator"},
    EDITORS: {"editor", "administrator"},
    MANAGERS: {"administrator"},
    PLATFORM: {"administrator"},
}


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.parameters], ids=lambda r: r.name)
def test_a_page_is_read_by_those_it_is_for_and_by_nobody_else(
    route: Route, readers: dict[str, Client]
) -> None:
    if route.whom in {EVERYBODY, ONESELF}:
        pytest.skip("anybody's, or one's own")
    if route.whom == NOBODY:
        assert {status_of(client, f"/{route.path}") for client in readers.values()} == {404}
        return
    got = {who: status_of(client, f"/{route.path}") for who, client in readers.items()}
    allowed = {who for who, status in got.items() if status < 300}
    assert allowed == ALLOWED[route.whom], got
    assert got["anonymous"] in {302, 401, 404}
    assert got["elsewhere"] == got["resident"] == 404


def status_of(client: Client, address: str) -> int:
    """Give the status of reading an address, or of its form where it takes nothing else."""
    answer = client.get(address)
    if answer.status_code != 405:
        return answer.status_code
    answer = client.post(address)
    if answer.streaming:
        list(answer)  # read to its end, it is closed
    leads_on = answer.status_code == 302 and "/compte/connexion/" not in answer.headers["Location"]
    return 200 if leads_on or answer.status_code == 422 else answer.status_code


def test_rows_of_every_table_were_planted(planted: list[Any]) -> None:
    assert {type(row) for row in planted} == set(owned_models(apps))
