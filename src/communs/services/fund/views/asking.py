"""From a request to what it asks of the register."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.services.fund import queries
from communs.services.fund.forms import RegisterForm


def asked_of(request: HttpRequest) -> tuple[RegisterForm, queries.Asked, queries.Counted]:
    """Read the question; when nothing answers, try its words' nearest in the register."""
    territories, years = queries.choices()
    form = RegisterForm(request.GET, territories=territories, years=years)
    asked = form.asked()
    counted = queries.counts(asked)
    if counted.total or not asked.q:
        return form, asked, counted
    nearer = queries.corrected(asked)
    found = queries.counts(nearer)
    if not found.total:
        return form, asked, counted
    found.understood = nearer.q
    return form, nearer, found


def strictly_asked_of(request: HttpRequest) -> queries.Asked:
    """Read the question of a file: what is not accepted is refused, not left out."""
    form, asked, _counted = asked_of(request)
    for name, errors in form.errors.items():
        raise Refused(
            _("%(field)s: %(error)s") % {"field": form[name].label, "error": errors[0]}, field=name
        )
    return asked
