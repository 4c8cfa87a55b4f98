"""Files that follow a published standard, refused where a grant falls short of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communs.core.access.rules import may
from communs.core.api.problems import problem
from communs.core.communities.scope import current
from communs.core.kit.formats import CSV, Spool, csv_file, csv_lines, open_file
from communs.core.registry.request import Request
from communs.core.web import dcat as core
from communs.core.web.views.errors import wants_json
from communs.services.fund import queries
from communs.services.fund.engine import aid, giving, scdl
from communs.services.fund.queries.aid import aids
from communs.services.fund.queries.giving import given
from communs.services.fund.rules import MANAGE
from communs.services.fund.views.asking import strictly_asked_of
from communs.services.fund.views.published_words import meanings
from communs.services.fund.views.reading import options_of

ONLY_COMPLETE = "complete"


@dataclass
class Sorting:
    """What a file holds, and what was left out of it with all that each lacks."""

    complete: int = 0
    lacking: dict[str, Sequence[str]] = field(default_factory=dict)

    def keep(self, reference: str, missing: Sequence[str]) -> bool:
        """Tell whether something may be written; what lacks anything is named instead."""
        if missing:
            self.lacking[reference] = missing
        else:
            self.complete += 1
        return not missing


@require_safe
def register_scdl(request: Request) -> HttpResponseBase:
    """The grants asked for in the sixteen columns of SCDL."""
    title = _("These grants cannot be published in the SCDL format")
    return _scdl(request, scdl.short_form(), "subventions-scdl-2.1.csv", title)


@require_safe
def register_scdl_long(request: Request) -> HttpResponseBase:
    """The grants asked for in the forty columns of SCDL 2.1.1."""
    title = _("These grants cannot be published in the SCDL 2.1.1 format")
    form = scdl.long_form(timezone.localdate())
    return _scdl(request, form, "subventions-2.1.1.csv", title)


@require_safe
def register_360giving(request: Request) -> HttpResponseBase:
    """The grants asked for as 360Giving."""
    asked, sorting = strictly_asked_of(request), Sorting()
    found = given(asked, _addresses(request, "fund:grant"))
    refused = _("These grants cannot be published in the 360Giving format")
    spool = Spool(_package(found, sorting))
    return _sent(request, spool, sorting, refused, kind="application/json")


@require_safe
def calls_csv(request: Request) -> HttpResponseBase:
    """The published calls in the schema of aid schemes, as it was in 2022."""
    return _calls(request, aid.form_of_2022(timezone.localtime()), "dispositifs.csv")


@require_safe
def calls_csv_of_2026(request: Request) -> HttpResponseBase:
    """The published calls in the schema of aid schemes, as it has been since."""
    return _calls(request, aid.form_of_2026(timezone.localtime()), "dispositifs-0.2.0.csv")


@require_safe
def catalogue(request: Request) -> HttpResponse:
    """All that is published here as a DCAT-AP catalogue, at the fund's own address too."""
    return open_file(core.turtle(request), core.MEDIA_TYPE)


def _calls(request: Request, form: aid.Form, name: str) -> HttpResponseBase:
    contact, on = options_of(request).contact_email, timezone.localdate()
    sorting, rows = Sorting(), []
    for one in aids(_addresses(request, "fund:call"), contact=contact, on=on):
        row = form.row(one)
        if sorting.keep(one.code, form.missing(row)):
            rows.append([*row.values()])
    if sorting.lacking:
        title = _("These calls cannot be published in the schema of aid schemes")
        return _refused(request, title, sorting, "fund:call")
    return csv_file(name, form.columns, rows)


def _scdl(request: Request, form: scdl.Form, name: str, refused: str) -> HttpResponseBase:
    asked, sorting = strictly_asked_of(request), Sorting()

    def lines() -> Iterator[list[str]]:
        for award in queries.awards(asked):
            rows = form.rows(award)
            if sorting.keep(award.reference, form.missing(rows)):
                yield from (list(row.values()) for row in rows)

    spool = Spool(csv_lines(form.columns, lines()))
    return _sent(request, spool, sorting, refused, name=name, kind=CSV)


def _package(found: Iterable[giving.Given], sorting: Sorting) -> Iterator[str]:
    """Give a 360Giving file piece by piece: its head, each complete grant, its end."""
    here = current()
    title = _("Grants of %(name)s") % {"name": here.name}
    publisher = giving.Body(here.name, here.siren)
    whole = giving.package([], title=title, publisher=publisher, at=timezone.now())
    yield _json(whole).removesuffix("]}")
    for one in found:
        grant = giving.grant_of(one)
        if sorting.keep(one.reference, giving.missing(grant)):
            yield f"{',' if sorting.complete > 1 else ''}{_json(grant)}"
    yield "]}"


def _sent(
    request: Request, spool: Spool, sorting: Sorting, refused: str, *, name: str = "", kind: str
) -> HttpResponseBase:
    """Give a file if all that was asked for is in it, or what is if one says that it will do."""
    if sorting.complete and (not sorting.lacking or ONLY_COMPLETE in request.GET):
        return spool.answer(kind, name)
    spool.close()
    return _refused(request, refused, sorting, "fund:grant")


def _refused(request: Request, title: str, sorting: Sorting, route: str) -> HttpResponse:
    query = request.GET.copy()
    query[ONLY_COMPLETE] = "1"
    complete = f"{request.path}?{query.urlencode()}" if sorting.complete else None
    if wants_json(request) or "csv" in request.headers.get("Accept", ""):
        missing = {key: list(value) for key, value in sorting.lacking.items()}
        return problem(409, title, missing=missing, complete=complete)
    names = dict.fromkeys(name for lacking in sorting.lacking.values() for name in lacking)
    address = _addresses(request, route)
    context = {
        "title": title,
        "rows": [(key, address(key), value) for key, value in sorting.lacking.items()],
        "meanings": meanings(names),
        "complete": complete,
        "count": sorting.complete,
        "manages": may(request.user, MANAGE),
        "is_call": route == "fund:call",
    }
    return render(request, "fund/refused_file.html", context, status=409)


def _addresses(request: HttpRequest, route: str) -> Callable[[str], str]:
    """Give a maker of whole addresses of one kind: the route is looked up once."""
    head, _sep, tail = request.build_absolute_uri(reverse(route, args=["0-0"])).rpartition("0-0")
    return lambda name: f"{head}{name}{tail}"


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
