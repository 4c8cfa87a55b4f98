"""What people decide about their data, and what the site does at the end of its time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.communities.scope import current
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.people import mail
from communs.core.people.models import Person
from communs.core.privacy import consents, erasing, letters, queries
from communs.core.privacy.declarations import Declaration
from communs.core.privacy.enums import Way
from communs.core.privacy.models import Consent, Controller, Departure, Erasure


@action("privacy.consent_given")
def give_consent(
    *, person: Person, purpose: str, at: datetime, way: Way = Way.SITE, by: Any
) -> Consent | None:
    """Keep that a person agreed, in the words of today; an agent may note it for them."""
    return _answer(person, purpose, given=True, at=at, way=way, by=by)


@action("privacy.consent_withdrawn")
def withdraw_consent(
    *, person: Person, purpose: str, at: datetime, way: Way = Way.SITE, by: Any
) -> Consent | None:
    """Keep that a person no longer agrees; who relied on it hears of the event."""
    return _answer(person, purpose, given=False, at=at, way=way, by=by)


@action("privacy.data_exported")
def note_export(*, person: Person, by: Any) -> None:
    """Say that a copy of what is kept about a person was made."""
    record(person)


@action("privacy.person_erased")
def erase(*, person: Person, tell: bool = True, at: datetime, by: Any) -> dict[str, int]:
    """Erase an account and all that hangs on it; gives how many rows of each table went.

    A letter says so to the address, unless it was told already.
    Raises Refused while a community would be left without an administrator.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    alone = queries.held_up_by(person)
    if alone:
        names = ", ".join(place.name for place in alone)
        sentence = _("You alone administer %(places)s: name another administrator there first.")
        raise Refused(sentence % {"places": names})
    subject, address = f"people.person:{person.pk}", person.email
    Erasure.objects.update_or_create(person=person.pk, defaults={"at": at})
    gone = erasing.take_out(person)
    if tell:
        mail.send(letters.erased(), to=address)
    record(subject, rows=gone)
    return gone


@action("privacy.controller_set")
def set_controller(
    *,
    address: str,
    representative: str,
    officer: str,
    officer_email: str,
    officer_phone: str,
    by: Any,
) -> Controller:
    """Say who answers for personal data in the community in force."""
    values = {
        "address": address,
        "representative": representative,
        "officer": officer,
        "officer_email": officer_email,
        "officer_phone": officer_phone,
    }
    row, _made = Controller.objects.update_or_create(community=current(), defaults=values)
    record(row, given=sorted(name for name, value in values.items() if value))
    return row


def warn(*, person: Person, link: str, on: date) -> Departure:
    """Tell an unused account, once, on which day it goes; no event until it does."""
    row, made = Departure.objects.get_or_create(person=person, defaults={"on": on + queries.WARNED})
    if made:
        mail.send(letters.leaving(row.on, link=link), to=person.email)
    return row


def spare(*, on: date) -> int:
    """Forget the departure of accounts that are used again; gives how many."""
    leaving = Departure.objects.values("person")
    used = Person.objects.filter(pk__in=leaving).exclude(pk__in=queries.unused(on=on).values("pk"))
    return Departure.objects.filter(person__in=used).delete()[0]


def let_go(declared: Declaration, *, at: datetime) -> int:
    """Delete a table's rows, in the community in force, whose time is over; gives how many."""
    model: Any = declared.model
    gone: dict[str, int] = model.objects.filter(queries.over(declared, at=at)).delete()[1]
    return gone.get(model._meta.label, 0)


def _answer(
    person: Person, purpose: str, *, given: bool, at: datetime, way: Way, by: Any
) -> Consent | None:
    own = by is not None and by.pk == person.pk
    noted_by = None if own else getattr(by, "pk", None)
    kept = consents.keep_answers({purpose: given}, person=person, at=at, way=way, noted_by=noted_by)
    if not kept:
        nothing_done()
        return None
    record(person, purpose=purpose, version=kept[0].version, way=way)
    return kept[0]
