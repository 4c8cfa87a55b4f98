"""The whole installation, backed up in use and put back elsewhere by the commands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.project.backups import archive, keeping, rows, taking
from tests.project.backups.commands import communs

AT = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
DIGEST = """
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.project.backups import rows
with within(Community.objects.get(slug="sceaux")):
    print(rows.digest_here())
"""


def test_an_installation_in_use_is_backed_up_and_restored_elsewhere(
    elsewhere: str, tmp_path: Path
) -> None:
    path = tmp_path / "whole.tar.gz"
    manifest = taking.back_up(target=path, at=AT)
    with within(Community.objects.get(slug="sceaux")):
        digest = rows.digest_here()
    assert archive.check(path)["counts"] == manifest["counts"]
    assert manifest["counts"]["communities_community"] > 130
    done = communs("restore", str(path), into=elsewhere, data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The backup is whole: version 0.1.0, made 2026-11-23T02:20:00+00:00." in done.stdout
    refused = communs("restore", str(path), into=elsewhere, data=tmp_path)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    told = communs("shell", "--no-imports", "-c", DIGEST, into=elsewhere, data=tmp_path)
    assert told.stdout.strip() == digest


def test_only_the_newest_backups_are_kept(tmp_path: Path) -> None:
    days = [AT.replace(day=day) for day in (1, 2, 3, 4)]
    names = [keeping.name_at(day, sealed=day.day == 2) for day in days]
    for name in [*names, "communs-antony-20261101T022000Z.tar.gz", "other.txt"]:
        (tmp_path / name).touch()
    assert {path.name for path in keeping.keep_newest(tmp_path, 2)} == set(names[:2])
    assert {path.name for path in tmp_path.iterdir()} == {
        *names[2:],
        "communs-antony-20261101T022000Z.tar.gz",
        "other.txt",
    }
