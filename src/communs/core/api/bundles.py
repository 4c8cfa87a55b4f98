"""Shared configurations, for programs: the catalogue, documents, previews, installations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.core.bundles import actions, queries, showing, signing
from communs.core.bundles.documents import MEDIA_TYPE, Document, opened
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.models import Installation
from communs.core.bundles.queries import Listed

router = Router()

MANAGE = "community.manage"
Ref = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
BODY = {
    "requestBody": {
        "required": True,
        "description": "A document as it was signed",
        "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
    }
}


class SharedOut(Schema):
    """A configuration that a community shares."""

    key: UUID
    service: str = Field(description="Service that it sets")
    community: str = Field(description="Community that packed it, as in addresses")
    title: str
    version: int
    licence: str = Field(description="SPDX identifier")
    notes: str
    digest: str = Field(description="SHA-256 of its canonical form")
    at: dt.datetime
    in_force: list[str] = Field(description="Communities where it is in force, as in addresses")


class CatalogueOut(Schema):
    """What is shared on this installation, and the public key that it signs with."""

    public_key: str
    count: int
    bundles: list[SharedOut]


class DifferenceOut(Schema):
    """One difference, in words; `ref` names a conflict to take."""

    ref: str
    what: str
    before: str
    after: str
    outcome: str = Field(description="added, changed, removed, kept, conflict or held")


class PreviewOut(Schema):
    """What a document would change here."""

    service: str
    title: str
    version: int
    digest: str
    signer: str = Field(description="here, trusted or unknown")
    in_force: bool = Field(description="Whether this very document is in force here")
    differences: list[DifferenceOut]


class InstallationOut(Schema):
    """A configuration that was installed here."""

    key: UUID
    service: str
    title: str
    source: str
    version: int
    digest: str
    state: InstallationState
    at: dt.datetime


class InstallationsOut(Schema):
    """What was installed here, the latest first."""

    count: int
    installations: list[InstallationOut]


class Chosen(Schema):
    """What to take where both sides changed, and what else must be said."""

    take: list[Ref] = Field([], max_length=500, description="Conflicts in which the document wins")
    switch_on: bool = Field(default=False, description="Switch the service on here")
    accept_unknown: bool = Field(
        default=False, description="Trust an installation that is not known here"
    )


CHOSEN = Query(...)


@router.get("/bundles", response=CatalogueOut, url_name="bundles")
def bundles(request: HttpRequest, response: HttpResponse) -> Any:
    """List the configurations that communities of this installation share."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    rows = [_shared(listed) for listed in queries.catalogue()]
    return {"public_key": signing.public_key(), "count": len(rows), "bundles": rows}


@router.get("/bundles/installations", response=InstallationsOut, auth=signed_in,
            url_name="bundle_installations")  # fmt: skip
def installations(request: HttpRequest) -> Any:
    """List the configurations that were installed here, the latest first."""
    require(request.user, MANAGE)
    rows = Installation.objects.exclude(state=InstallationState.RECEIVED)
    told = [_installed(row) for row in rows.defer("document", "before", "after")]
    return {"count": len(told), "installations": told}


@router.post("/bundles/installations", response={200: InstallationOut}, auth=signed_in,
             url_name="bundle_installations", openapi_extra=BODY)  # fmt: skip
def install(request: HttpRequest, chosen: Chosen = CHOSEN) -> Status:
    """Install a document: what was changed here is kept, unless it is taken by its `ref`."""
    require(request.user, MANAGE)
    document = opened(request.body)
    row = actions.install(document=document, **chosen.dict(), at=timezone.now(), by=request.user)
    return Status(200, _installed(row))


@router.post("/bundles/preview", response=PreviewOut, auth=signed_in,
             url_name="bundle_preview", openapi_extra=BODY)  # fmt: skip
def preview(request: HttpRequest) -> Any:
    """Tell what a document would change here, in words; nothing is written."""
    require(request.user, MANAGE)
    return _previewed(opened(request.body))


@router.post("/bundles/installations/{uuid:key}/roll-back", response=InstallationOut,
             auth=signed_in, url_name="bundle_roll_back")  # fmt: skip
def roll_back(request: HttpRequest, key: UUID) -> Any:
    """Put back what an installation changed; what was changed since is kept."""
    require(request.user, MANAGE)
    row = Installation.objects.filter(pk=key).first()
    if row is None:
        raise Http404(str(key))
    return _installed(actions.roll_back(installation=row, at=timezone.now(), by=request.user))


@router.get("/bundles/{uuid:key}", url_name="bundle", response=dict[str, Any])
def bundle(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a shared configuration as it was signed."""
    listed = queries.published(key)
    if listed is None:
        raise Http404(str(key))
    response = HttpResponse(listed.bundle.document, content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _shared(listed: Listed) -> dict[str, Any]:
    row = listed.bundle
    return {
        "key": row.pk,
        "service": row.service,
        "community": listed.community.slug,
        "title": row.title,
        "version": row.version,
        "licence": row.licence,
        "notes": row.notes,
        "digest": row.digest,
        "at": row.at,
        "in_force": [place.slug for place in listed.installed],
    }


def _previewed(document: Document) -> dict[str, Any]:
    held = queries.in_force(document.service)
    plan = queries.plan_of(document, on=timezone.localdate())
    names = ("ref", "what", "before", "after", "outcome")
    told = [{name: getattr(line, name) for name in names} for line in showing.lines(plan)]
    return {
        "service": document.service.key,
        "title": document.shape.title,
        "version": document.shape.version,
        "digest": document.shape.digest,
        "signer": document.signer.trust.value,
        "in_force": held is not None and held.digest == document.shape.digest,
        "differences": told,
    }


def _installed(row: Installation) -> dict[str, Any]:
    names = ("service", "title", "source", "version", "digest", "state", "at")
    return {"key": row.pk, **{name: getattr(row, name) for name in names}}
