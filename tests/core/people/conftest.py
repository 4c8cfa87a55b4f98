"""Each test begins with nobody counted, and with an empty mail box."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from communs.core.people import jobs
from communs.core.people.models import Person
from tests.core.people import provider as mock
from tests.core.people.provider import Provider


@pytest.fixture(autouse=True)
def nobody_counted() -> Iterator[None]:
    """Limits are counted in the cache, which tests share."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def post_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are jobs; here they leave at once."""
    monkeypatch.setattr(jobs, "post", SimpleNamespace(enqueue=jobs.post.call))


@pytest.fixture
def last_code() -> Callable[[], str]:
    """Read the code in the last message sent."""

    def read() -> str:
        return re.findall(r"^    (\d{4}-\d{4})$", mail.outbox[-1].body, re.MULTILINE)[0]

    return read


@pytest.fixture
def resident(db: None) -> Person:
    """Somebody without a role or a password."""
    return Person.objects.create_user("lou@example.org", name="Lou")


@pytest.fixture
def idp() -> Iterator[Provider]:
    with mock.running() as provider:
        yield provider


@pytest.fixture
def offer(idp: Provider, settings: Any) -> Callable[..., Provider]:
    """Put the provider in the settings as one of the three kinds."""

    def as_kind(kind: str, claims: dict[str, Any], **more: Any) -> Provider:
        idp.claims = dict(claims)
        settings.COMMUNS_OIDC = [
            {
                "key": kind,
                "label": "ProConnect" if kind == "proconnect" else "FranceConnect",
                "kind": kind,
                "issuer": idp.address,
                "client_id": mock.CLIENT,
                "client_secret": mock.SECRET,
                **more,
            }
        ]
        return idp

    return as_kind
