"""Pages of experiments: the public list, one of them, and both as open data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.access.rules import may
from communs.core.kit.formats import csv_file, json_file
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.forms import ExperimentsForm
from communs.services.fund.models import Experiment
from communs.services.fund.queries import experiments as queries
from communs.services.fund.rules import DECIDE_VERDICT, RUN_EXPERIMENT, WRITE_EXPERIMENT
from communs.services.fund.schemas import EXPERIMENT_COLUMNS, experiment_row
from communs.services.fund.views import shown, tried_shown

_PAGE = 50


@require_safe
def experiments(request: Request) -> HttpResponse:
    """The experiments that everybody may follow, and those that one prepares."""
    on = timezone.localdate()
    inside = may(request.user, RUN_EXPERIMENT)
    form = ExperimentsForm(request.GET, inside=inside)
    rows = queries.experiments(request.user, **form.wanted(), on=on)
    page = page_of(request, rows, _PAGE)
    context = {
        "form": form,
        "page_of_rows": page,
        "rows": [tried_shown.row(one) for one in page.object_list],
        "base": shown.base_of_pages(request),
        "may_design": inside,
    }
    return render(request, "fund/experiments.html", context)


@require_safe
def experiment(request: Request, code: str) -> HttpResponse:
    """One experiment: protocol, figures, what is missing, what happened, what was found."""
    on = timezone.localdate()
    found = queries.whole(code, request.user, on=on)
    if found is None:
        raise Http404(code)
    inside = sees_proposals(request, found)
    context = tried_shown.whole(found, on, inside=inside) | _rights(request, found)
    context |= {"messages": messages.get_messages(request)}
    return render(request, "fund/experiment.html", context)


@require_safe
def experiments_csv(_request: Request) -> HttpResponse:
    """The experiments that began, one line each, as open data."""
    rows = [experiment_row(one) for one in queries.public_experiments()]
    lines = ([one[name] for name in EXPERIMENT_COLUMNS] for one in rows)
    return csv_file("experimentations.csv", EXPERIMENT_COLUMNS, lines)


@require_safe
def experiments_json(_request: Request) -> HttpResponse:
    """The experiments that began, with their protocol, as open data."""
    rows = [experiment_row(one) for one in queries.public_experiments()]
    return json_file({"count": len(rows), "experiments": rows})


def experiment_or_404(request: HttpRequest, code: str, *permissions: str) -> Experiment:
    """Give an experiment, if its reader may do all of this with it; else it does not exist."""
    user: Any = request.user
    found = queries.experiment(code, user, on=timezone.localdate())
    if found is None or not all(may(user, one, found) for one in permissions):
        raise Http404(code)
    return found


def _rights(request: HttpRequest, found: Experiment) -> dict[str, Any]:
    """Say what its reader may do with an experiment now."""
    user: Any = request.user
    state, over = found.state, found.state in (State.EVALUATED, State.ABANDONED)
    runs = user.is_authenticated and may(user, RUN_EXPERIMENT, found)
    hosts = user.is_authenticated and may(user, WRITE_EXPERIMENT, found)
    before = state in (State.DESIGNED, State.CONFIGURED)
    return {
        "may_run": runs,
        "may_write": hosts and not over,
        "may_moderate": hosts,
        "may_set": runs and not over,
        "may_agree": runs and before and found.agreed_at is None and bool(found.indicators.all()),
        "may_configure": runs and state == State.DESIGNED,
        "may_start": runs and state == State.CONFIGURED and found.agreed_at is not None,
        "may_pause": runs and state == State.LIVE,
        "may_resume": runs and state == State.PAUSED,
        "may_measure": runs and state in (State.LIVE, State.PAUSED),
        "may_abandon": runs and not over,
        "may_evaluate": runs and state in (State.MEASURED, State.EVALUATED),
    }


def may_decide(request: HttpRequest, found: Experiment) -> bool:
    """Tell whether its reader may decide the verdict on an experiment."""
    user: Any = request.user
    return bool(user.is_authenticated and may(user, DECIDE_VERDICT, found))


def sees_proposals(request: HttpRequest, found: Experiment) -> bool:
    """Tell whether its reader sees evaluations that nobody has decided on yet."""
    user: Any = request.user
    return bool(user.is_authenticated and may(user, WRITE_EXPERIMENT, found))
