"""What everybody may read: the list of bays, and each of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.access.rules import may
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.delivery import queries
from communs.services.delivery.forms import FindForm
from communs.services.delivery.rules import CHECK, EDIT
from communs.services.delivery.views import awaited, drawn, shown
from communs.services.delivery.views.asking import bay_or_404, options_of

_ON_A_PAGE = 25


@require_safe
def index(request: Request) -> HttpResponse:
    """Every bay, or those of a street; the code of a sign leads to its disc."""
    at = timezone.now()
    sought = request.GET.get("q", "")[:80]
    code = shown.code_of(sought, at)
    if code:
        return redirect("delivery:start", code)
    page = page_of(request, queries.bays(on=timezone.localdate(at), q=sought), _ON_A_PAGE)
    context = {
        "form": FindForm({"q": sought}),
        "sought": sought,
        "introduction": options_of(request).introduction,
        "bays": page,
        "rows": shown.rows(queries.standings(page.object_list, at=at)),
        "may_check": may(request.user, CHECK),
        "may_edit": may(request.user, EDIT),
        "read_at": at,
        **drawn.map_of(at),
    }
    return render(request, "delivery/list.html", context)


@require_safe
def bay(request: Request, code: str) -> HttpResponse:
    """One bay: whether there is room, and what applies, now and this week."""
    at = timezone.now()
    found = bay_or_404(code, at)
    today = timezone.localdate(at)
    context = {
        **shown.of_bay(queries.standing(found, at=at), at),
        "expected": awaited.day_of(queries.expectation(found, on=today), today, at)["runs"],
        "may_edit": may(request.user, EDIT),
        "options": options_of(request),
    }
    return render(request, "delivery/bay.html", context)
