"""Communes, territories and the metropolis themselves can be found: by name, postcode or code."""

from __future__ import annotations

from collections.abc import Iterator

from communs.core.communities.enums import Kind
from communs.core.communities.models import Affiliation, Community
from communs.core.registry.service import noop
from communs.core.search.documents import Searchable

_KINDS = {
    Kind.COMMUNE: noop("Commune"),
    Kind.TERRITORY: noop("Territory"),
    Kind.METROPOLIS: noop("Metropolis"),
}


def documents() -> Iterator[Searchable]:
    """Give every community; each leads to its own home."""
    groups: dict[object, list[str]] = {}
    held = Affiliation.objects.filter(group__kind=Kind.TERRITORY).select_related("group")
    for row in held.order_by("since"):
        groups.setdefault(row.member_id, []).append(row.group.name)
    for community in Community.objects.all():
        yield Searchable(
            subject=community,
            kind=_KINDS[Kind(community.kind)],
            title=community.name,
            text=_text(community, groups.get(community.pk, [])),
            route="web:home",
            place=community,
        )


def _text(community: Community, groups: list[str]) -> str:
    codes = (community.postal_codes, community.insee, community.siren, community.siret)
    return " · ".join(part for part in (*dict.fromkeys(groups), *codes) if part)
