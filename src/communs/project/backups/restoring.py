"""Puts a backup back, after it has been read in whole; says what it did."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from communs import VERSION
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.files.queries import contents
from communs.core.geo.backends import backend as spots
from communs.core.journal import verification
from communs.core.journal.actions import action, record
from communs.core.journal.jobs import with_events
from communs.core.kit.errors import Refused
from communs.core.search.backends import backend
from communs.core.search.rebuilding import rebuild
from communs.project.backups import archive, databases, erasures
from communs.project.backups.taking import SECRET

Say = Callable[[str], object]


def restore(path: Path, *, passphrase: str = "", replace: bool = False, say: Say) -> None:
    """Put a whole installation back here; without `replace` the database must be empty."""
    manifest = archive.check(path, passphrase=passphrase)
    refuse_unfit(manifest, kind="installation")
    erased = erasures.known(path)
    if not replace and not databases.is_empty():
        raise Refused(_("There are data here already: say --replace to lose them."))
    say(_("The backup is whole: version %(version)s, made %(made_at)s.") % manifest)
    with unpacked(path, passphrase, databases.MEMBER[connection.vendor]) as file:
        databases.check(file, manifest["counts"])
        databases.restore(file, manifest["counts"])
    say(_("Rows put back: %(num)d.") % {"num": sum(manifest["counts"].values())})
    say(_("Files put back: %(num)d.") % {"num": put_files(path, passphrase)})
    _put_key(path, passphrase)
    call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())
    with transaction.atomic(), across("the whole index is made anew"):
        backend().repair()
        spots().repair()
    found = sum(_rebuilt(place) for place in Community.objects.all())
    say(_("Tables and walls are up to date; %(num)d documents can be found.") % {"num": found})
    say(_("The journal is whole: %(num)d events.") % {"num": _verified()})
    lose_again(erased, say=say)
    metropolis = Community.objects.filter(kind=Kind.METROPOLIS).first()
    if metropolis is not None:
        with within(metropolis):
            note_restored(what="installation", made_at=manifest["made_at"], by=None)


def lose_again(erased: Iterable[UUID], *, say: Say) -> None:
    """Erase again who was erased since the backup, and say it."""
    gone, reasons = erasures.erase_again(erased, at=timezone.now())
    if gone:
        say(_("Accounts erased since the backup, erased again: %(num)d.") % {"num": gone})
    for reason in reasons:
        say(_("An account erased since the backup is back: %s") % reason)


@action("operation.restored")
def note_restored(*, what: str, made_at: str, by: Any) -> None:  # noqa: ARG001 -- the journal reads it
    """Keep in the metropolis' journal that a backup took the place of what was there."""
    record(what, made_at=made_at, version=VERSION)


def refuse_damaged_journal() -> int:
    """Check the journal of the community in force; give how many events it has."""
    found = verification.check()
    if found.wrong:
        raise Refused(_("The journal does not verify: %s.") % found.wrong[0])
    return found.events


def put_files(path: Path, passphrase: str) -> int:
    """Write the contents of files where this installation keeps them; give how many."""
    count = 0
    for name, size, content in archive.members(path, passphrase=passphrase):
        if name.startswith("files/"):
            contents().save(name.removeprefix("files/"), _Incoming(content, size))
            count += 1
    return count


@contextmanager
def unpacked(path: Path, passphrase: str, member: str) -> Iterator[Path]:
    """Give a member of an archive as a file, for a while."""
    with tempfile.TemporaryDirectory(dir=settings.COMMUNS_DATA, prefix="restore-") as folder:
        file = Path(folder) / "member"
        for name, _size, content in archive.members(path, passphrase=passphrase):
            if name == member:
                with file.open("wb") as written:
                    shutil.copyfileobj(content, written, 1024 * 1024)
        if not file.exists():
            raise Refused(_("The backup holds no %s.") % member)
        yield file


class _Incoming(File):
    """A member that is read once, from its beginning to its end."""

    def __init__(self, content: IO[bytes], size: int) -> None:
        super().__init__(content)
        self._content, self.size = content, size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return iter(lambda: self._content.read(chunk_size or self.DEFAULT_CHUNK_SIZE), b"")


def refuse_unfit(manifest: archive.Manifest, *, kind: str) -> None:
    """Refuse the backup of something else, or of a version that this one does not know."""
    if manifest.get("kind") != kind:
        told = {
            "community": _("This is the backup of one community: say --community."),
            "installation": _("This is the backup of a whole installation: leave --community out."),
        }
        raise Refused(told[str(manifest.get("kind"))])
    known = MigrationLoader(None).disk_migrations
    strange = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if strange:
        raise Refused(
            _("The backup is of a newer Communs (%(version)s): %(name)s is not known here.")
            % {"version": manifest["version"], "name": strange[0]}
        )
    if kind == "installation" and manifest["database"] != connection.vendor:
        raise Refused(
            _("This backup is of %(theirs)s, and the database here is %(ours)s.")
            % {"theirs": manifest["database"], "ours": connection.vendor}
        )


def _put_key(path: Path, passphrase: str) -> None:
    """Bring the secret key back, without which second factors cannot be read."""
    for name, _size, content in archive.members(path, passphrase=passphrase):
        if name == SECRET:
            target = Path(settings.COMMUNS_DATA) / SECRET
            fresh = target.with_suffix(".fresh")
            fresh.touch(mode=0o600)
            fresh.write_bytes(content.read())
            fresh.replace(target)


def _rebuilt(place: Community) -> int:
    with within(place):
        return rebuild()


def _verified() -> int:
    total = 0
    for place in with_events():
        with within(place):
            total += refuse_damaged_journal()
    return total
