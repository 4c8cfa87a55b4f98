"""The demonstration: whom people may ask about their data; nobody."""

from __future__ import annotations

from communs.core.access.demo import ACCOUNTS
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.privacy.actions import set_controller


def load() -> None:
    """Give each community with an account a contact that is marked as made up."""
    for account in ACCOUNTS:
        with within(Community.objects.get(slug=account.community)):
            set_controller(
                address="",
                representative="L’exécutif de la collectivité (démonstration)",
                officer="Délégation mutualisée (fictive)",
                officer_email=f"dpo.{account.community}@demo.example",
                officer_phone="",
                by=None,
            )
