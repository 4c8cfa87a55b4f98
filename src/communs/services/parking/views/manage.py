"""Pages on which agents set streets, spaces, rules and tariffs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.parking import actions, forms, queries
from communs.services.parking.models import PermitKind, Regulation, Zone
from communs.services.parking.queries import campaigns, panels
from communs.services.parking.rules import EDIT
from communs.services.parking.views.shown import base_of_pages

_SPACES = 50  # on a page
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Noun:
    """Something that agents add and change: its form, its action, how it is found and called."""

    argument: str
    form: type[Form]
    write: Callable[..., Any]
    find: Callable[[str], Any]
    new: Any
    change: Any
    dated: bool = False


def _find(model: type[Any], field: str) -> Callable[[str], Any]:
    return lambda key: model.objects.filter(**{field: key}).first()


NOUNS = {
    "zones": Noun(
        "zone", forms.ZoneForm, actions.set_zone, _find(Zone, "code"),
        _("Add a zone"), _("Change the zone"),
    ),
    "rues": Noun(
        "segment", forms.SegmentForm, actions.set_segment, queries.segment,
        _("Add a street"), _("Change the street"), dated=True,
    ),
    "parcs": Noun(
        "site", forms.SiteForm, actions.set_site, queries.site,
        _("Add a car park"), _("Change the car park"), dated=True,
    ),
    "places": Noun(
        "space", forms.SpaceForm, actions.set_space, queries.any_space,
        _("Add a space"), _("Change the space"),
    ),
    "regles": Noun(
        "regulation", forms.RegulationForm, actions.set_regulation, queries.regulation,
        _("Add a rule"), _("Change the rule"),
    ),
    "tarifs": Noun(
        "tariff", forms.TariffForm, actions.set_tariff, queries.tariff,
        _("Add a tariff"), _("Change the tariff"),
    ),
    "cartes": Noun(
        "permit", forms.PermitForm, actions.set_permit, _find(PermitKind, "code"),
        _("Add a kind of permit"), _("Change the kind of permit"),
    ),
    "campagnes": Noun(
        "campaign", forms.CampaignForm, actions.set_campaign, campaigns.campaign,
        _("Add a campaign"), _("Change the campaign"),
    ),
    "panneaux": Noun(
        "panel", forms.PanelForm, actions.set_panel, panels.panel,
        _("Add a panel"), _("Change the panel"),
    ),
}  # fmt: skip


@require_safe
@login_required
def manage(request: Request) -> HttpResponse:
    """Everything that is set here, with what leads to each."""
    require(request.user, EDIT)
    context = {
        "zones": list(Zone.objects.all()),
        "segments": [(row, queries.told(row)) for row in queries.segments()],
        "sites": queries.sites(),
        "spaces_count": queries.every_space().count(),
        "regulations": queries.regulations(),
        "tariffs": queries.tariffs(),
        "permits": queries.permits(),
        "campaigns": campaigns.campaigns(),
        "panels": panels.panels(),
        "without_sensor": queries.without_sensor(),
        "lacking": queries.lacking(),
        "messages": messages.get_messages(request),
    }
    return render(request, "parking/manage.html", context)


@require_safe
@login_required
def manage_spaces(request: Request) -> HttpResponse:
    """Every space with its sensor, a page at a time."""
    require(request.user, EDIT)
    form = forms.SpacesForm(request.GET)
    page = page_of(request, queries.every_space(form.words()), _SPACES)
    context = {"form": form, "page_object": page, "base": base_of_pages(request)}
    status = 400 if form.errors else 200
    return render(request, "parking/manage_spaces.html", context, status=status)


@_FORM
@login_required
def add(request: Request, noun: str) -> HttpResponse:
    """The form that adds something."""
    require(request.user, EDIT)
    kind = NOUNS[noun]
    form = kind.form(request.POST if request.method == "POST" else None)
    if _written(form, kind, None, request) is not None:
        return redirect("parking:manage")
    return _page(request, kind.new, form)


@_FORM
@login_required
def change(request: Request, noun: str, key: str) -> HttpResponse:
    """The form that changes something."""
    require(request.user, EDIT)
    kind = NOUNS[noun]
    row = kind.find(key)
    if row is None:
        raise Http404(key)
    bound = request.POST if request.method == "POST" else None
    form = kind.form(bound, initial=forms.initial_of(row))
    if _written(form, kind, row, request) is not None:
        return redirect("parking:manage")
    return _page(request, kind.change, form, row=row)


@_FORM
@login_required
def remove_rule(request: Request, key: str) -> HttpResponse:
    """The page that takes a rule away, once asked again."""
    require(request.user, EDIT)
    found = queries.regulation(key)
    if found is None:
        raise Http404(key)
    if request.method == "POST":
        actions.remove_regulation(regulation=found, by=request.user)
        messages.success(request, now_("The rule is removed."))
        return redirect("parking:manage")
    return render(request, "parking/remove_rule.html", {"rule": found})


def _written(form: Form, kind: Noun, row: Any, request: Request) -> Any:
    """Do what a filled form asks, and say so."""
    more: dict[str, Any] = {kind.argument: row, "by": request.user}
    if kind.dated:
        more["at"] = timezone.now()
    found = done(form, kind.write, **more) if form.is_bound else None
    if found is not None:
        messages.success(request, now_("Saved."))
    return found


def _page(request: Request, title: Any, form: Form, row: Any = None) -> HttpResponse:
    context = {"title": title, "form": form, "row": row, "is_rule": isinstance(row, Regulation)}
    status = 422 if form.errors else 200
    return render(request, "parking/form.html", context, status=status)
