"""What views ask of a request: the service's settings, a bay, and patience."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, cast

from django.core.cache import cache
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.api.security import address_of
from communs.core.communities.scope import current
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import StartForm
from communs.services.delivery.models import Bay
from communs.services.delivery.options import DeliveryOptions

_MINUTE = 60


def options_of(request: Request) -> DeliveryOptions:
    """Give the settings of the community in force."""
    return cast(DeliveryOptions, request.running["delivery"].options)


def bay_or_404(code: str, at: datetime) -> Bay:
    """Give the bay of a code, or answer that nothing is here."""
    found = queries.bay(code.upper(), on=timezone.localdate(at))
    if found is None:
        raise Http404(code)
    return found


def form_or_none(request: Request) -> Any:
    """Give what was posted, or None when a page is only read."""
    return request.POST if request.method == "POST" else None


def keep_pace(request: Request) -> None:
    """Refuse an address that writes more often in a minute than the settings say."""
    key = f"delivery:pace:{current().pk}:{int(time.time() // _MINUTE)}:{address_of(request)}"
    cache.add(key, 0, 2 * _MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:  # the cache made room at this very moment
        return
    if count > options_of(request).tries_a_minute:
        raise Refused(_("Too many tries from here. Try again in a minute."))


def _in_pace(request: Request, form: StartForm) -> bool:
    try:
        keep_pace(request)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def started(request: Request, form: StartForm, bay: Bay, at: datetime) -> actions.Started | None:
    """Start the disc that a form asks for; None if it cannot be, the reason in the form.

    Nobody is its author, even signed in: a disc has no name. Who was turned away is counted.
    """
    if not form.is_valid() or not _in_pace(request, form):
        return None
    known: dict[str, Any] = {"options": options_of(request), "at": at, "by": None}
    try:
        return actions.start_ticket(bay=bay, **form.cleaned_data, **known)
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        _count(refusal, bay, at)
        return None


def _count(refusal: Refused, bay: Bay, at: datetime) -> None:
    """Count who was turned away by the bay, and not by a slip of the finger."""
    if refusal.field is None:
        full = isinstance(refusal, actions.Full)
        actions.note_turning(bay=bay, full=full, at=at, by=None)
