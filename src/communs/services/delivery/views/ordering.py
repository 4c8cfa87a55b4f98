"""From the rules of a bay to the draft of its municipal order, in French whoever reads."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import override

from communs.core.communities.scope import current
from communs.core.kit.localised import number
from communs.core.kit.timespans_told import told
from communs.services.delivery import queries
from communs.services.delivery.engine.order import Clause, Place, draft
from communs.services.delivery.enums import VehicleClass
from communs.services.delivery.models import Bay


def draft_of(bay: Bay, at: datetime) -> str:
    """Give the draft for the rules of the day."""
    with override("fr"):
        rules = map(queries.rule_of, queries.policies_at(bay, at))
        clauses = [
            Clause(
                when=told(rule.span),
                activity=rule.activity,
                vehicles=[str(VehicleClass(name).label).lower() for name in sorted(rule.vehicles)],
                most_minutes=rule.most_minutes,
                no_return_minutes=rule.no_return_minutes,
            )
            for rule in rules
        ]
        place = Place(
            commune=current().name,
            name=bay.name,
            street=bay.street,
            spaces=bay.spaces,
            length="" if bay.length_m is None else number(bay.length_m),
            code=bay.code,
        )
    return draft(place, clauses)
