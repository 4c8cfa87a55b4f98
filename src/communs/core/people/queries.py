"""Reads about one account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.kit.localised import day
from communs.core.people import devices
from communs.core.people.models import Person


@dataclass(frozen=True, slots=True)
class Held:
    """What protects an account and leads into it."""

    password: bool
    totp: bool
    passkeys: int
    recovery_codes: bool
    identities: int

    @property
    def second_factor(self) -> bool:
        return self.totp or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A place where somebody is signed in."""

    row: UserSession
    device: str
    current: bool

    @property
    def began(self) -> str:
        return _moment(self.row.created_at)

    @property
    def last_seen(self) -> str:
        return _moment(self.row.last_seen_at)


def _moment(at: datetime) -> str:
    facts = {"day": day(at), "time": f"{timezone.localtime(at):%H:%M}"}
    return _("%(day)s at %(time)s") % facts


def held_by(person: Person) -> Held:
    """Give what protects an account: two queries."""
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return Held(
        password=person.has_usable_password(),
        totp=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        identities=SocialAccount.objects.filter(user=person).count(),
    )


def sessions_of(person: Person, *, current: str | None) -> list[OpenSession]:
    """Give the open sessions of an account, the one in hand first, then the last used."""
    alive = Session.objects.values("session_key")
    rows = UserSession.objects.filter(user=person, session_key__in=alive).order_by("-last_seen_at")
    found = [OpenSession(r, devices.words(r.user_agent), r.session_key == current) for r in rows]
    return sorted(found, key=lambda s: not s.current)
