"""Keeping, attaching, expiring and forgetting files."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files import actions, queries, upkeep
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.queries import Use
from communs.core.files.scanners import Verdict
from communs.core.journal.models import Event
from communs.core.kit.errors import NoCommunity, Refused
from communs.core.people.models import Person
from tests.core.files import samples
from tests.core.files.conftest import AT

pytestmark = pytest.mark.django_db

TEXT = b"Bonjour.\n"
DIGEST = hashlib.sha256(TEXT).hexdigest()


def text(name: str = "note.txt", content: bytes = TEXT) -> ContentFile:
    return ContentFile(content, name)


def lying(folder: Path) -> list[str]:
    """What the folder holds, whole paths."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def events() -> list[tuple[str, str, dict]]:
    found = Event.objects.filter(name__startswith="files.").order_by("id")
    return [(event.name, event.subject, event.data) for event in found]


def test_a_file_is_kept_with_its_row_its_content_and_its_event(
    here: Community, folder: Path, administrator: Person
) -> None:
    row = actions.keep(
        upload=text("C:\\Temp\\ma note.TXT"),
        purpose="test.own",
        subject=here,
        at=AT,
        by=administrator,
    )
    row = StoredFile.objects.get(pk=row.pk)
    kept = {f.attname: getattr(row, f.attname) for f in StoredFile._meta.concrete_fields}
    assert kept == {
        "id": row.pk, "community_id": here.pk, "purpose": "test.own", "state": "clean",
        "kind": "txt", "name": "ma note.txt", "size": 9, "sha256": DIGEST, "width": None,
        "height": None, "marks": [], "verdict": "", "subject": f"communities.community:{here.pk}",
        "uploaded_by": administrator.pk, "at": AT, "expires_at": None,
    }  # fmt: skip
    assert lying(folder) == [f"{here.pk.hex}/{DIGEST[:2]}/{DIGEST}-{row.pk.hex}"]
    assert b"".join(queries.contents().chunks(row.path)) == TEXT
    assert list(queries.sent_by(administrator.pk)) == [row]
    data = {"purpose": "test.own", "kind": "txt", "size": 9, "sha256": DIGEST}
    assert events() == [("files.kept", f"files.storedfile:{row.pk}", data)]


def test_a_refused_file_leaves_nothing(here: Community, folder: Path) -> None:
    with pytest.raises(Refused) as refusal:
        actions.keep(
            upload=text("a.jpg", b"<html>"), purpose="test.shown", field="photo", at=AT, by=None
        )
    taken = "Taken: JPEG, PNG, WebP, GIF, PDF; at most 2 MB."
    said = f"This file is a web page or holds a script; it is not taken. {taken}"
    assert (str(refusal.value), refusal.value.field) == (said, "photo")
    assert (lying(folder), events(), StoredFile.objects.count()) == ([], [], 0)


def test_a_row_that_cannot_be_written_leaves_no_content(
    here: Community, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: StoredFile, **_options: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(StoredFile, "save", broken)
    with pytest.raises(DatabaseError):
        actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    assert lying(folder) == []


def test_outside_any_community_nothing_is_kept(db: None, folder: Path) -> None:
    with pytest.raises(NoCommunity):
        actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    assert lying(folder) == []


def test_the_same_content_twice_lies_twice(
    here: Community, folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    first, second = (
        actions.keep(upload=text(), purpose="test.own", at=AT, by=None) for _ in range(2)
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.forget(file=first, by=None)
    assert lying(folder) == [second.path]
    assert list(StoredFile.objects.all()) == [second]


def test_a_draft_lasts_a_day_unless_it_is_attached(
    here: Community, folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    lost, used = (actions.keep(upload=text(), purpose="test.own", at=AT, by=None) for _ in range(2))
    assert (used.is_draft, used.expires_at) == (True, AT + timedelta(hours=24))
    used = actions.attach(file=used, subject="test.case:1", at=AT, by=None)
    assert (used.is_draft, used.expires_at) == (False, None)
    later = AT + timedelta(hours=24)
    with django_capture_on_commit_callbacks(execute=True):
        assert upkeep.expire_due(at=later - timedelta(seconds=1)) == 0
        assert upkeep.expire_due(at=later) == 1
    assert list(StoredFile.objects.all()) == [used]
    assert lying(folder) == [used.path]
    assert [name for name, *_ in events()][2:] == ["files.attached", "files.expired"]
    with pytest.raises(Refused):
        actions.attach(file=lost, subject="test.case:1", at=AT, by=None)


def test_a_file_belongs_to_one_owner(here: Community) -> None:
    row = actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    for _ in range(2):  # twice the same is nothing new
        actions.attach(file=row, subject="test.case:1", at=AT, by=None)
    with pytest.raises(Refused):
        actions.attach(file=row, subject="test.case:2", at=AT, by=None)
    assert [name for name, *_ in events()] == ["files.kept", "files.attached"]
    assert list(queries.files_of("test.case:1")) == [row]


def test_past_its_time_a_file_is_removed_and_says_so(
    here: Community, folder: Path, photo: StoredFile, django_capture_on_commit_callbacks: object
) -> None:
    assert photo.expires_at == AT + timedelta(days=30)
    with django_capture_on_commit_callbacks(execute=True):
        assert upkeep.expire_due(at=AT + timedelta(days=30)) == 1
        assert upkeep.expire_due(at=AT + timedelta(days=30)) == 0
    photo.refresh_from_db()
    assert (photo.state, photo.name, photo.uploaded_by, lying(folder)) == ("expired", "", None, [])
    assert (queries.storage_used(), queries.storage_by_purpose()) == (0, [])


def test_a_draft_attached_meanwhile_does_not_expire(here: Community) -> None:
    seen_by_the_job = actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    actions.attach(file=seen_by_the_job, subject="test.case:1", at=AT, by=None)
    actions.expire(file=seen_by_the_job, at=AT + timedelta(days=2), by=None)
    assert StoredFile.objects.get().state == State.CLEAN


def test_a_verdict_is_written_once(here: Community) -> None:
    row = actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    StoredFile.objects.update(state=State.PENDING)
    actions.judge(file=row, verdict=Verdict(clean=False, name="Eicar"), by=None)
    actions.judge(file=row, verdict=Verdict(clean=True), by=None)
    row.refresh_from_db()
    assert (row.state, row.verdict) == ("quarantined", "Eicar")


def test_a_community_keeps_no_more_than_its_room(here: Community, settings: Settings) -> None:
    settings.COMMUNS_FILES_QUOTA = 20
    for _ in range(2):
        actions.keep(upload=text(), purpose="test.own", subject="test.case:1", at=AT, by=None)
    with pytest.raises(Refused) as refusal:
        actions.keep(upload=text(), purpose="test.own", subject="test.case:1", at=AT, by=None)
    assert str(refusal.value) == "There is no room left for files here (20 B are kept at most)."
    assert (queries.storage_used(), queries.storage_by_purpose()) == (18, [Use("test.own", 2, 18)])


def test_visitors_drafts_leave_room_to_agents(
    here: Community, administrator: Person, settings: Settings
) -> None:
    settings.COMMUNS_FILES_QUOTA = 100
    actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    with pytest.raises(Refused):
        actions.keep(upload=text(), purpose="test.own", at=AT, by=None)
    actions.keep(upload=text(), purpose="test.own", at=AT, by=administrator)


def test_another_communitys_files_are_neither_seen_nor_counted(
    note: StoredFile, sceaux: Community
) -> None:
    with within(sceaux):
        assert (queries.file(note.pk), queries.storage_used()) == (None, 0)
        assert upkeep.sweep(at=AT + timedelta(days=1)) == upkeep.Swept()
    assert list(queries.contents().chunks(note.path))


def test_keeping_costs_a_bounded_number_of_queries(here: Community) -> None:
    with CaptureQueriesContext(connection) as asked:
        actions.keep(upload=text(), purpose="test.own", subject="test.case:1", at=AT, by=None)
    statements = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    ours = [sql for sql in statements if "files_storedfile" in sql]
    assert len(ours) == 2


def test_a_photo_is_kept_at_most_as_large_as_its_purpose_says(photo: StoredFile) -> None:
    assert (photo.kind, photo.name, photo.width, photo.height) == (
        "jpg",
        "École d’été.jpg",
        2000,
        1500,
    )
    assert photo.size < len(samples.image("JPEG", (2000, 1500), quality=100))
