"""What most views do: give a page of a list, or the part of a page that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

_LONGEST_NUMBER = 7


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    size: int,
    *,
    count: int | None = None,
    shrinks: bool = False,
) -> Page:
    """Give the page of a list that `?page=` asks for; another than those there are is not found.

    A list that `shrinks` by itself gives its last page instead: the link led there a moment ago.
    """
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise Http404(_("No such page."))
    if shrinks:
        return paginator.get_page(int(text))
    try:
        return paginator.page(int(text))
    except InvalidPage as error:
        raise Http404(_("No such page.")) from error


def wants_part(request: HttpRequest, target: str) -> bool:
    """Tell whether htmx asks for one part of the page, named by its id."""
    return "HX-Request" in request.headers and request.headers.get("HX-Target", "").endswith(target)


def varied(response: HttpResponse) -> HttpResponse:
    """Say that the answer depends on which part was asked for."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
