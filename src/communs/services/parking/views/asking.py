"""May I park here, until when, for how much?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.registry.request import Request
from communs.services.parking import queries
from communs.services.parking.forms import AskForm
from communs.services.parking.options import ParkingOptions
from communs.services.parking.views import drawn, words
from communs.services.parking.views.pages import options_of


@require_safe
def ask(request: Request) -> HttpResponse:
    """The form, and its answer once a place is chosen; a question has an address of its own."""
    asks = bool(request.GET.keys() - {"page"}) and "place" in request.GET
    form = AskForm(request.GET if asks else None)
    answered = asks and form.is_valid()
    context: dict[str, Any] = {"form": form, "answer": None}
    if answered:
        context["answer"] = _answered(form, options_of(request))
    status = 422 if form.errors else 200
    return render(request, "parking/ask.html", context, status=status)


def _answered(form: AskForm, options: ParkingOptions) -> dict[str, Any]:
    now, rules = timezone.now(), queries.book()
    asked = form.asked(now)
    found = queries.answer(**asked, options=options, rules=rules)
    return {
        "headline": words.headline(found, now),
        "allowed": found.allowed,
        "price": words.price(found, asked["minutes"]),
        "reasons": words.reasons(found),
        "rules": words.used(found, rules),
        "place": queries.told(asked["where"]),
        "href": drawn.href(asked["where"]),
        "at": asked["at"],
    }
