"""Where backups lie, how they are named, how many are kept, and when the last one was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

_LAST = "last-backup.json"
_PATTERN = "communs-????????T??????Z.tar.gz*"


@dataclass(frozen=True, slots=True)
class Last:
    """The last backup of the whole installation that was made from here."""

    at: datetime
    path: Path
    size: int


def name_at(at: datetime, *, slug: str = "", sealed: bool = False) -> str:
    """Give the name of a backup made at `at` (UTC in it, so that names sort by time)."""
    what = f"communs-{slug}-" if slug else "communs-"
    return f"{what}{at.strftime('%Y%m%dT%H%M%SZ')}.tar.gz{'.sealed' if sealed else ''}"


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Remove the backups of the installation but the newest ones; give those removed."""
    found = sorted(folder.glob(_PATTERN), reverse=True)
    for path in found[count:]:
        path.unlink()
    return found[count:]


def note(path: Path, *, at: datetime) -> None:
    """Remember that a backup was made."""
    told = {"at": at.isoformat(), "path": str(path.absolute()), "size": path.stat().st_size}
    _file().write_text(json.dumps(told), encoding="utf-8")


def last() -> Last | None:
    """Give the last backup made from here, if one is remembered."""
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(told["at"]), Path(told["path"]), told["size"])
    except (OSError, ValueError, KeyError):
        return None


def _file() -> Path:
    return Path(settings.COMMUNS_DATA) / _LAST
