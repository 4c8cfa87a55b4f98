"""One box over everything that one may read."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.registry.request import Request
from communs.core.search import queries
from communs.core.search.queries import Question
from communs.core.web import search
from communs.core.web.forms import SearchForm
from communs.core.web.handling import page_of

_LONGEST = 80  # letters of a filter


@require_safe
def find(request: Request) -> HttpResponse:
    """What answers the words asked, page by page; filters are links."""
    form = SearchForm(request.GET or None)
    valid = not form.is_bound or form.is_valid()
    question = _question(request, form.cleaned_data.get("q", "") if form.is_bound and valid else "")
    context = {"query": question.text, "form": form, "services": [], "found": None}
    if question.text:
        context |= _answer(request, question)
    return render(request, "web/search.html", context, status=200 if valid else 400)


@require_safe
def suggestions(request: Request) -> HttpResponse:
    """What the word being typed may lead to: the options of the box's list."""
    form = SearchForm(request.GET)
    text = form.cleaned_data.get("q", "") if form.is_valid() else ""
    reader = search.reader_of(request, timezone.localdate(), wide=False)
    rows = [
        {"title": row.title, "href": search.href_of(row), "kind": row.kind, "lang": row.language}
        for row in queries.complete(text, reader)
    ]
    return render(request, "web/suggestions.html", {"rows": rows})


def _question(request: Request, text: str) -> Question:
    filters = {name: request.GET.get(name, "")[:_LONGEST] for name in ("service", "kind")}
    return Question(text.strip(), **filters)


def _answer(request: Request, question: Question) -> dict[str, Any]:
    today = timezone.localdate()
    here = request.community
    wide = request.GET.get("where") == "all" and not here.is_metropolis
    found = queries.find(question, search.reader_of(request, today, wide=wide))
    page = page_of(request, cast(Any, found.documents), search.PAGE_SIZE)
    first = page.number == 1 and not (question.service or question.kind)
    alone = first and not wide and not here.is_metropolis
    others = search.elsewhere(request, question, today) if alone else None
    nearby = others.documents[: search.MOST_ELSEWHERE] if others else []
    return {
        "found": found,
        "page_of_hits": page,
        "base": f"{search.address(question, wide=wide)}&page=",
        "hits": search.shown(page.object_list, found.asked, here),
        "filters": search.filters(found, question, wide=wide),
        "services": search.services(request, question.text) if first else [],
        "elsewhere": search.shown(nearby, others.asked, here) if others else [],
        "everywhere": search.address(Question(question.text), wide=True),
    }
