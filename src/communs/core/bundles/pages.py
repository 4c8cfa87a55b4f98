"""What the pages of configurations are filled with, and what their forms do."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.bundles import actions, queries, showing, signing
from communs.core.bundles.documents import Document, Origin
from communs.core.bundles.engine.merging import Outcome
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.forms import InstallForm
from communs.core.bundles.models import Installation
from communs.core.bundles.trying import Tried, try_out
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request
from communs.core.registry.service import Service


def own_key() -> str:
    """Give this installation's public key in groups that can be read aloud."""
    key = signing.public_key()
    return " ".join(key[at : at + 8] for at in range(0, len(key), 8))


def facts(document: Document) -> dict[str, Any]:
    """Give what a page says of a document."""
    return {
        "document": document,
        "shape": document.shape,
        "service": document.service,
        "made_at": document.made_at,
        "licence": showing.licence_words(document.shape.licence),
        "lineage": showing.lineage_words(document.shape.lineage),
        "signer": showing.signer_words(document.signer),
        "trust": document.signer.trust.value,
        "options": showing.options(document),
        "groups": showing.groups(document),
    }


def overview(service: Service) -> dict[str, Any]:
    """Give what the page of a service's configuration shows; the same queries whatever there is."""
    held = queries.in_force(service)
    return {
        "service": service,
        "versions": [
            (one, showing.licence_words(one.licence)) for one in queries.versions(service)
        ],
        "installations": list(queries.installations(service)),
        "in_force": held,
        "lineage": _lineage(held),
        "update": queries.update_of(held),
        "received": queries.received(service),
        "goes": showing.shared_things(service),
        "stays": showing.staying(service),
    }


def preview(request: Request, document: Document, *, waits: bool = False) -> HttpResponse:
    """Show what a document would change here; try it or install it when that is asked."""
    plan = queries.plan_of(document, on=timezone.localdate())
    told = showing.lines(plan)
    conflicts = [line for line in told if line.outcome is Outcome.CONFLICT]
    data = request.POST if request.method == "POST" else None
    form = InstallForm(data, document=document, conflicts=conflicts, is_on=plan.here.running.on)
    tried = None
    if form.is_valid():
        if request.POST.get("do") == "try":
            chosen = form.chosen["take"]
            tried = try_out(document=document, take=chosen, at=timezone.now(), by=request.user)
            actions.note_trial(document=document, refusal=tried.refusal, by=request.user)
        elif _install(request, form, document):
            return redirect("bundles:configuration", document.service.key)
    context = facts(document) | {
        "form": form,
        "lines": told[: showing.MOST_LINES],
        "more": max(0, len(told) - showing.MOST_LINES),
        "tried": tried,
        "waits": waits,
        "installed_already": _is_in_force(document),
        "findings": _findings(tried),
    }
    return render(request, "bundles/preview.html", context, status=422 if form.errors else 200)


def way_back(installation: Installation, *, on: date) -> dict[str, Any]:
    """Give what rolling an installation back would change, where it still may be."""
    stands = installation.state == InstallationState.IN_FORCE
    told, stops = [], False
    if stands:
        what = queries.way_back(installation, on=on)
        told = showing.lines(what)
        stops = what.here.running.on and not queries.runs_after_way_back(installation, what)
    return {"lines": told, "stands": stands, "stops": stops, "lineage": _lineage(installation)}


def _install(request: Request, form: InstallForm, document: Document) -> bool:
    try:
        actions.install(document=document, **form.chosen, at=timezone.now(), by=request.user)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, _("The configuration is installed."))
    return True


def _is_in_force(document: Document) -> bool:
    held = queries.in_force(document.service)
    return held is not None and held.digest == document.shape.digest


def _lineage(held: Installation | None) -> list[str]:
    if held is None:
        return []
    origins = json.loads(held.document)["lineage"]
    return showing.lineage_words([Origin.model_validate(one) for one in origins])


def _findings(tried: Tried | None) -> list[dict[str, str]]:
    kinds = {"ok": "success", "warning": "warning", "error": "error"}
    found = tried.findings if tried else ()
    return [{"kind": kinds[one.level], "sentence": str(one.sentence)} for one in found]
