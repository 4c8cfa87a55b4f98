"""Antony with parking on, a street with two sensors, and a source of its own."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing import actions
from communs.core.sensing.models import Source

BASE = "http://testserver/antony/api/stationnement/sensorthings/v1.1"


class Within(requests.adapters.BaseAdapter):
    """Sends what the library `requests` prepared to the application in this process."""

    def send(self, request: Any, **_options: Any) -> requests.Response:  # type: ignore[override]
        parts = urlsplit(request.url)
        assert parts.hostname == "testserver"
        answer = Client(raise_request_exception=True).generic(
            request.method,
            f"{parts.path}?{parts.query}",
            request.body or b"",
            content_type=request.headers.get("Content-Type", ""),
            headers={**request.headers, "Accept-Encoding": "identity"},
        )
        found = requests.Response()
        found.status_code, found.url, found.request = answer.status_code, request.url, request
        found.headers.update(answer.headers.items())
        found.raw = io.BytesIO(answer.content)
        return found

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def parked(antony: Community, switch: Callable[..., None]) -> Community:
    """Antony, where parking is on."""
    switch(antony, "parking")
    return antony


@pytest.fixture
def secret(parked: Community) -> str:
    """The secret of Antony’s source “air”."""
    with within(parked):
        return actions.add_source(slug="air", name="Air", by=None)[1]


@pytest.fixture
def source(parked: Community, secret: str) -> Source:
    with within(parked):
        return Source.objects.get(slug="air")


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever uses `requests` speaks with this process."""
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_args, **_named: Within())
