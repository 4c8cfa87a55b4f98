"""Is it well? For machines: yes or no, and which version; the rest is for `communs check`."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communs import VERSION
from communs.core.kit.remembered import Remembered
from communs.core.registry.request import Request
from communs.core.registry.service import Service

# What the composition root asks besides: does nothing of this stand in the way of a page?
probes: list[Callable[[], bool]] = []

_answers: Remembered[bool] = Remembered(seconds=5)  # anybody may ask, and asking has a price


@never_cache
@require_safe
def health(request: Request) -> JsonResponse:
    """Answer 200 when the database is up to date and no running service reports an error."""
    well = _is_database_well()
    if well and request.community is not None:
        well = all(_is_service_well(r.service) for r in request.running.values() if r.on)
    body = {"status": "ok" if well else "error", "version": VERSION}
    return JsonResponse(body, status=200 if well else 503)


def _is_database_well() -> bool:
    try:
        return _answers.get("database", lambda: _is_up_to_date() and all(p() for p in probes))
    except DatabaseError:
        return False


def _is_up_to_date() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _is_service_well(service: Service) -> bool:
    return all(finding.level != "error" for finding in service.check())
