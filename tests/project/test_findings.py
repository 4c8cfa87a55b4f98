"""What `communs check` and /sante tell, and that each can be wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from communs.core.communities import walls
from communs.core.communities.models import Community
from communs.core.communities.scope import as_owner, within
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.journal.delivery import deliver_here
from communs.core.journal.models import Event, Undelivered
from communs.core.journal.sealing import seal_day
from communs.project import findings
from communs.project.backups import keeping
from communs.project.findings import ERROR, OK, WARNING

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


def levels(question: findings.Question, at: datetime = AT) -> list[str]:
    return [level for level, _sentence in question(at)]


@pytest.mark.django_db
def test_a_sound_installation_has_no_error() -> None:
    found = findings.findings(at=AT, questions=findings.GRAVE)
    assert [one.level for one in found] == [OK] * 4


@pytest.mark.django_db
def test_a_wall_that_is_missing_is_an_error_and_closes_the_pages(client: Client) -> None:
    assert levels(findings.walls) == [OK]
    with as_owner(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER wall_access_membership_update")
        else:
            cursor.execute("DROP POLICY wall_update ON access_membership")
    (sentence,) = (sentence for _level, sentence in findings.walls(AT))
    assert "access_membership.update" in sentence
    assert levels(findings.walls) == [ERROR]
    answer = client.get("/sante")
    assert (answer.status_code, answer.json()["status"]) == (503, "error")
    if connection.vendor == "sqlite":
        walls.build(connection)
        assert levels(findings.walls) == [OK]


@pytest.mark.django_db
def test_work_that_waits_or_was_given_up_is_told(antony: Community) -> None:
    assert levels(findings.given_up) == [OK]
    with within(antony):
        Job.objects.create(task="x", due_at=AT - timedelta(hours=1))
        Job.objects.create(task="y", due_at=AT, state=JobState.DEAD)
    assert levels(findings.worker) == [WARNING]
    assert levels(findings.given_up) == [WARNING]
    assert [one for _level, one in findings.worker(AT)] == [
        f"1 tâche attend{NBSP}: lancez «{NBSP}communs work{NBSP}»."
    ]


@pytest.mark.django_db
def test_an_event_that_a_listener_could_not_take_is_told(antony: Community) -> None:
    assert levels(findings.undelivered) == [OK]
    with within(antony):
        event = Event.objects.create(name="test.said", subject="test:1")
        Undelivered.objects.create(event=event, listener="x", due_at=AT, reason="x")
    assert levels(findings.undelivered) == [WARNING]


@pytest.mark.django_db
def test_a_journal_that_is_no_longer_sealed_is_told(antony: Community) -> None:
    with within(antony):
        for days in (9, 3):
            Event.objects.create(name="test.said", subject="x", at=AT - timedelta(days=days))
            deliver_here(at=AT)
            assert levels(findings.journal) == [WARNING]
            seal_day(day=(AT - timedelta(days=days)).date(), at=AT)
            assert levels(findings.journal) == [OK]
        Event.objects.create(name="test.said", subject="x", at=AT - timedelta(hours=30))
        deliver_here(at=AT)
    assert levels(findings.journal) == [OK]


def test_a_backup_grows_old(tmp_path: Path, settings: Any) -> None:
    settings.COMMUNS_DATA = tmp_path
    assert levels(findings.backup) == [WARNING]
    (tmp_path / "b.tar.gz").write_bytes(b"1234")
    keeping.note(tmp_path / "b.tar.gz", at=AT)
    assert keeping.last() == keeping.Last(AT, tmp_path / "b.tar.gz", 4)
    assert levels(findings.backup, AT + timedelta(hours=35)) == [OK]
    assert levels(findings.backup, AT + timedelta(hours=37)) == [WARNING]


@pytest.mark.parametrize(
    ("free", "level"), [(10_000_000, ERROR), (1_900_000_000, WARNING), (2_100_000_000, OK)]
)
def test_a_disk_fills_up(monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(findings.shutil, "disk_usage", lambda _path: usage)
    assert levels(findings.disk) == [level]


def test_what_does_not_answer_is_told(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.COMMUNS_CLAMD = "tcp://127.0.0.1:1"
    assert levels(findings.mail) == [ERROR]
    assert levels(findings.antivirus) == [ERROR]
    settings.EMAIL_HOST = settings.COMMUNS_CLAMD = ""
    assert levels(findings.mail) == [WARNING]
    assert levels(findings.antivirus) == [WARNING]


@pytest.mark.django_db
def test_what_must_not_be_open_is_told(settings: Any) -> None:
    settings.SECURE = True
    assert levels(findings.exposure) == [ERROR]
    Community.objects.update(demonstration=False)
    assert levels(findings.exposure) == [OK]
    settings.DEBUG = True
    assert levels(findings.exposure) == [ERROR]


def test_without_a_database_the_rest_is_not_asked() -> None:
    def refuses(_at: datetime) -> findings.Answer:
        from django.db import OperationalError

        raise OperationalError("no route\nto host")
        yield

    asked = (("One", refuses), ("Two", refuses))
    found = findings.findings(at=AT, questions=asked)
    assert [(one.about, one.level) for one in found] == [("One", ERROR)]
    assert found[0].sentence.endswith("no route")


@pytest.mark.django_db
def test_machines_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    told = findings.Found("Disk", ERROR, "Full.")
    command = "communs.project.management.commands.check.findings"
    monkeypatch.setattr(command, lambda at: [told])
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check", json=True, stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue()) == {
        "status": "error",
        "findings": [{"about": "Disk", "level": "error", "sentence": "Full."}],
    }


def test_production_settings_give_django_nothing_to_say(tmp_path: Path) -> None:
    env = {**os.environ, "COMMUNS_DATA": str(tmp_path), "COMMUNS_HTTPS": "true"}
    env |= {"COMMUNS_HOSTS": "communs.example", "LC_ALL": "C.UTF-8"}
    words = ["check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        [sys.executable, "-m", "communs.project.cli", *words],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "0 silenced" in done.stdout, done.stderr) == (0, True, "")
