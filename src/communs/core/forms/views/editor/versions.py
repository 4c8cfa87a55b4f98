"""Publishing a form, and the versions that were."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.forms import actions, queries, testing
from communs.core.forms.editor_words import change_lines
from communs.core.forms.engine.definition import Definition, Text
from communs.core.forms.engine.reading import faults
from communs.core.forms.models import Form, Version
from communs.core.forms.outline import outline
from communs.core.forms.views.editor.found import (
    CONFLICT,
    editing,
    form_found,
    revision_of,
    shown,
    tried,
)
from communs.core.forms.wording import refusal
from communs.core.registry.request import Request


@editing
def publish(request: Request, key: UUID) -> HttpResponse:
    """What publishing would change, what the test cases say, and the button."""
    found, now = form_found(key), timezone.now()
    wrong = ""
    if request.method == "POST":
        act = actions.close if request.POST.get("do") == "close" else actions.publish
        wrong = tried(partial(act, form=found, at=now, by=request.user))
        if not wrong:
            messages.success(request, _("Done: look at the versions."))
            return redirect("forms:versions", key)
    standing, definition = queries.latest(found), found.read()
    before = standing.read() if standing else Definition()
    context = {
        "form": found,
        "version": standing,
        "changes": change_lines(before, definition),
        "tests": testing.tried(definition, queries.tests_of(found)),
        "unfinished": [refusal(one) for one in faults(definition)],
        "refusal": wrong,
    }
    return shown(request, "publish", context, CONFLICT if wrong else 200)


@editing
def versions(request: Request, key: UUID) -> HttpResponse:
    """Every version of a form, with what changed since the one before."""
    found = form_found(key)
    return shown(request, "versions", {"form": found, "versions": _told(found)})


@editing
def version(request: Request, key: UUID, number: int) -> HttpResponse:
    """One version as it was; the draft may be made of it again."""
    found = form_found(key)
    one = queries.versions_of(found).filter(number=number).first()
    if one is None:
        raise Http404(_("No such version of this form."))
    wrong = tried(partial(_take, request, found, one)) if request.method == "POST" else ""
    if request.method == "POST" and not wrong:
        messages.success(request, _("The draft is version %(n)s again.") % {"n": number})
        return redirect("forms:form", key)
    context: dict[str, Any] = {"form": found, "version": one, "outline": outline(one.read())}
    context["changes"] = change_lines(one.read(), found.read())
    return shown(request, "version", context | {"refusal": wrong}, CONFLICT if wrong else 200)


def _take(request: Request, found: Form, one: Version) -> Form:
    return actions.change_form(
        form=found,
        definition=one.definition,
        titles=Text(one.title, one.title_en),
        revision=revision_of(request),
        what=f"version {one.number}",
        at=timezone.now(),
        by=request.user,
    )


def _told(found: Form) -> list[tuple[Version, list[str]]]:
    rows = list(queries.versions_of(found))
    before = [*(row.read() for row in rows[1:]), Definition()]
    return [(row, change_lines(old, row.read())) for row, old in zip(rows, before, strict=True)]
