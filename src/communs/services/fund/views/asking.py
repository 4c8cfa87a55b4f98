"""From a request to what it asks of the register."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.services.fund import queries
from communs.services.fund.forms import RegisterForm


def asked_of(request: HttpRequest) -> tuple[RegisterForm, queries.Asked, queries.Counted]:
    """Read the question; when nothing answers, try its words' nearest in the register."""
    form = RegisterForm(request.GET)
    asked = form.asked()
    counted = queries.counts(asked)
    if asked.territory and asked.territory not in counted.territories:
        asked, counted = _without_unknown_territory(form, asked, counted)
    if asked.q and not counted.total:
        asked, counted = _nearer(asked, counted)
    form.offer(counted)
    return form, asked, counted


def strictly_asked_of(request: HttpRequest) -> queries.Asked:
    """Read the question of a file: what is not accepted is refused, not left out."""
    form, asked, _counted = asked_of(request)
    for name, errors in form.errors.items():
        raise Refused(
            _("%(field)s: %(error)s") % {"field": form[name].label, "error": errors[0]}, field=name
        )
    return asked


def _nearer(
    asked: queries.Asked, counted: queries.Counted
) -> tuple[queries.Asked, queries.Counted]:
    nearer = queries.corrected(asked)
    found = queries.counts(nearer)
    if not found.total:
        return asked, counted
    found.understood = nearer.q
    return nearer, found


def _without_unknown_territory(
    form: RegisterForm, asked: queries.Asked, counted: queries.Counted
) -> tuple[queries.Asked, queries.Counted]:
    name = queries.territory_name(asked.territory or "")
    if name is not None:
        counted.territory_names[asked.territory or ""] = name
        return asked, counted
    form.add_error("territory", _("This territory does not exist."))
    rest = replace(asked, territory=None)
    return rest, queries.counts(rest)
