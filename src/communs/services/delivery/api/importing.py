"""A CurbLR file, sent and installed by a program."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Router, Status

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.services.delivery import actions, queries
from communs.services.delivery.models import CurbFile
from communs.services.delivery.rules import EDIT
from communs.services.delivery.schemas import CurbFileOut, InstalledOut, curb_file_row

router = Router(auth=signed_in)


@router.get("/curblr", response=list[CurbFileOut], url_name="delivery_curb_files")
def curb_files(request: HttpRequest) -> list[dict[str, Any]]:
    """List the latest files that were read."""
    require(request.user, EDIT)
    return [curb_file_row(row) for row in queries.curb_files()]


@router.post("/curblr", response={201: CurbFileOut}, url_name="delivery_add_curbs")
def add_curbs(request: HttpRequest, given: Body[dict[str, Any]]) -> Status:
    """Read a CurbLR file and tell what it would make; nothing changes yet."""
    require(request.user, EDIT)
    at = timezone.now()
    known: dict[str, Any] = {"on": timezone.localdate(at), "at": at, "by": request.user}
    text = request.body.decode("utf-8", "replace")
    row = actions.keep_curbs(name="CurbLR", text=text, **known)
    return Status(201, curb_file_row(row))


@router.post(
    "/curblr/{uuid:key}/installation", response=InstalledOut, url_name="delivery_add_curb_file"
)
def add_curb_file(request: HttpRequest, key: UUID) -> dict[str, int]:
    """Make bays and rules of a file that was read; done twice, it is done once."""
    require(request.user, EDIT)
    at = timezone.now()
    file = get_object_or_404(CurbFile, pk=key)
    known: dict[str, Any] = {"on": timezone.localdate(at), "at": at, "by": request.user}
    made = actions.install_curbs(file=file, **known)
    return {"bays": made.bays, "rules": made.rules}
