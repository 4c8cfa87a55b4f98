"""A passkey made of software: it answers as a telephone would."""

from __future__ import annotations

import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Passkey:
    """One key for one account of one site."""

    def __init__(self, origin: str = "https://testserver") -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.uses = 0
        self.user = b""

    def make(self, asked: dict[str, Any]) -> str:
        """Answer a registration."""
        asked = asked["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(
            sha256(asked["rp"]["id"].encode()), PRESENT | VERIFIED | ATTESTED, 0, held
        )
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", asked["challenge"])
        answer = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(bytes(attestation)),
            "transports": ["internal"],
        }
        return self._said(answer, {"credProps": {"rk": True}})

    def show(self, asked: dict[str, Any], rp: str = "testserver") -> str:
        """Answer a sign-in."""
        asked = asked["publicKey"]
        self.uses += 1
        data = AuthenticatorData.create(sha256(rp.encode()), PRESENT | VERIFIED, self.uses)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(bytes(data) + sha256(client), ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.user),
        }
        return self._said(answer, {})

    def _client(self, kind: str, challenge: str) -> bytes:
        facts = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(facts).encode()

    def _said(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "type": "public-key",
                "id": name,
                "rawId": name,
                "authenticatorAttachment": "platform",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )
