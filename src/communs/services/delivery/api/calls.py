"""A carrier's own address, set and looked at by its program."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Status

from communs.core.api.security import signed_in
from communs.services.delivery import actions, queries
from communs.services.delivery.api.bookings import carrier_or_404
from communs.services.delivery.models import Hook
from communs.services.delivery.schemas import CallOut, HookIn, HookOut, HookSetOut, hook_row

router = Router(auth=signed_in)
_SHOWN = 50


@router.get("/appels", response=HookOut, url_name="delivery_hook")
def hook(request: HttpRequest) -> dict[str, Any]:
    """Give one's address, and the latest calls to it."""
    found = _own(request)
    return hook_row(found, list(queries.calls_of(found)[:_SHOWN]))


@router.put("/appels", response={201: HookSetOut}, url_name="delivery_set_hook")
def set_hook(request: HttpRequest, given: HookIn) -> Status:
    """Have an address called, in place of the one before."""
    made = actions.set_hook(carrier=carrier_or_404(request), url=given.url, by=request.user)
    return Status(201, {"url": made.hook.url, "secret": made.secret})


@router.delete("/appels", response={204: None}, url_name="delivery_remove_hook")
def remove_hook(request: HttpRequest) -> Status:
    """Have one's address called no more."""
    actions.remove_hook(hook=_own(request), by=request.user)
    return Status(204, None)


@router.post("/appels/essai", response={202: CallOut}, url_name="delivery_test_hook")
def test_hook(request: HttpRequest) -> Status:
    """Call one's address to see whether it answers; the list of calls tells what came of it."""
    found = _own(request)
    call = actions.try_hook(hook=found, at=timezone.now(), by=request.user)
    return Status(202, hook_row(found, [call])["calls"][0])


def _own(request: HttpRequest) -> Hook:
    found = queries.hook_of(carrier_or_404(request))
    if found is None:
        raise Http404
    return found
