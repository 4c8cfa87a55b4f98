"""The demonstration: the metropolis shares how its fund is set."""

from __future__ import annotations

from datetime import datetime

from communs.core.bundles import actions
from communs.core.bundles.enums import Licence
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.service import Service

_NOTES = (
    "Le registre tel que la Métropole le tient : cinquante subventions par page, la carte, le"
    " dispositif. À reprendre pour un fonds de commune ou de territoire."
)


def load(service: Service, metropolis: Community, *, at: datetime) -> None:
    """Pack and publish a service's configuration."""
    with within(metropolis):
        bundle = actions.pack(service=service, licence=Licence.ETALAB, notes=_NOTES, at=at, by=None)
        actions.publish(bundle=bundle, by=None)
