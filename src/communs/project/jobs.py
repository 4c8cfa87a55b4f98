"""The installation's own work: a backup each night, where COMMUNS_BACKUPS says."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from communs.core.jobs.timetable import every
from communs.project.backups import erasures, keeping, taking

KEPT = 14


@task(attempts=4, pause=timedelta(minutes=10))
def back_up() -> str:
    """Back the installation up, and keep the fourteen newest; give the backup's name."""
    now, secret = timezone.now(), settings.COMMUNS_BACKUP_PASSPHRASE
    folder = Path(settings.COMMUNS_BACKUPS)
    path = folder / keeping.name_at(now.astimezone(UTC), sealed=bool(secret))
    taking.back_up(target=path, passphrase=secret, at=now)
    keeping.note(path, at=now)
    erasures.write_beside(folder)
    keeping.keep_newest(folder, KEPT)
    return path.name


if settings.COMMUNS_BACKUPS:
    every("20 2 * * *", back_up)
