"""Takes a backup: of the installation, or of one community with what it needs to live elsewhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from communs import VERSION
from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.core.journal.models import Chain
from communs.core.people.models import Person
from communs.project.backups import archive, databases, rows

SECRET = "secret-key"  # noqa: S105 -- the name of a file


def back_up(*, target: Path, passphrase: str = "", at: datetime) -> archive.Manifest:
    """Back the installation up while it works: database, files of the disk, secret key."""
    with (
        tempfile.TemporaryDirectory(dir=settings.COMMUNS_DATA, prefix="backup-") as folder,
        archive.writing(target, passphrase=passphrase) as written,
    ):
        whole = Path(folder) / "database"
        counts = databases.snapshot(whole)
        written.add_file(databases.MEMBER[connection.vendor], whole)
        whole.unlink()
        key = Path(settings.COMMUNS_DATA) / SECRET
        if key.is_file():
            written.add_file(SECRET, key)
        here = isinstance(default_storage, FileSystemStorage)
        with across("a backup holds the files of every community"):
            found = StoredFile.everywhere.exclude(state=State.EXPIRED).order_by("pk")
            files = _add_files(written, found.iterator() if here else ())
        facts = {"kind": "installation", "counts": counts, "files": files | {"here": here}}
        manifest = _facts(at) | facts
        written.end(manifest)
    return manifest


def back_up_community(
    community: Community, *, target: Path, passphrase: str = "", at: datetime
) -> archive.Manifest:
    """Back one community up: all its rows, its files, and the accounts and places they name."""
    with (
        tempfile.TemporaryDirectory(dir=settings.COMMUNS_DATA, prefix="backup-") as folder,
        archive.writing(target, passphrase=passphrase) as written,
        databases.frozen(),
        within(community),
    ):
        spool = Path(folder) / "rows"
        places = rows.places()
        counts = {"communities.Community": _add(written, Community, places, spool)}
        for model, found in rows.reference(places):
            counts[model._meta.label] = _add(written, model, found, spool)
        counts["people.Person"] = _add(written, Person, _bare(rows.people()), spool)
        for table in rows.tables():
            counts[table._meta.label] = _add(written, table, rows.of_here(table), spool)
        files = _add_files(written, StoredFile.objects.exclude(state=State.EXPIRED).iterator())
        manifest = _facts(at) | {
            "kind": "community",
            "community": {"id": str(community.pk), "slug": community.slug, "name": community.name},
            "counts": counts,
            "digest": rows.digest_here(),
            "head": list(Chain.objects.values_list("position", "digest").first() or ()),
            "files": files,
        }
        written.end(manifest)
    return manifest


def member_of(model: type[models.Model]) -> str:
    """Give the name under which a table's rows lie in an archive."""
    return f"rows/{model._meta.label}.jsonl"


def _facts(at: datetime) -> archive.Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "version": VERSION,
        "made_at": at.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(map(list, applied)),
    }


def _add(
    written: archive.Writer,
    model: type[models.Model],
    found: Iterable[models.Model],
    spool: Path,
) -> int:
    count = 0
    with spool.open("wb") as file:
        for line in rows.lines(found):
            file.write(line)
            count += 1
    written.add_file(member_of(model), spool)
    return count


def _bare(people: Iterable[Person]) -> Iterable[Person]:
    """Give accounts without their password: elsewhere they choose another."""
    for person in people:
        person.set_unusable_password()
        person.last_login = None
        yield person


def _add_files(written: archive.Writer, files: Iterable[StoredFile]) -> dict[str, Any]:
    """Add the contents of files; what went or is missing meanwhile is counted, not an end."""
    told = {"count": 0, "bytes": 0, "missing": 0}
    for file in files:
        try:
            size = contents().size(file.path)
            chunks = contents().chunks(file.path)
        except FileNotFoundError:
            told["missing"] += 1
            continue
        written.add(f"files/{file.path}", size, chunks)
        told["count"], told["bytes"] = told["count"] + 1, told["bytes"] + size
    return told
