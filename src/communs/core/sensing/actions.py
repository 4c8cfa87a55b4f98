"""Setting sources, putting sensors in place, checking them on the spot."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.geo.placing import place
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.ids import time_ordered_id
from communs.core.sensing.engine.states import agreement, drifts
from communs.core.sensing.enums import Property, Protocol
from communs.core.sensing.models import Source, SpotCheck, State, Stranger, Thing
from communs.core.sensing.nearby import layer_of
from communs.core.sensing.queries import believed, milliseconds
from communs.core.sensing.topics import is_free

_LATEST_CHECKS = 20  # a sensor that was mended is not held to its past


@action("sensing.source_added")
def add_source(
    *,
    slug: str,
    name: str,
    protocol: Protocol = Protocol.PLAIN,
    mapping: Mapping[str, Any] | None = None,
    topic: str = "",
    demonstration: bool = False,
    by: Any,
    **limits: int | None,
) -> tuple[Source, str]:
    """Add a stream of readings; give it and its secret, which is shown once and not kept."""
    if Source.objects.filter(slug=slug).exists():
        raise Refused(_("Another source has this short name already."), field="slug")
    _refuse_taken(topic)
    secret = secrets.token_urlsafe(32)
    source = Source(
        slug=slug,
        name=name,
        protocol=protocol,
        mapping=dict(mapping or {}),
        topic=topic,
        demonstration=demonstration,
        digest=digest_of(secret),
        **limits,
    )
    source.save()
    record(source, slug=slug, protocol=str(protocol))
    return source, secret


@action("sensing.secret_renewed")
def renew_secret(*, source: Source, by: Any) -> str:
    """Give a source another secret; the one before opens nothing from now on."""
    secret = secrets.token_urlsafe(32)
    source.digest = digest_of(secret)
    source.save(update_fields=["digest"])
    record(source, slug=source.slug)
    return secret


@action("sensing.source_set")
def set_source(*, source: Source, values: Mapping[str, Any], by: Any) -> Source:
    """Change what a source is called, how it is read, and when it is no longer believed."""
    _refuse_taken(values.get("topic", ""))
    for name, value in values.items():
        setattr(source, name, value)
    source.revision = time_ordered_id()
    source.save()
    record(source, slug=source.slug, changed=sorted(values))
    return source


def _refuse_taken(topic: str) -> None:
    if topic and not is_free(topic, current()):
        message = _("Another community’s sensors speak on these topics: choose a narrower one.")
        raise Refused(message, field="topic")


@action("sensing.thing_commissioned")
def commission(
    *,
    source: Source,
    code: str,
    at: datetime,
    property: Property = Property.PRESENCE,  # noqa: A002 -- the field's standard term
    name: str = "",
    lat: float | None = None,
    lon: float | None = None,
    by: Any,
) -> Thing:
    """Put a device in place, or say anew where it is; what it says counts from then on."""
    code = code.strip().lower()
    if not code:
        raise Refused(_("Give the code written on the sensor."), field="code")
    values = {"name": name, "lat": lat, "lon": lon, "commissioned_at": at, "withdrawn_at": None}
    thing = Thing.objects.filter(source=source, code=code, property=property).first()
    if thing is None:
        thing = Thing(source=source, code=code, property=property, number=_next_number(), **values)
        thing.save()
        State(pk=thing.pk, thing=thing).save(force_insert=True)
    else:
        for field, value in values.items():
            setattr(thing, field, value)
        thing.save(update_fields=list(values))
    place(layer_of(property), {thing.pk: None if lat is None or lon is None else (lat, lon)})
    _renew(source)
    Stranger.objects.filter(source=source, code=code, property=property).delete()
    record(thing, source=source.slug, code=code, property=str(property))
    return thing


@action("sensing.thing_withdrawn")
def withdraw(*, thing: Thing, at: datetime, by: Any) -> None:
    """Take a device out of service: what it says from now on is that of a stranger."""
    thing.withdrawn_at = at
    thing.save(update_fields=["withdrawn_at"])
    State.objects.filter(thing=thing).update(value=None, silent_from=0)
    place(layer_of(thing.property), {thing.pk: None})
    _renew(thing.source)
    record(thing, source=thing.source.slug, code=thing.code, property=thing.property)


@action("sensing.checked_on_the_spot")
def check_on_the_spot(*, thing: Thing, seen: float, at: datetime, by: Any) -> SpotCheck:
    """Note what somebody saw beside what the thing says; too often wrong, it is not believed."""
    said = believed([thing.pk], at=at).get(thing.pk)
    check = SpotCheck(thing=thing, seen=seen, said=said, at=milliseconds(at))
    check.save()
    rows = SpotCheck.objects.filter(thing=thing).order_by("-at", "-pk")[:_LATEST_CHECKS]
    agreed, of = agreement(rows.values_list("seen", "said"))
    State.objects.filter(thing=thing).update(drifting=drifts(agreed, of))
    record(thing, seen=seen, said=said, agreed=agreed, of=of)
    return check


def digest_of(secret: str) -> str:
    """Give what is kept of a secret; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _renew(source: Source) -> None:
    """Have every process read the source's things again."""
    source.revision = time_ordered_id()
    source.save(update_fields=["revision"])


def _next_number() -> int:
    """Give a number that no thing of the community has; one at a time takes one."""
    Community.objects.select_for_update().get(pk=current().pk)
    return (Thing.objects.aggregate(Max("number"))["number__max"] or 0) + 1
