"""Each night, what the day that ended measures."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from communs.core.indicators import measuring
from communs.core.jobs.timetable import every, everyone


@task()
def measure_yesterday() -> int:
    """Measure yesterday, and the nights that were missed; give how many observations were added."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return measuring.measure(on=yesterday, at=timezone.now())


every("20 2 * * *", measure_yesterday, where=everyone)
