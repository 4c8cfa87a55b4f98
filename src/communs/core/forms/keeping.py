"""Files of answers: received before the action, attached inside it, gone when they are replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from communs.core.files import actions as files
from communs.core.files import words
from communs.core.files.engine.verdict import MEGA
from communs.core.files.models import StoredFile
from communs.core.forms.engine.definition import Definition, Field, spots
from communs.core.forms.engine.kinds import Fault
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.engine.walking import places, value_at
from communs.core.forms.models import Answers
from communs.core.forms.rules import FILES
from communs.core.forms.wording import kinds_of_files
from communs.core.kit.errors import Refused


def received(
    definition: Definition,
    values: Mapping[str, Any],
    page: str,
    uploads: Mapping[str, Any],
    *,
    at: datetime,
    by: Any,
) -> dict[str, StoredFile | Fault | None]:
    """Look at what a page sends and keep it as drafts; call it outside any transaction.

    `uploads` has by path an upload, or None for a file that is taken away.
    """
    asked = {place.path: place.field for place in places(definition, values, page)}
    return {
        path: None if upload is None else _received(asked[path], upload, at=at, by=by)
        for path, upload in uploads.items()
        if path in asked and asked[path].kind == "file"
    }


def _received(field: Field, upload: Any, *, at: datetime, by: Any) -> StoredFile | Fault:
    most = int(field.settings.get("max_mb", 10)) * MEGA
    if upload.size > most:
        return Fault("file_large", size=words.size(upload.size), most=words.size(most))
    try:
        file = files.keep(upload=upload, purpose=FILES, at=at, by=by)
    except Refused as refusal:
        return Fault("file_refused", sentence=str(refusal))
    taken = field.settings.get("kinds")
    if taken and file.kind not in taken:
        files.forget(file=file, by=by)
        return Fault("file_kind", kinds=kinds_of_files(taken))
    return file


def attached(
    answers: Answers,
    definition: Definition,
    path: str,
    file: StoredFile | Fault | None,
    *,
    at: datetime,
    by: Any,
) -> dict[str, Any] | Fault | None:
    """Give a draft to answers, until the day its question says; give the answer it makes."""
    if file is None or isinstance(file, Fault):
        return file
    key = path.rpartition(".")[2]
    field = next(spot.field for spot in spots(definition) if spot.field.key == key)
    days = int(field.settings.get("days", 0))
    until = at + timedelta(days=days) if days else None
    try:
        kept = files.attach(file=file, subject=answers, until=until, at=at, by=by)
    except Refused:
        return Fault("file_gone")
    last = until.date().isoformat() if until else None
    return {"file": str(kept.pk), "name": kept.name, "size": kept.size, "until": last}


def forget_replaced(answers: Answers, sheet: Sheet, *, by: Any) -> None:
    """Erase the files of answers that the sheet no longer names."""
    gone = set(keys_in(answers.values)) - set(keys_in(sheet.values))
    for file in StoredFile.objects.filter(pk__in=gone) if gone else ():
        files.forget(file=file, by=by)


def forget_unused(given: Mapping[str, Any], sheet: Sheet, *, by: Any) -> None:
    """Erase the files that a page brought and that did not come in: a colleague's stands there."""
    brought = {str(one["file"]) for one in given.values() if isinstance(one, Mapping)}
    gone = brought - set(keys_in(sheet.values))
    for file in StoredFile.objects.filter(pk__in=gone) if gone else ():
        files.forget(file=file, by=by)


def keys_in(values: Any) -> Iterator[str]:
    """Give the keys of the files that answers name."""
    for value in values.values() if isinstance(values, Mapping) else values:
        if isinstance(value, Mapping) and "file" in value:
            yield str(value["file"])
        elif isinstance(value, list):
            yield from (key for row in value if isinstance(row, Mapping) for key in keys_in(row))


def asks_for(definition: Definition, kind: str) -> bool:
    """Tell whether a form has a question of a kind."""
    return any(spot.field.kind == kind for spot in spots(definition))


def paths_of_files(definition: Definition, values: Mapping[str, Any]) -> dict[str, str]:
    """Give the files that answers name, by path."""
    found = {p.path: value_at(values, p.path) for p in places(definition, values)}
    return {
        path: str(value["file"])
        for path, value in found.items()
        if isinstance(value, Mapping) and "file" in value
    }
