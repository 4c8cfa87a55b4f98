"""Rankings of a session's files against the envelope, side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.kit.localised import money, to_type
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.enums import SessionKind, SessionState
from communs.services.fund.forms import LinesForm, ScenarioForm
from communs.services.fund.models import Scenario
from communs.services.fund.queries import sessions
from communs.services.fund.rules import RUN_COMMITTEE
from communs.services.fund.views import scored, sittings
from communs.services.fund.views.doing import filled, pressed
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
def rank(request: Request, key: UUID) -> HttpResponse:
    """The form that makes a ranking."""
    require(request.user, RUN_COMMITTEE)
    found = sittings.session_or_404(key, SessionKind.COMMITTEE)
    form = ScenarioForm(form_or_none(request))
    context = {"form_title": _("Make a ranking"), "trail": sittings.trail(found)}
    known = {"session": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:rankings", args=[found.pk])
    return filled(request, form, actions.make_scenario, back, context, **known)


@require_safe
@login_required
def rankings(request: Request, key: UUID) -> HttpResponse:
    """The rankings of a session, side by side."""
    require(request.user, RUN_COMMITTEE)
    found = sittings.session_or_404(key, SessionKind.COMMITTEE)
    made, on = sessions.scenarios(found), timezone.localdate()
    boards = [sessions.board(one, request.user, on=on) for one in made]
    context = sittings.shown(request, found) | {
        "columns": [
            {"scenario": one, "href": reverse("fund:ranking", args=[one.pk]), **_totals(board)}
            for one, board in zip(made, boards, strict=True)
        ],
        "rows": _side_by_side(boards),
    }
    return render(request, "fund/rankings.html", context)


@_FORM
@login_required
def ranking(request: Request, key: UUID) -> HttpResponse:
    """A ranking with its running total; ranks and amounts may be changed by hand."""
    found = _scenario(request, key)
    form = LinesForm(request.POST, scenario=found) if request.method == "POST" else None
    known = {"scenario": found, "by": request.user}
    if form is not None and done(form, actions.change_scenario, **known) is not None:
        messages.success(request, _("The ranking is kept, by hand."))
        return redirect("fund:ranking", key)
    board = sessions.board(found, request.user, on=timezone.localdate())
    context = sittings.shown(request, found.session) | {"scenario": found, "form": form}
    context |= _totals(board) | {"rows": _lines(board, form)}
    context["may_retain"] = context["runs"] and found.session.state == SessionState.OPEN
    return render(request, "fund/ranking.html", context, status=422 if form else 200)


@require_POST
@login_required
def retain(request: Request, key: UUID) -> HttpResponse:
    """Take a ranking as the committee's."""
    found = _scenario(request, key)
    known = {"scenario": found, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.retain_scenario, reverse("fund:ranking", args=[key]), **known)


def _scenario(request: Request, key: UUID) -> Scenario:
    require(request.user, RUN_COMMITTEE)
    found = sessions.scenario(key)
    if found is None:
        raise Http404(str(key))
    return found


def _totals(board: sessions.Board) -> dict[str, Any]:
    return {
        "spent": money(board.spent),
        "left": money(board.left),
        "limit": money(board.limit),
        "over": board.left < 0,
        "paid": board.paid,
    }


def _lines(board: sessions.Board, form: LinesForm | None) -> list[tuple[Any, ...]]:
    """Give a line a file, in words and in the template's order: it writes five hundred quickly."""
    page = reverse("fund:review", args=["0"])
    return [
        (
            one.number,
            page.replace("/0/", f"/{one.number}/"),
            one.title,
            scored.out_of_100(one.score),
            scored.euros(one.requested),
            _field(form, f"rank_{one.number}", str(one.rank)),
            _field(form, f"amount_{one.number}", _typed(one.amount)),
            money(one.spent),
            money(one.left),
            one.left < 0,
        )
        for one in board.lines
    ]


def _typed(amount: Decimal | None) -> str:
    return "" if amount is None else to_type(amount, decimals=2)


def _field(form: LinesForm | None, name: str, kept: str) -> tuple[str, str, str]:
    """Give a field's name, what was typed or is kept, and what is wrong with it."""
    if form is None:
        return name, kept, ""
    wrong = " ".join(str(one) for one in form.errors.get(name, []))
    return name, form.data.get(name, kept), wrong


def _side_by_side(boards: list[sessions.Board]) -> list[dict[str, Any]]:
    """Give one line a file, with what each ranking pays it; in the order of the first ranking."""
    found: dict[UUID, dict[str, Any]] = {}
    for place, board in enumerate(boards):
        for one in board.lines:
            row = found.setdefault(
                one.file,
                {
                    "number": one.number,
                    "title": one.title,
                    "score": scored.out_of_100(one.score),
                    "cells": [_("none")] * len(boards),
                },
            )
            if one.amount is not None:
                row["cells"][place] = money(one.amount)
    return list(found.values())
