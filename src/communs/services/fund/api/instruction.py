"""Instruction, for the programs of those who examine applications."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from communs.core.api.security import signed_in
from communs.services.fund import actions
from communs.services.fund.api.asked import application_of, is_inside
from communs.services.fund.models import Application
from communs.services.fund.rules import EXAMINE, MANAGE, WRITE
from communs.services.fund.schemas import (
    AnswerIn,
    ApplicationOut,
    CompleteIn,
    EligibleIn,
    MissingIn,
    ReasonIn,
    application_out,
)

router = Router(auth=signed_in)


@router.post(
    "/dossiers/{number}/demandes", response=ApplicationOut, url_name="fund_application_missing"
)
def ask(request: HttpRequest, number: str, given: MissingIn) -> dict[str, Any]:
    """Ask for what the application lacks."""
    found = _examined(request, number)
    items = [actions.Asked(one.what, one.field) for one in given.items]
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    actions.ask_missing(application=found, items=items, due_on=given.due_on, **known)
    return _told(request, number)


@router.put(
    "/dossiers/{number}/demandes/{uuid:key}",
    response=ApplicationOut,
    url_name="fund_application_answer",
)
def answer(request: HttpRequest, number: str, key: UUID, given: AnswerIn) -> dict[str, Any]:
    """Answer in words what was asked for."""
    found = application_of(request, number, WRITE)
    item = next((one for one in found.missing.all() if one.pk == key), None)
    if item is None:
        raise Http404(str(key))
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    actions.answer_missing(missing=item, answer=given.answer, file=None, **known)
    return _told(request, number)


@router.post(
    "/dossiers/{number}/completude", response=ApplicationOut, url_name="fund_application_complete"
)
def complete(request: HttpRequest, number: str, given: CompleteIn) -> dict[str, Any]:
    """Say that the application is complete, and whether it may start before the award."""
    found = _examined(request, number)
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    actions.declare_complete(application=found, early=given.early(), **known)
    return _told(request, number)


@router.post(
    "/dossiers/{number}/recevabilite",
    response=ApplicationOut,
    url_name="fund_application_eligible",
)
def eligible(request: HttpRequest, number: str, given: EligibleIn) -> dict[str, Any]:
    """Say whether a complete application is eligible; a refusal says why."""
    found = _examined(request, number)
    act = actions.declare_eligible if given.eligible else actions.declare_ineligible
    act(application=found, reason=given.reason, at=timezone.now(), by=request.user)
    return _told(request, number)


@router.post(
    "/dossiers/{number}/reprise", response=ApplicationOut, url_name="fund_application_again"
)
def look_again(request: HttpRequest, number: str, given: ReasonIn) -> dict[str, Any]:
    """Look again at an application that was not eligible."""
    found = _examined(request, number)
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    actions.reopen(application=found, reason=given.reason, **known)
    return _told(request, number)


@router.post(
    "/dossiers/{number}/sans-suite", response=ApplicationOut, url_name="fund_application_close"
)
def close(request: HttpRequest, number: str, given: ReasonIn) -> dict[str, Any]:
    """Close the application without action, and say why."""
    found = _examined(request, number, MANAGE)
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    actions.close(application=found, reason=given.reason, **known)
    return _told(request, number)


def _examined(request: HttpRequest, number: str, permission: str = EXAMINE) -> Application:
    found = application_of(request, number, permission)
    if found.submitted_at is None:
        raise Http404(number)
    return found


def _told(request: HttpRequest, number: str) -> dict[str, Any]:
    return application_out(application_of(request, number), inside=is_inside(request))
