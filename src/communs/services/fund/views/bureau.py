"""The Bureau: its sessions, its deliberations, their vote, their seal; sealed acts are public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.kit.localised import money, number
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.enums import SessionKind, SessionState
from communs.services.fund.forms import (
    AgendaForm,
    DecisionForm,
    DeliberationForm,
    VotesForm,
)
from communs.services.fund.models import Application, Decision, Deliberation
from communs.services.fund.queries import sessions
from communs.services.fund.rules import RUN_BUREAU, SIT
from communs.services.fund.views import scored, sittings
from communs.services.fund.views.doing import filled, pressed
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_KIND = SessionKind.BUREAU


@require_safe
def bureau(request: Request) -> HttpResponse:
    """The Bureau's sealed acts, for anybody; its sessions, for who sits."""
    sits = may(request.user, SIT)
    context = {
        "acts": [_act_row(one) for one in sessions.sealed_acts()],
        "rows": [
            {"session": one, "tag": sittings.TAGS[one.state], "href": sittings.room_of(one)}
            for one in (sessions.sessions(_KIND) if sits else ())
        ],
        "sits": sits,
        "runs": may(request.user, RUN_BUREAU),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/bureau.html", context)


@_FORM
@login_required
def plan_bureau(request: Request) -> HttpResponse:
    """The form that plans a session of the Bureau."""
    back = reverse("fund:bureau")
    return sittings.plan(request, _KIND, _("Plan a session of the Bureau"), back)


@require_safe
@login_required
def sitting(request: Request, key: UUID) -> HttpResponse:
    """A session of the Bureau: who is there, its deliberations."""
    require(request.user, SIT)
    found = sittings.session_or_404(key, _KIND)
    context = sittings.shown(request, found)
    context |= {
        "acts": [_act_row(one) for one in sessions.deliberations(found)],
        "quorum_words": sittings.needed(context["quorum"]),
    }
    return render(request, "fund/sitting.html", context)


@_FORM
@login_required
def deliberate(request: Request, key: UUID) -> HttpResponse:
    """The form that begins a deliberation."""
    require(request.user, RUN_BUREAU)
    found = sittings.session_or_404(key, _KIND)
    waiting = sessions.waiting_for_bureau(request.user, on=timezone.localdate())
    form = DeliberationForm(form_or_none(request), waiting=waiting)
    context = {"form_title": _("Write a deliberation"), "trail": sittings.trail(found)}
    known = {"session": found, "at": timezone.now(), "by": request.user}
    back = sittings.room_of(found)
    act = actions.write_deliberation
    return filled(request, form, act, back, context, leads=_page, **known)


@require_safe
def act(request: Request, key: UUID) -> HttpResponse:
    """A deliberation: for anybody once it is sealed, before that for who sits."""
    found = act_or_404(request, key)
    sealed = found.seals.first()
    runs = may(request.user, RUN_BUREAU) and sealed is None
    rows = sessions.decisions_for(found, request.user, on=timezone.localdate())
    context = {
        "act": found,
        "seal": sealed,
        "decisions": [
            {"row": one, "tag": _TAGS[one.outcome], "amount": one.amount and money(one.amount)}
            for one in rows
        ],
        "total": money(sessions.awarded_by(rows)),
        "money": sittings.shown(request, found.session)["money"],
        "runs": runs,
        "may_vote": runs and found.session.state == SessionState.OPEN,
        "may_seal": runs and found.votes_for is not None,
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/act.html", context)


@_FORM
@login_required
def add_decisions(request: Request, key: UUID) -> HttpResponse:
    """The form that puts files in a deliberation."""
    found = _act_run(request, key)
    waiting = sessions.waiting_for_bureau(request.user, on=timezone.localdate())
    form = AgendaForm(form_or_none(request), waiting=waiting)
    context = {"form_title": _("Put files before the Bureau"), "trail": _trail(found)}
    known = {"deliberation": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:act", args=[key])
    return filled(request, form, actions.add_to_deliberation, back, context, **known)


@_FORM
@login_required
def decide(request: Request, key: UUID) -> HttpResponse:
    """The form of what the Bureau decides on a file."""
    found = _decision(request, key)
    file = found.application
    proposal = sessions.proposal(file)
    proposed = proposal.amount if proposal else None
    form = DecisionForm(form_or_none(request), decision=found, proposed=proposed)
    named = f"{file.number} – {file.title}"
    context = {
        "form_title": _("Decision of the Bureau: %(file)s") % {"file": named},
        "trail": _trail(found.deliberation),
        "facts": [
            {"label": _("Asked for"), "value": scored.euros(file.requested)},
            {"label": _("Proposed by the committee"), "value": scored.euros(proposed)},
        ],
    }
    back = reverse("fund:act", args=[found.deliberation_id])
    known = {"decision": found, "by": request.user}
    return filled(request, form, actions.set_decision, back, context, **known)


@require_POST
@login_required
def undecide(request: Request, key: UUID) -> HttpResponse:
    """Take a file off a deliberation."""
    found = _decision(request, key)
    back = reverse("fund:act", args=[found.deliberation_id])
    known = {"decision": found, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.take_from_deliberation, back, **known)


@_FORM
@login_required
def vote(request: Request, key: UUID) -> HttpResponse:
    """The form of the Bureau's vote."""
    found = _act_run(request, key)
    voices = sessions.voices(sessions.attendance(found.session))
    form = VotesForm(form_or_none(request), noted=found, voices=voices)
    context = {
        "form_title": _("Vote of the Bureau"),
        "trail": _trail(found),
        "facts": [{"label": _("Votes there can be"), "value": str(voices)}],
    }
    known = {"deliberation": found, "by": request.user}
    back = reverse("fund:act", args=[key])
    return filled(request, form, actions.note_vote, back, context, **known)


@_FORM
@login_required
def seal(request: Request, key: UUID) -> HttpResponse:
    """The page that asks whether a deliberation is to be sealed, and says what that does."""
    found = _act_run(request, key)
    known = {"deliberation": found, "at": timezone.now(), "by": request.user}
    told = _("Deliberation sealed. The letters leave.")
    context = {
        "form_title": _("Seal the deliberation"),
        "submit": _("Seal the deliberation"),
        "lead": _(
            "The applicants are told, the grants are in the public register, and nothing of the"
            " deliberation can be changed any more."
        ),
        "trail": _trail(found),
        "facts": _facts(found),
    }
    return filled(
        request,
        Form(form_or_none(request)),
        actions.seal,
        _page(found),
        context,
        told=told,
        **known,
    )


def _facts(found: Deliberation) -> list[dict[str, str]]:
    """Give what is read once more before the seal: number, vote, decisions, total."""
    rows = list(found.decisions.all())
    votes = (found.votes_for, found.votes_against, found.abstentions)
    known = dict(zip(("votes_for", "against", "abstained"), votes, strict=True))
    sentence = _("%(votes_for)s for, %(against)s against, %(abstained)s abstained")
    voted = found.votes_for is not None
    return [
        {"label": _("Number of the deliberation"), "value": found.number},
        {"label": _("What it is about"), "value": found.title},
        {"label": _("Vote"), "value": sentence % known if voted else _("Not voted yet.")},
        {"label": pgettext("fund", "Files"), "value": number(len(rows))},
        {"label": _("Awarded by this deliberation"), "value": money(sessions.awarded_by(rows))},
    ]


_TAGS = {"awarded": "on", "refused": "alert", "postponed": "soon"}


def act_or_404(request: Request, key: UUID) -> Deliberation:
    """Give an act to its reader: sealed, or theirs to prepare."""
    found = sessions.deliberation(key)
    if found is None or not (found.seals.first() or may(request.user, SIT)):
        raise Http404(str(key))
    return found


def _page(found: Deliberation) -> str:
    return reverse("fund:act", args=[found.pk])


def _act_run(request: Request, key: UUID) -> Deliberation:
    require(request.user, RUN_BUREAU)
    return act_or_404(request, key)


def _decision(request: Request, key: UUID) -> Decision:
    require(request.user, RUN_BUREAU)
    found = sessions.decision(key)
    on = timezone.localdate()
    if found is None or not (
        Application.objects.readable_by(request.user, on=on).filter(pk=found.application_id)
    ):
        raise Http404(str(key))
    return found


def _act_row(one: Deliberation) -> dict[str, Any]:
    sealed = one.seals.first()
    return {
        "act": one,
        "href": reverse("fund:act", args=[one.pk]),
        "state": _("sealed") if sealed else _("being written"),
        "tag": "on" if sealed else "neutral",
        "at": sealed.at if sealed else None,
    }


def _trail(found: Deliberation) -> list[dict[str, str]]:
    here = {"label": found.title, "href": reverse("fund:act", args=[found.pk])}
    return [*sittings.trail(found.session), here]
