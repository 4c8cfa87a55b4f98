"""Files of deployment: they name what exists, and keep what they promise."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTINGS = (ROOT / "docs/operate/settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=[unit.stem for unit in UNITS])
def test_a_unit_runs_a_command_of_ours_without_rights(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(unit)
    service = read["Service"]
    assert service["ExecStart"].split()[1] in get_commands()
    assert (service["User"], service["NoNewPrivileges"]) == ("communs", "yes")
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")


def test_an_image_is_built_from_locked_packages_and_runs_as_nobody_special() -> None:
    words = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    steps = re.findall(r"^([A-Z]+) (.*)$", words, re.MULTILINE)
    assert {step for step, _rest in steps} <= {
        "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK",
        "ENTRYPOINT", "CMD",
    }  # fmt: skip
    assert "--require-hashes -r requirements/base.txt" in words
    assert [rest for step, rest in steps if step == "USER"] == ["10001"]
    copied = [rest.split()[:-1] for step, rest in steps if step == "COPY" and "--from" not in rest]
    assert [path for paths in copied for path in paths if not (ROOT / path).exists()] == []


def test_every_setting_of_a_composition_is_known_and_every_command_ours() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(told["services"]) == {"database", "web", "live", "worker"}
    for name in ("web", "live", "worker"):
        service = told["services"][name]
        assert service["command"][0] in get_commands()
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        settings = [key for key in service["environment"] if key.startswith("COMMUNS_")]
        assert [key for key in settings if f"`{key}`" not in SETTINGS] == []


@pytest.mark.parametrize("name", ["nginx.conf", "haproxy.cfg"])
def test_a_proxy_says_itself_who_asks_and_hides_the_metrics(name: str) -> None:
    words = (DEPLOY / name).read_text(encoding="utf-8")
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
        assert len(re.findall(rf"set.header {header} ", words)) == 1
    assert "$proxy_add_x_forwarded_for" not in words
    assert "/metriques" in words


def test_there_is_a_unit_for_each_process() -> None:
    commands = {unit.stem: _command(unit) for unit in UNITS}
    assert commands == {
        "communs-web": "run",
        "communs-worker": "work",
        "communs-live": "live",
        "communs-ingest": "ingest",
        "communs-backup": "backup",
    }


def _command(unit: Path) -> str:
    (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line.split()[1])


@pytest.mark.parametrize(
    ("name", "to"),
    [
        (
            "nginx.conf",
            r"location /live/ \{\s+proxy_pass http://communs_live;\s+proxy_buffering off;",
        ),
        ("haproxy.cfg", r"use_backend live if \{ path_beg /live/ \}"),
        (
            "nginx.conf",
            r"location ~ \^/\[\^/\]\+/api/capteurs/ \{\s+proxy_pass http://communs_live;",
        ),
        ("haproxy.cfg", r"use_backend live if \{ path_reg \^/\[\^/\]\+/api/capteurs/ \}"),
    ],
)
def test_a_proxy_leads_open_pages_and_sensors_to_the_live_process(name: str, to: str) -> None:
    words = (DEPLOY / name).read_text(encoding="utf-8")
    assert re.search(to, words)
    assert ":8001" in words
