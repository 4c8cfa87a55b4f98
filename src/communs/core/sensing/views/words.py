"""Sensors in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from communs.core.communities.addresses import absolute, prefix_of
from communs.core.kit.localised import number
from communs.core.sensing.enums import Doubt, Property, Protocol
from communs.core.sensing.models import Source
from communs.core.sensing.queries import Accuracy

SECRET = "SECRET"  # noqa: S105 -- what stands where the secret is to be put
_DECIMALS = 1


def value(name: str, said: float | None) -> str:
    """Say a value of a property; nothing when it is not known."""
    if said is None:
        return ""
    if name == Property.PRESENCE:
        return pgettext("a parking space", "taken") if said else pgettext("a parking space", "free")
    told = number(round(said, _DECIMALS))
    if name == Property.COUNT:
        return ngettext("%(told)s passage", "%(told)s passages", said) % {"told": told}
    if name == Property.FREE:
        return ngettext("%(told)s free place", "%(told)s free places", said) % {"told": told}
    unit = "°C" if name == Property.TEMPERATURE else "%"
    return f"{told}\u00a0{unit}"


def standing(found: Mapping[Doubt, int]) -> list[str]:
    """Say how many sensors are believed, and how many are not and why."""
    said = {
        Doubt.NONE: lambda n: ngettext("%(num)s believed", "%(num)s believed", n),
        Doubt.NEVER: lambda n: ngettext("%(num)s never heard", "%(num)s never heard", n),
        Doubt.SILENT: lambda n: ngettext("%(num)s silent", "%(num)s silent", n),
        Doubt.STUCK: lambda n: ngettext("%(num)s stuck", "%(num)s stuck", n),
        Doubt.FLAPPING: lambda n: ngettext("%(num)s unsteady", "%(num)s unsteady", n),
        Doubt.DRIFTING: lambda n: ngettext("%(num)s often wrong", "%(num)s often wrong", n),
    }
    return [said[one](count) % {"num": number(count)} for one, count in found.items()]


def why(doubt: Doubt) -> str:
    """Say why a sensor is not believed; nothing when it is."""
    return {
        Doubt.NONE: "",
        Doubt.NEVER: _("It has said nothing since it was put in place."),
        Doubt.SILENT: _("It has been silent for too long."),
        Doubt.STUCK: _("It has said the same for too long."),
        Doubt.FLAPPING: _("It changed too often within an hour."),
        Doubt.DRIFTING: _("It was wrong too often when somebody looked."),
    }[doubt]


def accuracy(found: Accuracy) -> str:
    """Say how often sensors were right when somebody looked."""
    if not found.of:
        told = _("Nobody has checked on the spot yet.")
    else:
        words = ngettext(
            "Right in %(agreed)s of %(of)s check on the spot.",
            "Right in %(agreed)s of %(of)s checks on the spot.",
            found.of,
        )
        told = words % {"agreed": number(found.agreed), "of": number(found.of)}
    if not found.silent:
        return told
    words = ngettext(
        "%(num)s check was made while nothing was known.",
        "%(num)s checks were made while nothing was known.",
        found.silent,
    )
    return f"{told} {words % {'num': number(found.silent)}}"


def how(source: Source, secret: str = SECRET) -> dict[str, Any]:
    """Say what to set where the readings come from; without its secret, where to put it."""
    with override(settings.LANGUAGE_CODE):  # programs have no language
        address = absolute(f"{prefix_of(source.community)}/api/capteurs/{source.slug}")
    bearer = f"Bearer {secret}"
    return {
        "address": address,
        "bearer": bearer,
        "steps": _steps(source.protocol),
        "sample": _sample(source.protocol, address, bearer),
        "topic": source.topic or f"communs/{source.community.slug}/{source.slug}/…",
    }


def _steps(protocol: str) -> str:
    return {
        Protocol.PLAIN: _("Send each reading, or a list of them, by POST."),
        Protocol.CHIRPSTACK: _(
            "In ChirpStack, open the application, then Integrations, HTTP. Choose JSON as payload"
            " encoding, give the address as event endpoint, and add the header."
        ),
        Protocol.TTN: _(
            "In The Things Stack, open the application, then Integrations, Webhooks, and add a"
            " custom webhook. Choose JSON, give the address as base URL, add the header as an"
            " additional one, and tick “Uplink message”, with no path."
        ),
        Protocol.NGSI: _(
            "Make a subscription at your context broker. It sends its notifications to the"
            " address, with the header among its “receiverInfo”."
        ),
        Protocol.SENSORTHINGS: _(
            "Send observations by POST, one by one or as the arrays of CreateObservations."
        ),
        Protocol.CSV: _("Bring a file on the page of the source, or send it by POST."),
    }[Protocol(protocol)]


def _sample(protocol: str, address: str, bearer: str) -> str:
    """Give what to copy, for those who send by themselves or make a subscription."""
    kind = "text/csv" if protocol == Protocol.CSV else "application/json"
    head = f"Authorization: {bearer}\nContent-Type: {kind}\n\n"
    return {
        Protocol.PLAIN: head
        + '{"device": "a81758fffe03ab12", "presence": 1, "time": "2026-03-02T12:00:00+01:00"}',
        Protocol.NGSI: '{"type": "Subscription", "entities": [{"type": "ParkingSpot"}],\n'
        f' "notification": {{"endpoint": {{"uri": "{address}", "accept": "application/json",\n'
        f'  "receiverInfo": [{{"key": "Authorization", "value": "{bearer}"}}]}}}}}}',
        Protocol.SENSORTHINGS: head + '{"phenomenonTime": "2026-03-02T11:00:00Z", "result": true,\n'
        ' "Datastream": {"@iot.id": 12}}',
        Protocol.CSV: head + "device,time,property,value\n"
        "a81758fffe03ab12,2026-03-02T12:00:00+01:00,presence,1",
    }.get(Protocol(protocol), "")
