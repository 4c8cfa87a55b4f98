"""Copies of digital commons, followed from what communes do with configurations; who hears."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.bundles import queries as bundles
from communs.core.bundles import signing
from communs.core.bundles.models import Installation
from communs.core.communities.models import Community
from communs.core.communities.queries import metropolis as the_metropolis
from communs.core.communities.scope import current, within
from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.core.kit.periods import in_force
from communs.core.notifications.actions import Link as To
from communs.core.notifications.actions import notify
from communs.core.notifications.notices import Notice, declare
from communs.core.notifications.queries import holders
from communs.core.people.models import Person
from communs.core.registry import queries as registry
from communs.core.registry.service import noop
from communs.services.fund import actions
from communs.services.fund.engine.sharing import moves
from communs.services.fund.engine.sharing.lineage import Link, descends, links_of
from communs.services.fund.enums import CommonState, Duty
from communs.services.fund.models import Appointment, Common
from communs.services.fund.queries import commons

_ABOUT = _("digital commons: who takes them over, what is found elsewhere")
# Who hears of what becomes of a copy: managers of the fund, the original commune, the copy's own.
_TOLD = {
    "fund.replication_asked": ("managers", "origin"),
    "fund.replication_live": ("managers", "origin"),
    "fund.replication_confirmed": ("origin", "copy"),
    "fund.replication_undone": ("managers", "origin"),
}

declare(
    Notice(
        key="fund.replication_asked",
        about=_ABOUT,
        title=noop("“%(title)s”: %(name)s wants to take it over"),
        text=noop("Its message stands on the page of the common."),
    ),
    Notice(
        key="fund.replication_live",
        about=_ABOUT,
        title=noop("“%(title)s”: %(name)s has installed it"),
        text=noop("The configuration is installed there; its figures stand on the same page."),
    ),
    Notice(
        key="fund.replication_confirmed",
        about=_ABOUT,
        title=noop("“%(title)s” is a digital common"),
        text=noop("What worked was found again in %(name)s."),
    ),
    Notice(
        key="fund.replication_undone",
        about=_ABOUT,
        title=noop("“%(title)s” no longer runs in %(name)s"),
        text=noop("This copy counts no more; the page of the common says what follows."),
    ),
    Notice(
        key="fund.common_withdrawn",
        about=_ABOUT,
        title=noop("“%(title)s” is offered no more"),
        text=noop("What you have installed stays. The reason stands on the page of the common."),
    ),
)


@listens_to("bundles.tried")
def note_trials(event: Event) -> None:
    """Note that a commune which asked for a common could install it."""
    place, metropolis = current(), the_metropolis()
    if metropolis is None or not event.data.get("accepted"):
        return
    links = [Link(**one) for one in event.data["links"]]
    with within(metropolis):
        for common in commons.commons_of(event.data["service"]):
            held = commons.open_replication(common, place)
            if held is not None and _comes_from(common, links):
                actions.note_check(replication=held, at=event.at, by=None)


@listens_to("bundles.installed", "bundles.rolled_back")
def follow_copies(event: Event) -> None:
    """Bring a commune's copies in line with the configuration that is in force there now.

    It looks at what is, not at what the event says: heard twice, or late, it ends the same.
    """
    place, metropolis = current(), the_metropolis()
    service = registry.by_key(event.data["service"])
    if metropolis is None or service is None or place.is_metropolis:
        return
    held = bundles.in_force(service)
    with within(metropolis):
        for common in commons.commons_of(service.key):
            _settle(common, place, held, event)


@listens_to("fund.verdict_decided")
def bring_up_to_date(event: Event) -> None:
    """Have the common of an experiment that was evaluated again rest on the later evaluation."""
    found = commons.evaluation(UUID(event.subject.partition(":")[2]))
    if found is not None:
        actions.update_evidence(evaluation=found, by=None)


@listens_to(*_TOLD)
def tell_of_copy(event: Event) -> None:
    """Tell whom it concerns what becomes of a copy."""
    row = commons.replication(UUID(event.subject.partition(":")[2]))
    if row is None:
        return
    here, site = current(), row.common.evaluation.experiment.site
    places = {"managers": here, "origin": site, "copy": row.place}
    for who in _TOLD[event.name]:
        _tell(event, row.common, places[who], here, name=row.place.name)


@listens_to("fund.common_withdrawn")
def tell_withdrawn(event: Event) -> None:
    """Tell the communes that run a common that it is offered no more."""
    common, here = commons.common(event.data["code"]), current()
    if common is not None:
        for copy in commons.copies(common):
            if copy.replication.state in moves.RUNNING:
                _tell(event, common, copy.replication.place, here)


def _settle(common: Common, place: Community, held: Installation | None, event: Event) -> None:
    row = commons.open_replication(common, place)
    follows = held is not None and _comes_from(common, links_of(json.loads(held.document)))
    if held is not None and follows:
        is_origin = place.pk == common.evaluation.experiment.site_id
        if row is not None or not (is_origin or common.state == CommonState.WITHDRAWN):
            known = actions.Held(held.digest, held.version, held.at)
            actions.note_installation(common=common, place=place, held=known, by=None)
    elif row is not None and row.state in moves.RUNNING:
        replaced_by = held.title if held is not None else ""
        actions.note_undone(replication=row, replaced_by=replaced_by, at=event.at, by=None)


def _comes_from(common: Common, links: Iterable[Link]) -> bool:
    return descends(links, commons.origin_of(common), signing.own_keys())


def _tell(event: Event, common: Common, place: Community, here: Community, **more: str) -> None:
    with within(place):
        people = _managers(event) if place.pk == here.pk else _agents(event)
        notify(
            notice=event.name,
            people=people,
            subject=event.subject,
            once=f"{event.pk} {place.slug}",
            data={"title": common.title} | more,
            link=To(here, "fund:common", (common.code,)),
            at=event.at,
        )


def _agents(event: Event) -> list[Person]:
    return list(holders(Role.ADMINISTRATOR, on=event.at.date()).filter(~Q(pk=event.actor)))


def _managers(event: Event) -> list[Person]:
    on = event.at.date()
    tasks = Appointment.objects.filter(in_force(on), duty=Duty.MANAGER).values("person")
    rows = Person.objects.filter(pk__in=tasks, is_active=True).filter(~Q(pk=event.actor))
    return list({person.pk: person for person in [*_agents(event), *rows]}.values())
