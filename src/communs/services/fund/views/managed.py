"""A form of the programme manager."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from communs.core.registry.request import Request
from communs.services.fund.models import Call


def form_page(
    request: Request,
    form: Any,
    title: str,
    *,
    call: Call | None = None,
    submit: str = "",
    template: str = "fund/manage_form.html",
) -> HttpResponse:
    """Show a form, of the whole fund or of one call."""
    back = reverse("fund:manage_call", args=[call.code]) if call else reverse("fund:manage")
    context = {"form": form, "form_title": title, "back": back, "call": call, "submit": submit}
    status = 422 if form.errors else 200
    return render(request, template, context, status=status)
