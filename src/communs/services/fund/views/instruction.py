"""Pages of instruction: completeness, then eligibility; each decision is dated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.engine import stages
from communs.services.fund.enums import Stage
from communs.services.fund.forms import (
    AssignForm,
    CompleteForm,
    MissingForm,
    OptionalReasonForm,
    ReasonForm,
)
from communs.services.fund.models import Application
from communs.services.fund.rules import EXAMINE, MANAGE
from communs.services.fund.views import filed
from communs.services.fund.views.reading import file_or_404, form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def examine(request: Request, number: str) -> HttpResponse:
    """A file as its instructor examines it: what was answered, and what may be decided now."""
    found = _file(request, number)
    context = filed.base_of(request, found, "examine")
    context |= filed.of_file(found, timezone.now(), inside=True) | filed.lines_of_plan(found)
    assessed = queries.assessed(found)
    context |= {
        "parts": filed.answered(found),
        "told": filed.told(list(assessed.told)) if assessed else [],
        "decisions": [one for one, stage in _MOVES if stages.allowed(found.stage, stage)],
    }
    return render(request, "fund/examine.html", context)


@_FORM
@login_required
def assign(request: Request, number: str) -> HttpResponse:
    """The form that says who answers for a file."""
    found, on = _file(request, number), timezone.localdate()
    form = AssignForm(
        form_or_none(request),
        examiners=queries.examiners(on=on),
        user=request.user,
        current=found.instructor,
    )
    title = _("Change the instructor") if found.instructor else _("Name the instructor")
    known = {"application": found, "on": on, "by": request.user}
    told = _("The instructor is named.")
    act = actions.assign_instructor
    return _decided(request, found, form, act, title, told=told, **known)


@_FORM
@login_required
def ask_missing(request: Request, number: str) -> HttpResponse:
    """The form that asks for what a file lacks."""
    found = _file(request, number)
    form = MissingForm(form_or_none(request), questions=_questions(found))
    return _moved(request, found, form, actions.ask_missing, _("Ask for missing items"))


@_FORM
@login_required
def complete(request: Request, number: str) -> HttpResponse:
    """The form that says that a file is complete."""
    found = _file(request, number)
    form = CompleteForm(form_or_none(request))
    title, does = _("The file is complete"), _("Declare the file complete")
    return _moved(request, found, form, actions.declare_complete, title, submit=does)


@_FORM
@login_required
def eligible(request: Request, number: str) -> HttpResponse:
    """The form that says that a file is eligible."""
    found = _file(request, number)
    form = OptionalReasonForm(form_or_none(request))
    title, does = _("The file is eligible"), _("Declare the file eligible")
    return _moved(request, found, form, actions.declare_eligible, title, submit=does)


@_FORM
@login_required
def ineligible(request: Request, number: str) -> HttpResponse:
    """The form that says that a file is not eligible."""
    found = _file(request, number)
    form = ReasonForm(form_or_none(request))
    title, does = _("The file is not eligible"), _("Declare the file ineligible")
    return _moved(request, found, form, actions.declare_ineligible, title, submit=does)


@_FORM
@login_required
def look_again(request: Request, number: str) -> HttpResponse:
    """The form by which a file that was not eligible is looked at again."""
    found = _file(request, number)
    form = ReasonForm(form_or_none(request))
    return _moved(request, found, form, actions.reopen, _("Look at the file again"))


@_FORM
@login_required
def close(request: Request, number: str) -> HttpResponse:
    """The form that closes a file without action."""
    require(request.user, MANAGE)
    found = _file(request, number)
    form = ReasonForm(form_or_none(request))
    return _moved(request, found, form, actions.close, _("Close without action"))


_MOVES = (
    ("ask_missing", Stage.INCOMPLETE),
    ("complete", Stage.COMPLETE),
    ("eligible", Stage.UNDER_REVIEW),
    ("ineligible", Stage.INELIGIBLE),
    ("close", Stage.CLOSED),
)


def _file(request: Request, number: str) -> Application:
    """Give a file that was filed; who does not examine files finds none here."""
    found = file_or_404(request, number, EXAMINE)
    if found.submitted_at is None:
        raise Http404(number)
    return found


def _questions(found: Application) -> list[tuple[str, str]]:
    return [
        (answer.path, f"{part.title}: {answer.label}")
        for part in filed.answered(found)
        for answer in part.answers
    ]


def _moved(
    request: Request,
    found: Application,
    form: Any,
    action: Callable[..., Any],
    title: str,
    *,
    submit: str = "",
) -> HttpResponse:
    known = {"application": found, "at": timezone.now(), "by": request.user}
    return _decided(request, found, form, action, title, submit=submit, **known)


def _decided(
    request: Request,
    found: Application,
    form: Any,
    action: Callable[..., Any],
    title: str,
    *,
    submit: str = "",
    told: str = "",
    **known: Any,
) -> HttpResponse:
    """Take a decision that a form asks for, or show the form with what it lacks."""
    if done(form, action, **known) is not None:
        messages.success(request, told or _("Noted, with its date."))
        return redirect("fund:examine", found.number)
    context = filed.base_of(request, found, "examine")
    context |= {"form": form, "form_title": title, "submit": submit or title}
    status = 422 if form.errors else 200
    return render(request, "fund/decide.html", context, status=status)
