"""A form as who fills it will see it, and the test cases that are made there."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.forms import actions, previewing, queries, testing
from communs.core.forms.engine.definition import Definition
from communs.core.forms.engine.walking import Shown
from communs.core.forms.enums import Expected
from communs.core.forms.models import Form, TestCase
from communs.core.forms.posting import change_of
from communs.core.forms.previewing import Tested
from communs.core.forms.rendering import drawn_of, progress_of
from communs.core.forms.views.editor.found import (
    CONFLICT,
    UNPROCESSABLE,
    editing,
    form_found,
    shown,
    tried,
)
from communs.core.registry.request import Request


@editing
def preview_first(request: Request, key: UUID) -> HttpResponse:
    """The first page of the preview."""
    found = form_found(key)
    pages = found.read().pages
    if not pages:
        messages.info(request, _("The form has no page yet: add one."))
        return redirect("forms:form", key)
    return redirect("forms:preview", key, pages[0].key)


@editing
def preview(request: Request, key: UUID, page: str) -> HttpResponse:
    """A page of the form as who fills it will see it; what is typed goes nowhere."""
    found = form_found(key)
    definition = found.read()
    if definition.page(page) is None:
        raise Http404(_("No such page in this form."))
    if request.method == "POST":
        return _posted(request, found, definition, page)
    return _drawn(request, found, definition, page, Tested(previewing.sheet(request, found)))


@editing
def tests(request: Request, key: UUID) -> HttpResponse:
    """The test cases of a form and what they say now; what the preview holds becomes another."""
    found = form_found(key)
    definition = found.read()
    wrong = ""
    if request.method == "POST":
        keep = partial(previewing.keep_test, request, found, definition)
        wrong = tried(keep)
        if not wrong:
            messages.success(request, _("The test case is kept."))
            return redirect("forms:tests", key)
    context = {
        "form": found,
        "tests": testing.tried(definition, queries.tests_of(found)),
        "now": previewing.outcome_words(request, found, definition),
        "given": request.POST,
        "kinds": Expected.choices,
        "refusal": wrong,
    }
    return shown(request, "tests", context, CONFLICT if wrong else 200)


@editing
def test(request: Request, key: UUID, case: UUID) -> HttpResponse:
    """Open a test case in the preview, or take it away."""
    found = form_found(key)
    one = queries.tests_of(found).filter(pk=case).first()
    if one is None:
        raise Http404(_("No such test case."))
    if request.method != "POST":
        return _asked(request, found, one)
    if request.POST.get("do") == "remove":
        actions.remove_test(case=one, by=request.user)
        messages.success(request, _("The test case was removed."))
        return redirect("forms:tests", key)
    previewing.open_case(request, found, one)
    return redirect("forms:preview_first", key)


def _asked(request: Request, found: Form, one: TestCase) -> HttpResponse:
    shown_now = testing.tried(found.read(), [one])[0]
    return shown(request, "test", {"form": found, "one": shown_now})


def _posted(request: Request, found: Form, definition: Definition, page: str) -> HttpResponse:
    sheet = previewing.sheet(request, found)
    if request.POST.get("do") == "empty":
        previewing.empty(request, found)
        return redirect("forms:preview", found.pk, page)
    change = change_of(request, definition, sheet, page, at=timezone.now(), keeps=False)
    tested = previewing.apply(request, found, definition, change)
    do = request.POST.get("do", "").partition(":")[0]
    if tested.problems and do in {"next", "stay", ""}:
        return _drawn(request, found, definition, page, tested, status=UNPROCESSABLE)
    return redirect(_next(found, definition, tested, page, do))


def _next(found: Form, definition: Definition, tested: Tested, page: str, do: str) -> str:
    seen = Shown(definition, tested.sheet.values)
    keys = [one.key for one in definition.pages if seen.page(one) or one.key == page]
    at = keys.index(page) + {"next": 1, "back": -1}.get(do, 0)
    if not 0 <= at < len(keys):
        return reverse("forms:tests", args=[found.pk])
    return reverse("forms:preview", args=[found.pk, keys[at]])


def _drawn(
    request: Request,
    found: Form,
    definition: Definition,
    page: str,
    tested: Tested,
    *,
    status: int = 200,
) -> HttpResponse:
    states = progress_of(definition, tested.sheet)
    address = partial(reverse, "forms:preview")
    keys = [state.key for state in states]
    context: dict[str, Any] = {
        "form": found,
        "title": found.title,
        "drawn": drawn_of(definition, tested.sheet, page, errors=tested.problems),
        "pages": [(s, address(args=[found.pk, s.key]), s.key == page) for s in states],
        "number": keys.index(page) + 1 if page in keys else 1,
        "action": address(args=[found.pk, page]),
        "after": "",
        "newer": "",
        "may_write": True,
        "colleagues": [],
    }
    return shown(request, "preview", context, status)
