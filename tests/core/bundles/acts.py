"""What tests of configurations do again and again, and what they then look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from communs.core.bundles import actions
from communs.core.bundles.documents import Document
from communs.core.bundles.models import Installation
from communs.core.communities.scope import current
from communs.core.journal.models import Event
from communs.core.registry.actions import set_service
from communs.core.registry.models import Activation
from communs.core.registry.service import Service
from communs.services.fund.models import Programme
from tests.core.bundles.conftest import NOW

FMIN = ("fmin", "FMIN", "Fonds Métropolitain pour l’Innovation Numérique", date(2018, 9, 28))


def events() -> list[tuple]:
    """What this test did: the demonstration's own two events of the metropolis come before."""
    rows = Event.objects.filter(name__startswith="bundles.").order_by("pk")
    done = list(rows.values_list("name", "data"))
    return done[2:] if current().is_metropolis else done


def programmes() -> list[tuple]:
    rows = Programme.objects.order_by("code")
    return list(rows.values_list("code", "acronym", "name", "created_on"))


def options() -> tuple[bool, dict[str, Any], str]:
    row = Activation.objects.get(service="fund")
    return row.on, row.options, row.from_bundle


def install(document: Document, **more: Any) -> Installation:
    return actions.install(document=document, **({"at": NOW, "by": None} | more))


def set_fund(service: Service, **changes: Any) -> None:
    held = Activation.objects.filter(service="fund").first()
    on = held.on if held else False
    set_service(
        service=service, on=on, options={**(held.options if held else {}), **changes}, by=None
    )
