"""Making the index anew from its sources; readers see the old one until the new one is whole."""

from __future__ import annotations

from django.db import transaction

from communs.core.search import index, queries
from communs.core.search.models import Document


def rebuild() -> int:
    """Make the index of the community in force hold what its services tell; give how many."""
    told: set[str] = set()
    with transaction.atomic():
        for batch in index.batches(queries.documents()):
            told |= index.keep(batch)
        kept = Document.objects.values_list("subject", flat=True)
        index.drop(*(subject for subject in list(kept) if subject not in told))
    return len(told)
