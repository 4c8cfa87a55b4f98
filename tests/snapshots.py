"""What takes long to make and is the same until the sources change: made once, then copied."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".cache" / "snapshots"
_PARTS = ("src/communs", "requirements", "tests/conftest.py", "tests/snapshots.py")
_MADE = {".pyc", ".mo"}
_LASTS = 3600  # seconds: sensors of the demonstration that said nothing for longer are silent


@cache
def digest() -> str:
    """Sum up all that a database and its demonstration are made from."""
    told = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())  # what is made is of today
    for part in _PARTS:
        path = ROOT / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix not in _MADE:
                told.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Give where a snapshot is or will be, while nobody else makes it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield KEPT / f"{name}-{digest()}"


def keep(folder: Path, make: Callable[[Path], None]) -> None:
    """Make a snapshot whole or not at all, and drop those of older sources."""
    for old in KEPT.glob(f"{folder.name.rpartition('-')[0]}-*"):
        shutil.rmtree(old)
    begun = Path(tempfile.mkdtemp(dir=KEPT))
    make(begun)
    begun.rename(folder)


def copied(name: str, make: Callable[[Path], None], to: Path) -> None:
    """Fill a folder with a snapshot, made now if there is none of these sources and this hour."""
    with alone(name) as folder:
        if not folder.exists() or time.time() - folder.stat().st_mtime > _LASTS:
            keep(folder, make)
        shutil.copytree(folder, to, dirs_exist_ok=True)
