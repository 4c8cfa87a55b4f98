"""Rows and contents are put in step; nothing waits for the antivirus for ever."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.files import actions, queries, upkeep
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.storages import INCOMING
from tests.core.files.test_actions import AT, text

pytestmark = pytest.mark.django_db


def stray(folder: Path, here: Community, shard: str, name: str, *, hours: float) -> Path:
    path = folder / here.pk.hex / shard / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = timezone.now().timestamp() - hours * 3600
    os.utime(path, (then, then))
    return path


def test_contents_without_a_row_go_after_an_hour(here: Community, folder: Path) -> None:
    kept = actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    old = [
        stray(folder, here, "ab", "abc-1", hours=1.1),
        stray(folder, here, "ab", "abc-1.640.webp", hours=1.1),
        stray(folder, here, INCOMING, "half", hours=2),
    ]
    young = stray(folder, here, "ab", "abd-1", hours=0.9)
    thumbnail = stray(folder, here, kept.sha256[:2], f"{Path(kept.path).name}.640.webp", hours=9)
    assert upkeep.sweep(at=timezone.now()) == upkeep.Swept(removed=3)
    assert [path for path in old if path.exists()] == []
    assert (young.exists(), thumbnail.exists(), (folder / kept.path).exists()) == (True,) * 3


def test_rows_without_their_content_are_told_and_kept(
    here: Community, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lost, kept = (actions.keep(upload=text(), purpose="test.own", at=AT, by=None) for _ in range(2))
    (folder / lost.path).unlink()
    assert upkeep.sweep(at=timezone.now()) == upkeep.Swept(removed=0, missing=[lost.path])
    assert {row.pk for row in StoredFile.objects.all()} == {lost.pk, kept.pk}
    assert lost.path in caplog.text


def test_an_expired_row_is_not_missing_its_content(
    here: Community, folder: Path, photo: StoredFile
) -> None:
    actions.expire(
        file=photo, at=AT + timedelta(days=31), by=None
    )  # killed before its content went
    assert (folder / photo.path).exists()
    assert upkeep.sweep(at=timezone.now() + timedelta(hours=2)) == upkeep.Swept(removed=1)


def test_a_write_that_fails_leaves_no_half_file(folder: Path, here: Community) -> None:
    class Broken:
        name = "x"

        def chunks(self, _size: int = 0) -> object:
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        queries.contents().save(f"{here.pk.hex}/ab/abc", Broken())
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_without_an_antivirus_what_waited_is_let_through(here: Community) -> None:
    row = actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    StoredFile.objects.update(state=State.PENDING)
    assert upkeep.scan_pending(at=AT) == upkeep.Scanned(clean=1)
    row.refresh_from_db()
    assert row.state == State.CLEAN
    assert queries.scanner_health() == (
        "warning",
        "No antivirus is set: files are checked by their structure alone.",
    )


def test_the_look_leaves_no_temporary_file(here: Community) -> None:
    before = set(Path(tempfile.gettempdir()).iterdir())
    actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    grown = set(Path(tempfile.gettempdir()).iterdir()) - before
    assert [path for path in grown if path.is_file()] == []
