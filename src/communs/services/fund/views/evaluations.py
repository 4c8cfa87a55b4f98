"""Pages of evaluations: the report as a page, a PDF and its frozen figures; the verdict."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.documents import pdf
from communs.core.kit.formats import csv_file
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.engine.evaluating import series
from communs.services.fund.enums import Verdict
from communs.services.fund.forms import VerdictForm, initial_of_verdict
from communs.services.fund.models import Evaluation, Experiment
from communs.services.fund.queries import experiments as queries
from communs.services.fund.queries import finding_words as findings
from communs.services.fund.queries import protocol_words
from communs.services.fund.rules import DECIDE_VERDICT
from communs.services.fund.views import reports, tried_shown
from communs.services.fund.views.doing import filled, not_now
from communs.services.fund.views.experiments import (
    experiment_or_404,
    may_decide,
    sees_proposals,
)
from communs.services.fund.views.reading import form_or_none

_FIGURES = ("indicator", "community", "part", "day", "value")


@require_safe
def evaluation(request: Request, code: str, number: int) -> HttpResponse:
    """The report of an evaluation."""
    experiment, found = evaluation_or_404(request, code, number)
    decides = found.decided_at is None and may_decide(request, experiment)
    context = {
        "experiment": experiment,
        "evaluation": found,
        "may_decide": decides and _is_last(found),
        "intact": series.digest(found.frozen) == found.digest,
        "messages": messages.get_messages(request),
        **_told(found),
    }
    return render(request, "fund/evaluation.html", context)


@require_safe
def evaluation_pdf(request: Request, code: str, number: int) -> HttpResponse:
    """The same report, to print and keep."""
    experiment, found = evaluation_or_404(request, code, number)
    headers = {"Content-Disposition": f'attachment; filename="evaluation-{code}-{number}.pdf"'}
    document = reports.report(experiment, found)
    return HttpResponse(pdf(document), content_type="application/pdf", headers=headers)


@require_safe
def evaluation_json(request: Request, code: str, number: int) -> HttpResponse:
    """The frozen figures, byte for byte as their digest takes them."""
    _experiment, found = evaluation_or_404(request, code, number)
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(found.digest)).decode()}:",
        "Content-Disposition": f'attachment; filename="evaluation-{code}-{number}.json"',
    }
    content = series.canonical(found.frozen)
    return HttpResponse(content, content_type="application/json", headers=headers)


@require_safe
def evaluation_csv(request: Request, code: str, number: int) -> HttpResponse:
    """The frozen figures, one line a value."""
    _experiment, found = evaluation_or_404(request, code, number)
    lines = [line for one in found.frozen["indicators"] for line in _lines(one, found.frozen)]
    return csv_file(f"evaluation-{code}-{number}.csv", _FIGURES, lines)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decide_verdict(request: Request, code: str, number: int) -> HttpResponse:
    """The form by which a person decides beside the verdict that is proposed."""
    experiment, found = evaluation_or_404(request, code, number, DECIDE_VERDICT)
    form = VerdictForm(form_or_none(request), initial=initial_of_verdict(found.proposed))
    proposed = Verdict(found.proposed).label
    context: dict[str, Any] = {
        "form_title": _("Decide the verdict"),
        "lead": _("Proposed: %(verdict)s. %(rule)s")
        % {"verdict": proposed, "rule": findings.rule(found.results["rule"])},
        "trail": [{"label": experiment.title, "href": _page(experiment)}],
    }
    known = {"evaluation": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:evaluation", args=[code, number])
    refused = actions.undecidable(found)
    if refused:
        return not_now(request, refused, back, context)
    return filled(request, form, actions.decide_verdict, back, context, **known)


def evaluation_or_404(
    request: HttpRequest, code: str, number: int, *permissions: str
) -> tuple[Experiment, Evaluation]:
    """Give an evaluation of an experiment that its reader may read."""
    experiment = experiment_or_404(request, code, *permissions)
    found = queries.evaluation(experiment, number)
    if found is None or (found.decided_at is None and not sees_proposals(request, experiment)):
        raise Http404(code)
    return experiment, found


def _told(found: Evaluation) -> dict[str, Any]:
    return {
        "rows": [tried_shown.found(one) for one in found.results["indicators"]],
        "proposed": Verdict(found.proposed).label,
        "proposed_tag": findings.VERDICT_TAGS[Verdict(found.proposed)],
        "rule": findings.rule(found.results["rule"]),
        "verdict": tried_shown.verdict_word(found),
        "verdict_tag": tried_shown.verdict_tag(found),
        "changes": protocol_words.told(found.frozen["changes"]),
        "is_demonstration": found.frozen["demonstration"],
    }


def _is_last(found: Evaluation) -> bool:
    later = Evaluation.objects.filter(experiment=found.experiment_id, number__gt=found.number)
    return not later.exists()


def _lines(one: Any, frozen: Any) -> list[tuple[Any, ...]]:
    """Give the values of an indicator's lines: the site, its control, what it is compared with."""
    held = [(frozen["site"], "site", one["site"])]
    if one["control_line"]:
        held.append((frozen["site"], "control", one["control_line"]))
    held += [(slug, "comparison", line) for slug, line in one["others"].items()]
    return [
        (one["control"] if part == "control" else one["key"], slug, part, day.isoformat(), value)
        for slug, part, line in held
        for day, value in zip(series.days_of(line, one["step"]), line["values"], strict=True)
        if value is not None
    ]


def _page(experiment: Experiment) -> str:
    return reverse("fund:experiment", args=[experiment.code])
