"""A carrier's machine: a real server with a certificate of its own, on this computer."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from communs.services.delivery.engine import calling


class Shop(HTTPServer):
    """A carrier's machine, which remembers what it was told, and answers as it is asked to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.certificate = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that hang up."""


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Location", "https://169.254.169.254/")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "firm.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("calls.firm.example")]), False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / "firm.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def caller_of(shop: Shop, **values: Any) -> calling.Caller:
    """Give the house's own caller, which trusts this machine and may reach it."""

    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(shop.certificate))

    port = shop.server_address[1]
    given = {"resolve": lambda _host, _port: ["127.0.0.1"], "allows": lambda _address: True}
    given |= {"context": trust, "ports": frozenset({port}), "patience": 2.0}
    return calling.Caller(**given | values)


def url_of(shop: Shop) -> str:
    return f"https://calls.firm.example:{shop.server_address[1]}/here?x=1"
