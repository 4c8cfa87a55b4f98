"""Forms and buttons by which an experiment is designed, run, and its life is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from communs.core.access.rules import require
from communs.core.communities.models import Community
from communs.core.communities.queries import by_name
from communs.core.indicators import definitions
from communs.core.kit.forms import done
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.forms import (
    DesignForm,
    DifficultyForm,
    EvaluateForm,
    MilestoneForm,
    OnForm,
    PauseForm,
    ProtocolForm,
    SettledForm,
    VisitForm,
    WhyForm,
    initial_of_protocol,
)
from communs.services.fund.models import Experiment
from communs.services.fund.queries import experiments as queries
from communs.services.fund.rules import RUN_EXPERIMENT, WRITE_EXPERIMENT
from communs.services.fund.views.doing import filled, pressed, shown_again
from communs.services.fund.views.experiments import experiment_or_404
from communs.services.fund.views.reading import form_or_none

FORM = require_http_methods(["GET", "HEAD", "POST"])
_HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Step:
    """What a form does to an experiment, and who may."""

    form: Any
    action: Callable[..., Any]
    title: Any
    permission: str = RUN_EXPERIMENT
    dated: bool = True


STEPS: Mapping[str, Step] = {
    "start": Step(OnForm, actions.start_experiment, gettext_lazy("Start the experiment")),
    "pause": Step(PauseForm, actions.pause_experiment, gettext_lazy("Pause the experiment")),
    "resume": Step(
        OnForm, actions.resume_experiment, gettext_lazy("Resume: the last day that does not count")
    ),
    "measure": Step(
        OnForm, actions.measure_experiment, gettext_lazy("End the trial: the last day that counts")
    ),
    "abandon": Step(WhyForm, actions.abandon_experiment, gettext_lazy("Give the experiment up")),
    "milestone": Step(
        MilestoneForm,
        actions.add_milestone,
        gettext_lazy("Add a milestone"),
        WRITE_EXPERIMENT,
        dated=False,
    ),
    "difficulty": Step(
        DifficultyForm,
        actions.log_difficulty,
        gettext_lazy("Log a difficulty"),
        WRITE_EXPERIMENT,
    ),
    "visit": Step(VisitForm, actions.note_visit, gettext_lazy("Note a visit")),
}


@FORM
@login_required
def design_experiment(request: Request) -> HttpResponse:
    """The form that begins the experiment that a grant pays."""
    require(request.user, RUN_EXPERIMENT)
    on = timezone.localdate()
    form = DesignForm(
        form_or_none(request),
        grants=queries.to_design(request.user, on=on),
        services=registry.services(),
        places=by_name(Community.objects.all()),
    )
    known = {"at": timezone.now(), "by": request.user}
    made = done(form, actions.design_experiment, **known) if form.is_bound else None
    if made is not None:
        return redirect("fund:protocol", made.code)
    context = {"form_title": _("Design an experiment"), "trail": [_list()]}
    return shown_again(request, form, reverse("fund:experiments"), context)


@FORM
@login_required
def protocol(request: Request, code: str) -> HttpResponse:
    """The form of how an experiment will be judged."""
    found = experiment_or_404(request, code, RUN_EXPERIMENT)
    form = ProtocolForm(
        form_or_none(request),
        began=found.state in State.agreed(),
        indicators=_judging(found),
        places=queries.communes_to_compare(found),
        lines=len(found.indicators.all()),
        initial=initial_of_protocol(found),
    )
    known = {"experiment": found, "at": timezone.now(), "by": request.user}
    made = done(form, actions.set_protocol, **known) if form.is_bound else None
    if made is not None:
        messages.success(request, _what_became(found, made))
        return redirect(_page(found))
    context = {"form_title": _("Protocol"), "trail": _trail(found)}
    return shown_again(request, form, _page(found), context)


@require_POST
@login_required
def agree_protocol(request: Request, code: str) -> HttpResponse:
    """Agree how an experiment will be judged."""
    found = experiment_or_404(request, code, RUN_EXPERIMENT)
    known = {"experiment": found, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.agree_protocol, _page(found), **known)


@require_POST
@login_required
def configure_experiment(request: Request, code: str) -> HttpResponse:
    """Say that the service is on and set, where no agreement signed here does."""
    found = experiment_or_404(request, code, RUN_EXPERIMENT)
    known = {"experiment": found, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.configure_experiment, _page(found), **known)


@FORM
@login_required
def experiment_step(request: Request, code: str, step: str) -> HttpResponse:
    """A form that does one thing to an experiment."""
    wanted = STEPS[step]
    found = experiment_or_404(request, code, wanted.permission)
    at = timezone.now()
    form = wanted.form(form_or_none(request), initial={"on": timezone.localdate(at)})
    known = {"experiment": found, "by": request.user} | ({"at": at} if wanted.dated else {})
    context = {"form_title": wanted.title, "trail": _trail(found)}
    return filled(request, form, wanted.action, _page(found), context, **known)


@FORM
@login_required
def reach_milestone(request: Request, code: str, key: UUID) -> HttpResponse:
    """The form that says on which day a milestone was reached."""
    found = experiment_or_404(request, code, WRITE_EXPERIMENT)
    milestone = queries.milestone(key, found)
    if milestone is None:
        raise Http404(str(key))
    form = OnForm(form_or_none(request), initial={"on": timezone.localdate()})
    context = {"form_title": _("Milestone reached"), "trail": _trail(found)}
    context["lead"] = milestone.title
    known = {"milestone": milestone, "at": timezone.now(), "by": request.user}
    return filled(request, form, actions.reach_milestone, _page(found), context, **known)


@FORM
@login_required
def settle_difficulty(request: Request, code: str, key: UUID) -> HttpResponse:
    """The form that says how a difficulty was settled."""
    found = experiment_or_404(request, code, WRITE_EXPERIMENT)
    difficulty = queries.difficulty(key, found)
    if difficulty is None:
        raise Http404(str(key))
    form = SettledForm(form_or_none(request), initial={"on": timezone.localdate()})
    context = {"form_title": _("Difficulty settled"), "trail": _trail(found)}
    context["lead"] = difficulty.what
    known = {"difficulty": difficulty, "at": timezone.now(), "by": request.user}
    return filled(request, form, actions.settle_difficulty, _page(found), context, **known)


@FORM
@login_required
def evaluate_experiment(request: Request, code: str) -> HttpResponse:
    """The form that freezes the figures and works the effects out."""
    found = experiment_or_404(request, code, RUN_EXPERIMENT)
    at = timezone.now()
    initial = {"until": found.ends_on or timezone.localdate(at)}
    form = EvaluateForm(form_or_none(request), initial=initial)
    known = {"experiment": found, "at": at, "by": request.user}
    made = done(form, actions.evaluate_experiment, **known) if form.is_bound else None
    if made is not None:
        return redirect("fund:evaluation", found.code, made.number)
    context = {"form_title": _("Evaluate the experiment"), "trail": _trail(found)}
    return shown_again(request, form, _page(found), context)


def _judging(found: Experiment) -> list[Any]:
    """Give the public indicators that may judge: of the service that is tried, of the house."""
    parts = {found.service, _HOUSE}
    return [one for one in definitions.all_indicators() if one.public and one.part in parts]


def _what_became(before: Experiment, after: Experiment) -> str:
    same = queries.protocol_of(before) == queries.protocol_of(after)
    return _("Nothing changed.") if same else _("Noted, with its date.")


def _page(found: Experiment) -> str:
    return reverse("fund:experiment", args=[found.code])


def _list() -> dict[str, str]:
    return {"label": _("Experiments"), "href": reverse("fund:experiments")}


def _trail(found: Experiment) -> list[dict[str, str]]:
    return [_list(), {"label": found.title, "href": _page(found)}]
