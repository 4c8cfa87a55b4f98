"""What is done outside: a sensor put in place, a stay that lasted too long looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.sensing.actions import check_on_the_spot, commission
from communs.core.sensing.enums import Property
from communs.core.sensing.models import Source, Stranger, Thing
from communs.services.parking.enums import Verdict
from communs.services.parking.models import Overstay, Space
from communs.services.parking.queries.places import place_of

_SEEN = {Verdict.SENSOR_WRONG: 0.0, Verdict.RIGHTFUL: 1.0, Verdict.DEALT_WITH: 1.0}


@action("parking.sensor_bound")
def bind_sensor(
    *, space: Space, code: str, source: Source | None = None, at: datetime, by: Any
) -> Thing:
    """Put the sensor of a code in a space; what it says counts for the space from then on."""
    written = code.strip().lower()
    if not written:
        raise Refused(_("Write the code that stands on the sensor."), field="code")
    stream = source or _source_of(written)
    other = Space.objects.filter(thing__code=written, thing__source=stream).exclude(pk=space.pk)
    elsewhere = other.first()
    if elsewhere is not None:
        raise Refused(
            _("This sensor is in space %(code)s. Take it away from there first.")
            % {"code": elsewhere.code},
            field="code",
        )
    thing = commission(
        source=stream,
        code=written,
        at=at,
        name=f"{place_of(space)} {space.number}"[:120],
        lat=space.lat,
        lon=space.lon,
        by=by,
    )
    space.thing = thing
    space.save(update_fields=["thing"])
    record(space, code=space.code, sensor=thing.code, source=stream.slug)
    return thing


@action("parking.sensor_released")
def release_sensor(*, space: Space, by: Any) -> None:
    """Take the sensor of a space away from it: the space is unknown from now on."""
    if space.thing is None:
        raise Refused(_("This space has no sensor."))
    code = space.thing.code
    space.thing = None
    space.save(update_fields=["thing"])
    record(space, code=space.code, sensor=code)


@action("parking.overstay_answered")
def answer_overstay(*, space: Space, since: int, verdict: str, at: datetime, by: Any) -> Overstay:
    """Note what a warden found where somebody seemed to stay too long; `since` in milliseconds.

    What was seen is also a check of the sensor: too often wrong, it is no longer believed.
    """
    if verdict not in Verdict.values:
        raise Refused(_("Choose what you found."), field="verdict")
    if Overstay.objects.filter(space=space, since=since).exists():
        raise Refused(_("A colleague has answered already."))
    row = Overstay(space=space, since=since, verdict=verdict, answered_at=at)
    row.save()
    seen = _SEEN.get(Verdict(verdict))
    if space.thing is not None and seen is not None:
        check_on_the_spot(thing=space.thing, seen=seen, at=at, by=by)
    record(row, space=space.code, since=since, verdict=verdict)
    return row


def _source_of(code: str) -> Source:
    """Find which network a code belongs to: one where it is known, or speaks, or the only one."""
    known = Thing.objects.filter(code=code, property=Property.PRESENCE).values("source")
    heard = Stranger.objects.filter(code=code, property=Property.PRESENCE).values("source")
    for rows in (
        Source.objects.filter(pk__in=known),
        Source.objects.filter(pk__in=heard),
        Source.objects.all(),
    ):
        found = list(rows[:2])
        if len(found) == 1:
            return found[0]
    if not Source.objects.exists():
        raise Refused(_("No network of sensors is set here yet."), field="code")
    raise Refused(_("Say to which network this sensor belongs."), field="source")
