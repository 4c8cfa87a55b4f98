"""publiccode.yml, which catalogues of public software read (standard 0.5)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings

from communs import VERSION

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType",
    "description", "legal", "maintenance", "localisation",
}  # fmt: skip
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


@pytest.fixture(scope="module")
def code() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_it_has_what_the_standard_requires(code):
    assert set(code) >= REQUIRED
    assert code["publiccodeYmlVersion"] == "0.5"
    assert urlsplit(code["url"]).scheme == "https"
    assert code["platforms"] == ["web"]
    assert code["developmentStatus"] in STATUSES
    assert code["softwareType"] == "standalone/web"


def test_it_agrees_with_the_package(code):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert code["softwareVersion"] == project["version"] == VERSION
    assert code["legal"] == {"license": project["license"]}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_description_is_neither_too_short_nor_too_long(code, language):
    described = code["description"][language]
    assert 0 < len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert [line for line in described["features"] if not line.strip()] == []
    assert described["features"]


def test_it_is_described_in_every_language_that_it_speaks(code):
    spoken = [language for language, _label in settings.LANGUAGES]
    assert code["localisation"] == {"localisationReady": True, "availableLanguages": spoken}
    assert sorted(code["description"]) == sorted(spoken)


def test_somebody_can_be_reached(code):
    assert code["maintenance"]["type"] == "community"
    assert [
        person for person in code["maintenance"]["contacts"] if "@" not in person["email"]
    ] == []
    assert code["maintenance"]["contacts"]
