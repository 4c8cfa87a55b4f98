"""Pages of configurations: made and installed under the settings, and the catalogue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.bundles import actions, pages, queries, showing
from communs.core.bundles.documents import MEDIA_TYPE, opened
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.forms import FileForm, PackForm
from communs.core.bundles.models import Bundle, Installation
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.core.registry.service import Service

MANAGE = "community.manage"
_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ON_A_PAGE = 30


@require_safe
def catalogue(request: Request) -> HttpResponse:
    """Every configuration that a community of this site has published."""
    page = Paginator(queries.catalogue(), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of_bundles": page,
        "rows": [(listed, showing.licence_words(listed.bundle.licence)) for listed in page],
        "installation_key": pages.own_key(),
    }
    return render(request, "bundles/catalogue.html", context)


@require_safe
def shared(request: Request, key: UUID) -> HttpResponse:
    """One published configuration: what it holds, in words."""
    listed = _published(key)
    context = pages.facts(opened(listed.bundle.document)) | {
        "listed": listed,
        "manages": request.user.is_authenticated and may(request.user, MANAGE),
    }
    return render(request, "bundles/shared.html", context)


@require_safe
def document(_request: Request, key: UUID) -> HttpResponse:
    """The document of a published configuration, as it was signed."""
    return _file(_published(key).bundle)


@never_cache
@_FORM
@login_required
def configuration(request: Request, key: str) -> HttpResponse:
    """What a community shares of a service, and what it installed; packs a version."""
    require(request.user, MANAGE)
    service = _service(key)
    form = PackForm(request.POST if request.method == "POST" else None)
    packed = done(form, actions.pack, service=service, at=timezone.now(), by=request.user)
    if packed is not None:
        words = _("Version %(version)d is ready. Publish it in the catalogue, or download it.")
        messages.success(request, words % {"version": packed.version})
        return redirect("bundles:configuration", key)
    return _configuration(request, service, form, FileForm())


@never_cache
@require_POST
@login_required
def receive(request: Request, key: str) -> HttpResponse:
    """Take a file, to be looked at before anything changes."""
    require(request.user, MANAGE)
    service = _service(key)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _configuration(request, service, PackForm(), form)
    held = actions.receive(document=form.cleaned_data["file"], at=timezone.now(), by=request.user)
    return redirect("bundles:received", held.pk)


@never_cache
@_FORM
@login_required
def version(request: Request, key: UUID) -> HttpResponse:
    """A version made here: its file, or its place in the catalogue."""
    require(request.user, MANAGE)
    bundle = get_object_or_404(Bundle.objects.all(), pk=key)
    if request.method != "POST":
        return _file(bundle)
    if request.POST.get("do") == "publish":
        actions.publish(bundle=bundle, by=request.user)
        messages.success(request, _("Published in the catalogue."))
    elif request.POST.get("do") == "withdraw":
        actions.withdraw(bundle=bundle, by=request.user)
        messages.success(request, _("Withdrawn from the catalogue."))
    return redirect("bundles:configuration", bundle.service)


@never_cache
@_FORM
@login_required
def preview(request: Request, key: UUID) -> HttpResponse:
    """What a configuration of the catalogue would change here; tries or installs it."""
    require(request.user, MANAGE)
    return pages.preview(request, opened(_published(key).bundle.document))


@never_cache
@_FORM
@login_required
def received(request: Request, key: UUID) -> HttpResponse:
    """What a received file would change here; tries it, installs it or sets it aside."""
    require(request.user, MANAGE)
    waiting = Installation.objects.filter(state=InstallationState.RECEIVED)
    held = get_object_or_404(waiting, pk=key)
    if request.method == "POST" and request.POST.get("do") == "set_aside":
        actions.set_aside(received=held, by=request.user)
        messages.success(request, _("The file was set aside: nothing has changed."))
        return redirect("bundles:configuration", held.service)
    return pages.preview(request, opened(held.document), waits=True)


@never_cache
@_FORM
@login_required
def installation(request: Request, key: UUID) -> HttpResponse:
    """An installed configuration, and what rolling it back would change."""
    require(request.user, MANAGE)
    installed = Installation.objects.exclude(state=InstallationState.RECEIVED)
    held = get_object_or_404(installed, pk=key)
    service = _service(held.service)
    refusal = ""
    if request.method == "POST":
        try:
            actions.roll_back(installation=held, at=timezone.now(), by=request.user)
            messages.success(request, _("Rolled back: what you had changed since is kept."))
            return redirect("bundles:configuration", service.key)
        except Refused as error:
            refusal = str(error)
    context: dict[str, Any] = pages.way_back(held, on=timezone.localdate()) | {
        "installed": held,
        "service": service,
        "refusal": refusal,
    }
    return render(request, "bundles/installation.html", context, status=409 if refusal else 200)


def _configuration(
    request: Request, service: Service, form: PackForm, file_form: FileForm
) -> HttpResponse:
    context = pages.overview(service) | {
        "form": form,
        "file_form": file_form,
        "messages": messages.get_messages(request),
    }
    failed = form.errors or file_form.errors
    return render(request, "bundles/configuration.html", context, status=422 if failed else 200)


def _service(key: str) -> Service:
    found = registry.by_key(key)
    if found is None:
        raise Http404(key)
    return found


def _published(key: UUID) -> queries.Listed:
    found = queries.published(key)
    if found is None:
        raise Http404(str(key))
    return found


def _file(bundle: Bundle) -> HttpResponse:
    response = HttpResponse(bundle.document, content_type=MEDIA_TYPE)
    name = f"{bundle.service}-{bundle.community.slug}-{bundle.version}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
