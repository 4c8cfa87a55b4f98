"""What a grant of the register is called, where it stands, and what it is found by."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from communs.core.communities.enums import Kind
from communs.core.communities.models import Affiliation, Community
from communs.core.kit.periods import in_force
from communs.core.kit.text import fold
from communs.services.fund.enums import Challenge, Theme
from communs.services.fund.models import Round


def reference_of(award: Round, number: int) -> str:
    """Name a grant by its programme, year and row; a year's second round says so."""
    year = award.awarded_on.year
    earlier = Round.objects.filter(
        programme=award.programme, awarded_on__year=year, awarded_on__lt=award.awarded_on
    ).count()
    turn = f"-{earlier + 1}" if earlier else ""
    return f"{award.programme.code}-{year}{turn}-{number:02d}"


def territory_of(beneficiary: Community, award: Round) -> Community | None:
    """Give the territory of a beneficiary on the day of the award, or None."""
    if beneficiary.kind == Kind.TERRITORY:
        return beneficiary
    held = Affiliation.objects.filter(
        in_force(award.awarded_on), member=beneficiary, group__kind=Kind.TERRITORY
    )
    row = held.select_related("group").first()
    return row.group if row else None


def words_of(values: dict[str, Any], territory: Community | None) -> str:
    """Give what the register's search looks in, in French and English."""
    labels = []
    for language in ("fr", "en"):
        with translation.override(language):
            chosen = (("theme", Theme), ("challenge", Challenge))
            labels += [str(kind(values[name]).label) for name, kind in chosen if values[name]]
    parts = [
        values["title"],
        values["beneficiary"].name,
        values["beneficiary_as_published"],
        territory.name if territory else "",
        values["reference"],
        *labels,
    ]
    return fold(" ".join(parts))
