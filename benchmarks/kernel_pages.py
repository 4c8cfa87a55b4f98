"""Pages that do nothing, for the benchmark of the kernel."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import path

from communs.core.access.rules import require

SIGN_IN = """<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Sign in</button></form></body></html>"""
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [("django.template.loaders.locmem.Loader", {"sign_in.html": SIGN_IN})],
                )
            ],
        },
    }
]


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
    path("sign-in", LoginView.as_view(template_name="sign_in.html")),
]
