"""A time-stamping authority's word on the seal, checked against its certificate."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs import worker as workers
from communs.core.jobs.worker import Worker
from communs.core.journal import jobs, stamps, verification
from communs.core.journal.actions import action, record
from communs.core.journal.models import Seal

DIGEST = "ab" * 32


@action("test.said")
def say(*, by: None = None) -> None:
    record("test:1")


class Authority:
    """A time-stamping authority on loopback."""

    def __init__(self, folder: Path) -> None:
        self.down = False
        key, certificate = _authority_certificate()
        self.certificates = folder / "authority.pem"
        self.certificates.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        der = serialization.Encoding.DER
        self._stamper = DummyTimeStamper(
            tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(der)),
            tsa_key=keys.PrivateKeyInfo.load(
                key.private_bytes(
                    der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            certs_to_embed=SimpleCertificateStore(),
        )

    def answer(self, query: bytes) -> bytes:
        return self._stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump()


def _authority_certificate() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return key, builder.sign(key, hashes.SHA256())


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    made = Authority(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            body = b"" if made.down else made.answer(query)
            self.send_response(503 if made.down else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.COMMUNS_TSA = f"http://127.0.0.1:{server.server_port}/"
    settings.COMMUNS_TSA_CERTIFICATES = str(made.certificates)
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stamp_is_of_its_digest_and_of_no_other(authority: Authority, settings: Any) -> None:
    stamp = stamps.fetch(DIGEST, authority=settings.COMMUNS_TSA)
    assert stamps.is_true(stamp, DIGEST, certificates=authority.certificates)
    assert not stamps.is_true(stamp, "cd" * 32, certificates=authority.certificates)
    assert not stamps.is_true(b"no stamp", DIGEST, certificates=authority.certificates)


def test_a_stamp_of_another_authority_is_not_believed(
    authority: Authority, settings: Any, tmp_path: Path
) -> None:
    stamp = stamps.fetch(DIGEST, authority=settings.COMMUNS_TSA)
    folder = tmp_path / "other"
    folder.mkdir()
    assert not stamps.is_true(stamp, DIGEST, certificates=Authority(folder).certificates)


@pytest.mark.django_db
def test_the_nights_seal_is_stamped_when_the_authority_answers(
    authority: Authority, sceaux: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "pulses", [])
    authority.down = True
    worker = Worker()
    with within(sceaux):
        say()
        assert jobs.seal.call() == Seal.objects.get().digest
        now = datetime.now(UTC)
        worker.turn(at=now + timedelta(seconds=1))
        assert Seal.objects.get().stamp is None
        authority.down = False
        worker.turn(at=now + timedelta(minutes=5))
        seal = Seal.objects.get()
        assert seal.day == date.today() - timedelta(days=1)  # noqa: DTZ011 -- the machine's day
        found = verification.check(certificates=authority.certificates)
        assert (found.wrong, found.seals) == ([], 1)
        assert bytes(seal.stamp)
