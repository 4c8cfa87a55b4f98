"""Pages that do nothing, for the benchmark of the kernel."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import path

from communs.core.access.rules import require


def plain(request: HttpRequest) -> HttpResponse:
    """Answer whoever is signed in."""
    return HttpResponse(f"plain {request.user.pk}")


def allowed(request: HttpRequest) -> HttpResponse:
    """Answer whoever manages the community."""
    require(request.user, "community.manage")
    return HttpResponse(f"allowed {request.user.pk}")


urlpatterns = [
    path("plain", plain),
    path("allowed", allowed),
    path("sign-in", LoginView.as_view(template_name="page.html")),
]
