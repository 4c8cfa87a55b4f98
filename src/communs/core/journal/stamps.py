"""Time stamps of RFC 3161: a third party's word that a digest existed at a time."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request, urlopen

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

_TYPE = "application/timestamp-query"
_LARGEST = 100_000


def fetch(digest: str, *, authority: str, timeout: float = 20.0) -> bytes:
    """Ask the authority at this address to stamp a digest (64 hexadecimal digits)."""
    query = TimestampRequestBuilder().data(digest.encode("ascii")).build()
    request = Request(  # noqa: S310 -- the operator's own setting, checked to be http(s)
        authority, data=query.as_bytes(), headers={"Content-Type": _TYPE}, method="POST"
    )
    with urlopen(request, timeout=timeout) as answer:  # noqa: S310
        stamp = answer.read(_LARGEST)
    decode_timestamp_response(stamp)
    return stamp


def is_true(stamp: bytes, digest: str, *, certificates: Path) -> bool:
    """Tell whether a stamp is of this digest, by an authority of these certificates (PEM)."""
    builder = VerifierBuilder()
    for certificate in load_pem_x509_certificates(certificates.read_bytes()):
        builder = builder.add_root_certificate(certificate)
    try:
        answer = decode_timestamp_response(stamp)
        return builder.build().verify_message(answer, digest.encode("ascii"))
    except (VerificationError, ValueError):
        return False
