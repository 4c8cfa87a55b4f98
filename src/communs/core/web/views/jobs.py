"""Work in progress, and what could not be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from communs.core.access.rules import may, require
from communs.core.jobs import queries
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import OPEN, Job
from communs.core.journal import labels
from communs.core.journal import queries as journal
from communs.core.journal.enums import Delivery
from communs.core.registry.request import Request
from communs.core.web import actions
from communs.core.web.handling import page_of, varied, wants_part
from communs.core.web.views.journal import in_words

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_SIZE = 25


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """The tasks of this community by state."""
    require(request.user, "community.manage")
    state = request.GET.get("etat", "")
    if state and state not in JobState.values:
        raise Http404(state)
    counts = queries.counts()
    count = counts[state] if state else sum(counts.values())
    page = page_of(request, queries.jobs(state=state), _SIZE, count=count, shrinks=True)
    context = {
        "jobs": [(job, labels.of_task(job.task)) for job in page],
        "page_of_jobs": page,
        "state": state,
        "states": [(s.value, s.label, counts[s.value]) for s in JobState],
        "total": sum(counts.values()),
        "failures": journal.undelivered().count(),
    }
    return render(request, "web/jobs.html", context)


@_FORM
@login_required
def job(request: Request, key: UUID) -> HttpResponse:
    """How far a task is: for administrators, and for whoever asked for it."""
    row = _job(request, key)
    if request.method == "POST":
        return _decided(request, row)
    return _progress(request, row=row)


@_FORM
@login_required
def deliveries(request: Request) -> HttpResponse:
    """Events that a listener could not take."""
    require(request.user, "community.manage")
    if request.method == "POST":
        return _delivery_decided(request)
    page = page_of(request, journal.undelivered(), _SIZE, shrinks=True)
    lines = in_words([failure.event for failure in page])
    context = {
        "failures": list(zip(page, lines, strict=True)),
        "page_of_failures": page,
        "dead": Delivery.DEAD,
    }
    return render(request, "web/deliveries.html", context)


def _etag(_request: HttpRequest, row: Job, context: dict[str, Any]) -> str:
    del context
    facts = (row.state, row.attempts, row.steps_done, row.steps, row.due_at.isoformat())
    return '"' + "-".join(str(fact) for fact in (row.pk.hex, *facts)).replace(" ", "") + '"'


def _progress(request: Request, *, row: Job) -> HttpResponse:
    """Answer 304 to the page's own question while nothing has moved."""
    context = _shown(request, row)
    if not wants_part(request, "progress"):
        return varied(render(request, "web/job.html", context))
    return varied(_part(request, row=row, context=context))


@condition(etag_func=_etag)
def _part(request: HttpRequest, row: Job, context: dict[str, Any]) -> HttpResponse:
    del row  # it is what the page's copy is compared by
    return render(request, "web/job_progress.html", context)


def _shown(request: Request, row: Job) -> dict[str, Any]:
    manages = may(request.user, "community.manage")
    return {
        "job": row,
        "words": labels.of_task(row.task),
        "state_words": JobState(row.state).label,
        "is_open": row.state in OPEN,
        "percent": round(100 * row.steps_done / row.steps) if row.steps else None,
        "manages": manages,
        "may_retry": manages and row.state == JobState.DEAD,
        "may_drop": manages and row.state in (JobState.DEAD, JobState.WAITING),
    }


def _job(request: Request, key: UUID) -> Job:
    row = Job.objects.filter(pk=key).first()
    if row is None:
        raise Http404(_("No such task here."))
    if row.asked_by != request.user.pk:
        require(request.user, "community.manage")
    return row


def _decided(request: Request, row: Job) -> HttpResponse:
    require(request.user, "community.manage")
    if request.POST.get("action") == "retry":
        actions.retry_job(job=row, at=timezone.now(), by=request.user)
        messages.success(request, _("The task is back in the queue."))
        return redirect("web:job", row.pk)
    if request.POST.get("action") == "drop":
        actions.drop_job(job=row, by=request.user)
        messages.success(request, _("The task is dropped."))
    return redirect("web:jobs")


def _delivery_decided(request: Request) -> HttpResponse:
    deed, _colon, key = request.POST.get("action", "").partition(":")
    failure = journal.failure(_key(key))
    if failure is None:
        raise Http404(_("This delivery is no longer there."))
    if deed == "retry":
        actions.retry_delivery(failure=failure, at=timezone.now(), by=request.user)
        messages.success(request, _("The listener will be told again."))
    elif deed == "drop":
        actions.drop_delivery(failure=failure, by=request.user)
        messages.success(request, _("The delivery is dropped."))
    return redirect("web:deliveries")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404(text) from error
