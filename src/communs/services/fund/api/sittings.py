"""Sessions of the committee and of the Bureau, for the programs of who sits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from communs.core.access.rules import may
from communs.core.api.security import signed_in
from communs.services.fund.enums import SessionKind
from communs.services.fund.queries import sessions
from communs.services.fund.rules import SIT
from communs.services.fund.schemas.sittings import (
    SessionOut,
    SessionRow,
    SittingOut,
    item_row,
    prepared_row,
    session_row,
)

router = Router(auth=signed_in)


@router.get("/comite", response=list[SessionRow], url_name="fund_committee")
def committee(request: HttpRequest) -> list[dict[str, Any]]:
    """List the sessions of the committee, the latest first, with the files that one may read."""
    _sits(request)
    read = sessions.files_read(request.user, on=timezone.localdate())
    rows = sessions.sessions(SessionKind.COMMITTEE)
    return [session_row(one) | {"files": read.get(one.pk, 0)} for one in rows]


@router.get("/comite/{uuid:key}", response=SessionOut, url_name="fund_committee_session")
def room(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Give one session: its quorum, and its agenda without what one is kept away from."""
    found, on = _session(request, key, SessionKind.COMMITTEE), timezone.localdate()
    items = sessions.agenda(found, request.user, on=on)
    return session_row(found) | {
        "files": len(items),
        "quorum": _quorum(found),
        "agenda": [item_row(one) for one in items],
    }


@router.get("/bureau", response=list[SessionRow], url_name="fund_bureau")
def bureau(request: HttpRequest) -> list[dict[str, Any]]:
    """List the sessions of the Bureau, the latest first; its sealed acts are `/deliberations`."""
    _sits(request)
    read = sessions.files_decided(request.user, on=timezone.localdate())
    rows = sessions.sessions(SessionKind.BUREAU)
    return [session_row(one) | {"files": read.get(one.pk, 0)} for one in rows]


@router.get("/bureau/{uuid:key}", response=SittingOut, url_name="fund_bureau_session")
def sitting(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Give one session: its quorum, and its deliberations with what each puts to the vote."""
    found = _session(request, key, SessionKind.BUREAU)
    on = timezone.localdate()
    rows = [
        prepared_row(one, sessions.decisions_for(one, request.user, on=on))
        for one in sessions.deliberations(found)
    ]
    told = {"files": sum(len(one["decisions"]) for one in rows), "quorum": _quorum(found)}
    return session_row(found) | told | {"deliberations": rows}


def _sits(request: HttpRequest) -> None:
    user: Any = request.user
    if not may(user, SIT):
        raise Http404


def _session(request: HttpRequest, key: UUID, kind: SessionKind) -> Any:
    _sits(request)
    found = sessions.session(key, kind)
    if found is None:
        raise Http404(str(key))
    return found


def _quorum(found: Any) -> dict[str, Any]:
    count = sessions.quorum_of(found, sessions.attendance(found))
    names = ("entitled", "present", "needed", "reached")
    return {name: getattr(count, name) for name in names}
