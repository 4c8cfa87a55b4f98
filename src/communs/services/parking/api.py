"""The same reads and the same actions, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import AwareDatetime, StringConstraints

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.core.kit.errors import Refused
from communs.core.kit.formats import json_file
from communs.core.registry.request import Request
from communs.services.parking import actions, queries
from communs.services.parking.enums import SpaceKind, Who
from communs.services.parking.forms import MeasuresForm
from communs.services.parking.models import Space
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries import campaigns, datex2, outlooks, panels
from communs.services.parking.rules import PATROL
from communs.services.parking.schemas import (
    AnswerOut,
    CampaignOut,
    DaysOut,
    LateOut,
    NearestOut,
    OutlookOut,
    PanelOut,
    RoomsOut,
    SensorIn,
    SensorOut,
    SpaceOut,
    SpacesOut,
    VerdictIn,
    answer_row,
    campaign_row,
    day_row,
    late_row,
    near_row,
    outlook_row,
    panel_row,
    room_row,
    space_row,
)

router = Router()

Day = Annotated[date, Query(ge=date(1970, 1, 1), le=date(2999, 12, 31))]
Words = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
Key = Annotated[str, StringConstraints(pattern=r"^(rue|parc):[a-z0-9-]{1,80}$")]
Degrees = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]


@router.get("/lieux", response=RoomsOut, url_name="parking_rooms")
def rooms(
    request: HttpRequest,
    q: Words = "",
    kind: SpaceKind | None = None,
    room: bool = False,
    free_of_charge: bool = False,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    lon: Degrees = None,
) -> HttpResponse:
    """List streets and car parks with their spaces; from a point, the nearest first."""
    near = None if lat is None or lon is None else (lat, lon)
    asked = queries.Asked(q, kind.value if kind else "", room, free_of_charge, near)
    at = timezone.now()
    found = [room_row(one) for one in queries.availability(at, _options(request), asked)]
    return json_file({"count": len(found), "read_at": at, "places": found})


@router.get("/libres", response=NearestOut, url_name="parking_nearest")
def nearest(
    request: HttpRequest,
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    kind: SpaceKind = SpaceKind.STANDARD,
    count: Annotated[int, Query(ge=1, le=50)] = 5,
) -> HttpResponse:
    """List the spaces of a kind known to be free within a kilometre, the nearest first."""
    at = timezone.now()
    found = queries.nearest_free((lat, lon), at, kind=kind.value, count=count)
    return json_file({"read_at": at, "spaces": [near_row(one) for one in found]})


@router.get("/lieux/{key}/places", response=SpacesOut, url_name="parking_spaces")
def spaces(request: HttpRequest, key: Key) -> HttpResponse:
    """List the spaces of a place."""
    found = _place(key)
    rows = [space_row(one) for one in queries.spaces_of(found, timezone.now())]
    return json_file({"count": len(rows), "spaces": rows})


@router.get("/places/{code}", response=SpaceOut, url_name="parking_space")
def space(request: HttpRequest, code: str) -> HttpResponse:
    """Give a space by the code that stands on the spot."""
    found = queries.space(code, timezone.now())
    if found is None:
        raise Http404(code)
    return json_file(space_row(found))


@router.get("/puis-je", response=AnswerOut, url_name="parking_answer")
def may_park(
    request: HttpRequest,
    place: Key,
    kind: SpaceKind = SpaceKind.STANDARD,
    minutes: Annotated[int | None, Query(ge=1, le=20_160)] = None,
    cards: Annotated[list[Who], Query()] = [],  # noqa: B006 -- ninja copies it
    at: AwareDatetime | None = None,
) -> dict[str, Any]:
    """Tell whether one may park there, until when and for how much."""
    found = queries.answer(
        _place(place),
        kind=kind,
        at=_possible(at) or timezone.now(),
        badges=frozenset(card.value for card in cards),
        minutes=minutes,
        options=_options(request),
    )
    return answer_row(found)


@router.get("/mesures", response=DaysOut, url_name="parking_measures")
def measures(
    request: HttpRequest, first: Day | None = None, last: Day | None = None
) -> HttpResponse:
    """Give every place and day: rotation, dwell, occupancy, and how much of it is known."""
    form = MeasuresForm({"first": first, "last": last}, today=timezone.localdate())
    if not form.is_valid():
        raise Refused(str(form.errors["first"][0]), field="first")
    rows = [day_row(*row) for row in queries.days(*form.span())]
    return json_file({"count": len(rows), "days": rows})


@router.get("/campagnes", response=list[str], url_name="parking_campaigns")
def list_campaigns(request: HttpRequest) -> list[str]:
    """List the short names of campaigns, the latest first."""
    return [row.slug for row in campaigns.campaigns()]


@router.get("/campagnes/{slug}", response=CampaignOut, url_name="parking_campaign")
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a campaign with what it changed, and how sure that is."""
    found = campaigns.campaign(slug)
    if found is None:
        raise Http404(slug)
    return json_file(campaign_row(campaigns.judged(found)))


@router.get("/previsions/{key}", response=OutlookOut, url_name="parking_outlook")
def outlook(request: HttpRequest, key: Key) -> HttpResponse:
    """Give what to expect of a place, and how good that was."""
    found = outlooks.outlook(_place(key))
    if found is None:
        raise Http404(key)
    return json_file(outlook_row(found, outlooks.outlook(None)))


@router.get("/panneaux", response=list[PanelOut], url_name="parking_panels")
def list_panels(request: HttpRequest) -> HttpResponse:
    """Give what panels show now, with the age of their news."""
    shown = panels.shown(panels.panels(), timezone.now())
    return json_file([panel_row(one) for one in shown])


@router.get("/datex2/table.xml", url_name="parking_datex2_table")
def datex2_table(request: HttpRequest) -> HttpResponse:
    """Give streets and car parks as DATEX II 3.7 has them."""
    return _xml(datex2.table(timezone.now(), _options(request)))


@router.get("/datex2/status.xml", url_name="parking_datex2_status")
def datex2_status(request: HttpRequest) -> HttpResponse:
    """Give what is known of streets and car parks now, as DATEX II 3.7 has it."""
    return _xml(datex2.status(timezone.now(), _options(request)))


@router.get("/tournee", response=list[LateOut], auth=signed_in, url_name="parking_overstays")
def overstays(request: HttpRequest) -> list[dict[str, Any]]:
    """List the stays that last too long, the oldest first."""
    require(request.user, PATROL)
    late = queries.overstays(timezone.now(), _options(request))
    return [late_row(one) for one in late]


@router.post(
    "/tournee/{code}", response={204: None}, auth=signed_in, url_name="parking_answer_overstay"
)
def answer_overstay(request: HttpRequest, code: str, given: VerdictIn) -> Status:
    """Say what was found where somebody seemed to stay too long."""
    require(request.user, PATROL)
    at = timezone.now()
    late = queries.late(code, given.since, at, _options(request))
    if late is None:
        raise Http404(code)
    known: dict[str, Any] = {
        "space": late.space,
        "since": given.since,
        "at": at,
        "by": request.user,
    }
    actions.answer_overstay(verdict=given.verdict, **known)
    return Status(204, None)


@router.put("/places/{code}/capteur", response=SensorOut, auth=signed_in, url_name="parking_sensor")
def bind_sensor(request: HttpRequest, code: str, given: SensorIn) -> dict[str, Any]:
    """Put a sensor in a space."""
    require(request.user, PATROL)
    found = _space(code)
    thing = actions.bind_sensor(space=found, code=given.code, at=timezone.now(), by=request.user)
    return {"space": found.code, "sensor": thing.code, "source": thing.source.slug}


@router.delete("/places/{code}/capteur", response={204: None}, auth=signed_in)
def release_sensor(request: HttpRequest, code: str) -> Status:
    """Take the sensor of a space away: the space is unknown from then on."""
    require(request.user, PATROL)
    actions.release_sensor(space=_space(code), by=request.user)
    return Status(204, None)


def _xml(written: bytes | None) -> HttpResponse:
    """Give an XML document; without a place there is none, as the standard wants one at least."""
    if written is None:
        raise Http404
    response = HttpResponse(written, content_type="application/xml; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _options(request: HttpRequest) -> ParkingOptions:
    return cast(ParkingOptions, cast(Request, request).running["parking"].options)


def _place(key: str) -> queries.Place:
    found = queries.place(key)
    if found is None:
        raise Http404(key)
    return found


def _space(code: str) -> Space:
    found = queries.any_space(code)
    if found is None:
        raise Http404(code)
    return found


def _possible(at: datetime | None) -> datetime | None:
    """Give an instant that calendars around it have too."""
    far = at is not None and not 1970 <= at.year <= 2999  # noqa: PLR2004 -- years
    if far:
        raise Http404(str(at))
    return at
