"""Pages of notices: a person's own, and what agents send or see sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.kit import telephone
from communs.core.notifications import actions, letters, notices, queries, sending
from communs.core.notifications.enums import Channel, SendingState
from communs.core.notifications.forms import WishesForm
from communs.core.notifications.models import OPEN, Notification
from communs.core.notifications.rules import REACH
from communs.core.notifications.wording import words_of
from communs.core.people.models import Person
from communs.core.privacy import consultations
from communs.core.registry.request import Request

_ON_A_PAGE = 30
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@login_required
def own(request: Request) -> HttpResponse:
    """What a person was told here, the latest first."""
    unread = request.GET.get("montrer") == "non-lus"
    rows = queries.notifications_of(request.user, unread=unread)
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of_notices": page,
        "shown": [words_of(row) for row in page.object_list],
        "unread_only": unread,
        "may_reach": may(request.user, REACH),
        "unread": queries.unread_count(request.user),
        "elsewhere": queries.unread_elsewhere(request.user),
        "base": f"?{'montrer=non-lus&' if unread else ''}page=",
        "messages": messages.get_messages(request),
    }
    return render(request, "notifications/list.html", context)


@require_POST
@login_required
def read(request: Request) -> HttpResponse:
    """Mark one notification read, or all of them; then go where the one leads."""
    key = _uuid(request.POST.get("notification", ""))
    if key is None:
        actions.mark_read(person=request.user, at=timezone.now())
        return redirect("notifications:list")
    row = get_object_or_404(
        Notification.objects.select_related("place"), pk=key, person=request.user
    )
    actions.mark_read(person=request.user, key=key, at=timezone.now())
    return redirect(words_of(row).href or "notifications:list")


def _bell_etag(request: Request) -> str:
    known = queries.unread_count(request.user) if request.user.is_authenticated else "none"
    return f'"{known}-{request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else ""}"'


@require_safe
@login_required
@condition(etag_func=_bell_etag)
def bell(request: Request) -> HttpResponse:
    """The count beside the bell, asked again when something may be new."""
    response = render(
        request, "notifications/bell.html", {"unread": queries.unread_count(request.user)}
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@never_cache
@_FORM
@login_required
def wishes(request: Request) -> HttpResponse:
    """Choose which notices one receives, and how."""
    person: Any = request.user
    data = request.POST if request.method == "POST" else None
    form = WishesForm(data, reach=queries.reach_of(person), held=queries.preferences_of(person))
    if data is not None and form.is_valid():
        actions.set_wishes(person=person, **form.wishes, at=timezone.now(), by=person)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:list")
    status = 422 if form.errors else 200
    return render(request, "notifications/wishes.html", {"form": form}, status=status)


@csrf_exempt
@never_cache
@_FORM
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Stop a notice by the link of an e-mail, without signing in; mail programs POST it alone.

    The token is the proof, so no forgery is possible without the e-mail itself.
    """
    found = letters.read_stop_token(token)
    person = Person.objects.filter(pk=found[0]).first() if found else None
    notice = notices.find(found[1]) if found else None
    if person is None or notice is None or notice.always:
        raise Http404(token)
    done = request.method == "POST"
    if done:
        actions.unsubscribe(person=person, notice=notice.key, by=person)
    return render(request, "notifications/unsubscribe.html", {"stopped": notice, "done": done})


@never_cache
@require_safe
@login_required
def sent(request: Request) -> HttpResponse:
    """Everything that left, is to leave, or did not."""
    require(request.user, "community.manage")
    state = request.GET.get("etat", "")
    rows = queries.sendings(state=state if state in SendingState.values else "")
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    _noted(request, page.object_list, "notifications.sent")
    context = {
        "page_of_sendings": page,
        "rows": [(row, words_of(row.notification)) for row in page.object_list],
        "states": [("", _("All"))] + [(s.value, s.label) for s in SendingState],
        "state": state,
        "base": f"?etat={state}&page=",
    }
    return render(request, "notifications/sent.html", context)


@never_cache
@require_safe
@login_required
def message(request: Request, key: UUID) -> HttpResponse:
    """One message as it left, or would leave."""
    require(request.user, "community.manage")
    row = get_object_or_404(queries.sendings(), pk=key)
    _noted(request, [row], "notifications.sent")
    reach = queries.reach_of(row.notification.person)
    if row.channel == Channel.EMAIL:
        letter = letters.letter(row, reach)
        context = {"subject": letter.subject, "text": letters.without_secrets(letter)}
    else:
        context = {"subject": "", "text": sending.text_message(row, reach)}
    return render(request, "notifications/message.html", {"row": row, **context})


@never_cache
@_FORM
@login_required
def to_reach(request: Request) -> HttpResponse:
    """Calls to make and text messages to send, with what came of each."""
    require(request.user, REACH)
    if request.method == "POST":
        key = _uuid(request.POST.get("sending", ""))
        row = get_object_or_404(queries.by_hand(), pk=key)
        reached = request.POST.get("outcome") == "reached"
        actions.settle(sending=row, reached=reached, at=timezone.now(), by=request.user)
        messages.success(request, _("Noted."))
        return redirect("notifications:to_reach")
    rows = list(queries.by_hand()[:_ON_A_PAGE])
    _noted(request, rows, "notifications.to_reach")
    people = queries.reaches([row.notification.person for row in rows])
    context = {
        "rows": [_call(row, people) for row in rows],
        "messages": messages.get_messages(request),
    }
    return render(request, "notifications/to_reach.html", context)


def _noted(request: Request, rows: Iterable[Any], what: str) -> None:
    people = [row.notification.person for row in rows]
    consultations.note(people=people, what=what, reader=request.user, on=timezone.localdate())


def _call(row: Any, reaches: dict) -> dict[str, Any]:
    reach = reaches[row.notification.person_id]
    return {
        "row": row,
        "words": words_of(row.notification),
        "phone": telephone.spoken(reach.phone),
        "href": f"tel:{reach.phone}",
        "text": sending.text_message(row, reach) if row.channel == Channel.SMS else "",
        "failed": row.state in OPEN and row.attempts > 0,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
