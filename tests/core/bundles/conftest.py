"""A packed configuration, and a second table that goes along with the fund's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from communs.core.bundles import actions, signing, travel
from communs.core.bundles.documents import Document, opened
from communs.core.bundles.engine.canonical import canonical, digest_of
from communs.core.bundles.models import Bundle
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.queries import by_key
from communs.core.registry.service import Service
from communs.services.fund.models import Round

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
Forge = Callable[..., bytes]


@pytest.fixture(autouse=True)
def nothing_shared(request: pytest.FixtureRequest) -> None:
    """Take away what the demonstration shares."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        with within(request.getfixturevalue("metropolis")):
            Bundle.objects.all().delete()


@pytest.fixture
def fund() -> Service:
    return by_key("fund")


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rounds go along too: their key points at a programme, and grants point at them."""

    class Travel:
        title = "Attributions"
        key = ("programme", "awarded_on")
        fields = {"body": "Instance", "total": "Montant", "committee": "Comité"}

    monkeypatch.setattr(Round, "Travel", Travel, raising=False)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    travel.tables.cache_clear()
    travel._table.cache_clear()


@pytest.fixture
def pack(metropolis: Community, fund: Service) -> Callable[..., Bundle]:
    """Pack how the fund is set in a community, the metropolis unless said."""

    def do(community: Community = metropolis, *, notes: str = "Essai.", **more: Any) -> Bundle:
        given = {"licence": "etalab-2.0", "at": NOW, "by": None} | more
        with within(community):
            return actions.pack(service=fund, notes=notes, **given)

    return do


@pytest.fixture
def packed(pack: Callable[..., Bundle]) -> Document:
    """The metropolis' configuration of the fund."""
    return opened(pack().document)


@pytest.fixture
def forge(packed: Document) -> Forge:
    """Write another document with this installation's signature."""
    return lambda **changes: forged(packed, **changes)


def forged(document: Document, **changes: Any) -> bytes:
    """Change what a document says, and sign it again; `source` changes who packed it."""
    raw = json.loads(document.text)
    raw["from"] |= changes.pop("source", {})
    raw |= changes
    raw["digest"] = digest_of(raw)
    raw["signature"] = signing.sign(raw["digest"])
    return canonical(raw).encode()
