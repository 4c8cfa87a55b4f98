"""Trying a published form as colleagues fill it together."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.forms import filling, queries, trials
from communs.core.forms.editor_words import change_lines
from communs.core.forms.models import Answers, Form
from communs.core.forms.rendering import progress, summary
from communs.core.forms.telling import left_lines, new_lines
from communs.core.forms.views.editor.found import CONFLICT, editing, form_found, shown, tried
from communs.core.forms.views.filling import Addresses, page_of, pages_shown
from communs.core.registry.request import Request


@editing
def trial(request: Request, key: UUID) -> HttpResponse:
    """The trial of a form: what is answered, what is missing; begun anew or sent here."""
    found, now = form_found(key), timezone.now()
    wrong = ""
    if request.method == "POST":
        wrong = tried(partial(_do, request, found))
        if not wrong:
            return redirect("forms:trial", key)
    answers = trials.trial_of(found)
    context = {
        "form": found,
        "version": queries.latest(found),
        "answers": answers,
        "parts": summary(answers) if answers else [],
        "pages": progress(answers) if answers and answers.is_draft else [],
        "newer": filling.newer(answers) if answers else None,
        "now": now,
        "refusal": wrong,
    }
    return shown(request, "trial", context, CONFLICT if wrong else 200)


@editing
def trial_page(request: Request, key: UUID, page: str) -> HttpResponse:
    """One page of a trial."""
    found = form_found(key)
    answers = _answers(found)
    forms, own = reverse("forms:index"), reverse("forms:form", args=[key])
    return page_of(
        request,
        answers,
        page,
        addresses=_addresses(found),
        act=partial(trials.write, answers=answers),
        title=_("Trial: %(title)s") % {"title": found.title},
        trail=[{"label": _("Forms"), "href": forms}, {"label": found.title, "href": own}],
    )


@editing
def trial_move(request: Request, key: UUID) -> HttpResponse:
    """What the version in force would change in a trial; then moving it there."""
    found = form_found(key)
    answers = _answers(found)
    version = filling.newer(answers)
    if version is None:
        raise Http404(_("These answers are on the version in force."))
    if request.method == "POST":
        trials.move(answers=answers, version=version, at=timezone.now(), by=request.user)
        messages.success(request, _("Your answers are on the new version."))
        return redirect("forms:trial_page", key, pages_shown(_answers(found))[0])
    moved = filling.moved_to(answers, version)
    context = {
        "form": found,
        "version": version,
        "changes": change_lines(answers.version.read(), version.read()),
        "left": left_lines(moved),
        "new": new_lines(moved),
    }
    return shown(request, "trial_move", context)


def _answers(found: Form) -> Answers:
    answers = trials.trial_of(found)
    if answers is None or not answers.is_draft:
        raise Http404(_("This form is not being tried."))
    return answers


def _addresses(found: Form) -> Addresses:
    key = found.pk
    return Addresses(
        page=lambda page: reverse("forms:trial_page", args=[key, page]),
        after=reverse("forms:trial", args=[key]),
        newer=reverse("forms:trial_move", args=[key]),
    )


def _do(request: Request, found: Form) -> None:
    now, version = timezone.now(), queries.latest(found)
    if request.POST.get("do") == "send":
        trials.send(answers=_answers(found), at=now, by=request.user)
        messages.success(request, _("Sent: this trial would have been accepted."))
    elif version is not None:
        trials.begin(form=found, version=version, at=now, by=request.user)
