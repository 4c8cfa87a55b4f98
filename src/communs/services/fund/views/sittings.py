"""What a session of either body shows, and what its secretary does with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from communs.core.access.rules import may, require
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.kit.localised import day, money, number
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.enums import Presence, SessionKind, SessionState
from communs.services.fund.forms import AttendanceForm, SessionForm
from communs.services.fund.models import Application, Attendance, Call, Session
from communs.services.fund.queries import sessions
from communs.services.fund.rules import RUN_BUREAU, RUN_COMMITTEE
from communs.services.fund.views.doing import filled, pressed, shown_again
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])
RUNS = {SessionKind.COMMITTEE: RUN_COMMITTEE, SessionKind.BUREAU: RUN_BUREAU}
_ROOMS = {SessionKind.COMMITTEE: "fund:room", SessionKind.BUREAU: "fund:sitting"}
_READY: dict[str, Callable[..., Iterable[Application]]] = {
    SessionKind.COMMITTEE: sessions.waiting_for_committee,
    SessionKind.BUREAU: sessions.waiting_for_bureau,
}
TAGS = {"planned": "neutral", "open": "soon", "closed": "off", "sealed": "on"}


def session_or_404(key: UUID, kind: str) -> Session:
    """Give a session of a body."""
    found = sessions.session(key, kind)
    if found is None:
        raise Http404(str(key))
    return found


def any_session_or_404(request: Request, key: UUID) -> Session:
    """Give a session of either body, for who runs it."""
    found = sessions.session(key, SessionKind.COMMITTEE) or sessions.session(
        key, SessionKind.BUREAU
    )
    if found is None:
        raise Http404(str(key))
    require(request.user, RUNS[SessionKind(found.kind)])
    return found


def room_of(found: Session) -> str:
    """Give the address of a session's page."""
    return reverse(_ROOMS[SessionKind(found.kind)], args=[found.pk])


def shown(request: Request, found: Session) -> dict[str, Any]:
    """Give what a session's page shows, whichever body meets."""
    attended = sessions.attendance(found)
    count = sessions.quorum_of(found, attended)
    runs = may(request.user, RUNS[SessionKind(found.kind)])
    changing = found.state in (SessionState.PLANNED, SessionState.OPEN)
    return {
        "session": found,
        "state_tag": TAGS[found.state],
        "attended": [_attending(one, attended) for one in attended],
        "quorum": count,
        "money": _money(found),
        "runs": runs,
        "may_change": runs and changing,
        "why_shut": why_shut(found, count) if runs else "",
        "may_open": runs and found.state == SessionState.PLANNED and count.reached,
        "messages": messages.get_messages(request),
    }


def plan(request: Request, kind: SessionKind, title: str, back: str) -> HttpResponse:
    """The form that plans a session of a body."""
    require(request.user, RUNS[kind])
    at, calls = timezone.now(), list(queries.all_calls_named())
    ready = list(_READY[kind](request.user, on=timezone.localdate(at)))
    chosen = _chosen(request, calls, ready)
    form = SessionForm(
        form_or_none(request),
        calls=calls,
        envelopes=queries.envelopes(),
        waiting=_waiting(kind, chosen, ready),
        initial={"held_at": at, "call": chosen},
    )
    context = {
        "form_title": title,
        "submit": _("Plan the session"),
        "trail": [{"label": str(kind.label), "href": back}],
    }
    known = {"kind": kind, "at": at, "by": request.user}
    told = _("The session is planned.")
    act = actions.plan_session
    return filled(request, form, act, back, context, leads=room_of, told=told, **known)


@_FORM
@login_required
def attend(request: Request, key: UUID) -> HttpResponse:
    """The form that says who is there."""
    found = any_session_or_404(request, key)
    on = timezone.localdate()
    members = list(sessions.members(found.kind, on=on))
    form = AttendanceForm(
        form_or_none(request), members=members, attended=sessions.attendance(found)
    )
    known = {"session": found, "on": on, "by": request.user}
    if form.is_bound and done(form, actions.note_attendance, **known) is not None:
        _attended(request, found)
        return HttpResponseRedirect(room_of(found))
    opens = {"name": "open", "label": _("Save and open the session")}
    context: dict[str, Any] = {"form_title": _("Who is there"), "trail": trail(found)}
    context |= {"also": opens} if found.state == SessionState.PLANNED else {}
    return shown_again(request, form, room_of(found), context)


@require_POST
@login_required
def open_session(request: Request, key: UUID) -> HttpResponse:
    """Open a session."""
    found = any_session_or_404(request, key)
    known = {"session": found, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.open_session, room_of(found), **known)


def _attended(request: Request, found: Session) -> None:
    """Say that the attendance is kept; open the session too if asked, or say why it cannot be."""
    messages.success(request, _("The attendance is noted."))
    if "open" not in request.POST:
        return
    try:
        actions.open_session(session=found, at=timezone.now(), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The session is open."))


def _chosen(request: Request, calls: list[Call], ready: list[Application]) -> str:
    """Give the key of the call of a session: asked for, the only one, or the only one ready."""
    given = request.POST if request.method == "POST" else request.GET
    keys = {str(one.pk) for one in calls}
    few = keys if len(keys) == 1 else {str(one.call_id) for one in ready}
    key = given.get("call", min(few) if len(few) == 1 else "")
    return key if key in keys else ""


def _waiting(kind: SessionKind, chosen: str, ready: list[Application]) -> list[Application]:
    """Give the examined files of the call chosen, which the committee may look at."""
    here = kind == SessionKind.COMMITTEE
    return [one for one in ready if here and str(one.call_id) == chosen]


def trail(found: Session) -> list[dict[str, str]]:
    """Give the way to a session's page."""
    committee = found.kind == SessionKind.COMMITTEE
    sentence = _("Committee of %(day)s") if committee else _("Bureau of %(day)s")
    return [{"label": sentence % {"day": day(found.held_at)}, "href": room_of(found)}]


def _attending(one: Attendance, every: list[Attendance]) -> dict[str, str]:
    stands_in = next((other.name for other in every if other.pk == one.proxy_id), "")
    tags = {Presence.PRESENT: "on", Presence.REPRESENTED: "soon"}
    state = one.get_presence_display()
    return {
        "name": one.name,
        "group": one.group,
        "state": f"{state} – {stands_in}" if stands_in else state,
        "tag": tags.get(Presence(one.presence), "off"),
    }


def _money(found: Session) -> list[dict[str, str]]:
    """Give the envelope of a session: what it is, what was spent, what is left."""
    if found.envelope is None:
        return []
    spent = sessions.spent_of(found.envelope)
    return [
        {"label": _("Envelope"), "value": money(found.envelope.amount)},
        {"label": _("Awarded already"), "value": money(spent)},
        {"label": _("Left"), "value": money(found.envelope.amount - spent)},
    ]


def needed(count: Any) -> str:
    """Say how many are there, of how many, and how many must be."""
    if not count.entitled:
        return _("Nobody was noted yet.")
    known = {
        "present": number(count.present),
        "entitled": number(count.entitled),
        "needed": number(count.needed),
    }
    sentence = ngettext(
        "%(present)s of %(entitled)s there; %(needed)s needed",
        "%(present)s of %(entitled)s there; %(needed)s needed",
        count.present,
    )
    return sentence % known


def why_shut(found: Session, count: Any) -> str:
    """Say why a planned session cannot be opened; "" where it can."""
    if found.state != SessionState.PLANNED or count.reached:
        return ""
    if not count.entitled:
        return _("Note the attendance first: the session opens once the quorum is reached.")
    return _("The session opens once the quorum is reached.")
