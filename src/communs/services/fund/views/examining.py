"""Pages of reviewers, and of who gives them files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.enums import Stage
from communs.services.fund.forms import (
    GiveForm,
    InterestForm,
    OptionalReasonForm,
    ReviewForm,
    ScoresForm,
    ShareForm,
    TieForm,
)
from communs.services.fund.models import Review
from communs.services.fund.queries import examination
from communs.services.fund.rules import EXAMINE, MANAGE, REVIEW, SIT
from communs.services.fund.views import filed, scored
from communs.services.fund.views.doing import filled, pressed
from communs.services.fund.views.reading import (
    call_or_404,
    file_or_404,
    form_or_none,
    named_or_404,
)

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def reviews(request: Request) -> HttpResponse:
    """The files that a reviewer was given: what they owe, then what they sent."""
    require(request.user, REVIEW)
    rows = list(examination.own_reviews(request.user, on=timezone.localdate()))
    context = {
        "owed": [one for one in rows if one.sent_at is None],
        "sent": [one for one in rows if one.sent_at is not None],
        "interests": examination.interests(request.user, on=timezone.localdate()),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/reviews.html", context)


@_FORM
@login_required
def review(request: Request, number: str) -> HttpResponse:
    """A file's opinions, and the form of one's own."""
    found = named_or_404(request, number)
    every = examination.reviews_of(found)
    own = examination.own_among(every, request.user)
    if own is None and not (may(request.user, EXAMINE) or may(request.user, SIT)):
        raise Http404(number)
    form = _review_form(request, own) if own and found.stage == Stage.UNDER_REVIEW else None
    if _sent(request, form, own):
        return redirect("fund:review", number)
    context = filed.base_of(request, found, "review") | {"form": form, "mine": own}
    context |= scored.opinions(request, found, every)
    status = 422 if form and form.errors else 200
    return render(request, "fund/review.html", context, status=status)


@_FORM
@login_required
def give(request: Request, number: str) -> HttpResponse:
    """The form that gives a file to a reviewer."""
    found, on = file_or_404(request, number, EXAMINE), timezone.localdate()
    people = dict.fromkeys(one.person for one in examination.reviewers(on=on))
    away = examination.barred([found], on=on)[found.pk]
    phases = found.call.phases.order_by("position")
    form = GiveForm(form_or_none(request), people=people, phases=phases, barred=away)
    title = _("Give the file to a reviewer")
    context = {"form_title": title, "submit": title, "trail": _trail(found)}
    context["facts"] = [{"label": _("Kept away"), "value": scored.kept_away(away)}]
    known = {"application": found, "on": on, "at": timezone.now(), "by": request.user}
    back = reverse("fund:review", args=[number])
    return filled(request, form, actions.assign_review, back, context, **known)


@require_POST
@login_required
def take_back_review(request: Request, number: str, key: Any) -> HttpResponse:
    """Take a file back from a reviewer who has not sent their opinion."""
    found = file_or_404(request, number, EXAMINE)
    row = Review.objects.filter(application=found, pk=key).select_related("application").first()
    if row is None:
        raise Http404(number)
    back = reverse("fund:review", args=[number])
    return pressed(request, actions.withdraw_review, back, review=row, by=request.user)


@_FORM
@login_required
def agree(request: Request, number: str) -> HttpResponse:
    """The form of the scores that the reviewers give together."""
    found = file_or_404(request, number, EXAMINE)
    criteria = examination.criteria_of(found)
    form = ScoresForm(form_or_none(request), criteria=criteria, known=examination.agreed_of(found))
    context = {"form_title": _("Scores given together"), "trail": _trail(found)}
    known = {"application": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:review", args=[number])
    return filled(request, form, _agreed, back, context, **known)


@_FORM
@login_required
def finish(request: Request, number: str) -> HttpResponse:
    """The form that ends the examination of a file."""
    found = file_or_404(request, number, EXAMINE)
    form = OptionalReasonForm(form_or_none(request))
    title = _("End the examination")
    context = {"form_title": title, "submit": title, "trail": _trail(found)}
    known = {"application": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:review", args=[number])
    told = _("The examination is over: the file now waits for the committee.")
    return filled(request, form, actions.finish_examination, back, context, told=told, **known)


@_FORM
@login_required
def share(request: Request, code: str) -> HttpResponse:
    """The form that shares a call's files out among its reviewers."""
    require(request.user, MANAGE)
    found, on = call_or_404(request, code), timezone.localdate()
    form = ShareForm(form_or_none(request), phases=found.phases.order_by("position"))
    back = reverse("fund:manage_call", args=[code])
    context = {
        "form_title": _("Share the files out"),
        "submit": _("Share the files out"),
        "trail": [{"label": found.title, "href": back}],
        "lead": _("Evenly, and never to who is kept away from a file."),
    }
    known = {"call": found, "on": on, "at": timezone.now(), "by": request.user}
    return filled(request, form, actions.share_reviews, back, context, **known)


@_FORM
@login_required
def interests(request: Request) -> HttpResponse:
    """The form by which somebody of the fund declares an interest."""
    require(request.user, REVIEW)
    form = InterestForm(form_or_none(request), organisations=queries.organisations())
    context = {
        "form_title": _("Declare an interest"),
        "submit": _("Declare an interest"),
        "trail": [{"label": _("My files to examine"), "href": reverse("fund:reviews")}],
        "lead": _("The files of this organisation will no longer exist for you here."),
    }
    known = {"on": timezone.localdate(), "by": request.user}
    back = reverse("fund:reviews")
    return filled(request, form, actions.declare_interest, back, context, **known)


@require_POST
@login_required
def end_interest(request: Request, key: Any) -> HttpResponse:
    """Say that a tie is over."""
    found = examination.interest(key, request.user)
    if found is None:
        raise Http404(str(key))
    known = {"interest": found, "on": timezone.localdate(), "by": request.user}
    return pressed(request, actions.end_interest, reverse("fund:reviews"), **known)


@_FORM
@login_required
def recuse(request: Request, number: str) -> HttpResponse:
    """The form by which a reviewer leaves a file that concerns them."""
    require(request.user, REVIEW)
    found = file_or_404(request, number)
    form = TieForm(form_or_none(request))
    title = _("Leave this file")
    context = {"form_title": title, "submit": title, "trail": _trail(found)}
    known = {"application": found, "on": timezone.localdate(), "by": request.user}
    back = reverse("fund:reviews")
    return filled(request, form, actions.declare_interest, back, context, **known)


def _review_form(request: Request, own: Review) -> ReviewForm:
    criteria = examination.criteria_of(own.application) if own.phase.scores else []
    known = {one.criterion_id: one.value for one in own.scores.all()}
    initial = {name: getattr(own, name) for name in ("opinion", "comment", "abstained")}
    return ReviewForm(form_or_none(request), criteria=criteria, known=known, initial=initial)


def _sent(request: Request, form: ReviewForm | None, own: Review | None) -> bool:
    """Send what the form says, if it is filled; tell whether it was sent."""
    if form is None or own is None or not form.is_bound:
        return False
    known = {"review": own, "at": timezone.now(), "by": request.user}
    if done(form, actions.send_review, **known) is None:
        return False
    messages.success(request, _("Your opinion is sent. You may change it until the end."))
    return True


def _agreed(**given: Any) -> bool:
    actions.agree_scores(**given)
    return True


def _trail(found: Any) -> list[dict[str, str]]:
    label = f"{found.number} – {found.title}"
    return [{"label": label, "href": reverse("fund:review", args=[found.number])}]
