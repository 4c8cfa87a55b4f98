"""Tariffs, rules and kinds of permits are added, changed or taken away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.services.parking.actions.writing import name_for, write
from communs.services.parking.enums import Where
from communs.services.parking.models import PermitKind, Placement, Regulation, Segment, Site, Tariff


@action("parking.tariff_set")
def set_tariff(*, tariff: Tariff | None = None, by: Any, **values: Any) -> Tariff:
    """Add a tariff, or change one."""
    row = tariff or Tariff(code=name_for(Tariff, values["name"], field="code"))
    changed = write(row, values)
    if changed:
        record(row, code=row.code, changed=changed)
    else:
        nothing_done()
    return row


@action("parking.permit_set")
def set_permit(*, permit: PermitKind | None = None, by: Any, **values: Any) -> PermitKind:
    """Add a kind of permit, or change one."""
    row = permit or PermitKind(code=name_for(PermitKind, values["name"], field="code"))
    changed = write(row, values)
    if changed:
        record(row, code=row.code, changed=changed)
    else:
        nothing_done()
    return row


@action("parking.regulation_set")
def set_regulation(
    *,
    regulation: Regulation | None = None,
    places: Iterable[Segment | Site] | None = None,
    by: Any,
    **values: Any,
) -> Regulation:
    """Add a rule, or change one, with the streets and car parks where it holds."""
    code = name_for(Regulation, values.get("title", ""), field="code")
    row = regulation or Regulation(code=code)
    wanted = None if places is None else list(places)
    if values.get("where", row.where) == Where.PLACES and wanted == []:
        raise Refused(_("Choose at least one street or car park."), field="places")
    changed = write(row, values)
    if wanted is not None and _place(row, wanted):
        changed.append("places")
    if changed:
        record(row, code=row.code, changed=changed)
    else:
        nothing_done()
    return row


@action("parking.regulation_removed")
def remove_regulation(*, regulation: Regulation, by: Any) -> None:
    """Take a rule away for good; the journal keeps what it said."""
    said = {name: str(getattr(regulation, name)) for name in ("title", "effect", "who", "where")}
    record(regulation, code=regulation.code, said=said)
    regulation.delete()


def _place(row: Regulation, wanted: list[Segment | Site]) -> bool:
    """Have a rule hold in these places and no other; tell whether that changed anything."""
    asked = {place.pk: place for place in wanted} if row.where == Where.PLACES else {}
    held = {one.segment_id or one.site_id: one for one in row.placements.all()}
    for key in held.keys() - asked.keys():
        held[key].delete()
    for key in asked.keys() - held.keys():
        where = "site" if isinstance(asked[key], Site) else "segment"
        Placement(regulation=row, **{where: asked[key]}).save()
    return held.keys() != asked.keys()
