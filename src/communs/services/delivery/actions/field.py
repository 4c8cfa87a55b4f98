"""What agents and residents saw, written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.services.delivery.engine import codes
from communs.services.delivery.enums import Moderation
from communs.services.delivery.models import Bay, Check, Report


@action("delivery.bay_checked")
def check_bay(*, bay: Bay, seen: str, taken: int | None, at: datetime, by: Any) -> Check:
    """Note what an agent saw in a bay; it sends nothing to anybody."""
    if taken is not None and taken > bay.spaces:
        raise Refused(_("The bay has fewer spaces than that."), field="taken")
    row = Check.objects.create(bay=bay, seen=seen, taken=taken, at=at)
    record(row, bay=bay.code, seen=seen, taken=taken)
    return row


@action("delivery.bay_reported")
def report_bay(*, bay: Bay, kind: str, note: str, at: datetime, by: Any) -> Report:
    """Keep what somebody tells of a bay, until an agent has read it; plates are refused."""
    line = clean_line(note)
    if codes.holds_plate(line):
        raise Refused(_("Leave the number plate out: it is not kept here."), field="note")
    row = Report.objects.create(bay=bay, kind=kind, note=line, at=at)
    record(row, bay=bay.code, kind=kind)
    return row


@action("delivery.report_read")
def moderate_report(*, report: Report, keep: bool, by: Any) -> None:
    """Keep a report, or set it aside with its words."""
    if report.state != Moderation.WAITING:
        raise Refused(_("Somebody has read this report already."))
    report.state = Moderation.KEPT if keep else Moderation.REJECTED
    if not keep:
        report.note = ""
    report.save(update_fields=["state", "note"])
    record(report, bay=report.bay.code, kept=keep)
