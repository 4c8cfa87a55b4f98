"""The committee's room: its sessions, agenda, rankings, opinions, minutes."""

from __future__ import annotations

from collections import Counter
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.kit.localised import money, number
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.enums import Opinion, SessionKind, SessionState
from communs.services.fund.forms import AgendaForm, OpinionForm
from communs.services.fund.models import AgendaItem, Session
from communs.services.fund.queries import sessions
from communs.services.fund.rules import REVIEW, RUN_COMMITTEE, SIT
from communs.services.fund.views import scored, sittings
from communs.services.fund.views.doing import filled, pressed
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_KIND = SessionKind.COMMITTEE


@require_safe
@login_required
def committee(request: Request) -> HttpResponse:
    """The sessions of the committee."""
    require(request.user, SIT)
    files = sessions.files_read(request.user, on=timezone.localdate())
    context = {
        "rows": [_row(one) | {"files": files.get(one.pk, 0)} for one in sessions.sessions(_KIND)],
        "runs": may(request.user, RUN_COMMITTEE),
        "reviews": may(request.user, REVIEW),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/committee.html", context)


@_FORM
@login_required
def plan_committee(request: Request) -> HttpResponse:
    """The form that plans a session of the committee."""
    back = reverse("fund:committee")
    return sittings.plan(request, _KIND, _("Plan a session of the committee"), back)


@require_safe
@login_required
def room(request: Request, key: UUID) -> HttpResponse:
    """A session of the committee: who is there, what is on the agenda, what is proposed."""
    require(request.user, SIT)
    found, on = sittings.session_or_404(key, _KIND), timezone.localdate()
    items = sessions.agenda(found, request.user, on=on)
    context = sittings.shown(request, found)
    context |= {
        "items": _items(items, on, runs=context["runs"]),
        "scenarios": sessions.scenarios(found) if context["runs"] else [],
        "may_close": context["runs"] and found.state == SessionState.OPEN,
        "quorum_words": sittings.needed(context["quorum"]),
    }
    return render(request, "fund/room.html", context)


@_FORM
@login_required
def write_agenda(request: Request, key: UUID) -> HttpResponse:
    """The form that puts examined files on the agenda."""
    require(request.user, RUN_COMMITTEE)
    found = sittings.session_or_404(key, _KIND)
    waiting = sessions.waiting_for_committee(
        request.user, call=found.call_id, on=timezone.localdate()
    )
    form = AgendaForm(form_or_none(request), waiting=waiting)
    context = {"form_title": _("Put files on the agenda"), "trail": sittings.trail(found)}
    known = {"session": found, "at": timezone.now(), "by": request.user}
    back = sittings.room_of(found)
    return filled(request, form, actions.put_on_agenda, back, context, **known)


@require_POST
@login_required
def take_off(request: Request, key: UUID) -> HttpResponse:
    """Take a file off the agenda."""
    item = _item(request, key)
    known = {"item": item, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.take_off_agenda, sittings.room_of(item.session), **known)


@_FORM
@login_required
def opine(request: Request, key: UUID) -> HttpResponse:
    """The form of what the committee proposes for a file."""
    item, on = _item(request, key), timezone.localdate()
    away = sessions.recused([item], on=on)[item.application_id]
    voices = _voices(item, away)
    form = OpinionForm(form_or_none(request), item=item, voices=voices)
    file = item.application
    context = {
        "form_title": _("Note the opinion"),
        "lead": f"{file.number} – {file.title}",
        "trail": sittings.trail(item.session),
        "facts": [
            {"label": _("Asked for"), "value": scored.euros(file.requested)},
            {"label": _("Mean of the scores"), "value": scored.out_of_100(file.score)},
            {"label": _("Kept away from this file"), "value": scored.kept_away(away)},
            {"label": _("Votes there can be"), "value": str(voices)},
        ],
    }
    known = {"item": item, "on": on, "at": timezone.now(), "by": request.user}
    back = sittings.room_of(item.session)
    return filled(request, form, actions.give_opinion, back, context, **known)


@_FORM
@login_required
def close_session(request: Request, key: UUID) -> HttpResponse:
    """The page that asks whether a session is to be closed, and says what that does."""
    require(request.user, RUN_COMMITTEE)
    found = sittings.session_or_404(key, _KIND)
    title = _("Close the session")
    context = {
        "form_title": title,
        "submit": title,
        "lead": _(
            "The files go to the Bureau with what the committee proposes; those that were not"
            " looked at wait for another session. A closed session is not opened again."
        ),
        "trail": sittings.trail(found),
        "facts": _facts(found),
    }
    known = {"session": found, "at": timezone.now(), "by": request.user}
    form, back, told = Form(form_or_none(request)), sittings.room_of(found), _("Session closed.")
    return filled(request, form, actions.close_session, back, context, told=told, **known)


def _facts(found: Session) -> list[dict[str, str]]:
    """Give what is read once more before the session is closed, over every file."""
    rows = sessions.whole_agenda(found)
    seen = [one for one in rows if one.decided_at is not None]
    known = {"seen": number(len(seen)), "count": number(len(rows))}
    left = sessions.left_in(found.envelope)
    total = sum((one.amount or sessions.NOTHING for one in seen), sessions.NOTHING)
    facts = [
        {"label": _("Files looked at"), "value": _("%(seen)s of %(count)s") % known},
        {"label": _("Opinions"), "value": _kinds(seen)},
        {"label": _("Proposed in all"), "value": money(total)},
    ]
    if left is not None:
        facts.append({"label": _("Left of the envelope"), "value": money(left)})
    return facts


def _kinds(seen: list[AgendaItem]) -> str:
    """Count the opinions of each kind; a file put off has none."""
    kinds = Counter("" if one.deferred else one.opinion for one in seen)
    words = [*((value, str(label)) for value, label in Opinion.choices), ("", _("deferred"))]
    sentence = _("%(kind)s: %(count)s")
    return ", ".join(
        sentence % {"kind": label, "count": number(kinds[kind])} for kind, label in words
    )


def _item(request: Request, key: UUID) -> AgendaItem:
    """Give a file on an agenda, for who runs the committee and may read the file."""
    require(request.user, RUN_COMMITTEE)
    found = sessions.item(key, request.user, on=timezone.localdate())
    if found is None:
        raise Http404(str(key))
    return found


def _voices(item: AgendaItem, away: list[Any]) -> int:
    return sessions.voices(sessions.attendance(item.session), [one.person.pk for one in away])


def _row(one: Session) -> dict[str, Any]:
    return {"session": one, "tag": sittings.TAGS[one.state], "href": sittings.room_of(one)}


def _items(items: list[AgendaItem], on: Any, *, runs: bool) -> list[dict[str, Any]]:
    """Give the agenda's lines: file, score, what is proposed, who is kept away."""
    away = sessions.recused(items, on=on) if runs else {}
    return [
        {
            "item": one,
            "file": one.application,
            "partners": ", ".join(p.organisation.name for p in one.application.partners.all()),
            "requested": scored.euros(one.application.requested),
            "score": scored.out_of_100(one.application.score),
            "proposal": _proposal(one),
            "tag": {"unfavourable": "alert", "": "neutral"}.get(one.opinion, "on"),
            "away": scored.kept_away(away[one.application_id]) if runs else "",
        }
        for one in items
    ]


def _proposal(one: AgendaItem) -> str:
    if one.decided_at is None:
        return _("not looked at yet")
    if one.deferred:
        return _("deferred")
    told = one.get_opinion_display()
    return f"{told}, {money(one.amount)}" if one.amount is not None else str(told)
