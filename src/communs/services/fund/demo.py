"""The fund's demonstration: nothing made up, the communiqué of 27 November 2018 read as it is."""

from __future__ import annotations

from pathlib import Path

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.service import Service
from communs.services.fund.actions import read_and_import

COMMUNIQUE = Path(__file__).parent / "data" / "communique-2018-11-27.txt"


def load(_service: Service, metropolis: Community) -> None:
    """Import the communiqué into the metropolis' register."""
    with within(metropolis):
        read_and_import(path=COMMUNIQUE, by=None)
