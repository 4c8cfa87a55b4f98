"""Somebody who has left traces everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from communs.core.files import purposes
from communs.core.files.engine.verdict import MEGA
from communs.core.files.purposes import Purpose
from communs.core.people import jobs
from communs.core.people.models import Person

LOUS = "un mot de passe"
PAPER = Purpose("test.paper", "Papiers", ("txt",), MEGA)
purposes.declare(PAPER)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def post_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are jobs; here they leave at once."""
    post = SimpleNamespace(enqueue=jobs.post.call, module_path=jobs.post.module_path)
    monkeypatch.setattr(jobs, "post", post)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Files under test lie in a folder of their own."""
    backend = "communs.core.files.storages.DiskStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture(autouse=True)
def nobody_counted() -> Iterator[None]:
    """Limits are counted in the cache, which tests share."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def lou(db: None) -> Person:
    """Somebody without a role."""
    return Person.objects.create_user("lou@example.org", LOUS, name="Lou Zqxw")


@pytest.fixture
def entered(lou: Person) -> Callable[..., Client]:
    """Sign somebody in by their password, as the site asks it: the proof is fresh."""

    def enter(person: Person, password: str = LOUS) -> Client:
        client = Client()
        given = {"login": person.email, "password": password}
        assert client.post("/compte/connexion/", given).status_code == 302
        return client

    return enter
