"""Things to find, made for tests: a community stands for any subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.ids import time_ordered_id
from communs.core.search.documents import Searchable
from communs.core.search.index import drop, index
from communs.core.search.models import Document
from communs.services.fund.models import Grant

Make = Callable[..., Searchable]


@pytest.fixture(autouse=True)
def empty(request: pytest.FixtureRequest) -> None:
    """Antony shows nothing but what the test makes; the demonstration is not its subject."""
    if "antony" in request.fixturenames:
        with within(request.getfixturevalue("antony")):
            drop(*Document.objects.values_list("subject", flat=True))


@pytest.fixture
def make(db: None) -> Make:
    """Index something in the community in force, and give it."""

    def do(title: str, **values: Any) -> Searchable:
        usual: dict[str, Any] = {"kind": "Grant", "route": "fund:register", "on": date(2020, 1, 1)}
        usual["subject"] = Grant(pk=time_ordered_id())
        thing = Searchable(title=title, **(usual | values))
        index(thing)
        return thing

    return do


@pytest.fixture
def places(antony: Community, sceaux: Community, metropolis: Community) -> list[Community]:
    return [antony, sceaux, metropolis]
