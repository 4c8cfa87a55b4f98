"""What views ask of a request: the service's settings, a bay, and patience."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.forms import Form
from django.http import Http404
from django.utils import timezone

from communs.core.communities.scope import current
from communs.core.kit.errors import Refused
from communs.core.kit.pace import keeps_pace
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import StartForm
from communs.services.delivery.models import Bay
from communs.services.delivery.options import DeliveryOptions


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


def in_pace(request: Request, form: Form) -> bool:
    """Tell whether an address may write here once more this minute; if not, the form says so."""
    most = options_of(request).tries_a_minute
    return keeps_pace(form, request, f"delivery:{current().pk}", most)


def started(request: Request, form: StartForm, bay: Bay, at: datetime) -> actions.Started | None:
    """Start the disc that a form asks for; None if it cannot be, the reason in the form.

    Nobody is its author, even signed in: a disc has no name. Who was turned away is counted.
    """
    if not form.is_valid() or not in_pace(request, form):
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
