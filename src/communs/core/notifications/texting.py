"""Text messages: short, and with nothing personal in them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Protocol

from django.conf import settings

_LONGEST = 160  # characters of one text message
_PATIENCE = 10  # seconds
_BAD = range(400, 500)
_LATER = (408, 425, 429)


class Undeliverable(Exception):
    """The gateway's last word on a message: it is not worth another try."""


def short(sentence: str, address: str) -> str:
    """Give the words of a text message: a sentence and an address, in one message."""
    room = _LONGEST - len(address) - 1
    cut = sentence if len(sentence) <= room else f"{sentence[: room - 1]}…"
    return f"{cut} {address}"


class Texting(Protocol):
    """What carries text messages."""

    def text(self, *, to: str, words: str, key: str) -> None:
        """Hand a message over; `key` names it, so that a second copy is dropped.

        Raises Undeliverable, or OSError while there is nobody.
        """


class Webhook:
    """A gateway that takes JSON by HTTP: {"to", "text", "id"}; 2xx is yes, 4xx is no for good."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def text(self, *, to: str, words: str, key: str) -> None:
        body = json.dumps({"to": to, "text": words, "id": key}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url, body, headers)  # noqa: S310 -- our setting's, http(s) alone
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE):  # noqa: S310 -- the same
                return
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _BAD and error.code not in _LATER:
                raise Undeliverable(str(error.code)) from error
            raise


def carrier() -> Texting | None:
    """Give what carries text messages here; None: agents send them from the list."""
    if not settings.COMMUNS_SMS_URL:
        return None
    return Webhook(settings.COMMUNS_SMS_URL, settings.COMMUNS_SMS_TOKEN)
