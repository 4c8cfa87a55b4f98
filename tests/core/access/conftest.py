"""People with and without a role in Antony."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

Join = Callable[..., Membership]


@pytest.fixture
def in_antony(antony: Community) -> Iterator[Community]:
    with within(antony):
        yield antony


@pytest.fixture
def join(in_antony: Community) -> Join:
    """Make somebody a member, from long ago."""

    def made(name: str, role: Role = Role.EDITOR) -> Membership:
        person = Person.objects.create_user(f"{name.lower()}@example.org", name=name)
        return Membership.objects.create(person=person, role=role)

    return made
