"""A request once its address is read and the gate is passed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from communs.core.communities.models import Community
from communs.core.registry.service import Running, Service


class Request(HttpRequest):
    """What views may count on; the middleware of `communities`, `web` and `registry` see to it."""

    user: Any
    community: Community
    metropolis: Community
    language_prefix: str
    community_prefix: str
    script_prefix: str
    running: dict[str, Running]
    metropolis_running: dict[str, Running]
    service: Service
    page: Any
