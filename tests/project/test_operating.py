"""Settings of operation: each wrong one has its own sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from communs.project import operating

WRONG = [
    ("COMMUNS_BACKUPS", "/proc/nowhere", operating.backups),
    ("COMMUNS_LOGS", "xml", operating.logs),
    ("COMMUNS_METRICS_TOKEN", "short", operating.metrics_token),
    ("COMMUNS_SECURITY_CONTACT", "me@example.org", operating.security_contact),
    ("COMMUNS_SECURITY_CONTACT", "mailto:a@b.example\nExpires: never", operating.security_contact),
]


@pytest.mark.parametrize(("name", "value", "read"), WRONG)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.delenv(name, raising=False)
    assert read() == ""
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read()
    assert str(refused.value).startswith(f"{name}:")


def test_the_folder_of_backups_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMMUNS_BACKUPS", str(tmp_path / "backups"))
    assert operating.backups() == str(tmp_path / "backups")
    assert (tmp_path / "backups").stat().st_mode & 0o777 == 0o700
