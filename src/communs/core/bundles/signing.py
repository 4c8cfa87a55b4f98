"""Signatures: this installation's key is drawn from its secret, so that nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_LABEL = b"communs.bundles.signing"
_SAID = b"communs bundle 1\n"  # a signature of ours says nothing of other digests


class Trust(StrEnum):
    """What is known of who signed."""

    HERE = "here"
    TRUSTED = "trusted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a document: this installation, one that the settings name, or another."""

    trust: Trust
    name: str = ""


def sign(digest: str) -> str:
    """Sign a digest with this installation's key; give hexadecimal."""
    return _private(settings.SECRET_KEY).sign(_SAID + digest.encode()).hex()


def public_key() -> str:
    """Give this installation's public key, in hexadecimal."""
    return _public(settings.SECRET_KEY)


def own_keys() -> set[str]:
    """Give the keys this installation signs, or once signed, with."""
    return {_public(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


def is_signed(digest: str, signature: str, key: str) -> bool:
    """Tell whether a digest was signed with this public key."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), _SAID + digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def signer_of(key: str) -> Signer:
    """Tell what is known of a public key."""
    if key in own_keys():
        return Signer(Trust.HERE)
    name = settings.COMMUNS_TRUSTED_KEYS.get(key)
    return Signer(Trust.UNKNOWN) if name is None else Signer(Trust.TRUSTED, name)


@lru_cache(maxsize=4)
def _private(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_LABEL).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=4)
def _public(secret: str) -> str:
    return _private(secret).public_key().public_bytes_raw().hex()
