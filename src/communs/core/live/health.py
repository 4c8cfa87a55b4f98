"""Whether the live process is well, as it says itself and as others see it."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from communs.core.live.feed import Feed
from communs.core.live.hub import Hub

_LATE = 10.0  # seconds without an answer of the journal
_PATIENCE = 2.0


def as_told(hub: Hub, feed: Feed) -> dict[str, Any]:
    """Give what the process says of itself."""
    silence = time.monotonic() - feed.read_at
    well = feed.read_at > 0 and silence < _LATE
    return {
        "well": well,
        "readers": hub.readers,
        "dropped": hub.dropped,
        "silence": round(silence, 1),
    }


def live_health(*, host: str = "127.0.0.1", port: int | None = None) -> tuple[str, str]:
    """Give `ok`, `warning` or `error` and a sentence, asked of the process on this machine.

    Without it pages ask from time to time: nothing is lost, so its absence is a warning only.
    """
    if not settings.COMMUNS_LIVE:
        return "ok", _("Pages ask for what is new: COMMUNS_LIVE is not set.")
    connection = HTTPConnection(host, port or settings.COMMUNS_LIVE_PORT, timeout=_PATIENCE)
    try:
        connection.request("GET", "/live/")
        told = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return "warning", _("The live process does not answer: pages ask from time to time.")
    finally:
        connection.close()
    if not told.get("well"):
        return "error", _("The live process has not read the journal for a while.")
    return "ok", _("%(count)s pages are listening.") % {"count": told["readers"]}
