"""Bays and rules, written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, fold
from communs.core.search.index import drop, index
from communs.core.sensing.models import Thing
from communs.services.delivery.engine import codes
from communs.services.delivery.engine.terms import bounds
from communs.services.delivery.enums import BookingState
from communs.services.delivery.models import Bay, Booking, Placement, Policy, Template
from communs.services.delivery.models.places import TERMS
from communs.services.delivery.queries.telling import searchable

_TRIES = 20


@action("delivery.bay_added")
def add_bay(
    *,
    name: str,
    street: str,
    spaces: int,
    length_m: Decimal | None,
    lat: float | None,
    lon: float | None,
    shape: Mapping[str, Any] | None,
    thing: Thing | None,
    on: date,
    at: datetime,
    origin: str = "",
    by: Any,
) -> Bay:
    """Add a bay and draw its code; `origin` is its key in the file that it comes from."""
    bay = Bay(
        code=_free_code(),
        name=_line(name, "name"),
        street=_line(street, "street"),
        spaces=spaces,
        length_m=length_m,
        lat=lat,
        lon=lon,
        shape=shape,
        thing=thing,
        since=on,
        changed_at=at,
        origin=origin,
    )
    _check_place(bay)
    bay.save()
    index(searchable(bay))
    record(bay, code=bay.code, name=bay.name, street=bay.street)
    return bay


@action("delivery.bay_changed")
def change_bay(
    *,
    bay: Bay,
    name: str,
    street: str,
    spaces: int,
    length_m: Decimal | None,
    lat: float | None,
    lon: float | None,
    shape: Mapping[str, Any] | None,
    thing: Thing | None,
    at: datetime,
    by: Any,
) -> Bay:
    """Correct a bay; its code stays, as it is on the sign."""
    given = {
        "name": _line(name, "name"),
        "street": _line(street, "street"),
        "spaces": spaces,
        "length_m": length_m,
        "lat": lat,
        "lon": lon,
        "shape": shape,
        "thing": thing,
    }
    changed = [field for field, value in given.items() if getattr(bay, field) != value]
    if not changed:
        nothing_done()
        return bay
    for field in changed:
        setattr(bay, field, given[field])
    _check_place(bay)
    bay.changed_at = at
    bay.save()
    index(searchable(bay))
    record(bay, code=bay.code, changed=changed)
    return bay


@action("delivery.bay_closed")
def close_bay(*, bay: Bay, on: date, at: datetime, by: Any) -> None:
    """Close a bay at the end of a day; what happened there is kept, later bookings are not."""
    if bay.until is not None:
        raise Refused(_("This bay is closed already."))
    if on < bay.since:
        raise Refused(_("This bay opens later."))
    bay.until, bay.changed_at = on, at
    bay.save(update_fields=["until", "changed_at"])
    drop(bay)
    later = Booking.objects.filter(bay=bay, state=BookingState.BOOKED, begins_at__gte=bounds(on)[1])
    keys = sorted(map(str, later.values_list("pk", flat=True)))
    later.update(state=BookingState.CANCELLED)
    record(bay, code=bay.code, until=on.isoformat(), bookings=keys)


@action("delivery.policy_enacted")
def enact_policy(
    *,
    terms: Mapping[str, Any],
    order_reference: str,
    bays: Iterable[Bay],
    since: date,
    until: date | None,
    at: datetime,
    by: Any,
) -> Policy:
    """Put a rule into force in bays, from a day on."""
    policy = Policy(code=_free_slug(terms["name"]), since=since, until=until, published_at=at)
    _write(policy, terms, order_reference, bays)
    record(policy, code=policy.code, version=1, since=since.isoformat())
    return policy


@action("delivery.policy_revised")
def revise_policy(
    *,
    policy: Policy,
    terms: Mapping[str, Any],
    order_reference: str,
    bays: Iterable[Bay],
    since: date,
    until: date | None,
    at: datetime,
    by: Any,
) -> Policy:
    """Replace a rule from a day on; what applied until then stays as it was."""
    latest = (
        Policy.objects.select_for_update().filter(code=policy.code).order_by("-version").first()
    )
    if latest is None or latest.pk != policy.pk:
        raise Refused(_("This rule has been replaced already."))
    if since <= latest.since:
        sentence = _("The new version must begin after the one that it replaces (%(day)s).")
        raise Refused(sentence % {"day": latest.since.isoformat()}, field="since")
    if latest.until is None or latest.until >= since:
        latest.until = since - timedelta(days=1)
        latest.save(update_fields=["until"])
    made = Policy(code=latest.code, since=since, until=until, published_at=at)
    made.version = latest.version + 1
    _write(made, terms, order_reference, bays)
    record(made, code=made.code, version=made.version, since=since.isoformat())
    return made


@action("delivery.policy_ended")
def end_policy(*, policy: Policy, on: date, by: Any) -> None:
    """Let a rule end with a day, without another in its place."""
    if policy.until is not None and policy.until <= on:
        raise Refused(_("This rule ends by then already."))
    if on < policy.since:
        raise Refused(_("This rule begins later."))
    policy.until = on
    policy.save(update_fields=["until"])
    record(policy, code=policy.code, version=policy.version, until=on.isoformat())


@action("delivery.template_saved")
def save_template(*, terms: Mapping[str, Any], by: Any) -> Template:
    """Keep a usual rule, in place of the one that had the same name."""
    code = _stem(terms["name"])
    row = Template.objects.filter(code=code).first() or Template(code=code)
    _fill(row, terms)
    row.save()
    record(row, code=code, name=row.name)
    return row


def _write(
    policy: Policy, terms: Mapping[str, Any], order_reference: str, bays: Iterable[Bay]
) -> None:
    """Write a new rule and put it in its bays."""
    if policy.until is not None and policy.until < policy.since:
        raise Refused(_("The last day is before the first."), field="until")
    policy.order_reference = clean_line(order_reference)
    _fill(policy, terms)
    policy.save()
    _place(policy, bays)


def _fill(row: Policy | Template, terms: Mapping[str, Any]) -> None:
    for field in TERMS:
        if field in terms:
            setattr(row, field, terms[field])
    row.name = _line(row.name, "name")
    try:
        row.clean()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Refused(sentences[0], field=field) from error


def _place(policy: Policy, bays: Iterable[Bay]) -> None:
    rows = [Placement(policy=policy, bay=bay) for bay in bays]
    if not rows:
        raise Refused(_("Choose at least one bay."), field="bays")
    Placement.objects.bulk_create(rows)


def _line(text: str, field: str) -> str:
    line = clean_line(text)
    if not line:
        raise Refused(_("Write something here."), field=field)
    return line


def _check_place(bay: Bay) -> None:
    if (bay.lat is None) != (bay.lon is None):
        raise Refused(_("Give latitude and longitude, or neither."), field="lat")
    if bay.shape is not None and not _is_polygon(bay.shape):
        raise Refused(_("This is not a GeoJSON polygon."), field="shape")


def _is_polygon(shape: Mapping[str, Any]) -> bool:
    """Tell whether a shape is a closed ring of points on earth, in RFC 7946's form."""
    rings = shape.get("coordinates")
    if shape.get("type") != "Polygon" or not isinstance(rings, list) or len(rings) != 1:
        return False
    ring = rings[0]
    closed = isinstance(ring, list) and len(ring) >= 4 and ring[0] == ring[-1]  # noqa: PLR2004 -- RFC 7946
    return closed and all(_is_point(point) for point in ring)


def _is_point(point: Any) -> bool:
    if not (
        isinstance(point, list) and [type(part) in {int, float} for part in point] == [True] * 2
    ):
        return False
    lon, lat = point
    return bool(-180 <= lon <= 180 and -90 <= lat <= 90)  # noqa: PLR2004 -- degrees


def _free_code() -> str:
    drawn = {codes.drawn() for _try in range(_TRIES)}
    taken = set(Bay.objects.filter(code__in=drawn).values_list("code", flat=True))
    return min(drawn - taken)


def _free_slug(name: str) -> str:
    """Give a code made from a name, with a number where it serves already."""
    stem = _stem(name)
    taken = set(Policy.objects.filter(code__startswith=stem).values_list("code", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)


def _stem(name: str) -> str:
    return fold(name).replace(" ", "-")[:32].strip("-") or "regle"
