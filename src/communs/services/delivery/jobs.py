"""What comes back by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.utils import timezone
from django_tasks import task

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.jobs.timetable import every, everyone
from communs.core.registry import queries as registry
from communs.services.delivery import actions
from communs.services.delivery.options import DeliveryOptions


@task()
def forget_plates() -> int:
    """Erase the prints of plates once the delay of the settings is over."""
    before = timezone.now() - timedelta(hours=_options().plate_hours)
    return actions.forget_plates(before=before, by=None)


def _options() -> DeliveryOptions:
    metropolis = Community.objects.get(kind=Kind.METROPOLIS)
    running, _metropolitan = registry.running(current(), metropolis, on=timezone.localdate())
    return cast(DeliveryOptions, running["delivery"].options)


every("5 * * * *", forget_plates, where=everyone)
