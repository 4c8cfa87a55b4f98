"""From a stranger's upload to a content that may be kept, or a refusal in words."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from django.utils.translation import gettext as _

from communs.core.files import words
from communs.core.files.engine.kinds import KINDS
from communs.core.files.engine.names import clean_name, extension
from communs.core.files.purposes import Purpose
from communs.core.files.sandbox import worker
from communs.core.files.storages import CHUNK
from communs.core.kit.errors import Refused

log = logging.getLogger(__name__)


class Upload(Protocol):
    """What is asked of an upload: Django's `File` has it."""

    @property
    def name(self) -> Any: ...
    @property
    def size(self) -> Any: ...
    def chunks(self, chunk_size: Any = None) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Examined:
    """A content that may be kept, and what was found of it."""

    content: BinaryIO
    name: str
    kind: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    marks: list[str]


@contextmanager
def examined(upload: Upload, purpose: Purpose, *, field: str | None) -> Iterator[Examined]:
    """Give the content to keep, while it lasts; raises Refused, naming the field.

    Costs a temporary file and about 12 ms, more for large images. Hold no transaction meanwhile.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        _copy(upload, source, purpose, field)
        told = _ask(source, target, str(upload.name or ""), purpose)
        reason = told.get("unfit") or _unfit_here(told, purpose)
        if reason:
            log.info("file refused: %s %s", reason, told.get("because", ""))
            raise Refused(words.refusal(reason, purpose), field=field)
        content = target if told["rewritten"] else source
        size, digest = _measure(content)
        if size > purpose.max_bytes:
            raise Refused(words.too_large(size, purpose), field=field)
        kind = KINDS[told["kind"]]
        name = clean_name(str(upload.name or ""), kind.key, kind.others, unnamed=_("file"))
        found = {key: told[key] for key in ("kind", "width", "height", "marks")}
        yield Examined(content, name, size=size, sha256=digest, **found)


def _copy(upload: Upload, source: BinaryIO, purpose: Purpose, field: str | None) -> None:
    """Copy what was sent, up to what is taken; the claimed size is believed only when too large."""
    total = 0
    claimed = int(upload.size or 0)
    if claimed <= purpose.max_bytes:
        for chunk in upload.chunks():
            total += len(chunk)
            if total > purpose.max_bytes:
                break
            source.write(chunk)
    if max(total, claimed) > purpose.max_bytes:
        raise Refused(words.too_large(max(total, claimed), purpose), field=field)
    source.flush()


def _ask(source: BinaryIO, target: BinaryIO, name: str, purpose: Purpose) -> dict[str, Any]:
    asked = {
        "claimed": extension(name),
        "kinds": list(purpose.kinds),
        "pixels": purpose.max_pixels,
        "side": purpose.max_side,
    }
    return worker.ask(asked, source, target)


def _unfit_here(told: dict[str, Any], purpose: Purpose) -> str | None:
    """What an agent may open with care is not published."""
    if told["kind"] not in purpose.written:
        return "not_taken"
    return "active_pdf" if told["marks"] and purpose.public else None


def _measure(content: BinaryIO) -> tuple[int, str]:
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return size, digest.hexdigest()
