"""Pages of who runs the fund: successes to be offered, copies to be measured and confirmed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.forms import CopyReasonForm, OfferForm, WithdrawCommonForm
from communs.services.fund.models import Replication
from communs.services.fund.queries import commons as reads
from communs.services.fund.rules import MANAGE, REPLICATE
from communs.services.fund.views import commons_told
from communs.services.fund.views.commons import common_or_404, trail
from communs.services.fund.views.doing import filled, not_now, pressed
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def manage_commons(request: Request) -> HttpResponse:
    """What may be offered, what is, and the copies that somebody has to see to."""
    require(request.user, MANAGE)
    on = registry.activations_on()
    context = {
        "offerable": reads.offerable(),
        "rows": [commons_told.line(one) for one in reads.commons(withdrawn=True)],
        "copies": [commons_told.followed(one, on) for one in reads.to_follow()],
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/manage_commons.html", context)


@_FORM
@login_required
def offer_common(request: Request, key: UUID) -> HttpResponse:
    """The form that puts a success in the catalogue."""
    require(request.user, MANAGE)
    found = reads.evaluation(key)
    if found is None or not reads.offerable().filter(pk=key).exists():
        raise Http404(str(key))
    shared = reads.bundles_of(found.experiment)
    initial = {"title": found.experiment.title, "bundle": shared[0].bundle.pk if shared else None}
    form = OfferForm(form_or_none(request), bundles=shared, initial=initial)
    context = {
        "form_title": _("Offer “%(title)s” to communes") % {"title": found.experiment.title},
        "trail": [*trail(), _managing()],
        "lead": "" if shared else commons_told.nothing_shared(found.experiment),
    }
    known = {"evaluation": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:manage_commons")
    return filled(request, form, actions.offer_common, back, context, **known)


@_FORM
@login_required
def withdraw_common(request: Request, code: str) -> HttpResponse:
    """The form that takes a common out of the catalogue."""
    require(request.user, MANAGE)
    found = common_or_404(code)
    form = WithdrawCommonForm(form_or_none(request))
    title = _("Withdraw “%(title)s” from the catalogue") % {"title": found.title}
    lead = _("The communes that run it keep it.")
    context = {"form_title": title, "trail": trail(found), "lead": lead}
    known = {"common": found, "by": request.user}
    back = reverse("fund:common", args=[code])
    return filled(request, form, actions.withdraw_common, back, context, **known)


@require_POST
@login_required
def measure_copy(request: Request, key: UUID) -> HttpResponse:
    """Keep what is measured in a copy; its commune may do so, and who runs the fund."""
    row = _copy(key)
    if not (may(request.user, MANAGE) or may(request.user, REPLICATE, row.place)):
        raise Http404(str(key))
    back = reverse("fund:common", args=[row.common.code])
    known = {"replication": row, "on": timezone.localdate(), "at": timezone.now()}
    return pressed(request, actions.measure_replication, back, **known, by=request.user)


@_FORM
@login_required
def confirm_copy(request: Request, key: UUID) -> HttpResponse:
    """The form that says that a success was found again elsewhere."""
    require(request.user, MANAGE)
    row = _copy(key)
    form = CopyReasonForm(form_or_none(request))
    title = _("Confirm “%(title)s” in %(name)s")
    context = {
        "form_title": title % {"title": row.common.title, "name": row.place.name},
        "trail": trail(row.common),
        "facts": commons_told.figures(row),
    }
    known = {"replication": row, "at": timezone.now(), "by": request.user}
    back = reverse("fund:common", args=[row.common.code])
    refused = actions.unconfirmable(row)
    if refused:
        return not_now(request, refused, back, context)
    return filled(request, form, actions.confirm_replication, back, context, **known)


def _copy(key: UUID) -> Replication:
    row = reads.replication(key)
    if row is None:
        raise Http404(str(key))
    return row


def _managing() -> dict[str, str]:
    return {"label": _("Run the catalogue"), "href": reverse("fund:manage_commons")}
