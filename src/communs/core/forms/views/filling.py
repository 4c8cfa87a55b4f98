"""One page of a form, at a service's own address: shown, kept, kept by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.forms import filling, presence
from communs.core.forms.engine.sheets import faults_of
from communs.core.forms.engine.walking import Shown, places
from communs.core.forms.filling import Kept
from communs.core.forms.models import Answers
from communs.core.forms.posting import change_of
from communs.core.forms.rendering import PageState, communes_for, drawn_of, progress
from communs.core.forms.telling import Told, faults_told
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request

CONFLICT, UNPROCESSABLE = 409, 422
_PATH = re.compile(r"[a-z0-9_.]{1,140}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a service has its form: the address of a page by its key, and what follows the last."""

    page: Callable[[str], str]
    after: str
    newer: str = ""


Act = Callable[..., Kept]
"""The service's own action: called with `change`, `at`, `by`, it calls `filling.apply`."""


def page_of(
    request: Request,
    answers: Answers,
    page: str,
    *,
    addresses: Addresses,
    act: Act,
    may_write: bool = True,
    **more: Any,
) -> HttpResponse:
    """Show a page of a form, or keep what it posts; `more` goes to the template.

    `title` is what the template asks for; it also takes `trail` (of the breadcrumb), `beside`
    (tabs of what the form belongs to) with `beside_label`, and `after_label`.
    """
    _check(answers, page)
    if request.method != "POST":
        return _shown(request, answers, page, addresses, may_write=may_write, **more)
    if not may_write:
        raise Refused(_("You may read these answers, not change them."))
    at = timezone.now()
    definition = answers.version.read()
    change = change_of(request, definition, filling.sheet_of(answers), page, at=at)
    try:
        kept = act(change=change, at=at, by=_person(request))
    except Refused as refusal:
        return _refused(request, answers, page, addresses, refusal, **more)
    presence.note(answers=answers, person=request.user, field=_field(request), at=at)
    if "autosave" in request.POST:
        return JsonResponse(_told(kept, _person(request), at))
    return _answered(request, kept, page, addresses, **more)


def pages_shown(answers: Answers) -> list[str]:
    """Give the keys of the pages that are shown."""
    definition = answers.version.read()
    seen = Shown(definition, answers.values)
    return [page.key for page in definition.pages if seen.page(page)]


def _check(answers: Answers, page: str) -> None:
    if page not in pages_shown(answers):
        raise Http404(page)


def _answered(
    request: Request, kept: Kept, page: str, addresses: Addresses, **more: Any
) -> HttpResponse:
    """Answer what was kept: the same page with what is wrong, or the one that was asked for."""
    do = request.POST.get("do", "").partition(":")[0]
    if kept.conflicts or (kept.problems and do in {"next", "stay", ""}):
        status = CONFLICT if kept.conflicts else UNPROCESSABLE
        found: dict[str, Any] = {"errors": kept.problems, "conflicts": kept.conflicts}
        return _shown(request, kept.answers, page, addresses, status=status, **found, **more)
    if do in {"next", "back"} and not (do == "next" and _appeared(request, kept, page)):
        return redirect(_beside(kept.answers, page, do, addresses))
    if do == "next":
        messages.info(request, _("Your answers call for more questions on this page."))
    elif do in {"stay", ""}:
        messages.success(request, _("Saved."))
    return redirect(addresses.page(page) + _anchor(request, kept))


def _anchor(request: Request, kept: Kept) -> str:
    """Lead to the row that was added, or to the section of the one that was taken away."""
    do, _colon, what = request.POST.get("do", "").partition(":")
    if do == "add":
        rows = kept.answers.values.get(what) or [{"id": ""}]
        return f"#row-{what}-{rows[-1]['id']}"
    return f"#section-{what.partition('.')[0]}" if do == "remove" else ""


def _appeared(request: Request, kept: Kept, page: str) -> bool:
    """Tell whether what was answered shows questions that the page did not have."""
    asked = set(request.POST.getlist("asked"))
    return bool(set(_paths(kept.answers, page)) - asked)


def _paths(answers: Answers, page: str) -> list[str]:
    definition, values = answers.version.read(), answers.values
    seen = Shown(definition, values)
    return [place.path for place in places(definition, values, page) if seen.field(place)]


def _beside(answers: Answers, page: str, do: str, addresses: Addresses) -> str:
    keys = pages_shown(answers)
    at = keys.index(page) if page in keys else 0
    wanted = at + (1 if do == "next" else -1)
    return addresses.page(keys[wanted]) if 0 <= wanted < len(keys) else addresses.after


def _refused(
    request: Request,
    answers: Answers,
    page: str,
    addresses: Addresses,
    refusal: Refused,
    **more: Any,
) -> HttpResponse:
    """Say why nothing was kept; the page comes back with what was typed."""
    if "autosave" in request.POST:
        return JsonResponse({"refused": str(refusal)}, status=CONFLICT)
    told = Told(refusal.field or "", page, "", str(refusal))
    return _shown(request, answers, page, addresses, errors=[told], status=CONFLICT, **more)


def _shown(
    request: Request,
    answers: Answers,
    page: str,
    addresses: Addresses,
    *,
    errors: Sequence[Told] = (),
    conflicts: Sequence[Told] = (),
    may_write: bool = True,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    errors = errors or _standing(answers, page)
    definition, states = answers.version.read(), progress(answers)
    keys = [state.key for state in states]
    context = {
        "answers": answers,
        "drawn": drawn_of(
            definition, filling.sheet_of(answers), page, errors=errors, conflicts=conflicts
        ),
        "pages": [(state, addresses.page(state.key), state.key == page) for state in states],
        "number": keys.index(page) + 1 if page in keys else 1,
        "action": addresses.page(page),
        "after": addresses.after,
        "newer": addresses.newer if filling.newer(answers) else "",
        "may_write": may_write and answers.is_draft,
        "colleagues": presence.colleagues(answers, person=request.user, at=timezone.now()),
        "messages": messages.get_messages(request),
        **more,
    }
    return render(request, "forms/fill.html", context, status=status)


def _standing(answers: Answers, page: str) -> list[Told]:
    """Give what was typed before and is no value: it stays said until it is put right."""
    if not answers.typed:
        return []
    definition, sheet = answers.version.read(), filling.sheet_of(answers)
    found = faults_told(definition, sheet, faults_of(definition, sheet, communes_for(definition)))
    return [one for one in found if one.page == page]


def _told(kept: Kept, person: Any, at: datetime) -> dict[str, Any]:
    """Give what the page's script is told: it changes words on the page, never what was typed."""
    others = presence.colleagues(kept.answers, person=person, at=at)
    states = progress(kept.answers)
    return {
        "revision": kept.answers.revision,
        "agreed": kept.agreed,
        "problems": {one.path: one.sentence for one in kept.problems},
        "conflicts": {one.path: one.label for one in kept.conflicts},
        "said": said_of(kept),
        "colleagues": [colleague_words(one) for one in others],
        "missing": {state.key: missing_words(state) for state in states},
    }


def said_of(kept: Kept) -> str:
    """Give the line that says what became of the last answers."""
    if kept.conflicts:
        labels = ", ".join(one.label for one in kept.conflicts)
        return _("A colleague changed the same answer: %(labels)s. Save to see both.") % {
            "labels": labels
        }
    return _("Saved at %(hour)s.") % {
        "hour": f"{timezone.localtime(kept.answers.changed_at):%H:%M}"
    }


def colleague_words(one: presence.Colleague) -> str:
    """Say who is there, and at which question."""
    if one.label:
        told = {"name": one.name, "label": one.label}
        return _("%(name)s is writing in “%(label)s”.") % told
    return _("%(name)s has this form open.") % {"name": one.name}


def missing_words(state: PageState) -> str:
    """Say how far a page is."""
    count = len(state.missing)
    if not count:
        return _("complete")
    return ngettext("%(count)s to complete", "%(count)s to complete", count) % {"count": count}


def _field(request: Request) -> str:
    found = str(request.POST.get("at", ""))
    return found if _PATH.fullmatch(found) else ""


def _person(request: Request) -> Any:
    return request.user if request.user.is_authenticated else None
