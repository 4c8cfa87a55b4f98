"""The gallery of components."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communs.core.web.components import COMPONENTS


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its options and examples."""
    return render(request, "kit/gallery.html", {"components": COMPONENTS})
