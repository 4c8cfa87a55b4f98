"""A stream under a passphrase: what is read was written with it, whole and in order, or is refused.

Pieces of one mebibyte, each sealed with ChaCha20-Poly1305 (RFC 8439); its nonce is its number, and
says whether it is the last. The key comes from the passphrase by scrypt (RFC 7914).
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused

MAGIC = b"communs-sealed-1\n"
_SALT = 16
_PIECE = 1024 * 1024
_TAG = 16


def is_sealed(start: bytes) -> bool:
    """Tell whether a file that begins so is under a passphrase."""
    return start.startswith(MAGIC)


class SealingWriter(io.RawIOBase):
    """Seals what is written to it; `close` writes the last piece and leaves the file open."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(_SALT)
        self._cipher = _cipher(passphrase, salt)
        self._target, self._left, self._count = target, bytearray(), 0
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._left += piece
        while len(self._left) > _PIECE:
            self._put(bytes(self._left[:_PIECE]), last=False)
            del self._left[:_PIECE]
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._left), last=True)
        super().close()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._count, last=last), piece, MAGIC))
        self._count += 1


class SealedReader(io.RawIOBase):
    """Reads what SealingWriter wrote; raises Refused for another passphrase or a changed file."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise Refused(_("This file is not under a passphrase."))
        self._cipher = _cipher(passphrase, source.read(_SALT))
        self._source, self._count = source, 0
        self._ahead = source.read(_PIECE + _TAG)
        self._left, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._left and not self._ended:
            self._left = self._open()
        count = min(len(view), len(self._left))
        view[:count], self._left = self._left[:count], self._left[count:]
        return count

    def _open(self) -> bytes:
        sealed, self._ahead = self._ahead, self._source.read(_PIECE + _TAG)
        self._ended = not self._ahead
        nonce = _nonce(self._count, last=self._ended)
        self._count += 1
        try:
            return self._cipher.decrypt(nonce, sealed, MAGIC)
        except InvalidTag as error:
            sentence = _("The passphrase is not the one of this backup, or the file was changed.")
            raise Refused(sentence) from error


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    derived = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return ChaCha20Poly1305(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
