"""Files under test lie in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override
from pytest_django import Settings

from communs.core.access.enums import Role
from communs.core.access.rules import declare as declare_permissions
from communs.core.access.rules import holds
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files import purposes
from communs.core.files.actions import keep
from communs.core.files.engine.kinds import IMAGES
from communs.core.files.engine.verdict import MEGA
from communs.core.files.models import StoredFile
from communs.core.files.purposes import Purpose
from communs.core.files.rules import sent_it
from tests.core.files import samples

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SHOWN = Purpose("test.shown", "Photos", (*IMAGES, "pdf"), 2 * MEGA, keep_days=30, public=True)
KEPT = Purpose(
    "test.kept", "Pièces", ("pdf", "txt", "mp3", "jpg"), 2 * MEGA, permission="test.read_files"
)
OWN = Purpose("test.own", "À soi", ("txt",), MEGA)

declare_permissions({"test.read_files": holds(Role.ADMINISTRATOR) | sent_it})
purposes.declare(SHOWN, KEPT, OWN)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    backend = "communs.core.files.storages.DiskStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture(autouse=True)
def in_english(at_the_root: None) -> Iterator[None]:
    """Sentences are compared as they are written in the code."""
    with override("en"):
        yield


@pytest.fixture
def here(antony: Community) -> Iterator[Community]:
    with within(antony):
        yield antony


@pytest.fixture
def photo(here: Community) -> StoredFile:
    """A published photo of 2 000 by 1 500."""
    content = ContentFile(samples.image("JPEG", (2000, 1500)), "École d’été.jpg")
    return keep(upload=content, purpose="test.shown", subject="test.album:1", at=AT, by=None)


@pytest.fixture
def note(here: Community) -> StoredFile:
    """A note of 26 bytes that agents read."""
    content = ContentFile(b"abcdefghijklmnopqrstuvwxyz", "note.txt")
    return keep(upload=content, purpose="test.kept", subject="test.case:1", at=AT, by=None)
