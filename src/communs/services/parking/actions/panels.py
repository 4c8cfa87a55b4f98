"""Panels are set: where they stand, what they count."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.services.parking.actions.writing import name_for, write
from communs.services.parking.models import Panel, Segment, Site, Zone


@action("parking.panel_set")
def set_panel(
    *, panel: Panel | None = None, counts: Zone | Segment | Site | None, by: Any, **values: Any
) -> Panel:
    """Add a panel, or change one; it counts a zone, a street or a car park."""
    if counts is None:
        raise Refused(_("Choose what it counts."), field="counts")
    row = panel or Panel(slug=name_for(Panel, values.get("name", "")))
    kinds: dict[str, type[Any]] = {"zone": Zone, "segment": Segment, "site": Site}
    values |= {name: counts if isinstance(counts, kind) else None for name, kind in kinds.items()}
    changed = write(row, values)
    if changed:
        record(row, slug=row.slug, changed=changed)
    else:
        nothing_done()
    return row
