"""Zones, streets, car parks and spaces are added or changed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.geo.placing import place
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.search.index import index
from communs.core.sensing.nearby import layer_of
from communs.services.parking.actions.writing import name_for, write
from communs.services.parking.models import Segment, Site, Space, Zone
from communs.services.parking.queries.places import searchable

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
_CODE_LENGTH = 5
_TRIES = 20


@action("parking.zone_set")
def set_zone(*, zone: Zone | None = None, by: Any, **values: Any) -> Zone:
    """Add a zone, or change one."""
    row = zone or Zone(code=name_for(Zone, values["name"], field="code"))
    changed = write(row, values)
    if changed:
        record(row, code=row.code, changed=changed)
    else:
        nothing_done()
    return row


@action("parking.site_set")
def set_site(*, site: Site | None = None, at: datetime, by: Any, **values: Any) -> Site:
    """Add a car park, or change one."""
    row = site or Site(slug=name_for(Site, values["name"]))
    return _placed(row, values, at)


@action("parking.segment_set")
def set_segment(*, segment: Segment | None = None, at: datetime, by: Any, **values: Any) -> Segment:
    """Add one side of a street between two corners, or change one."""
    words = [values.get(name, "") for name in ("street", "side", "from_street")]
    row = segment or Segment(slug=name_for(Segment, " ".join(words)))
    return _placed(row, values, at)


@action("parking.space_set")
def set_space(*, space: Space | None = None, by: Any, **values: Any) -> Space:
    """Add a space, or change one; a new one gets the code that is written on the spot."""
    row = space or Space(code=values.pop("code", "") or _free_code())
    if bool(values.get("segment", row.segment)) == bool(values.get("site", row.site)):
        raise Refused(_("Say in which street or car park the space is."), field="place")
    if space is None and not values.get("number"):
        values["number"] = _next_number(values)
    changed = write(row, values)
    if {"lat", "lon"} & set(changed):
        _move_sensor(row)
    if changed:
        record(row, code=row.code, changed=changed)
    else:
        nothing_done()
    return row


def _move_sensor(space: Space) -> None:
    """Have a space's sensor stand where the space is: the nearest free ones are found by it."""
    thing = space.thing
    if thing is None:
        return
    thing.lat, thing.lon = space.lat, space.lon
    thing.save(update_fields=["lat", "lon"])
    point = None if space.lat is None or space.lon is None else (space.lat, space.lon)
    place(layer_of(thing.property), {thing.pk: point})


def _placed(row: Any, values: dict[str, Any], at: datetime) -> Any:
    """Write a street or a car park, date it, and have the search know it."""
    changed = write(row, values)
    if not changed:
        nothing_done()
        return row
    row.changed_at = at
    row.save(update_fields=["changed_at"])
    index(searchable(row))
    record(row, slug=row.slug, changed=changed)
    return row


def _free_code() -> str:
    """Draw a code that no other space has."""
    for _try in range(_TRIES):
        code = "".join(secrets.choice(_LETTERS) for _letter in range(_CODE_LENGTH))
        if not Space.objects.filter(code=code).exists():
            return code
    raise Refused(_("No free code was found. Try again."))


def _next_number(values: dict[str, Any]) -> int:
    held = Space.objects.filter(segment=values.get("segment"), site=values.get("site"))
    last = held.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
