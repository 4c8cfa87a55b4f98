"""Files of curbs that came from elsewhere."""

from __future__ import annotations

from communs.core.communities.owned import OwnedQuerySet
from communs.services.delivery.models import Bay, CurbFile

_SHOWN = 20


def curb_files() -> OwnedQuerySet:
    """Give the latest files, whether they were installed or not."""
    return CurbFile.objects.all()[:_SHOWN]


def origins() -> set[str]:
    """Give the keys of the bays that came from a file."""
    return set(Bay.objects.exclude(origin="").values_list("origin", flat=True))
