"""Pages about personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import require
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.privacy import actions, consents, consultations, export, queries, register
from communs.core.privacy.forms import ControllerForm, EraseForm
from communs.core.registry.request import Request

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ON_A_PAGE = 50
_YEAR = timedelta(days=365)


@require_safe
def statement(request: Request) -> HttpResponse:
    """What is kept about people here, why, how long, and whom to ask."""
    context = {
        "treatments": register.entries(request.running),
        "controller": queries.controller(),
    }
    return render(request, "privacy/statement.html", context)


@require_safe
def register_csv(request: Request) -> HttpResponse:
    """The register of processing as a file."""
    return register.as_csv(register.entries(request.running), request.community)


@never_cache
@require_safe
@login_required
def own(request: Request) -> HttpResponse:
    """What is kept about the reader, in every community."""
    context = {
        "held": export.told(request.user),
        "messages": messages.get_messages(request),
    }
    return render(request, "privacy/own.html", context)


@never_cache
@_FORM
@login_required
@reauthentication_required
def copy(request: Request) -> Any:
    """Give the reader a copy of all that is kept about them; taking it is an event."""
    if request.method != "POST":
        return render(request, "privacy/copy_ask.html")
    now = timezone.now()
    file = export.archive(request.user, at=now)
    actions.note_export(person=request.user, by=request.user)
    name = _("my-data-%(day)s.zip") % {"day": timezone.localdate(now).isoformat()}
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@never_cache
@_FORM
@login_required
def agreements(request: Request) -> HttpResponse:
    """What the reader agreed to here, and the button that takes it back."""
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        now = timezone.now()
        actions.withdraw_consent(person=request.user, purpose=purpose, at=now, by=request.user)
        messages.success(request, _("You no longer agree: it is noted."))
        return redirect("privacy:agreements")
    context = {
        "answers": consents.answers_of(request.user),
        "messages": messages.get_messages(request),
    }
    return render(request, "privacy/agreements.html", context)


@never_cache
@require_safe
@login_required
def seen(request: Request) -> HttpResponse:
    """Which agents' pages showed the reader's data, when and where."""
    page = Paginator(consultations.of(request.user), _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/seen.html", {"page_of_days": page})


@never_cache
@_FORM
@login_required
@reauthentication_required
def erase(request: Request) -> HttpResponse:
    """Erase the reader's account, after they said twice that they want it."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.erase(person=request.user, at=timezone.now(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            return render(request, "privacy/erased.html")
    context = {"form": form, "alone": queries.held_up_by(request.user)}
    return render(request, "privacy/erase.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@login_required
def protection(request: Request) -> HttpResponse:
    """The register and the rights used, for who answers for them."""
    require(request.user, "community.manage")
    asked = consents.questions()
    context = {
        "controller": queries.controller(),
        "treatments": register.entries(request.running),
        "rights": queries.rights_exercised(since=timezone.now() - _YEAR),
        "questions": asked,
        "agreed": consents.counts(question.key for question in asked),
        "messages": messages.get_messages(request),
    }
    return render(request, "privacy/protection.html", context)


@never_cache
@_FORM
@login_required
def controller(request: Request) -> HttpResponse:
    """Say whom people may ask about their data."""
    require(request.user, "community.manage")
    form = ControllerForm.of(
        queries.controller(), request.POST if request.method == "POST" else None
    )
    if form.is_bound and form.is_valid():
        actions.set_controller(**form.cleaned_data, by=request.user)
        messages.success(request, _("The contact is saved: the public page shows it."))
        return redirect("privacy:protection")
    status = 422 if form.errors else 200
    return render(request, "privacy/controller.html", {"form": form}, status=status)


@never_cache
@require_safe
@login_required
def readers(request: Request) -> HttpResponse:
    """Which agents read people's data here, by day and page."""
    require(request.user, "community.manage")
    page = Paginator(consultations.here(), _ON_A_PAGE).get_page(request.GET.get("page"))
    names = Person.objects.in_bulk([row["reader"] for row in page.object_list])
    rows = [
        {**row, "name": names.get(row["reader"]), "words": consultations.words(row["what"])}
        for row in page.object_list
    ]
    return render(request, "privacy/readers.html", {"page_of_rows": page, "rows": rows})
