"""Who was erased stays erased, whichever backup is put back."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.privacy import actions
from communs.core.privacy.models import Erasure
from communs.project.backups import erasures, taking
from communs.project.backups.one import restore_community
from tests.project.backups.commands import communs

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
MAKE = """
from communs.core.people.models import Person
print(Person.objects.create_user("lou@example.org", name="Lou").pk)
"""
COUNT = """
from communs.core.people.models import Person
print(Person.objects.filter(email="lou@example.org").count())
"""


@pytest.fixture
def lou(antony: Community) -> Person:
    person = Person.objects.create_user("lou@example.org", name="Lou")
    with within(antony):
        Membership.objects.create(person=person, role=Role.EDITOR)
    return person


def test_a_community_put_back_loses_again_who_was_erased_since(
    lou: Person, antony: Community, tmp_path: Path
) -> None:
    path = tmp_path / "antony.tar.gz"
    taking.back_up_community(antony, target=path, at=AT)
    with within(antony):
        actions.erase(person=lou, at=AT, by=None)
    said: list[str] = []
    restore_community(path, "antony", replace=True, say=said.append)
    assert not Person.objects.filter(email="lou@example.org").exists()
    with within(antony):
        assert Membership.objects.count() == 1
    assert "Comptes effacés depuis la sauvegarde, effacés de nouveau\u00a0: 1." in said


@pytest.mark.thorough
def test_a_new_machine_reads_the_keys_beside_the_backup(elsewhere: str, tmp_path: Path) -> None:
    path, later = tmp_path / "whole.tar.gz", tmp_path / "later.tar.gz"
    taking.back_up(target=path, at=AT)
    where = {"into": elsewhere, "data": tmp_path}
    assert communs("restore", str(path), **where).returncode == 0
    key = communs("shell", "--no-imports", "-c", MAKE, **where).stdout.strip()
    assert communs("backup", str(later), **where).returncode == 0
    (tmp_path / erasures.BESIDE).write_text(f"{key}\n", encoding="utf-8")
    done = communs("restore", str(later), "--replace", **where)
    assert (done.returncode, done.stderr) == (0, "")
    assert "erased again: 1." in done.stdout
    assert communs("shell", "--no-imports", "-c", COUNT, **where).stdout.strip() == "0"


def test_keys_add_up_beside_the_backups(lou: Person, tmp_path: Path) -> None:
    erasures.write_beside(tmp_path)
    assert not (tmp_path / erasures.BESIDE).exists()
    Erasure.objects.create(person=lou.pk, at=AT)
    erasures.write_beside(tmp_path)
    Erasure.objects.all().delete()
    erasures.write_beside(tmp_path)
    assert erasures.known(tmp_path / "x.tar.gz") == {lou.pk}


def test_the_command_copies_and_erases_for_who_asks_at_the_counter(
    lou: Person, tmp_path: Path
) -> None:
    file, out = tmp_path / "lou.zip", StringIO()
    call_command("person", "copy", "LOU@example.org", str(file), stdout=out)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        said = json.loads(archive.read("data.json"))
    assert any(one["table"] == "access.Membership.person" for one in said["held"])
    with pytest.raises(FileExistsError):
        call_command("person", "copy", "lou@example.org", str(file), stdout=out)
    call_command("person", "erase", "lou@example.org", "--yes", stdout=out)
    assert not Person.objects.filter(pk=lou.pk).exists()
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("person", "erase", "lou@example.org", "--yes", stdout=out)


def test_the_command_refuses_in_words(administrator: Person) -> None:
    with pytest.raises(CommandError, match="Antony"):
        call_command("person", "erase", administrator.email, "--yes", stdout=StringIO())
