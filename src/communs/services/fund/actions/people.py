"""Tasks in the fund, and the organisations that may apply."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from stdnum.fr import siret as sirets

from communs.core.communities.models import Community
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.people.models import Person
from communs.services.fund.enums import OrganisationKind
from communs.services.fund.models import Appointment, Contact, Organisation


@action("fund.appointed")
def appoint(
    *,
    email: str,
    duty: str,
    mandate: Community | None = None,
    group: str = "",
    votes: bool = False,
    since: date,
    until: date | None = None,
    by: Any,
) -> Appointment:
    """Give somebody a task in the fund, from a day to another."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        sentence = _("Nobody has an account with this address: they sign in once, then try again.")
        raise Refused(sentence, field="email")
    if until is not None and until < since:
        raise Refused(_("The last day comes after the first one."), field="until")
    if Appointment.objects.filter(person=person, duty=duty, until=None).exists():
        raise Refused(_("This person has this task already."), field="duty")
    row = Appointment.objects.create(
        person=person,
        duty=duty,
        mandate=mandate,
        group=clean_line(group),
        votes=votes,
        since=since,
        until=until,
    )
    record(row, person=str(person.pk), duty=duty, since=since.isoformat())
    return row


@action("fund.appointment_ended")
def end_appointment(*, appointment: Appointment, on: date, by: Any) -> None:
    """Take a task back from a day on."""
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if held.until is not None and held.until <= on:
        raise Refused(_("This task is over already."))
    held.until = max(on, held.since)
    held.save(update_fields=["until"])
    record(held, person=str(held.person_id), duty=held.duty, until=held.until.isoformat())


def organisation_of(*, body: Community, by: Any) -> Organisation:
    """Give the organisation that stands for a commune or a territory; made when first needed."""
    del by
    names = {"kind": str(body.kind), "name": body.name, "siret": body.siret or ""}
    row, _made = Organisation.objects.get_or_create(body=body, defaults=names)
    return row


@action("fund.organisation_registered")
def register_organisation(*, kind: str, name: str, siret: str, on: date, by: Any) -> Organisation:
    """Register a firm or an association; who does so acts for it."""
    line = clean_line(name)
    if not line:
        raise Refused(_("Write its name."), field="name")
    if kind not in OrganisationKind.others():
        raise Refused(_("Communes and territories are here already."), field="kind")
    number = sirets.compact(siret)
    if not sirets.is_valid(number):
        sentence = _("This is no SIRET: fourteen digits, the last of which checks the others.")
        raise Refused(sentence, field="siret")
    if Organisation.objects.filter(siret=number).exists():
        sentence = _("This organisation is here already: ask who acts for it to let you do so.")
        raise Refused(sentence, field="siret")
    row = Organisation.objects.create(kind=kind, name=line, siret=number)
    if by is not None:
        Contact.objects.create(organisation=row, person=by, since=on)
    record(row, kind=kind, siret=number)
    return row


@action("fund.contact_added")
def add_contact(*, organisation: Organisation, email: str, on: date, by: Any) -> Contact:
    """Let another account act for a firm or an association."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        sentence = _("Nobody has an account with this address: they sign in once, then try again.")
        raise Refused(sentence, field="email")
    row, made = Contact.objects.get_or_create(
        organisation=organisation, person=person, until=None, defaults={"since": on}
    )
    if not made:
        raise Refused(_("This person acts for it already."), field="email")
    record(organisation, person=str(person.pk))
    return row
