"""Settings of how people are reached: what is wrong is said with the variable's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from communs.project import reaching, server
from communs.project.management.commands.run import open_live

HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost", "*"]


def test_without_settings_letters_lead_here_and_pages_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMMUNS_URL", "COMMUNS_LIVE", "COMMUNS_LIVE_PORT"):
        monkeypatch.delenv(name, raising=False)
    found = reaching.own_address(8000), reaching.live(), reaching.live_port(8000)
    assert found == ("http://localhost:8000", "", 8001)
    assert reaching.live_port(65535) == 65535


@pytest.mark.parametrize("place", ["/live/", "/a-b/live/", ":8001"])
def test_pages_listen_at_a_path_or_a_port(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("COMMUNS_LIVE", place)
    assert reaching.live() == place


@pytest.mark.parametrize("place", ["live", "/live", "https://elsewhere.example/", ":", ":999999"])
def test_another_place_is_refused(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("COMMUNS_LIVE", place)
    with pytest.raises(ImproperlyConfigured, match="COMMUNS_LIVE: “"):
        reaching.live()


@pytest.mark.parametrize("port", ["0", "70000", "x", "-1"])
def test_a_wrong_port_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("COMMUNS_LIVE_PORT", port)
    with pytest.raises(ImproperlyConfigured, match=r"COMMUNS_LIVE_PORT: “.*” is not a port number"):
        reaching.live_port(8000)


def test_the_policy_names_each_host_that_a_policy_can_name() -> None:
    assert reaching.live_origins(":8001", HOSTS) == [
        "http://localhost:8001",
        "http://127.0.0.1:8001",
        "http://*.localhost:8001",
    ]
    assert reaching.live_origins("/live/", HOSTS) == reaching.live_origins("", HOSTS) == []


def test_the_launcher_opens_a_port_tells_the_pages_and_widens_their_policy(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("COMMUNS_LIVE", "")
    monkeypatch.delenv("COMMUNS_LIVE_PORT", raising=False)
    settings.COMMUNS_LIVE = ""
    policy = {"DIRECTIVES": {"connect-src": ["'self'"]}}
    settings.CONTENT_SECURITY_POLICY = policy
    held = server.take_port("127.0.0.1", 20_000)
    ((*words, port),) = open_live("127.0.0.1", held.port - 1)
    held.hold.close()
    assert words == ["live", "--host", "127.0.0.1", "--port"]
    assert int(port) > held.port
    assert f":{port}" == settings.COMMUNS_LIVE
    assert f"http://localhost:{port}" in policy["DIRECTIVES"]["connect-src"]


def test_behind_a_proxy_the_port_is_the_one_said(settings: Any) -> None:
    settings.COMMUNS_LIVE, settings.COMMUNS_LIVE_PORT = "/live/", 9001
    assert open_live("0.0.0.0", 8000) == [["live", "--host", "0.0.0.0", "--port", "9001"]]  # noqa: S104
