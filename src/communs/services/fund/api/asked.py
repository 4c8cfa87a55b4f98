"""From a request to the application that its program may read or change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from communs.core.access.rules import may
from communs.core.communities.models import Community
from communs.services.fund import actions, queries
from communs.services.fund.enums import Stage
from communs.services.fund.models import Agreement, Application, Organisation, Partner, standing_of
from communs.services.fund.queries import agreements
from communs.services.fund.rules import READ, READ_AGREEMENT


def application_of(request: HttpRequest, number: str, *permissions: str) -> Application:
    """Give an application, if its reader may do all of this; what is not theirs does not exist."""
    user: Any = request.user
    found = queries.file(number, user, on=timezone.localdate())
    if found is None or not all(may(user, one, found) for one in permissions or (READ,)):
        raise Http404(number)
    return found


def is_inside(request: HttpRequest) -> bool:
    """Tell whether a reader examines files, rather than writes them."""
    user: Any = request.user
    return standing_of(user, on=timezone.localdate()).reads_files


def needs(request: HttpRequest, permission: str) -> None:
    """Refuse who may not do this anywhere; what is not theirs does not exist."""
    user: Any = request.user
    if not may(user, permission):
        raise Http404


def awarded_of(request: HttpRequest, number: str, *permissions: str) -> Application:
    """Give an application that was awarded, to who reads its agreement and may do all of this."""
    found = application_of(request, number, READ_AGREEMENT, *permissions)
    if found.stage != Stage.AWARDED:
        raise Http404(number)
    return found


def agreement_of(
    request: HttpRequest, number: str, *permissions: str
) -> tuple[Application, Agreement]:
    """Give an awarded application with its agreement, whole."""
    file = awarded_of(request, number, *permissions)
    found = agreements.agreement_of(file)
    if found is None:
        raise Http404(number)
    return file, found


def partner_of(application: Application, key: UUID) -> Partner:
    """Give a partner of an application."""
    row = next((one for one in application.partners.all() if one.pk == key), None)
    if row is None:
        raise Http404(str(key))
    return row


def own_partner_of(request: HttpRequest, application: Application, key: UUID) -> Partner:
    """Give a partner that the caller may commit."""
    user: Any = request.user
    row = partner_of(application, key)
    if row.organisation_id not in standing_of(user, on=timezone.localdate()).signs:
        raise Http404(str(key))
    return row


def organisation_named(
    commune: str | None, organisation: UUID | None, *, by: Any
) -> Organisation | None:
    """Give the organisation that a body names: a commune by its slug, a firm by its key."""
    if organisation is not None:
        return queries.organisation(organisation)
    body = Community.objects.filter(slug=commune or "").first()
    return None if body is None else actions.organisation_of(body=body, by=by)


def own_organisation(request: HttpRequest, commune: str | None, key: UUID | None) -> Organisation:
    """Give an organisation for which the caller writes."""
    user: Any = request.user
    standing = standing_of(user, on=timezone.localdate())
    body = Community.objects.filter(slug=commune or "").first()
    if body is not None and body.pk in standing.bodies:
        return actions.organisation_of(body=body, by=user)
    found = queries.organisation(key) if key in standing.writes and key is not None else None
    if found is None:
        raise Http404(commune or str(key))
    return found
