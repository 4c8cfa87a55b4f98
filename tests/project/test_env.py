"""Settings from the environment: each wrong one has its own sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from communs.project import env


@pytest.mark.parametrize("text", ["0", "65536", "-1", "abc", "80 80", "9" * 40, "٨٠٠٠", "8000.0"])
def test_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("COMMUNS_PORT", text)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.port()
    assert str(refused.value) == (f"COMMUNS_PORT: “{text[:40]}” is not a port number (1 to 65535).")


@pytest.mark.parametrize(("text", "port"), [("", 8000), ("80", 80), ("65535", 65535)])
def test_a_port(monkeypatch: pytest.MonkeyPatch, text: str, port: int) -> None:
    monkeypatch.setenv("COMMUNS_PORT", text)
    assert env.port() == port


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "mysql://root@localhost/communs",
            "DATABASE_URL: “mysql” is not served; write postgres:",
        ),
        ("postgres://localhost", "DATABASE_URL names no database: postgres://user@host/NAME."),
        ("postgres://h:abc/x", "DATABASE_URL cannot be read: "),
        ("communs.sqlite3", "DATABASE_URL: “communs.sqlite3” is not served; "),
    ],
)
def test_a_database_that_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, sentence: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.database(tmp_path)
    assert str(refused.value).startswith(sentence)


def test_without_one_the_database_is_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = env.database(tmp_path)
    assert config["NAME"] == str(tmp_path / "communs.sqlite3")
    assert config["ENGINE"] == "communs.core.communities.sqlite"


def test_postgresql_keeps_its_connections(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:p%40ss@db.example:5433/communs")
    config = env.database(tmp_path)
    kept = {key: config[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert kept == {
        "ENGINE": "communs.core.communities.postgresql",
        "NAME": "communs",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": 5433,
    }
    assert config["CONN_MAX_AGE"] is None


def test_a_data_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COMMUNS_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(ImproperlyConfigured, match=r"^COMMUNS_DATA: the folder .* cannot be made"):
        env.data_folder(tmp_path)


def test_the_secret_key_is_made_once_and_is_nobody_elses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("COMMUNS_SECRET_KEY", raising=False)
    first, second = env.secret_key(tmp_path), env.secret_key(tmp_path)
    assert first == second
    assert len(first) == 96
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url", ["http://tiles.example/{z}/{x}/{y}.png", "https://tiles.example/", "javascript:x"]
)
def test_tiles_that_are_none(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("COMMUNS_TILES", url)
    with pytest.raises(ImproperlyConfigured, match=r"^COMMUNS_TILES: write https://"):
        env.tiles()


def test_tiles_from_elsewhere_are_let_through_by_name() -> None:
    assert env.origins("https://tiles.example/{z}/{x}/{y}.png") == ["https://tiles.example"]
    assert env.origins("/tuiles/base.pmtiles") == []


def test_a_switch_is_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNS_HTTPS", "maybe")
    with pytest.raises(ImproperlyConfigured, match=r"^COMMUNS_HTTPS: write true or false.$"):
        env.switch("COMMUNS_HTTPS", default=False)
