"""The reference: what stock Django costs for a list page, or a JSON list, of the same size."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

ROWS, LINKS, SIZE = 50, 100, 20_000
PAGE = """{% load i18n %}<!doctype html><html><head><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>
{% for link in links %}<a href="{% url "page" %}?{{ link }}">{% translate "Home" %}</a>
{% endfor %}
<table>{% for row in rows %}<tr><td>{{ row.reference }}</td><td>{{ row.title }}</td>
<td>{{ row.beneficiary.name }}</td><td>{{ row.get_theme_display }}</td>
<td>{{ row.amount|floatformat:2 }}</td><td>{{ row.awarded_on|date }}</td></tr>
{% endfor %}</table><p>{{ count }}</p>{{ padding }}</body></html>"""
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [("django.template.loaders.locmem.Loader", {"bare.html": PAGE})],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def _rows() -> tuple[list, int]:
    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.services.fund.models import Grant

    with within(Community.objects.get(kind="metropolis")):
        rows = Grant.objects.select_related("beneficiary", "territory")
        return list(rows[:ROWS]), rows.count()


def page(request: HttpRequest) -> HttpResponse:
    rows, count = _rows()
    context = {"rows": rows, "count": count, "title": "Bare", "links": range(LINKS)}
    context["padding"] = "x" * max(0, SIZE - 150 * ROWS - 60 * LINKS)
    return render(request, "bare.html", context)


def data(_request: HttpRequest) -> HttpResponse:
    rows, count = _rows()
    names = ("reference", "title", "amount", "awarded_on", "theme", "challenge", "number")
    items = [
        {name: getattr(row, name) for name in names} | {"beneficiary": row.beneficiary.name}
        for row in rows
    ]
    return JsonResponse({"count": count, "items": items, "padding": "x" * (SIZE // 3)})


urlpatterns = [path("page", page, name="page"), path("data", data)]
