"""From an address to the file that its reader may read; for anybody else, nothing is there."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from communs.core.access.rules import may
from communs.core.forms.models import Answers
from communs.core.registry.request import Request
from communs.services.fund import queries
from communs.services.fund.models import Application, Call
from communs.services.fund.options import FundOptions
from communs.services.fund.rules import MANAGE


def file_or_404(request: HttpRequest, number: str, *permissions: str) -> Application:
    """Give a file, if its reader may do all of this with it; what is not theirs does not exist."""
    user: Any = request.user
    found = queries.file(number, user, on=timezone.localdate())
    if found is None or not all(may(user, one, found) for one in permissions):
        raise Http404(number)
    return found


def answered_or_404(
    request: HttpRequest, number: str, *permissions: str
) -> tuple[Application, Answers]:
    """Give a file and its answers to the form, if they are still kept."""
    found = file_or_404(request, number, *permissions)
    if found.answers is None:
        raise Http404(number)
    return found, found.answers


def named_or_404(request: HttpRequest, number: str, *permissions: str) -> Application:
    """Give the same file with little of it, for an action that reads it again and holds it."""
    user: Any = request.user
    found = queries.named(number, user, on=timezone.localdate())
    if found is None or not all(may(user, one, found) for one in permissions):
        raise Http404(number)
    return found


def call_or_404(request: HttpRequest, code: str) -> Call:
    """Give a call; one in preparation only to who prepares it."""
    found = queries.call(code, drafts=may(request.user, MANAGE))
    if found is None:
        raise Http404(code)
    return found


def form_or_none(request: HttpRequest) -> QueryDict | None:
    """Give what a form brings, or None when the page is only read."""
    return request.POST if request.method == "POST" else None


def files_or_none(request: HttpRequest) -> Any:
    """Give the files that a form brings, or None when the page is only read."""
    return request.FILES if request.method == "POST" else None


def options_of(request: HttpRequest) -> FundOptions:
    """Give the fund's options here."""
    return cast(FundOptions, cast(Request, request).running["fund"].options)
