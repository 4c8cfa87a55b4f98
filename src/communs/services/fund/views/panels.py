"""Pages of the panel: residents join, answer and leave by a link of their own; no account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.communities.addresses import absolute
from communs.core.kit.forms import done
from communs.core.kit.localised import day
from communs.core.kit.pace import keeps_pace
from communs.core.privacy import consultations
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.fund import actions
from communs.services.fund.actions.trials import OPEN
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.forms import FeedbackForm, HelpedTesterForm, TesterForm
from communs.services.fund.models import Experiment, Tester
from communs.services.fund.queries import experiments as queries
from communs.services.fund.rules import WRITE_EXPERIMENT
from communs.services.fund.views import shown
from communs.services.fund.views.experiments import experiment_or_404
from communs.services.fund.views.panel_letters import send_link
from communs.services.fund.views.reading import form_or_none

_ON_A_PAGE = 50
_DECIDED = (State.EVALUATED, State.ABANDONED)
_MOST = 10  # forms a minute from one address: a town hall’s residents may share one
FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@never_cache
def panel(request: Request, code: str) -> HttpResponse:
    """Offer to test, having read what for and how long the words are kept."""
    found = _published_or_404(code)
    form = TesterForm(form_or_none(request))
    may = form.is_valid() and keeps_pace(form, request, "fund:panel", _MOST)
    made = _enrolled(form, found, with_help=False, by=None) if may else None
    if made is not None:
        messages.success(request, _("Thank you. Keep the address of this page: it is yours alone."))
        _send(request, form, found, made)
        return redirect("fund:panel_answer", made)
    return _joining(request, found, form, helped=False)


@FORM
@login_required
def enrol_tester(request: Request, code: str) -> HttpResponse:
    """Write a resident in who is there and agrees; their link is handed to them."""
    found = experiment_or_404(request, code, WRITE_EXPERIMENT)
    form = HelpedTesterForm(form_or_none(request))
    made = _enrolled(form, found, with_help=True, by=request.user)
    if made is not None:
        link = absolute(reverse("fund:panel_answer", args=[made]))
        messages.success(
            request, _("Written in. Hand them their own link: %(link)s") % {"link": link}
        )
        _send(request, form, found, made)
        return redirect("fund:experiment", found.code)
    return _joining(request, found, form, helped=True)


@require_safe
@login_required
@never_cache
def testers(request: Request, code: str) -> HttpResponse:
    """Who tests and how to reach them, for who runs the experiment; that it was read is kept."""
    found = experiment_or_404(request, code, WRITE_EXPERIMENT)
    rows = queries.testers(found)
    page = page_of(request, rows, _ON_A_PAGE)
    consultations.note(
        people=queries.accounts_of(page.object_list),
        what="fund.testers",
        reader=request.user,
        on=timezone.localdate(),
    )
    context = {
        "experiment": found,
        "page_of_testers": page,
        "base": shown.base_of_pages(request),
        "may_enrol": not _closed(found),
    }
    return render(request, "fund/testers.html", context)


@require_POST
@login_required
def moderate_feedback(request: Request, code: str, key: UUID) -> HttpResponse:
    """Show a resident's words to everybody, or set them aside."""
    found = experiment_or_404(request, code, WRITE_EXPERIMENT)
    said = queries.feedback(key, found)
    if said is None:
        raise Http404(str(key))
    show = request.POST.get("show") == "yes"
    actions.moderate_feedback(feedback=said, show=show, at=timezone.now(), by=request.user)
    told = _("Everybody reads these words now.") if show else _("These words are set aside.")
    messages.success(request, told)
    return redirect(f"{reverse('fund:experiment', args=[code])}#panel")


@FORM
@never_cache
def panel_answer(request: Request, token: str) -> HttpResponse:
    """Say how it goes; the page is the tester's own."""
    tester = _tester_or_404(token)
    form = FeedbackForm(form_or_none(request))
    known = {"tester": tester, "at": timezone.now()}
    may = form.is_valid() and keeps_pace(form, request, "fund:feedback", _MOST)
    if may and done(form, actions.give_feedback, **known) is not None:
        messages.success(request, _("Thank you: it is noted."))
        return redirect("fund:panel_answer", token)
    context = {
        "form": form,
        "experiment": tester.experiment,
        "is_over": tester.experiment.state in _DECIDED,
        "tester": tester,
        "address": absolute(request.get_full_path()),
        "leave": reverse("fund:panel_leave", args=[token]),
        "messages": messages.get_messages(request),
    }
    status = 422 if form.errors else 200
    return render(request, "fund/panel_answer.html", context, status=status)


@require_POST
def panel_leave(request: Request, token: str) -> HttpResponse:
    """Leave: name and contact are erased."""
    tester = _tester_or_404(token)
    found = actions.leave_panel(tester=tester, at=timezone.now())
    messages.success(request, _("You have left: your name and how to reach you are erased."))
    return redirect("fund:experiment", found.code)


def consent_of(found: Experiment) -> str:
    """Give the words that who tests agrees to; they are kept with their agreement."""
    known = {
        "title": found.title,
        "site": found.site.name,
        "until": day(found.ends_on) if found.ends_on else _("its end"),
    }
    return (
        _(
            "I try the service of “%(title)s” in %(site)s until %(until)s, and am asked how it"
            " goes. My first name and how to reach me are read by those who run the experiment"
            " alone, and erased at the latest fifteen months after it ends. What I answer is"
            " counted, and may be published once it is read, without my name. I may leave at"
            " any time, on my own page, without saying why."
        )
        % known
    )


def _enrolled(form: Any, found: Experiment, *, with_help: bool, by: Any) -> str | None:
    """Have somebody test, and give the token of their page."""
    if not form.is_bound:
        return None
    known = {"experiment": found, "consent": consent_of(found), "with_help": with_help}
    made = done(form, actions.enrol_tester, **known, at=timezone.now(), by=by)
    return made[1] if made else None


def _send(request: Request, form: Any, found: Experiment, token: str) -> None:
    """Send a tester their link where they left an e-mail address, and say so."""
    contact = form.cleaned_data["contact"]
    link = absolute(reverse("fund:panel_answer", args=[token]))
    if send_link(found, contact, link):
        messages.success(request, _("This address leaves for %(to)s too.") % {"to": contact})


def _closed(found: Experiment) -> str:
    """Say why nobody joins the panel of an experiment, or nothing where one may."""
    if found.state in OPEN:
        return ""
    if found.state == State.DESIGNED:
        return _("The panel opens once the service is switched on.")
    return _("This experiment is over: it looks for no more testers.")


def _joining(request: Request, found: Experiment, form: Any, *, helped: bool) -> HttpResponse:
    context = {
        "experiment": found,
        "form": form,
        "consent": consent_of(found),
        "closed": _closed(found),
        "helped": helped,
        "back": reverse("fund:experiment", args=[found.code]),
    }
    status = 422 if form.errors else 200
    return render(request, "fund/panel.html", context, status=status)


def _published_or_404(code: str) -> Experiment:
    found = Experiment.objects.filter(queries.published(), code=code).select_related("site").first()
    if found is None:
        raise Http404(code)
    return found


def _tester_or_404(token: str) -> Tester:
    found = queries.tester(token)
    if found is None:
        raise Http404
    return found
