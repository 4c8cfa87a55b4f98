"""From the commune or the firm that a page names to the file that begins for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from communs.core.communities.models import Community
from communs.services.fund import actions, queries
from communs.services.fund.models import Application, Call, Organisation, Partner, Site

_AGAIN = timedelta(hours=1)  # a button pressed twice, or a page that one came back to


def begin_for(
    *,
    applicant: Community | Organisation,
    call: Call,
    title: str,
    site: Site | None = None,
    at: datetime,
    by: Any,
) -> Application:
    """Begin a file for a commune or a firm; give back the draft that this would begin again."""
    organisation = _organisation(applicant, by)
    same = queries.same_draft(organisation, call, title, site, since=at - _AGAIN)
    if same is not None:
        return same
    return actions.begin_application(
        call=call, organisation=organisation, title=title, site=site, at=at, by=by
    )


def invite_for(
    *,
    partner: Community | Organisation,
    application: Application,
    role: str,
    share: Any,
    at: datetime,
    by: Any,
) -> Partner:
    """Ask a commune or a firm to join a file."""
    organisation = _organisation(partner, by)
    return actions.invite_partner(
        application=application, organisation=organisation, role=role, share=share, at=at, by=by
    )


def _organisation(body: Community | Organisation, by: Any) -> Organisation:
    if isinstance(body, Organisation):
        return body
    return actions.organisation_of(body=body, by=by)
