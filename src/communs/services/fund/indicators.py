"""What the register measures of itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from communs.core.indicators.definitions import Ratio, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.services.fund import queries
from communs.services.fund.enums import Progress


@indicator(
    key="fund.grants_known",
    title=_("Grants in the register"),
    description=_("Grants awarded on that day or before, as the register now knows them."),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
)
def grants_known(on: date) -> int:
    """Count the grants awarded by that day."""
    return queries.awarded_by(on).count()


@indicator(
    key="fund.amount_known",
    title=_("Amounts published"),
    description=_(
        "Sum of the amounts that were published, grant by grant, for awards of that day or before."
        " Unknown as long as none was published; an announced total is not shared out."
    ),
    unit=Unit.EURO,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
)
def amount_known(on: date) -> Decimal | None:
    """Add the published amounts up; None while no amount was published."""
    return queries.published_amount(on)


@indicator(
    key="fund.amounts_published",
    title=_("Grants whose amount is published"),
    description=_("Share of the grants in the register whose own amount was published."),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def amounts_published(on: date) -> Ratio:
    """Give the grants with an amount among all."""
    rows = queries.awarded_by(on)
    return Ratio(rows.filter(amount__isnull=False).count(), rows.count())


@indicator(
    key="fund.facts_known",
    title=_("Facts with their source"),
    description=_(
        "What the register tells of experiments beyond the award, each with its source, without"
        " what was withdrawn."
    ),
    unit=Unit.COUNT,
    direction=Direction.UP,
    aggregate=Aggregate.LAST,
    past=False,
)
def facts_known(_on: date) -> int:
    """Count the facts shown now: when a fact came in is not kept."""
    return queries.shown_facts().count()


@indicator(
    key="fund.services_running",
    title=_("Experiments whose service runs"),
    description=_(
        "Share of the grants for which a service of Communs is switched on by the beneficiary."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
    past=False,
)
def services_running(on: date) -> Ratio:
    """Give the grants answered by a service that is on among all."""
    found = list(queries.awarded_by(on).select_related("beneficiary"))
    answers = queries.answers(found)
    running = sum(answers[grant.pk].progress == Progress.ON for grant in found)
    return Ratio(running, len(found))


@indicator(
    key="fund.days_since_correction",
    title=_("Days since the last correction"),
    description=_(
        "Days since something known was last added or corrected by hand. Unknown as long as nothing"
        " was."
    ),
    unit=Unit.DAY,
    direction=Direction.DOWN,
    aggregate=Aggregate.LAST,
    past=False,
)
def days_since_correction(on: date) -> int | None:
    """Count the days; None while nothing was corrected by that day."""
    last = queries.last_correction(on)
    return (on - last).days if last else None
