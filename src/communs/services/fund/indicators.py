"""What the register measures of itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from communs.core.indicators.definitions import Ratio, indicator
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Direction, Unit
from communs.services.fund import queries
from communs.services.fund.enums import Progress, Verdict
from communs.services.fund.queries import commons, experiments


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


@indicator(
    key="fund.applications_sent",
    title=_("Applications received"),
    description=_("Applications sent to the fund on that day or before, whatever became of them."),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
)
def applications_sent(on: date) -> int:
    """Count the applications sent by that day."""
    return queries.sent_by(on)


@indicator(
    key="fund.days_to_complete",
    title=_("Days from sending to completeness"),
    description=_(
        "Median of the days between the first sending of an application and the day it was found"
        " complete, of those found complete that day. Unknown on days without any."
    ),
    unit=Unit.DAY,
    direction=Direction.DOWN,
    aggregate=Aggregate.MEAN,
    decimals=1,
)
def days_to_complete(on: date) -> Decimal | None:
    """Give the median; None on a day when none was found complete."""
    return queries.days_to_complete(on)


@indicator(
    key="fund.complete_at_first",
    title=_("Applications complete at first"),
    description=_(
        "Share of the applications found complete on that day or before for which nothing had to"
        " be asked for."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def complete_at_first(on: date) -> Ratio:
    """Give those for which nothing was asked, among all that are complete."""
    return Ratio(*queries.complete_at_first(on))


@indicator(
    key="fund.partners_per_application",
    title=_("Partners of an application"),
    description=_(
        "Organisations by application, the lead included, for applications sent on that day or"
        " before."
    ),
    unit=Unit.COUNT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def partners_per_application(on: date) -> Ratio:
    """Give the partners of all applications among these."""
    return Ratio(*queries.partners_of_sent(on))


@indicator(
    key="fund.awards_agreed",
    title=_("Awards that are agreed on"),
    description=_(
        "Share, in euros, of what was awarded on that day or before for which an agreement was"
        " signed by then."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def awards_agreed(on: date) -> Ratio:
    """Give the euros of signed agreements among those awarded here."""
    awarded, signed, _paid = queries.money_by(on)
    return Ratio(signed, awarded)


@indicator(
    key="fund.awards_paid",
    title=_("Awards that are paid"),
    description=_(
        "Share, in euros, of what was awarded on that day or before that was paid by then; what"
        " came back is taken off."
    ),
    unit=Unit.PERCENT,
    direction=Direction.UP,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def awards_paid(on: date) -> Ratio:
    """Give the euros paid among those awarded here."""
    awarded, _signed, paid = queries.money_by(on)
    return Ratio(paid, awarded)


@indicator(
    key="fund.days_to_signature",
    title=_("Days from the decision to the signature"),
    description=_(
        "Median of the days between the seal of a deliberation and the signature of the agreement,"
        " for agreements signed on that day or before. Unknown as long as none was."
    ),
    unit=Unit.DAY,
    direction=Direction.DOWN,
    aggregate=Aggregate.LAST,
    decimals=1,
)
def days_to_signature(on: date) -> Decimal | None:
    """Give the median; None while nothing was signed."""
    return queries.days_to_signature(on)


@indicator(
    key="fund.days_to_payment",
    title=_("Days from the claim to the payment"),
    description=_(
        "Median of the days between the claim of an instalment, or the day an advance was due, and"
        " its payment, for payments made on that day or before. Unknown as long as none was."
    ),
    unit=Unit.DAY,
    direction=Direction.DOWN,
    aggregate=Aggregate.LAST,
    decimals=1,
)
def days_to_payment(on: date) -> Decimal | None:
    """Give the median; None while nothing was paid."""
    return queries.days_to_payment(on)


@indicator(
    key="fund.commons_offered",
    title=_("Successes in the catalogue"),
    description=_(
        "Evaluated successes offered to other communes on that day or before, and not withdrawn."
    ),
    unit=Unit.COUNT,
    direction=Direction.UP,
    aggregate=Aggregate.LAST,
    past=False,
)
def commons_offered(on: date) -> int:
    """Count what is in the catalogue."""
    return commons.offered_by(on)


@indicator(
    key="fund.replications_confirmed",
    title=_("Copies that confirmed a success"),
    description=_(
        "Copies of a success in another commune, measured there and confirmed on that day or"
        " before, and not taken back since."
    ),
    unit=Unit.COUNT,
    direction=Direction.UP,
    aggregate=Aggregate.LAST,
    past=False,
)
def replications_confirmed(on: date) -> int:
    """Count the copies that confirm."""
    return commons.confirmed_by(on)


@indicator(
    key="fund.experiments_live",
    title=_("Experiments under way"),
    description=_("Experiments that had begun on that day and had not ended."),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
)
def experiments_live(on: date) -> int:
    """Count the experiments that were under way that day."""
    return experiments.live_by(on)


@indicator(
    key="fund.verdicts_decided",
    title=_("Verdicts decided"),
    description=_("Evaluations whose verdict was decided on that day or before."),
    unit=Unit.COUNT,
    direction=Direction.NONE,
    aggregate=Aggregate.LAST,
)
def verdicts_decided(on: date) -> int:
    """Count the verdicts decided by that day."""
    return experiments.decided_by(on).count()


@indicator(
    key="fund.verdicts_inconclusive",
    title=_("Verdicts that are not conclusive"),
    description=_(
        "Share of the decided verdicts that are “not conclusive”: an ordinary outcome, and a sign"
        " of protocols that were too short or of figures with holes where it is frequent."
    ),
    unit=Unit.PERCENT,
    direction=Direction.NONE,
    aggregate=Aggregate.RATIO,
    decimals=1,
)
def verdicts_inconclusive(on: date) -> Ratio:
    """Give the verdicts that are not conclusive among those decided by that day."""
    rows = experiments.decided_by(on)
    return Ratio(rows.filter(verdict=Verdict.INCONCLUSIVE).count(), rows.count())
