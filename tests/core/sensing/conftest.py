"""A source of Antony with two things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing import actions
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.models import Source, Thing
from communs.core.sensing.queries import milliseconds

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = milliseconds(NOON)
MINUTE = 60_000

Place = Callable[..., Thing]


@pytest.fixture
def here(antony: Community) -> Iterator[Community]:
    """Antony in force."""
    with within(antony):
        yield antony


@pytest.fixture
def source(here: Community) -> Source:
    """A source whose things are silent after two hours."""
    return actions.add_source(slug="rue", name="Capteurs de la rue", by=None)[0]


@pytest.fixture
def place(source: Source) -> Place:
    """Put a device of the source in place."""

    def do(code: str, **options: object) -> Thing:
        thing = actions.commission(source=source, code=code, at=NOON, by=None, **options)
        source.refresh_from_db()
        return thing

    return do


def said(code: str, minute: float, value: float, sequence: int = 0) -> Reading:
    """What a presence sensor says some minutes after noon."""
    return Reading(code, "presence", AT + round(minute * MINUTE), sequence, value)
