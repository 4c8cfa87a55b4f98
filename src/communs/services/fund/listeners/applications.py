"""Who hears of what becomes of an application: only ever somebody who may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.communities.models import Community
from communs.core.communities.scope import current, within
from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.kit.periods import in_force
from communs.core.notifications.actions import Link, notify
from communs.core.notifications.notices import Notice, declare
from communs.core.notifications.queries import holders
from communs.core.people.models import Person
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.models import Application, Contact, Partner

APPLICANTS = {
    "fund.application_submitted": "fund.application_received",
    "fund.missing_asked": "fund.missing_asked",
    "fund.application_complete": "fund.application_complete",
    "fund.application_eligible": "fund.application_eligible",
    "fund.application_ineligible": "fund.application_ineligible",
    "fund.application_closed": "fund.application_closed",
}

declare(
    Notice(
        key="fund.partner_invited",
        about=_("applications to sign for one’s organisation"),
        title=noop("“%(title)s”: %(name)s is asked to join"),
        text=noop("Read the application %(number)s, then sign it for %(name)s."),
    ),
    Notice(
        key="fund.application_received",
        about=_("applications received by the fund"),
        title=noop("“%(title)s” was received"),
        text=noop("Application %(number)s came in: its receipt is on its page."),
    ),
    Notice(
        key="fund.missing_asked",
        about=_("items that the fund asks for"),
        title=noop("“%(title)s”: something is missing"),
        text=noop("The fund asks for something before it examines application %(number)s."),
        urgent=True,
    ),
    Notice(
        key="fund.application_complete",
        about=_("applications found complete"),
        title=noop("“%(title)s” is complete"),
        text=noop("Application %(number)s is complete; its receipt says since when."),
    ),
    Notice(
        key="fund.application_eligible",
        about=_("applications found eligible"),
        title=noop("“%(title)s” is eligible"),
        text=noop("The merit of application %(number)s is examined from now on."),
    ),
    Notice(
        key="fund.application_ineligible",
        about=_("applications found not eligible"),
        title=noop("“%(title)s” is not eligible"),
        text=noop("The reason stands on the page of application %(number)s."),
    ),
    Notice(
        key="fund.application_closed",
        about=_("applications closed without action"),
        title=noop("“%(title)s” is closed without action"),
        text=noop("The reason stands on the page of application %(number)s."),
    ),
    Notice(
        key="fund.instructor_assigned",
        about=_("applications that one answers for"),
        title=noop("“%(title)s” is yours to examine"),
        text=noop("You answer for application %(number)s."),
    ),
    Notice(
        key="fund.application_sent_back",
        about=_("applications completed and sent back"),
        title=noop("“%(title)s” was completed"),
        text=noop("What you asked for in application %(number)s was answered."),
    ),
)


@listens_to("fund.partner_invited")
def tell_invited(event: Event) -> None:
    """Tell the administrators of an organisation that it is asked to join a file."""
    found = _file(event)
    partner = None if found is None else _partner(found, event.data["organisation"])
    if found is not None and partner is not None:
        more = {"name": partner.organisation.name}
        tell_partners(event, "fund.partner_invited", found, [partner], more, signing=True)


@listens_to(*APPLICANTS)
def tell_applicants(event: Event) -> None:
    """Tell who writes for a file's partners what the fund did, or that it came in."""
    found = _file(event)
    if found is not None and not event.data.get("again"):
        tell_partners(event, APPLICANTS[event.name], found, queries.partners_here(found))


@listens_to("fund.instructor_assigned", "fund.application_submitted")
def tell_instructor(event: Event) -> None:
    """Tell an instructor that a file is theirs, or that what they asked for came back."""
    found = _file(event)
    if found is None or found.instructor is None:
        return
    if event.name == "fund.instructor_assigned":
        _notify(event, event.name, found, [found.instructor])
    elif event.data.get("again"):
        _notify(event, "fund.application_sent_back", found, [found.instructor])


def _file(event: Event) -> Application | None:
    label, _mark, key = event.subject.partition(":")
    return queries.by_key(UUID(key)) if label == "fund.application" else None


def _partner(found: Application, organisation: str) -> Partner | None:
    held = queries.partners_here(found)
    return next((one for one in held if str(one.organisation_id) == organisation), None)


def tell_partners(
    event: Event,
    notice: str,
    found: Application,
    partners: Iterable[Partner],
    more: dict[str, Any] | None = None,
    *,
    signing: bool = False,
    route: str = "fund:file",
) -> None:
    """Tell who acts for partners, each in their own commune; firms' contacts, here."""
    here = current()
    for partner in partners:
        place = partner.organisation.body or here
        people = _people(partner, place, event, signing=signing)
        with within(here):
            readers = [one for one in people if _reads(one, found, event)]
        with within(place):
            _notify(event, notice, found, readers, here=here, more=more, route=route)


def _people(partner: Partner, place: Community, event: Event, *, signing: bool) -> list[Person]:
    on = event.at.date()
    if partner.organisation.body is None:
        contacts = Contact.objects.filter(in_force(on), organisation=partner.organisation)
        rows = Person.objects.filter(pk__in=contacts.values("person"), is_active=True)
        return list(rows.filter(~Q(pk=event.actor)))
    roles = (Role.ADMINISTRATOR,) if signing else (Role.ADMINISTRATOR, Role.EDITOR)
    with within(place):
        return list(holders(*roles, on=on).filter(~Q(pk=event.actor)))


def _reads(person: Person, found: Application, event: Event) -> bool:
    return queries.is_readable(found.pk, person, on=event.at.date())


def _notify(
    event: Event,
    notice: str,
    found: Application,
    people: Iterable[Person],
    *,
    here: Community | None = None,
    more: dict[str, Any] | None = None,
    route: str = "fund:file",
) -> None:
    notify(
        notice=notice,
        people=people,
        subject=event.subject,
        once=f"{event.pk} {found.pk}",
        data={"title": found.title, "number": found.number} | (more or {}),
        link=Link(here or current(), route, (found.number,)),
        at=event.at,
    )
