"""The object store: any that speaks S3. Imported only where COMMUNS_FILES asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]

from communs.core.files.storages import CHUNK

_MISSING = {"404", "NoSuchKey", "NotFound"}


class ObjectStorage(S3Storage):
    """A bucket. An object appears whole or not at all, which is the store's own promise."""

    def get_default_settings(self) -> dict[str, Any]:
        """Keep to one name a content: what is written again replaces itself."""
        return super().get_default_settings() | {
            "file_overwrite": True,
            "default_acl": None,
            "signature_version": "s3v4",
        }

    def chunks(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes from `start` up to `end`, as they come over the network."""
        key = self._normalize_name(name)
        asked = f"bytes={start}-{'' if end is None else end - 1}"
        try:
            found = self.bucket.Object(key).get(Range=asked)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                raise FileNotFoundError(name) from error
            raise
        pieces = _pieces(found["Body"])
        next(pieces)
        return pieces


def _pieces(body: Any) -> Iterator[bytes]:
    with closing(body):
        yield b""  # begun, so that what is left unread gets closed
        yield from body.iter_chunks(CHUNK)
