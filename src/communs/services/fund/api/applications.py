"""Applications, for the programs of those who write and examine them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from communs.core.api.security import signed_in
from communs.core.kit.errors import Refused
from communs.services.fund import actions, queries
from communs.services.fund.api.asked import (
    application_of,
    is_inside,
    needs,
    organisation_named,
    own_organisation,
    own_partner_of,
    partner_of,
)
from communs.services.fund.enums import Stage
from communs.services.fund.rules import LEAD, READ, SIGN, WRITE
from communs.services.fund.schemas import (
    ApplicationIn,
    ApplicationOut,
    ApplicationsOut,
    ObstacleOut,
    PartnerIn,
    PlanIn,
    PlanOut,
    ProjectIn,
    ReasonIn,
    SignIn,
    Slug,
    amount_of,
    application_out,
    application_row,
    expenses_of,
    plan_out,
    resources_of,
)

router = Router(auth=signed_in)
Filter = Annotated[str, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


@router.get("/dossiers", response=ApplicationsOut, url_name="fund_applications")
def applications(
    request: HttpRequest,
    q: Filter = "",
    call: Slug | None = None,
    stage: Stage | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """List the applications that one may read, the latest moved first."""
    needs(request, READ)
    on, inside = timezone.localdate(), is_inside(request)
    wanted = queries.Wanted(q, call or "", stage or "")
    counts = queries.stage_counts(request.user, wanted, on=on)
    rows = queries.files(request.user, wanted, on=on)[offset : offset + limit]
    return {
        "count": counts.get(stage, 0) if stage else sum(counts.values()),
        "offset": offset,
        "limit": limit,
        "applications": [application_row(one, inside=inside) for one in rows],
    }


@router.post("/dossiers", response={201: ApplicationOut}, url_name="fund_application_begin")
def begin(request: HttpRequest, given: ApplicationIn) -> Status:
    """Begin an application for an organisation that one acts for."""
    organisation = own_organisation(request, given.commune, given.organisation)
    call = queries.call(given.call)
    if call is None:
        raise Http404(given.call)
    site = next((one for one in call.sites.all() if one.pk == given.site), None)
    known: dict[str, Any] = {"title": given.title, "at": timezone.now(), "by": request.user}
    made = actions.begin_application(call=call, organisation=organisation, site=site, **known)
    return Status(201, application_out(queries.reread(made), inside=False))


@router.get("/dossiers/{number}", response=ApplicationOut, url_name="fund_application")
def application(request: HttpRequest, number: str) -> dict[str, Any]:
    """Give one application."""
    return application_out(application_of(request, number), inside=is_inside(request))


@router.put(
    "/dossiers/{number}/projet", response=ApplicationOut, url_name="fund_application_project"
)
def describe(request: HttpRequest, number: str, given: ProjectIn) -> dict[str, Any]:
    """Write what the project is."""
    found = application_of(request, number, WRITE)
    actions.describe_project(application=found, **given.model_dump(), by=request.user)
    return application_out(application_of(request, number), inside=is_inside(request))


@router.get("/dossiers/{number}/plan", response=PlanOut, url_name="fund_application_plan")
def plan(request: HttpRequest, number: str) -> dict[str, Any]:
    """Give the financing plan with what each rule makes of it."""
    found = application_of(request, number)
    assessed = queries.assessed(found)
    if assessed is None:
        raise Http404(number)
    return plan_out(found, assessed)


@router.put("/dossiers/{number}/plan", response=PlanOut, url_name="fund_application_plan")
def write_plan(request: HttpRequest, number: str, given: PlanIn) -> dict[str, Any]:
    """Write the whole plan; whoever signed signs again."""
    found = application_of(request, number, WRITE)
    if found.call.rules is None:
        raise Refused(_("This call has no funding rules."))
    actions.write_plan(
        application=found,
        expenses=expenses_of(given),
        resources=resources_of(given),
        requested=amount_of(given.requested, "requested"),
        seen=given.seen,
        by=request.user,
    )
    return plan(request, number)


@router.get(
    "/dossiers/{number}/obstacles",
    response=list[ObstacleOut],
    url_name="fund_application_obstacles",
)
def obstacles(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """List what stands in the way of sending."""
    found = queries.obstacles(application_of(request, number, WRITE), at=timezone.now())
    return [{"code": one.code, "detail": one.sentence} for one in found]


@router.post(
    "/dossiers/{number}/partenaires",
    response={201: ApplicationOut},
    url_name="fund_application_partners",
)
def invite(request: HttpRequest, number: str, given: PartnerIn) -> Status:
    """Ask an organisation to join."""
    found = application_of(request, number, LEAD)
    organisation = organisation_named(given.commune, given.organisation, by=request.user)
    if organisation is None:
        raise Http404(given.commune or str(given.organisation))
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    share = amount_of(given.share, "share")
    actions.invite_partner(
        application=found, organisation=organisation, role=given.role, share=share, **known
    )
    return Status(201, application_out(application_of(request, number), inside=False))


@router.delete(
    "/dossiers/{number}/partenaires/{uuid:key}",
    response={204: None},
    url_name="fund_application_partner",
)
def remove(request: HttpRequest, number: str, key: UUID) -> Status:
    """Take a partner away who has not signed."""
    found = application_of(request, number, LEAD)
    actions.remove_partner(partner=partner_of(found, key), by=request.user)
    return Status(204, None)


@router.post(
    "/dossiers/{number}/partenaires/{uuid:key}/signature",
    response=ApplicationOut,
    url_name="fund_application_signature",
)
def sign(request: HttpRequest, number: str, key: UUID, given: SignIn) -> dict[str, Any]:
    """Commit one's organisation to what was read; a mandate is sent on the page."""
    row = own_partner_of(request, application_of(request, number, SIGN), key)
    known: dict[str, Any] = {"seen": given.seen, "at": timezone.now(), "by": request.user}
    actions.sign(partner=row, mandate=None, **known)
    return application_out(application_of(request, number), inside=is_inside(request))


@router.delete(
    "/dossiers/{number}/partenaires/{uuid:key}/signature",
    response={204: None},
    url_name="fund_application_signature",
)
def take_back(request: HttpRequest, number: str, key: UUID) -> Status:
    """Take one's organisation's agreement back."""
    row = own_partner_of(request, application_of(request, number, SIGN), key)
    actions.take_signature_back(partner=row, by=request.user)
    return Status(204, None)


@router.post("/dossiers/{number}/envoi", response=ApplicationOut, url_name="fund_application_send")
def send(request: HttpRequest, number: str) -> dict[str, Any]:
    """Send the application; a refusal names each broken rule."""
    found = application_of(request, number, LEAD)
    actions.submit(application=found, at=timezone.now(), by=request.user)
    return application_out(application_of(request, number), inside=is_inside(request))


@router.post(
    "/dossiers/{number}/retrait", response=ApplicationOut, url_name="fund_application_withdrawal"
)
def withdraw(request: HttpRequest, number: str, given: ReasonIn) -> dict[str, Any]:
    """Take the application back, with the lead's reason."""
    found = application_of(request, number, LEAD)
    known: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    actions.withdraw(application=found, reason=given.reason, **known)
    return application_out(application_of(request, number), inside=is_inside(request))
