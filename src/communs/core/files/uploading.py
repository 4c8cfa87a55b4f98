"""How uploads arrive: to a temporary file, never more of it than may be kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from communs.core.files.purposes import LARGEST


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes at most `LARGEST` bytes a request; the rest is read and dropped.

    The size it tells is the true one, so that the field can say what was too large.
    """

    written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.written += len(raw_data)
        return super().receive_data_chunk(raw_data, start) if self.written <= LARGEST else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        kept: Any = super().file_complete(file_size)
        if self.written > LARGEST:
            kept.size = max(file_size, LARGEST + 1)
        return kept
