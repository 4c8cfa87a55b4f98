"""What a file that is no longer written answers to who would still write in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from communs.core.forms.models import Answers
from communs.core.forms.posting import typed_of
from communs.core.kit.localised import moment
from communs.core.registry.request import Request
from communs.services.fund.actions.moving import WRITTEN
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application
from communs.services.fund.views import filed

CONFLICT = 409


View = Callable[..., HttpResponse]


class Closed(Exception):
    """A file is no longer written; `answer` is the page that says so."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


def answers(view: View) -> View:
    """Mark a view that writes in a file: what `refuse` answers is its answer."""

    @wraps(view)
    def marked(*args: Any, **known: Any) -> HttpResponse:
        try:
            return view(*args, **known)
        except Closed as closed:
            return closed.answer

    return marked


def is_closed(found: Application) -> bool:
    """Tell whether a file is no longer written."""
    return found.stage not in WRITTEN


def why(found: Application) -> str:
    """Say since when a file is no longer written, and why."""
    if found.stage == Stage.WITHDRAWN:
        return _("This file was withdrawn on %(moment)s.") % {"moment": moment(found.stage_since)}
    sent = [one.at for one in found.steps.all() if one.after == Stage.SUBMITTED]
    if sent:
        return _("This file was sent on %(moment)s.") % {"moment": moment(max(sent))}
    return _("This file was closed on %(moment)s.") % {"moment": moment(found.stage_since)}


def led_back(request: Request, found: Application) -> HttpResponse:
    """Lead to the file, with when it was sent."""
    messages.info(request, why(found))
    return redirect("fund:file", found.number)


def refuse(request: Request, found: Application, current: str, form: Form | None = None) -> None:
    """Answer at once if a file is no longer written: the view is marked with `answers`.

    What was typed in the form is shown and not kept; who only reads the page is led to the file.
    """
    if not is_closed(found):
        return
    if form is not None and form.is_bound:
        raise Closed(not_kept(request, found, current, typed(form)))
    raise Closed(led_back(request, found))


def not_kept(
    request: Request, found: Application, current: str, lines: list[dict[str, str]]
) -> HttpResponse:
    """Say that what was sent is not kept, and why; what was typed is shown, to be copied."""
    if "autosave" in request.POST:
        return JsonResponse({"refused": why(found)}, status=CONFLICT)
    context = filed.base_of(request, found, current) | {"why": why(found), "typed": lines}
    return render(request, "fund/not_kept.html", context, status=CONFLICT)


def typed(form: Form) -> list[dict[str, str]]:
    """Give what was typed in a form, field by field; what was left empty is left out."""
    return [
        {"label": str(bound.label), "value": value}
        for bound in form.visible_fields()
        if (value := _said(bound))
    ]


def typed_in(request: Request, answers: Answers, page: str) -> list[dict[str, str]]:
    """Give what was typed in a page of the form, question by question."""
    found = typed_of(request, answers.version.read(), answers.values, page)
    return [{"label": label, "value": value} for label, value in found]


def _said(bound: Any) -> str:
    """Give what was typed in a field; of a choice, its words."""
    data = bound.data
    if data is True:
        return _("yes")
    given = data if isinstance(data, list) else [data]
    words = {str(key): str(word) for key, word in getattr(bound.field, "choices", ())}
    return ", ".join(words.get(str(one), str(one)) for one in given if one)
