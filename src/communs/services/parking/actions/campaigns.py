"""Campaigns are set: what is tried where, and compared with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.services.parking.actions.writing import name_for, write
from communs.services.parking.enums import Part
from communs.services.parking.models import Campaign, CampaignZone, Zone


@action("parking.campaign_set")
def set_campaign(
    *,
    campaign: Campaign | None = None,
    tried_in: Sequence[Zone],
    control: Sequence[Zone] = (),
    by: Any,
    **values: Any,
) -> Campaign:
    """Add a campaign, or change one; no control zone is allowed, and then told."""
    if not tried_in:
        raise Refused(_("Choose at least one zone where something is tried."), field="tried_in")
    both = {zone.pk for zone in tried_in} & {zone.pk for zone in control}
    if both:
        sentence = _("A zone where something is tried cannot be one to compare with.")
        raise Refused(sentence, field="control")
    row = campaign or Campaign(slug=name_for(Campaign, values.get("name", "")))
    changed = write(row, values)
    wanted = dict.fromkeys((zone.pk for zone in control), Part.CONTROL)
    wanted |= dict.fromkeys((zone.pk for zone in tried_in), Part.TRIED)
    if _place(row, wanted):
        changed.append("zones")
    if changed:
        record(row, slug=row.slug, changed=changed)
    else:
        nothing_done()
    return row


def _place(row: Campaign, wanted: dict[Any, Part]) -> bool:
    """Have these zones in the campaign and no other; tell whether that changed anything."""
    rows = CampaignZone.objects.filter(campaign=row).order_by()
    held = {zone: Part(part) for zone, part in rows.values_list("zone", "part")}
    if held == wanted:
        return False
    rows.delete()
    CampaignZone.objects.bulk_create(
        CampaignZone(campaign=row, zone_id=zone, part=part) for zone, part in wanted.items()
    )
    return True
