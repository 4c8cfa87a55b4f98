"""The platform as a whole, for administrators of the metropolis."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.validators import RegexValidator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access import letters
from communs.core.access.models import Invitation
from communs.core.access.rules import require
from communs.core.communities.addresses import url_of
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.forms import done
from communs.core.people import mail
from communs.core.people.forms import Address
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.core.web import appointing, platform
from communs.core.web.actions import set_host
from communs.core.web.handling import page_of

_SIZE = 50
_HOST = RegexValidator(
    r"^(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\Z",
    gettext_lazy("Write a host name such as services.antony.fr, without https://."),
)


class TenantsForm(forms.Form):
    """Which communities are looked for."""

    q = forms.CharField(label=gettext_lazy("Name or host name"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All kinds")), *Kind.choices],
    )
    active = forms.BooleanField(
        label=gettext_lazy("Only those with members or services"), required=False
    )


class FirstForm(forms.Form):
    """Who is asked to administer a community first."""

    email = Address()


class HostForm(forms.Form):
    """A community's own host name."""

    host = forms.CharField(
        label=gettext_lazy("Host name"),
        required=False,
        max_length=253,
        help_text=gettext_lazy("Such as services.antony.fr. Empty: the metropolis’ own is used."),
    )

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).lower()
        if host:
            _HOST(host)
        return host


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """Every community, and how much it uses."""
    _require(request)
    form = TenantsForm(request.GET)
    valid = form.is_valid()
    asked = form.cleaned_data if valid else {}
    rows = platform.communities(
        words=asked.get("q", ""), kind=asked.get("kind", ""), active=asked.get("active", False)
    )
    page = page_of(request, rows, _SIZE)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "tenants": platform.tenants(list(page), on=timezone.localdate()),
        "page_of_tenants": page,
        "base": f"?{query.urlencode()}&page=" if query else "?page=",
    }
    return render(request, "web/platform.html", context, status=200 if valid else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def community(request: Request, slug: str) -> HttpResponse:
    """One community: its identity, and the host name that one may change."""
    _require(request)
    row = get_object_or_404(Community, slug=slug)
    form = HostForm(request.POST if request.method == "POST" else {"host": row.host or ""})
    if request.method == "POST":
        before = row.host
        if done(form, set_host, community=row, by=request.user) is not None:
            messages.success(request, _("Host name saved."))
            return redirect("web:platform")
        row.host = before
    wrong = request.method == "POST" and form.errors
    on = timezone.localdate()
    context = {
        "tenant": platform.tenants([row], on=on)[0],
        "form": form,
        "has_administrator": appointing.has_administrator(row, on=on),
    }
    return render(request, "web/platform_community.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: Request, slug: str) -> HttpResponse:
    """Invite the first administrator of a community that has none."""
    _require(request)
    row, now = get_object_or_404(Community, slug=slug), timezone.now()
    on = timezone.localdate(now)
    if appointing.has_administrator(row, on=on):
        raise Http404(slug)
    form = FirstForm(request.POST if request.method == "POST" else None)
    made = done(form, appointing.invite_first, community=row, at=now, on=on, by=request.user)
    if made is not None:
        _send(request, row, made)
        return redirect("web:platform_community", slug)
    invited = appointing.invited_to(row, at=now)
    context = {"community": row, "form": form, "invited": invited}
    return render(request, "web/platform_invite.html", context, status=422 if form.errors else 200)


def _send(request: Request, place: Community, row: Invitation) -> None:
    link = request.build_absolute_uri(url_of(place, "web:invitation", letters.token_of(row)))
    with within(place):
        mail.send(letters.invited(row, by=str(request.user), link=link), to=row.email)
    messages.success(request, _("An invitation leaves for %(to)s.") % {"to": row.email})


@require_safe
@login_required
def health(request: Request) -> HttpResponse:
    """What the check of the installation finds, the worst first."""
    _require(request)
    context = {"findings": platform.health(at=timezone.now())}
    return render(request, "web/platform_health.html", context)


@require_safe
@login_required
def usage(request: Request) -> HttpResponse:
    """How much the platform is used, month by month."""
    _require(request)
    now = timezone.localtime()
    counts = platform.services_on()
    context = {
        "months": platform.months(at=now),
        "totals": platform.totals(on=now.date()),
        "services": [(service.title, counts[service.key]) for service in registry.services()],
    }
    return render(request, "web/platform_usage.html", context)


def _require(request: Request) -> None:
    """The platform is run from the metropolis; elsewhere this page is not."""
    if not request.community.is_metropolis:
        raise Http404(request.path)
    require(request.user, "platform.manage")
