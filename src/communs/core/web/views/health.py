"""Is it well? For machines."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communs import VERSION
from communs.core.registry.request import Request


@never_cache
@require_safe
def health(request: Request) -> JsonResponse:
    """Answer 200 when the database is up to date and no running service reports an error."""
    checks: dict[str, Any] = {"database": _database()}
    if checks["database"] == "ok" and request.community is not None:
        checks["services"] = {
            r.service.key: _service(r.service) for r in request.running.values() if r.on
        }
    flat = [checks["database"], *(found["level"] for found in checks.get("services", {}).values())]
    well = all(level in {"ok", "warning"} for level in flat)
    body = {"status": "ok" if well else "error", "version": VERSION, "checks": checks}
    return JsonResponse(
        body, status=200 if well else 503, json_dumps_params={"ensure_ascii": False}
    )


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations waiting" if waiting else "ok"


def _service(service: Any) -> dict[str, Any]:
    findings = service.check()
    order = ["ok", "warning", "error"]
    worst = max((f.level for f in findings), key=order.index, default="ok")
    return {"level": worst, "findings": [str(f.sentence) for f in findings]}
