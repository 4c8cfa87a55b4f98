"""What sensors say, sent by their network: each source with its own secret, nothing else."""

from __future__ import annotations

import hmac
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema
from ninja.security import HttpBearer
from pydantic import Field

from communs.core.sensing import queries
from communs.core.sensing.actions import digest_of
from communs.core.sensing.engine.decoding import decoder
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source

router = Router()

SLUG = Path(..., description="Short name of the source", pattern=r"^[-a-zA-Z0-9_]{1,40}$")
BODY = {
    "requestBody": {
        "required": True,
        "description": "What the source sends, in its own format",
        "content": {"application/json": {"schema": {}}, "text/csv": {"schema": {"type": "string"}}},
    }
}


class SourceSecret(HttpBearer):
    """`Authorization: Bearer …`, the secret that was shown when the source was added."""

    def authenticate(self, request: HttpRequest, token: str) -> Source | None:
        """Give the source of the address, when the secret is its own and it is on."""
        slug = str(request.resolver_match.kwargs["slug"]) if request.resolver_match else ""
        source = queries.source_named(slug)
        digest = source.digest if source is not None else digest_of("")
        same = hmac.compare_digest(digest, digest_of(token))
        return source if source is not None and same and source.on else None


class TakenOut(Schema):
    """What became of what was sent."""

    kept: int
    doubled: int = Field(description="Received before: nothing changed")
    late: int = Field(description="Among the kept, older than what was known already")
    refused: dict[str, int] = Field(description="How many, by reason")


@router.post(
    "capteurs/{slug}",
    response=TakenOut,
    auth=SourceSecret(),
    url_name="take_readings",
    openapi_extra=BODY,
)
def take_readings(request: HttpRequest, slug: str = SLUG) -> dict[str, Any]:
    """Take readings in. Sending the same ones again is harmless; a wrong one refuses no other."""
    del slug
    source: Source = request.auth  # type: ignore[attr-defined]
    at = queries.milliseconds(timezone.now())
    readings = decoder(source.protocol)(request.body, received=at, mapping=source.mapping)
    return take(source=source, readings=readings, at=at, by=None).told()
