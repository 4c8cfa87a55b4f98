"""Who hears of agreements and payments: those who act for the partners that sign them."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.notifications.notices import Notice, declare
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.listeners.applications import tell_partners
from communs.services.fund.models import Application

_AGREED = {
    "fund.agreement_sent": "fund.agreement_to_sign",
    "fund.agreement_signed": "fund.agreement_signed",
    "fund.amendment_written": "fund.amendment_written",
    "fund.amendment_signed": "fund.amendment_signed",
    "fund.claim_rejected": "fund.claim_rejected",
    "fund.payment_paid": "fund.payment_paid",
}
_PATHS = {
    "fund.agreement": "grants__agreements",
    "fund.amendment": "grants__agreements__amendments",
    "fund.claim": "grants__agreements__instalments__claims",
    "fund.payment": "grants__agreements__instalments__payments",
}

declare(
    Notice(
        key="fund.agreement_to_sign",
        about=_("agreements to be signed"),
        title=noop("“%(title)s”: the agreement is ready to be signed"),
        text=noop("Print agreement %(agreement)s, have it signed, and send it back."),
    ),
    Notice(
        key="fund.agreement_signed",
        about=_("agreements that all have signed"),
        title=noop("“%(title)s”: the agreement is signed"),
        text=noop("All have signed agreement %(agreement)s: it is in force."),
    ),
    Notice(
        key="fund.amendment_written",
        about=_("changes of agreements that are proposed"),
        title=noop("“%(title)s”: a change of the agreement is proposed"),
        text=noop("Read the amendment to agreement %(agreement)s on its page."),
    ),
    Notice(
        key="fund.amendment_signed",
        about=_("changes of agreements that all have signed"),
        title=noop("“%(title)s”: the agreement has changed"),
        text=noop("An amendment to agreement %(agreement)s is in force."),
    ),
    Notice(
        key="fund.claim_rejected",
        about=_("claims that the fund rejected"),
        title=noop("“%(title)s”: a claim was rejected"),
        text=noop("The reason stands on the page of the agreement; it may be claimed again."),
        urgent=True,
    ),
    Notice(
        key="fund.payment_paid",
        about=_("payments of the fund"),
        title=noop("“%(title)s”: a payment was made"),
        text=noop("A payment of agreement %(agreement)s was made: it stands on its page."),
    ),
)


@listens_to(*_AGREED)
def tell_of_agreement(event: Event) -> None:
    """Tell the partners what becomes of their agreement, of a claim, of a payment."""
    found = _file(event)
    if found is not None:
        more = {"agreement": event.data.get("agreement") or event.data.get("number", "")}
        partners = queries.partners_here(found)
        tell_partners(event, _AGREED[event.name], found, partners, more, route="fund:agreement")


def _file(event: Event) -> Application | None:
    label, _mark, key = event.subject.partition(":")
    path = _PATHS.get(label)
    row = None if path is None else Application.objects.filter(**{path: UUID(key)}).first()
    return None if row is None else queries.by_key(row.pk)
