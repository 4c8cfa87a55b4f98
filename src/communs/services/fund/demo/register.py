"""The register of the demonstration: nothing made up, the communiqué read as it is."""

from __future__ import annotations

from pathlib import Path

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.actions import read_and_import

COMMUNIQUE = Path(__file__).parents[1] / "data" / "communique-2018-11-27.txt"


def load(metropolis: Community) -> None:
    """Import the communiqué into the metropolis' register."""
    with within(metropolis):
        read_and_import(path=COMMUNIQUE, by=None)
