"""What to expect is worked out from the weeks before."""

from __future__ import annotations

from datetime import date
from typing import Any

from communs.core.journal.actions import action, nothing_done, record
from communs.services.parking.models import Outlook
from communs.services.parking.queries import outlooks


@action("parking.outlooks_worked_out")
def work_out_outlooks(*, on: date, by: Any) -> int:
    """Work out, for every place with a past, what to expect on a day; give how many places."""
    found, scores, made_up = outlooks.work_out(on)
    Outlook.objects.all().delete()
    if not found:
        nothing_done()
        return 0
    rows = [
        Outlook(
            **{"site_id" if one.is_site else "segment_id": one.key},
            day=on, chances=one.chances, ahead=one.ahead, demonstration=made_up,
        )
        for one in found
    ]  # fmt: skip
    Outlook.objects.bulk_create([*rows, Outlook(day=on, scores=scores, demonstration=made_up)])
    record("parking:outlooks", on=str(on), places=len(found))
    return len(found)
