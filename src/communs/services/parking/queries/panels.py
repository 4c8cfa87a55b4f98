"""What panels by the road show now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from communs.services.parking.models import Panel, Zone
from communs.services.parking.queries import places
from communs.services.parking.queries.availability import Counts, Place, Room, rooms

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a panel shows: the spaces known to be free, or nothing where news are too old.

    A panel never shows a number that rests on sensors of which none is believed.
    """

    panel: Panel
    counts: Counts
    heard: datetime | None
    stale: bool

    @property
    def free(self) -> int | None:
        """Give the number shown; None where none is."""
        return None if self.stale else self.counts.free

    @property
    def text(self) -> str:
        """Give what stands on the panel."""
        return NOTHING if self.free is None else str(self.free)

    def seconds_old(self, at: datetime) -> int | None:
        """Give the age of the newest news in seconds; None without any."""
        return None if self.heard is None else max(0, int((at - self.heard).total_seconds()))


def panels() -> list[Panel]:
    """Give every panel with what it counts, by name."""
    return list(Panel.objects.select_related("zone", "segment", "site"))


def panel(slug: str) -> Panel | None:
    """Give one panel, or None."""
    return Panel.objects.select_related("zone", "segment", "site").filter(slug=slug).first()


def shown(found: list[Panel], at: datetime) -> list[Shown]:
    """Give what panels show; three queries, however many there are."""
    held = rooms(at) if found else []
    return [_shown(one, held, at) for one in found]


def counted(key: str) -> Zone | Place | None:
    """Give what a form calls `zone:code`, `rue:slug` or `parc:slug`."""
    prefix, _colon, name = key.partition(":")
    if prefix == "zone":
        return Zone.objects.filter(code=name).first()
    return places.place(key)


def key_of(found: Panel) -> str:
    """Give what a form calls what a panel counts."""
    if found.zone is not None:
        return f"zone:{found.zone.code}"
    place = found.segment or found.site
    return places.key_of(place) if place else ""


def about(found: Panel) -> str:
    """Say what a panel counts."""
    place = found.segment or found.site
    return places.told(place) if place else str(found.zone)


def _shown(found: Panel, held: list[Room], at: datetime) -> Shown:
    mine = [room for room in held if _counts(found, room)]
    counts = Counts()
    for room in mine:
        here = room.count(found.kind)
        counts = Counts(
            counts.free + here.free, counts.taken + here.taken, counts.unknown + here.unknown
        )
    heard = max((room.heard for room in mine if room.heard), default=None)
    patience = timedelta(minutes=found.stale_after)
    known = counts.free + counts.taken
    return Shown(found, counts, heard, not known or heard is None or at - heard > patience)


def _counts(found: Panel, room: Room) -> bool:
    if found.zone_id is not None:
        return room.place.zone_id == found.zone_id
    wanted = found.segment_id or found.site_id
    return room.place.pk == wanted and room.is_site != bool(found.segment_id)
