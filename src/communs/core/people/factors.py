"""Second factors: how they are named, and kept so that a copy of the database opens nothing."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from functools import lru_cache
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.communities.scope import scope

log = logging.getLogger(__name__)


class FactorAdapter(DefaultMFAAdapter):
    """Applications, passkeys and recovery codes."""

    error_messages = {
        "add_email_blocked": gettext_lazy("Your address cannot be changed at the moment."),
        "cannot_delete_authenticator": gettext_lazy("This second factor cannot be removed."),
        "cannot_generate_recovery_codes": gettext_lazy("Add an application or a passkey first."),
        "incorrect_code": gettext_lazy("This code is not the right one. Wait for the next one."),
        "unverified_email": gettext_lazy("Verify your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret; one of a former key of the installation becomes one that nobody knows."""
        try:
            return _box(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("a second factor was made under another COMMUNS_SECRET_KEY")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- the library's
        del user, type
        return _("Passkey")

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        community = scope().community
        return community.full_name if community else str(context.request.get_host())


@lru_cache(maxsize=2)
def _box(secret: str) -> Fernet:
    digest = hashlib.sha256(b"communs.people.factors:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
