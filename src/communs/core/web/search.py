"""One box over communes, services and what each running service has."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.kit.text import fold
from communs.core.registry.request import Request
from communs.core.web import atlas, catalogue


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found."""

    title: str
    href: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind that were found."""

    title: str
    hits: list[Hit] = field(default_factory=list)


def groups(request: Request, query: str) -> list[Group]:
    """Give what comes near the query, kind by kind, nothing that is empty."""
    found = [
        Group(_("Communes"), _communes(query)),
        Group(_("Services"), _services(request, query)),
    ]
    for running in request.running.values():
        views = running.service.module_named("views") if running.on else None
        hits = getattr(views, "search_hits", None)
        if hits:
            found.append(Group(str(running.service.title), hits(query)))
    return [group for group in found if group.hits]


def _communes(query: str) -> list[Hit]:
    rows = atlas.communes(timezone.localdate(), query) if fold(query) else []
    return [Hit(row.name, row.href, row.territory_name or "") for row in rows[:10]]


def _services(request: Request, query: str) -> list[Hit]:
    asked = fold(query)
    return [
        Hit(card.title, card.href, card.summary)
        for card in catalogue.shown(request)
        if card.href and asked and asked in fold(f"{card.title} {card.summary}")
    ]
