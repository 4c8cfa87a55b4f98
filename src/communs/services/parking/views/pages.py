"""What residents read: where there is room, what applies there."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.access.rules import may
from communs.core.registry.request import Request
from communs.core.web.handling import page_of, varied, wants_part
from communs.services.parking import queries
from communs.services.parking.forms import ListForm
from communs.services.parking.options import ParkingOptions
from communs.services.parking.rules import EDIT, PATROL
from communs.services.parking.views import drawn, shown

PAGE = 25  # places on a page of the list


@require_safe
def index(request: Request) -> HttpResponse:
    """Every street and car park with what is known of its spaces."""
    form, at = ListForm(request.GET), timezone.now()
    asked, options = form.asked(), options_of(request)
    rooms = queries.availability(at, options, asked)
    context = {
        "form": form,
        "options": options,
        **shown.of_rooms(rooms, asked, at, page_of(request, rooms, PAGE)),
        "base": shown.base_of_pages(request),
        "may_edit": may(request.user, EDIT),
        "may_patrol": may(request.user, PATROL),
    }
    part = "rooms" if wants_part(request, "rooms") else "index"
    status = 400 if form.errors else 200
    return varied(render(request, f"parking/{part}.html", context, status=status))


@require_safe
def on_map(request: Request) -> HttpResponse:
    """Every street and car park that is drawn, on the map."""
    at, options = timezone.now(), options_of(request)
    if not options.show_map:
        raise Http404
    rooms = queries.availability(at, options)
    return render(request, "parking/map.html", {**drawn.map_of(rooms), "read_at": at})


@require_safe
def segment(request: Request, slug: str) -> HttpResponse:
    """One side of a street."""
    return _place(request, queries.segment(slug))


@require_safe
def site(request: Request, slug: str) -> HttpResponse:
    """One car park."""
    return _place(request, queries.site(slug))


@require_safe
def space(request: Request, code: str) -> HttpResponse:
    """One space, reached by the code that stands on the spot."""
    at = timezone.now()
    found = queries.space(code, at)
    if found is None:
        raise Http404(code)
    context = shown.of_space(found, options_of(request), at)
    context["may_patrol"] = may(request.user, PATROL)
    context["messages"] = messages.get_messages(request) if context["may_patrol"] else ()
    return render(request, "parking/space.html", context)


@require_safe
def rules(request: Request) -> HttpResponse:
    """Every rule, tariff and kind of permit."""
    return render(request, "parking/rules.html", shown.of_rules(may(request.user, EDIT)))


def options_of(request: Request) -> ParkingOptions:
    """Give what the commune set."""
    return cast(ParkingOptions, request.running["parking"].options)


def _place(request: Request, place: queries.Place | None) -> HttpResponse:
    if place is None:
        raise Http404
    context = shown.of_place(place, options_of(request), timezone.now())
    context["may_edit"] = may(request.user, EDIT)
    return render(request, "parking/place.html", context)
