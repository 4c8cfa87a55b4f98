"""Who listens to a service’s states hears of those of its public places, and of no other."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from communs.core.api.states import TOPIC
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.journal.models import Event
from communs.core.live.topics import Message, translates
from communs.core.registry import queries as registry
from communs.core.registry.service import Service
from communs.core.sensing.standards.port import Published, published_by
from communs.core.sensing.standards.states import changes_of


def publishers() -> Iterator[tuple[Service, Published]]:
    """Give the services that publish their sensors."""
    for service in registry.services():
        published = published_by(service)
        if published is not None:
            yield service, published


_TOPICS = [TOPIC.format(service.key) for service, _published in publishers()]


@translates("sensing.states_changed", topics=_TOPICS)
def to_who_follows_states(event: Event) -> Iterator[Message]:
    """Tell what is believed now of the places whose sensors said something else."""
    numbers = [int(number) for number in event.data["changes"]]
    now, metropolis = timezone.now(), Community.objects.get(kind=Kind.METROPOLIS)
    running, _theirs = registry.running(current(), metropolis, on=timezone.localdate())
    for service, published in publishers():
        states = changes_of(published, numbers, now) if running[service.key].on else []
        if states:
            yield Message(TOPIC.format(service.key), {"states": states})
