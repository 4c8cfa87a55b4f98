"""Makes a metropolis of one's own, from a list of its communes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from communs.core.communities.engine.commune_list import (
    SAME_ADDRESS,
    ListedCommune,
    is_siren,
)
from communs.core.communities.engine.reference import slug
from communs.core.communities.engine.tables import BadFile
from communs.core.communities.enums import Kind
from communs.core.communities.models import Affiliation, Community, Population
from communs.core.kit.errors import Refused

SOURCE = "Liste des communes donnée à l’installation"
FILE = "communes.csv"


@transaction.atomic
def found_metropolis(
    *,
    name: str,
    siren: str,
    communes: Sequence[ListedCommune],
    is_taken: Callable[[str], bool],
    on: date,
) -> Community:
    """Make a metropolis and its communes; `is_taken` tells the addresses that pages have.

    It comes before any community that could journal it. Raises Refused or BadFile, all undone.
    """
    if Community.objects.filter(kind=Kind.METROPOLIS).exists():
        raise Refused(_("There is a metropolis here already."))
    if not is_siren(siren):
        raise Refused(
            _("This is no SIREN number: nine digits, the last one is a key."), field="siren"
        )
    address = slug(name)
    if not address[:1].isalpha():
        raise Refused(_("Write a name that begins with a letter."), field="name")
    _refuse_twice(address, communes, is_taken, siren)
    metropolis = Community.objects.create(
        kind=Kind.METROPOLIS, slug=address, name=name, siren=siren
    )
    made = [_commune(row) for row in communes]
    Community.objects.bulk_create(made)
    Affiliation.objects.bulk_create(Affiliation(member=row, group=metropolis) for row in made)
    Population.objects.bulk_create(
        Population(community=row, year=on.year, inhabitants=listed.population, source=SOURCE)
        for row, listed in zip(made, communes, strict=True)
        if listed.population is not None
    )
    return metropolis


def _commune(row: ListedCommune) -> Community:
    return Community(
        kind=Kind.COMMUNE,
        slug=row.slug,
        name=row.name,
        siren=row.siren,
        insee=row.insee,
        department=row.department,
        postal_codes=" ".join(row.postcodes),
    )


def _refuse_twice(
    address: str, communes: Sequence[ListedCommune], is_taken: Callable[[str], bool], siren: str
) -> None:
    seen, sirens = {address}, {siren}
    for row in communes:
        if row.slug in seen or is_taken(row.slug):
            raise BadFile(SAME_ADDRESS, file=FILE, value=row.name)
        if row.siren in sirens:
            raise BadFile(SAME_ADDRESS, file=FILE, value=row.siren)
        seen.add(row.slug)
        sirens |= {row.siren} if row.siren else set()
