"""From the sign-in library's signals to our actions, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.signals import email_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_in

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import scope, within
from communs.core.people import actions, limits


@contextmanager
def _somewhere() -> Iterator[None]:
    """Work for the community in force, or for the metropolis where there is none."""
    with within(scope().community or Community.objects.get(kind=Kind.METROPOLIS)):
        yield


def _address(user: Any, **_facts: Any) -> None:
    with _somewhere():
        actions.note_address(person=user, by=user)


def _factor_added(user: Any, authenticator: Any, **_facts: Any) -> None:
    with _somewhere():
        actions.note_factor_added(person=user, kind=str(authenticator.type), by=user)


def _factor_removed(user: Any, authenticator: Any, **_facts: Any) -> None:
    with _somewhere():
        actions.note_factor_removed(person=user, kind=str(authenticator.type), by=user)


def _connected(sociallogin: Any, **_facts: Any) -> None:
    person, provider = sociallogin.user, sociallogin.account.provider
    with _somewhere():
        actions.note_identity_connected(person=person, provider=provider, by=person)


def _disconnected(socialaccount: Any, **_facts: Any) -> None:
    person, provider = socialaccount.user, socialaccount.provider
    with _somewhere():
        actions.note_identity_disconnected(person=person, provider=provider, by=person)


def connect() -> None:
    """Listen; called once, when the application starts."""
    user_logged_in.connect(limits.begin)
    email_changed.connect(_address)
    authenticator_added.connect(_factor_added)
    authenticator_reset.connect(_factor_added)
    authenticator_removed.connect(_factor_removed)
    social_account_added.connect(_connected)
    social_account_removed.connect(_disconnected)
