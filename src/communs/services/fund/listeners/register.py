"""Who hears of what becomes of the register: the metropolis' agents and the commune's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.communities.models import Community
from communs.core.communities.scope import current, within
from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.live.topics import Message, translates
from communs.core.notifications.actions import Link, notify
from communs.core.notifications.notices import Notice, declare
from communs.core.notifications.queries import holders
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.models import Grant

FACTS = ("fund.fact_added", "fund.fact_corrected", "fund.fact_withdrawn")
REGISTER = "fund.register"

declare(
    Notice(
        key="fund.fact_added",
        about=_("what is newly known of an experiment"),
        title=noop("More is known of “%(title)s”"),
        text=noop("A fact with its source was added to the register: %(beneficiary)s."),
    ),
    Notice(
        key="fund.fact_corrected",
        about=_("corrections of the register"),
        title=noop("What is known of “%(title)s” was corrected"),
        text=noop(
            "The register of grants says something else of this experiment: %(beneficiary)s."
        ),
    ),
    Notice(
        key="fund.fact_withdrawn",
        about=_("facts withdrawn from the register"),
        title=noop("A fact about “%(title)s” was withdrawn"),
        text=noop("The register of grants no longer shows it: %(beneficiary)s."),
    ),
)


@listens_to(*FACTS)
def tell_agents(event: Event) -> None:
    """Tell editors and administrators, here and in the commune concerned, but not who did it."""
    grant = queries.grant(event.data["grant"])
    if grant is None:
        return
    here = current()
    for place in {here.pk: here, grant.beneficiary.pk: grant.beneficiary}.values():
        with within(place):
            _tell(event, grant, here)


def _tell(event: Event, grant: Grant, here: Community) -> None:
    people = holders(Role.ADMINISTRATOR, Role.EDITOR, on=event.at.date())
    notify(
        notice=event.name,
        people=people.exclude(pk=event.actor) if event.actor else people,
        subject=event.subject,
        once=str(event.pk),
        data={"title": grant.title, "beneficiary": grant.beneficiary.name},
        link=Link(here, "fund:grant", (grant.reference,)),
        at=event.at,
    )


@translates(*FACTS, "fund.communique_imported", topics=(REGISTER,))
def tell_pages(event: Event) -> list[Message]:
    """Have the register's open pages look again; everybody may read it."""
    return [Message(REGISTER, {"grant": event.data.get("grant", "")})]
