"""Who hears of what the Bureau decided: the applicants, once the act is sealed and not before."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.kit.localised import to_type
from communs.core.notifications.notices import Notice, declare
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.enums import Outcome
from communs.services.fund.listeners.applications import tell_partners
from communs.services.fund.models import Decision, Deliberation
from communs.services.fund.queries import sessions

_ABOUT = _("decisions of the Bureau on one’s applications")
_NOTICES = {
    Outcome.AWARDED: "fund.application_awarded",
    Outcome.REFUSED: "fund.application_refused",
    Outcome.POSTPONED: "fund.application_postponed",
}

declare(
    Notice(
        key="fund.application_awarded",
        about=_ABOUT,
        title=noop("“%(title)s” is awarded a grant"),
        text=noop("Deliberation no. %(act)s awards application %(number)s %(amount)s euros."),
    ),
    Notice(
        key="fund.application_refused",
        about=_ABOUT,
        title=noop("“%(title)s” is not awarded a grant"),
        text=noop("Deliberation no. %(act)s, application %(number)s. Reason: %(reason)s"),
    ),
    Notice(
        key="fund.application_postponed",
        about=_ABOUT,
        title=noop("“%(title)s” is postponed"),
        text=noop("Deliberation no. %(act)s, application %(number)s. Reason: %(reason)s"),
    ),
)


@listens_to("fund.deliberation_sealed")
def tell_decided(event: Event) -> None:
    """Tell who writes for each file what the sealed act decides on it."""
    act = sessions.deliberation(UUID(event.subject.partition(":")[2]))
    if act is not None:
        for decision in act.decisions.all():
            _tell(event, act, decision)


def _tell(event: Event, act: Deliberation, decision: Decision) -> None:
    found = queries.by_key(decision.application_id)
    if found is None:
        return
    more = {
        "act": act.number,
        "amount": "" if decision.amount is None else _written(decision.amount),
        "reason": decision.reason,
    }
    notice = _NOTICES[Outcome(decision.outcome)]
    tell_partners(event, notice, found, queries.partners_here(found), more)


def _written(amount: Decimal) -> str:
    """Write an amount for any reader: a notice is kept before it is known who reads it."""
    with override("fr"):
        return to_type(amount, decimals=2)
