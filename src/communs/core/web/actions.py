"""Writes of the pages that belong to no service."""

from __future__ import annotations

from typing import Any

from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.journal.actions import action, record


@action("web.look_set")
def set_look(*, brand: str, warm: str, by: Any) -> Community:
    """Keep the colours of the community in force."""
    here = current()
    here.brand, here.warm = brand.lower(), warm.lower()
    here.save(update_fields=["brand", "warm"])
    record(here, brand=here.brand, warm=here.warm)
    return here
