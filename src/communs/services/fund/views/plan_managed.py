"""Pages of who writes the master plan, and of the committee that reviews its lessons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may, require
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.enums import LessonState
from communs.services.fund.forms import (
    CloseForm,
    LessonForm,
    LessonReviewForm,
    WorkstreamForm,
    initial_of_lesson,
)
from communs.services.fund.models import Lesson, Workstream
from communs.services.fund.queries import commons
from communs.services.fund.queries import master_plan as plan
from communs.services.fund.rules import MANAGE, RUN_COMMITTEE
from communs.services.fund.views import proofs
from communs.services.fund.views.doing import filled
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_WRITTEN = (LessonState.PROPOSED, LessonState.SENT_BACK)
TAGS = {"proposed": "soon", "sent_back": "warn", "accepted": "on", "refused": "off"}


@require_safe
@login_required
def manage_plan(request: Request) -> HttpResponse:
    """Workstreams, lessons to be written or reviewed, and evaluations without a lesson."""
    _require_either(request)
    on = timezone.localdate()
    lessons = plan.lessons_open_to(request.user, on=on).exclude(state=LessonState.ACCEPTED)
    context = {
        "workstreams": plan.workstreams(),
        "lessons": [_line(one) for one in lessons],
        "untold": plan.untold(request.user, on=on),
        "may_write": may(request.user, MANAGE),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/manage_plan.html", context)


@_FORM
@login_required
def add_workstream(request: Request) -> HttpResponse:
    """The form that adds a workstream."""
    require(request.user, MANAGE)
    form = WorkstreamForm(form_or_none(request))
    context = {"form_title": _("Add a workstream"), "trail": trail()}
    return filled(
        request, form, actions.add_workstream, reverse("fund:manage_plan"), context, by=request.user
    )


@_FORM
@login_required
def change_workstream(request: Request, key: UUID) -> HttpResponse:
    """The form that changes a workstream."""
    require(request.user, MANAGE)
    found = _workstream(key)
    names = ("challenge", "title", "summary", "position")
    initial = {name: getattr(found, name) for name in names}
    form = WorkstreamForm(form_or_none(request), initial=initial)
    context: dict[str, Any] = {
        "form_title": _("Change the workstream “%(title)s”") % {"title": found.title}
    }
    context |= {"trail": trail()}
    known = {"workstream": found, "by": request.user}
    back = reverse("fund:manage_plan")
    return filled(request, form, actions.change_workstream, back, context, **known)


@_FORM
@login_required
def close_workstream(request: Request, key: UUID) -> HttpResponse:
    """The form that says that a workstream is over."""
    require(request.user, MANAGE)
    found = _workstream(key)
    form = CloseForm(form_or_none(request), initial={"on": timezone.localdate()})
    context: dict[str, Any] = {
        "form_title": _("Close the workstream “%(title)s”") % {"title": found.title}
    }
    context |= {"trail": trail()}
    known = {"workstream": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:manage_plan")
    return filled(request, form, actions.close_workstream, back, context, **known)


@_FORM
@login_required
def draw_lesson(request: Request, key: UUID) -> HttpResponse:
    """The form that draws a lesson from a decided evaluation."""
    require(request.user, MANAGE)
    found = commons.evaluation(key)
    on = timezone.localdate()
    if found is None or not plan.untold(request.user, on=on).filter(pk=key).exists():
        raise Http404(str(key))
    initial = {"challenge": plan.challenge_of(found), "finding": found.finding or found.reason}
    initial |= {"recommendation": found.recommendation}
    form = LessonForm(form_or_none(request), initial=initial)
    context = _context(_("Lesson of “%(title)s”"), found.experiment.title)
    known = {"evaluation": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:manage_plan")
    return filled(request, form, actions.propose_lesson, back, context, **known)


@require_safe
@login_required
def lesson(request: Request, key: UUID) -> HttpResponse:
    """One lesson with the evidence behind it, for who writes or reviews it."""
    _require_either(request)
    found = _lesson(request, key)
    context = _line(found) | {
        "may_write": may(request.user, MANAGE) and found.state in _WRITTEN,
        "may_review": may(request.user, RUN_COMMITTEE) and found.state == LessonState.PROPOSED,
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/lesson.html", context)


@_FORM
@login_required
def write_lesson(request: Request, key: UUID) -> HttpResponse:
    """The form in which a lesson is written anew."""
    require(request.user, MANAGE)
    found = _lesson(request, key)
    form = LessonForm(form_or_none(request), initial=initial_of_lesson(found))
    context = _context(
        _("Write the lesson of “%(title)s” anew"), _titled(found), found, lead=found.reason
    )
    known = {"lesson": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:lesson", args=[found.pk])
    return filled(request, form, actions.write_lesson, back, context, **known)


@_FORM
@login_required
def review_lesson(request: Request, key: UUID) -> HttpResponse:
    """The form in which the review of a lesson is noted."""
    require(request.user, RUN_COMMITTEE)
    found = _lesson(request, key)
    form = LessonReviewForm(form_or_none(request))
    context = _context(
        _("Review of the lesson of “%(title)s”"), _titled(found), found, lead=found.finding
    )
    known = {"lesson": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:manage_plan")
    return filled(request, form, actions.review_lesson, back, context, **known)


def trail(found: Lesson | None = None) -> list[dict[str, str]]:
    """Give the way to these pages."""
    way = [{"label": _("Write the master plan"), "href": reverse("fund:manage_plan")}]
    if found is not None:
        title = _("Lesson of “%(title)s”") % {"title": _titled(found)}
        way.append({"label": title, "href": reverse("fund:lesson", args=[found.pk])})
    return way


def _require_either(request: Request) -> None:
    if not may(request.user, RUN_COMMITTEE):
        require(request.user, MANAGE)


def _lesson(request: Request, key: UUID) -> Lesson:
    """Give a lesson; one that concerns its reader does not exist for them."""
    found = plan.lesson(key, request.user, on=timezone.localdate())
    if found is None:
        raise Http404(str(key))
    return found


def _titled(found: Lesson) -> str:
    return found.evaluation.experiment.title


def _context(
    sentence: str, title: str, found: Lesson | None = None, *, lead: str = ""
) -> dict[str, Any]:
    return {"form_title": sentence % {"title": title}, "trail": trail(found), "lead": lead}


def _workstream(key: UUID) -> Workstream:
    found = plan.workstream(key)
    if found is None:
        raise Http404(str(key))
    return found


def _line(found: Lesson) -> dict[str, Any]:
    return {
        "lesson": found,
        "href": reverse("fund:lesson", args=[found.pk]),
        "tag": TAGS[found.state],
        "evaluation_href": proofs.evaluation_href(found.evaluation),
    }
