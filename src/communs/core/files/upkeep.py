"""What jobs do for the community in force: scan, expire, and put rows and contents in step."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from communs.core.communities.scope import current
from communs.core.files import actions, queries, scanners
from communs.core.files.models import StoredFile, folder_of

log = logging.getLogger(__name__)
YOUNG = timedelta(hours=1)  # what may still be about to get its row
BATCH = 500


@dataclass(slots=True)
class Scanned:
    """How a round of scanning went."""

    clean: int = 0
    found: int = 0
    problem: str = ""


@dataclass(slots=True)
class Swept:
    """Contents without a row were removed; rows without a content are told."""

    removed: int = 0
    missing: list[str] = field(default_factory=list)


def scan_pending(*, at: datetime) -> Scanned:  # noqa: ARG001 -- the three are called alike
    """Have the antivirus look at what waits; stops at once when it does not answer."""
    told = Scanned()
    scanner = scanners.configured()
    for file in list(queries.pending()[:BATCH]):
        try:
            verdict = _verdict(scanner, file)
        except scanners.ScannerUnavailable as error:
            log.warning("antivirus: %s", error)
            told.problem = str(error)
            break
        if verdict is None:
            continue
        actions.judge(file=file, verdict=verdict, by=None)
        told.clean += verdict.clean
        told.found += not verdict.clean
    return told


def _verdict(scanner: scanners.Scanner | None, file: StoredFile) -> scanners.Verdict | None:
    """Without an antivirus any more, what waited for it is let through; the health page says so."""
    if scanner is None:
        return scanners.Verdict(clean=True)
    try:
        return scanner.scan(queries.contents().chunks(file.path))
    except FileNotFoundError:
        return None  # forgotten meanwhile, or told by the sweep


def expire_due(*, at: datetime) -> int:
    """Remove what is past its time, at most a batch; gives how many were due."""
    files = list(queries.due(at=at)[:BATCH])
    for file in files:
        actions.expire(file=file, at=at, by=None)
    return len(files)


def sweep(*, at: datetime) -> Swept:
    """Remove contents older than an hour that no row names; tell rows whose content is gone."""
    told = Swept()
    contents, root = queries.contents(), folder_of(current().pk)
    for shard in sorted({*contents.listdir(root)[0], *queries.shards()}):
        rows = queries.contents_named(shard)
        lying = contents.listdir(f"{root}/{shard}")[1]
        _remove_strays(f"{root}/{shard}", lying, set(rows), at, told)
        for path in sorted(set(rows) - {f"{root}/{shard}/{name}" for name in lying}):
            if queries.is_kept(rows[path]) and not contents.exists(path):
                log.error("a file's content is missing: %s", path)
                told.missing.append(path)
    return told


def _remove_strays(
    folder: str, lying: list[str], named: set[str], at: datetime, told: Swept
) -> None:
    contents = queries.contents()
    for name in lying:
        path = f"{folder}/{name}"
        # An image at a width is named after its content: `<content>.640.webp`.
        if path.partition(".")[0] not in named and contents.get_modified_time(path) < at - YOUNG:
            contents.delete(path)
            told.removed += 1
