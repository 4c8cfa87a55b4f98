"""Forms: the list, a form as its pages, sections and questions, its definition in JSON."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.forms import actions, queries, subjects
from communs.core.forms.engine import editing as edits
from communs.core.forms.engine.definition import Definition, Text, node_of, plain, title_of
from communs.core.forms.engine.reading import faults
from communs.core.forms.forms import AddForm, ImportForm, SettingsForm
from communs.core.forms.models import Form
from communs.core.forms.outline import outline
from communs.core.forms.views.editor.found import (
    CONFLICT,
    UNPROCESSABLE,
    editing,
    form_found,
    revision_of,
    shown,
)
from communs.core.forms.wording import here, refusal
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request

_STEPS = {"up": -1, "down": 1}


@editing
def index(request: Request) -> HttpResponse:
    """Every form, with the version in force and what waits to be published."""
    found = [(one, actions.is_ahead(one), subjects.named(one.purpose)) for one in queries.forms()]
    return shown(request, "index", {"forms": found})


@editing
def add(request: Request) -> HttpResponse:
    """The form that begins a form."""
    asked = AddForm(request.POST if request.method == "POST" else None)
    if asked.is_valid():
        key = queries.free_key(asked.cleaned_data["title"])
        made = done(asked, partial(actions.add_form, key=key), at=timezone.now(), by=request.user)
        if made is not None:
            return redirect("forms:form", made.pk)
    return shown(request, "add", {"form": asked}, UNPROCESSABLE if asked.errors else 200)


@editing
def form(request: Request, key: UUID) -> HttpResponse:
    """A form as its pages, their sections and questions; they are moved and removed here."""
    found = form_found(key)
    wrong = ""
    if request.method == "POST":
        wrong = _rearranged(request, found)
        if not wrong:
            return redirect("forms:form", key)
    definition = found.read()
    context = {
        "form": found,
        "version": queries.latest(found),
        "ahead": actions.is_ahead(found),
        "outline": outline(definition),
        "unfinished": [refusal(one) for one in faults(definition)],
        "tests": queries.tests_of(found).count(),
        "refusal": wrong,
    }
    return shown(request, "form", context, CONFLICT if wrong else 200)


@editing
def settings(request: Request, key: UUID) -> HttpResponse:
    """A form's title, and how long its answers are kept."""
    found = form_found(key)
    definition = found.read()
    initial = {
        "title": found.title,
        "title_en": found.title_en,
        "draft_days": definition.draft_days,
        "keep_days": definition.keep_days,
    }
    asked = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and _set(request, found, asked, definition):
        messages.success(request, _("Saved."))
        return redirect("forms:form", key)
    context = {"form": found, "asked": asked}
    return shown(request, "settings", context, UNPROCESSABLE if asked.errors else 200)


@editing
def exported(_request: Request, key: UUID) -> HttpResponse:
    """The definition of a form's draft, to be kept or brought elsewhere."""
    found = form_found(key)
    text = json.dumps(plain(found.read()), ensure_ascii=False, indent=2)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{found.key}.json"'
    return answer


@editing
def imported(request: Request, key: UUID) -> HttpResponse:
    """Put a whole definition in JSON in the place of the draft."""
    found = form_found(key)
    text = json.dumps(plain(found.read()), ensure_ascii=False, indent=2)
    asked = ImportForm(request.POST if request.method == "POST" else None, initial={"text": text})
    if request.method == "POST" and _brought(request, found, asked):
        messages.success(request, _("The definition was brought in. Look at the preview."))
        return redirect("forms:form", key)
    context = {"form": found, "asked": asked}
    return shown(request, "imported", context, UNPROCESSABLE if asked.errors else 200)


def _rearranged(request: Request, found: Form) -> str:
    """Move, copy or remove what is asked; give the sentence of the refusal, or nothing."""
    do, _colon, key = request.POST.get("do", "").partition(":")
    definition = found.read()
    node = node_of(definition, key)
    if node is None:
        return _("This is no longer in the form.")
    try:
        changed = _after(definition, do, key)
        actions.change_form(
            form=found,
            definition=changed,
            revision=revision_of(request),
            what=f"{do} {key}",
            at=timezone.now(),
            by=request.user,
        )
    except Refused as refused:
        return str(refused)
    return ""


def _after(definition: Definition, do: str, key: str) -> Definition:
    if do in _STEPS:
        return edits.moved(definition, key, _STEPS[do])
    if do == "copy":
        return edits.duplicated(definition, key)
    if do != "remove":
        raise Refused(_("Choose what to do with it."))
    readers = edits.readers_of(definition, key)
    if readers:
        names = ", ".join(f"“{title_of(one, here())}”" for one in readers)
        raise Refused(
            _("It is read by the condition or the list of %(names)s: change that first.")
            % {"names": names}
        )
    return edits.removed(definition, key)


def _set(request: Request, found: Form, asked: SettingsForm, definition: Definition) -> bool:
    def change(*, title: str, title_en: str, draft_days: int, keep_days: int, by: Any) -> Form:
        raw = plain(definition) | {"draft_days": draft_days, "keep_days": keep_days}
        return actions.change_form(
            form=found,
            definition=raw,
            titles=Text(title, title_en),
            revision=revision_of(request),
            what="settings",
            at=timezone.now(),
            by=by,
        )

    return done(asked, change, by=request.user) is not None


def _brought(request: Request, found: Form, asked: ImportForm) -> bool:
    def change(*, text: str, by: Any) -> Form:
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            place = f"{getattr(error, 'lineno', 1)}, {getattr(error, 'colno', 1)}"
            raise Refused(
                _("This is not JSON: look at line and column %(place)s.") % {"place": place},
                field="text",
            ) from error
        return actions.change_form(
            form=found,
            definition=raw,
            revision=revision_of(request),
            what="imported",
            at=timezone.now(),
            by=by,
        )

    return done(asked, change, by=request.user) is not None
