"""What happens to accounts, each in the journal of the community where it was done."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession

from communs.core.journal.actions import action, nothing_done, record
from communs.core.people.models import Person


@action("people.signed_up")
def sign_up(*, email: str, name: str, by: Person | None) -> Person:
    """Make the account of somebody who proved that the address is theirs."""
    person = Person.objects.create_user(email, name=name)
    record(person)
    return person


@action("people.signed_up")
def sign_up_from_elsewhere(*, person: Person, provider: str, by: Person | None) -> Person:
    """Make the account of somebody whom an identity provider vouches for."""
    person.save()
    record(person, provider=provider)
    return person


@action("people.password_changed")
def change_password(*, person: Person, password: str, by: Person | None) -> None:
    """Give an account a new password; its other sessions end, since they hold the old one."""
    person.set_password(password)
    person.save(update_fields=["password"])
    record(person)


@action("people.address_changed")
def note_address(*, person: Person, by: Person | None) -> None:
    """Keep one address an account: the one just verified; the journal says neither."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    record(person)


@action("people.second_factor_added")
def note_factor_added(*, person: Person, kind: str, by: Person | None) -> None:
    """Say that an account got a second factor: totp, webauthn or recovery_codes."""
    record(person, kind=kind)


@action("people.second_factor_removed")
def note_factor_removed(*, person: Person, kind: str, by: Person | None) -> None:
    """Say that an account lost a second factor."""
    record(person, kind=kind)


@action("people.identity_connected")
def note_identity_connected(*, person: Person, provider: str, by: Person | None) -> None:
    """Say that an account may be entered by an identity provider."""
    record(person, provider=provider)


@action("people.identity_disconnected")
def note_identity_disconnected(*, person: Person, provider: str, by: Person | None) -> None:
    """Say that an account may no longer be entered by an identity provider."""
    record(person, provider=provider)


@action("people.sessions_ended")
def end_sessions(*, sessions: list[UserSession], by: Person) -> int:
    """End sessions of one's own account; gives how many there were."""
    for session in sessions:
        session.end()
    if sessions:
        record(by, count=len(sessions))
    else:
        nothing_done()
    return len(sessions)


@action("people.name_changed")
def rename(*, name: str, by: Person) -> None:
    """Change the name that others see."""
    by.name = name
    by.save(update_fields=["name"])
    record(by)
