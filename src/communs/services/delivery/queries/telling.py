"""What the search finds here, and what is not well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from communs.core.registry.service import Finding, noop
from communs.core.search.documents import Searchable
from communs.services.delivery.models import Bay, Hook
from communs.services.delivery.queries.field import to_read
from communs.services.delivery.queries.shops import merchants_asking


def documents() -> Iterator[Searchable]:
    """Give what the site's search finds here."""
    rows = Bay.objects.filter(until__isnull=True)
    return (searchable(bay) for bay in rows.iterator(chunk_size=500))


def searchable(bay: Bay) -> Searchable:
    """Give a bay as the search keeps it."""
    return Searchable(
        subject=bay,
        kind=noop("Delivery bay"),
        title=bay.name,
        text=f"{bay.street}\n{bay.code}",
        route="delivery:bay",
        args=(bay.code,),
        on=bay.since,
    )


def findings() -> Sequence[Finding]:
    """Tell what is not well with the service here."""
    return (*_of_bays(), *_of_carriers())


def _of_carriers() -> Iterator[Finding]:
    stopped = Hook.objects.filter(stopped_at__isnull=False).count()
    if stopped:
        sentence = ngettext_lazy(
            "%(count)s carrier’s address is called no more: it did not answer.",
            "%(count)s carriers’ addresses are called no more: they did not answer.",
            stopped,
        )
        yield Finding("warning", sentence % {"count": stopped})


def _of_bays() -> Sequence[Finding]:
    open_bays = Bay.objects.filter(until__isnull=True)
    if not open_bays.exists():
        return (Finding("warning", _("No delivery bay yet: add the first one.")),)
    found = []
    bare = open_bays.filter(placements__isnull=True).count()
    if bare:
        sentence = ngettext_lazy(
            "%(count)s bay has no rule: nobody can start a disc there.",
            "%(count)s bays have no rule: nobody can start a disc there.",
            bare,
        )
        found.append(Finding("warning", sentence % {"count": bare}))
    waiting = to_read().count()
    if waiting:
        sentence = ngettext_lazy(
            "%(count)s report waits to be read.", "%(count)s reports wait to be read.", waiting
        )
        found.append(Finding("warning", sentence % {"count": waiting}))
    asking = merchants_asking().count()
    if asking:
        sentence = ngettext_lazy(
            "%(count)s shop waits for an answer.", "%(count)s shops wait for an answer.", asking
        )
        found.append(Finding("warning", sentence % {"count": asking}))
    return tuple(found)
