"""Settings of files: what is wrong is said in a sentence that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from communs.project import files

VARIABLES = {
    "COMMUNS_FILES": lambda: files.storage(Path("/data")),
    "COMMUNS_CLAMD": files.clamd,
    "COMMUNS_FILES_QUOTA": files.quota,
    "COMMUNS_FILES_HOST": files.host,
}
DISK = "communs.core.files.storages.DiskStorage"
OBJECTS = "communs.core.files.object_storage.ObjectStorage"


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("COMMUNS_FILES", "", {"BACKEND": DISK, "OPTIONS": {"location": Path("/data/files")}}),
        (
            "COMMUNS_FILES",
            "s3://communs",
            {"BACKEND": OBJECTS, "OPTIONS": {"bucket_name": "communs"}},
        ),
        (
            "COMMUNS_FILES",
            "s3://communs?region=fr-1&endpoint=https://s3.example.org&prefix=prod",
            {
                "BACKEND": OBJECTS,
                "OPTIONS": {
                    "bucket_name": "communs",
                    "region_name": "fr-1",
                    "endpoint_url": "https://s3.example.org",
                    "location": "prod",
                },
            },
        ),
        ("COMMUNS_CLAMD", "", ""),
        ("COMMUNS_CLAMD", "unix:///run/clamd", "unix:///run/clamd"),
        ("COMMUNS_CLAMD", "tcp://clamav:3310", "tcp://clamav:3310"),
        ("COMMUNS_FILES_QUOTA", "", 5 * 1024**3),
        ("COMMUNS_FILES_QUOTA", "500MB", 500 * 1024**2),
        ("COMMUNS_FILES_QUOTA", "1024", 1024),
        ("COMMUNS_FILES_HOST", "", ""),
        ("COMMUNS_FILES_HOST", "Files.Example.org:8443", "files.example.org:8443"),
    ],
)
def test_a_setting_is_read(
    variable: str, value: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert VARIABLES[variable]() == read


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COMMUNS_FILES", "/srv/files"),
        ("COMMUNS_FILES", "s3://"),
        ("COMMUNS_FILES", "s3://communs/folder"),
        ("COMMUNS_FILES", "s3://communs?regoin=fr"),
        ("COMMUNS_CLAMD", "localhost:3310"),
        ("COMMUNS_CLAMD", "tcp://localhost"),
        ("COMMUNS_CLAMD", "tcp://localhost:99999"),
        ("COMMUNS_CLAMD", "unix://"),
        ("COMMUNS_FILES_QUOTA", "0"),
        ("COMMUNS_FILES_QUOTA", "-5GB"),
        ("COMMUNS_FILES_QUOTA", "5 gigas"),
        ("COMMUNS_FILES_HOST", "https://files.example.org"),
        ("COMMUNS_FILES_HOST", "files example"),
    ],
)
def test_a_wrong_setting_is_named(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^{variable}: .*\.$"):
        VARIABLES[variable]()
