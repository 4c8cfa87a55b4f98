"""When people may be disturbed: quiet hours of text messages, mornings of digests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from communs.core.notifications.enums import Pace

WAKES, SLEEPS = time(8), time(21)  # local time; no text message that can wait leaves in between
MONDAY = 0


def waking(at: datetime) -> datetime:
    """Give the moment itself by day, or the next morning's; right through both changes of clock."""
    local = timezone.localtime(at)
    if WAKES <= local.time() < SLEEPS:
        return at
    day = local.date() + timedelta(days=local.time() >= SLEEPS)
    return datetime.combine(day, WAKES, timezone.get_current_timezone())


def leaves_on(pace: str, day: date) -> bool:
    """Tell whether what waits for others leaves that morning."""
    return pace != Pace.WEEKLY or day.weekday() == MONDAY
