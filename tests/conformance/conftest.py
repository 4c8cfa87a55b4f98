"""Every house rule, over every installed service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.registry.queries import services


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "service" in metafunc.fixturenames:
        found = services()
        metafunc.parametrize("service", found, ids=[service.key for service in found])


@pytest.fixture
def readers(
    metropolis: Community, administrator: Person, switch: Callable[..., None]
) -> dict[str, Client]:
    """Readers of the metropolis' own site, where every service is on; one administers Antony."""
    for service in services():
        switch(metropolis, service.key)
    people = {"resident": Person.objects.create_user("r@m.example", name="R")}
    people["elsewhere"] = administrator
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        people[role.value] = Person.objects.create_user(f"{role}@m.example", name="M")
        with within(metropolis):
            Membership.objects.create(person=people[role.value], role=role)
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name, person in people.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(person)
    return clients


@pytest.fixture(autouse=True)
def no_hurry(settings: Any) -> None:
    """These tests ask more in a minute than any program may."""
    settings.COMMUNS_API_RATE = 10**9
