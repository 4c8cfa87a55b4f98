"""What shops have declared: for everybody by bay and half hour, shop by shop for who runs bays."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Status

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.core.kit.formats import json_file
from communs.services.delivery import actions, queries
from communs.services.delivery.models import Merchant
from communs.services.delivery.rules import EDIT
from communs.services.delivery.schemas import (
    ExpectedOut,
    MerchantIn,
    MerchantOut,
    RecurrenceIn,
    expected_row,
    merchant_row,
)

router = Router()
_NEAR_DAYS = 366


@router.get("/attendues", response=list[ExpectedOut], url_name="delivery_expected")
def expected(request: HttpRequest, day: date | None = None) -> HttpResponse:
    """Give the half hours of a day in which shops expect deliveries: today unless said."""
    today = timezone.localdate()
    asked = day or today
    near = abs((asked - today).days) <= _NEAR_DAYS
    found = queries.expectations(on=asked, days=1) if near else []
    rows = [expected_row(one, asked) for one in found]
    return json_file([row for row in rows if row["halves"]])


@router.get("/commerces", response=list[MerchantOut], auth=signed_in, url_name="delivery_merchants")
def merchants(request: HttpRequest) -> list[dict[str, Any]]:
    """List the shops that count."""
    require(request.user, EDIT)
    return [merchant_row(shop) for shop in queries.merchants_here(on=timezone.localdate())]


@router.post(
    "/commerces", response={201: MerchantOut}, auth=signed_in, url_name="delivery_add_merchant"
)
def add_merchant(request: HttpRequest, given: MerchantIn) -> Status:
    """Add a shop; the address of its own page is made on the site."""
    require(request.user, EDIT)
    at = timezone.now()
    bay = queries.bay(given.bay.upper(), on=timezone.localdate(at))
    if bay is None:
        raise Http404(given.bay)
    known: dict[str, Any] = {"bay": bay, "contact": "", "at": at, "by": request.user}
    made = actions.add_merchant(name=given.name, address=given.address, **known)
    return Status(201, merchant_row(_shop(made.merchant.pk)))


@router.post(
    "/commerces/{uuid:key}/livraisons",
    response={201: MerchantOut},
    auth=signed_in,
    url_name="delivery_add_recurrence",
)
def add_recurrence(request: HttpRequest, key: UUID, given: RecurrenceIn) -> Status:
    """Declare a delivery that comes back to a shop."""
    require(request.user, EDIT)
    said = given.model_dump() | {"vehicle": given.vehicle.value}
    actions.add_recurrence(merchant=_shop(key), recurrence=said, by=request.user)
    return Status(201, merchant_row(_shop(key)))


def _shop(key: UUID) -> Merchant:
    found = queries.merchants().filter(pk=key).first()
    if found is None:
        raise Http404(str(key))
    return found
