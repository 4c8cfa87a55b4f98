"""What the site's search finds of the fund."""

from __future__ import annotations

from collections.abc import Iterator

from communs.core.search.documents import Searchable
from communs.services.fund.queries.calls import call_documents
from communs.services.fund.queries.commons import common_documents
from communs.services.fund.queries.experiments import experiment_documents
from communs.services.fund.queries.register import grant_documents


def documents() -> Iterator[Searchable]:
    """Give grants, calls, experiments that began, commons; applicants’ files are in no index."""
    yield from grant_documents()
    yield from call_documents()
    yield from experiment_documents()
    yield from common_documents()
