"""Load the demonstration: the real register of 2018, and each service's fictional life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.access import demo as access
from communs.core.bundles import demo as bundles
from communs.core.communities.actions import load_metropolis
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import demo as indicators
from communs.core.privacy import demo as privacy
from communs.core.registry.actions import set_service
from communs.core.registry.queries import services
from communs.core.search.rebuilding import rebuild
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only", action="append", help="the life of this service alone (may be repeated)"
        )

    def handle(self, *, only: Sequence[str] | None, **_options: Any) -> None:
        if Community.objects.filter(kind=Kind.METROPOLIS).exists():
            self.stdout.write(_("Data are already there: the demonstration is left as it is."))
            return
        with transaction.atomic():
            load(only)
        self.stdout.write(_("Demonstration loaded."))


def load(only: Sequence[str] | None) -> None:
    """Load everything, or the life of some services; the database must be empty."""
    load_metropolis()
    metropolis = Community.objects.get(kind=Kind.METROPOLIS)
    metropolis.demonstration = True
    metropolis.save(update_fields=["demonstration"])
    access.load()
    privacy.load()
    with within(metropolis):
        rebuild()
    for service in services():
        if metropolis.kind in service.default_on:
            with within(metropolis):
                set_service(service=service, on=True, by=None)
        module = service.module_named("demo")
        if module is not None and hasattr(module, "load_real"):
            module.load_real(metropolis)
        if module is not None and (only is None or service.key in only):
            module.load(service, metropolis)
        if metropolis.kind in service.default_on:
            bundles.load(service, metropolis, at=timezone.localtime())
    indicators.load(metropolis, at=timezone.localtime())
    _load_measured(metropolis, only)


def _load_measured(metropolis: Community, only: Sequence[str] | None) -> None:
    """Load what services make up of measures, once these are there."""
    for service in services():
        module = service.module_named("demo")
        if module is None or not hasattr(module, "load_measured"):
            continue
        if only is None or service.key in only:
            module.load_measured(metropolis)
