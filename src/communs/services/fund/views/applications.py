"""Pages of applications: the list, one file, its project and its form."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may
from communs.core.forms import filling
from communs.core.forms.views import page_of
from communs.core.forms.views.filling import pages_shown
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.web import handling
from communs.services.fund import actions, queries
from communs.services.fund.actions.moving import WRITTEN
from communs.services.fund.forms import FilesForm, ProjectForm
from communs.services.fund.models import standing_of
from communs.services.fund.rules import WRITE
from communs.services.fund.views import closed, filed, receipts
from communs.services.fund.views.reading import answered_or_404, file_or_404, form_or_none
from communs.services.fund.views.shown import base_of_pages

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ON_A_PAGE = 40


@require_safe
@login_required
def list_files(request: Request) -> HttpResponse:
    """The files that one may read, with search and filters."""
    on, user = timezone.localdate(), request.user
    inside = standing_of(user, on=on).reads_files
    form = FilesForm(request.GET, calls=queries.all_calls_named(), inside=inside)
    wanted = form.wanted()
    counts = queries.stage_counts(user, wanted, on=on)
    total = counts.get(wanted.stage, 0) if wanted.stage else sum(counts.values())
    rows = queries.files(user, wanted, on=on)
    page = handling.page_of(request, rows, _ON_A_PAGE, count=total)
    context = {"form": form, "inside": inside, "files": page, "base": base_of_pages(request)}
    context["lead"] = filed.lead_of_list(standing_of(user, on=on))
    context["rows"] = [filed.row(one, inside=inside) for one in page.object_list]
    return render(request, "fund/files.html", context)


@require_safe
@login_required
def file(request: Request, number: str) -> HttpResponse:
    """One file: where it stands, what it lacks, who has signed."""
    found = file_or_404(request, number)
    context = filed.base_of(request, found, "file")
    context |= filed.of_file(found, timezone.now(), inside=context["inside"])
    return render(request, "fund/file.html", context)


@_FORM
@login_required
@closed.answers
def project(request: Request, number: str) -> HttpResponse:
    """The form that says what the project is."""
    found = file_or_404(request, number, WRITE)
    initial = {name: getattr(found, name) for name in ("title", "summary", "challenges")}
    form = ProjectForm(form_or_none(request), call=found.call, initial=initial)
    closed.refuse(request, found, "file", form)
    if done(form, actions.describe_project, application=found, by=request.user) is not None:
        messages.success(request, _("The project is written."))
        return redirect("fund:file", number)
    context = filed.base_of(request, found, "file") | {"form": form}
    return render(request, "fund/project.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def form(request: Request, number: str) -> HttpResponse:
    """The form of a file: its first page to who writes, what was answered to who reads."""
    found = file_or_404(request, number)
    writes = found.stage in WRITTEN and may(request.user, WRITE, found)
    if writes and found.answers is not None and found.answers.is_draft:
        return redirect("fund:fill", number, pages_shown(found.answers)[0])
    context = filed.base_of(request, found, "form") | {"parts": filed.answered(found)}
    return render(request, "fund/answers.html", context)


@_FORM
@login_required
def fill(request: Request, number: str, page: str) -> HttpResponse:
    """One page of the form, kept as it is typed."""
    found, answers = answered_or_404(request, number, WRITE)
    if closed.is_closed(found) and request.method == "POST":
        typed = closed.typed_in(request, answers, page)
        return closed.not_kept(request, found, "form", typed)
    return page_of(
        request,
        answers,
        page,
        addresses=filed.form_addresses(found),
        act=partial(actions.write_answers, application=found),
        may_write=not closed.is_closed(found),
        **filed.around_form(request, found),
    )


@_FORM
@login_required
@closed.answers
def newer_form(request: Request, number: str) -> HttpResponse:
    """What a newer version of the form would change in a draft, and the button that moves it."""
    found, answers = answered_or_404(request, number, WRITE)
    closed.refuse(request, found, "form")
    version = filling.newer(answers)
    if version is None:
        raise Http404(number)
    if request.method == "POST":
        at = timezone.now()
        actions.move_answers(application=found, version=version, at=at, by=request.user)
        messages.success(request, _("Your draft is on the newest form now."))
        return redirect("fund:form", number)
    context = filed.base_of(request, found, "form") | filed.moved(answers, version)
    return render(request, "fund/newer_form.html", context)


@require_safe
@login_required
def receipt(request: Request, number: str) -> HttpResponse:
    """The dated receipt of a file, as PDF."""
    found = file_or_404(request, number)
    if found.submitted_at is None:
        raise Http404(number)
    answer = HttpResponse(receipts.receipt(found), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="recepisse-{number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
