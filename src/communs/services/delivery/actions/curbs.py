"""Curbs that come from elsewhere: kept to be looked at, then installed whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.services.delivery.actions.places import add_bay, enact_policy
from communs.services.delivery.engine import curblr
from communs.services.delivery.models import Bay, CurbFile, Placement
from communs.services.delivery.models.places import TERMS

_LOOKED_AT = timedelta(days=30)


class Installed(NamedTuple):
    """How many bays and rules an installation has made."""

    bays: int
    rules: int


@action("delivery.curbs_read")
def keep_curbs(*, name: str, text: str, on: date, at: datetime, by: Any) -> CurbFile:
    """Read a CurbLR file and keep what it holds; nothing else changes."""
    try:
        reading = curblr.read(text, on=on)
    except curblr.Unreadable as error:
        sentence = _("This is not a CurbLR file. %(why)s") % {"why": error}
        raise Refused(sentence.strip(), field="file") from error
    CurbFile.objects.filter(installed_at=None, at__lt=at - _LOOKED_AT).delete()
    line = clean_line(name)[:120] or "CurbLR"
    row = CurbFile.objects.create(name=line, reading=asdict(reading), at=at)
    record(row, bays=len(reading.bays), features=reading.features)
    return row


@action("delivery.curbs_installed")
def install_curbs(*, file: CurbFile, on: date, at: datetime, by: Any) -> Installed:
    """Make bays and rules of a file; those that are here already stay as they are."""
    held = CurbFile.objects.select_for_update().get(pk=file.pk)
    bays, made = _bays(held.reading["bays"], on, at, by)
    rules = sum(_rule(rule, bays, on, at, by) for rule in held.reading["rules"])
    held.installed_at = at
    held.save(update_fields=["installed_at"])
    record(held, bays=made, rules=rules)
    return Installed(made, rules)


def _bays(
    given: Iterable[Mapping[str, Any]], on: date, at: datetime, by: Any
) -> tuple[dict[str, Bay], int]:
    found = {bay.origin: bay for bay in Bay.objects.exclude(origin="")}
    before = len(found)
    for one in given:
        if one["origin"] not in found:
            found[one["origin"]] = add_bay(**_bay(one), thing=None, on=on, at=at, by=by)
    return {key: bay for key, bay in found.items() if bay.until is None}, len(found) - before


def _bay(one: Mapping[str, Any]) -> dict[str, Any]:
    length = one["length_m"]
    street = one["street"] or _("street to be named")
    return {name: one[name] for name in ("origin", "spaces", "lat", "lon", "shape")} | {
        "name": _("Bay %(number)s") % {"number": one["number"]},
        "street": street,
        "length_m": None if length is None else Decimal(str(length)),
    }


def _rule(
    rule: Mapping[str, Any], bays: Mapping[str, Bay], on: date, at: datetime, by: Any
) -> bool:
    """Put a rule into force where it is not yet; tell whether there was such a bay."""
    terms = _terms(rule["terms"])
    since = date.fromisoformat(rule["since"]) if rule["since"] else None
    until = date.fromisoformat(rule["until"]) if rule["until"] else None
    asked = [bays[key] for key in rule["bays"] if key in bays]
    same = {f"policy__{name}": terms[name] for name in TERMS if name in terms}
    same |= {"policy__until": until} | ({"policy__since": since} if since else {})
    held = Placement.objects.filter(bay__in=asked, **same).values_list("bay_id", flat=True)
    missing = [bay for bay in asked if bay.pk not in set(held)]
    if missing:
        known: dict[str, Any] = {"order_reference": "", "since": since or on, "until": until}
        enact_policy(terms=terms, bays=missing, **known, at=at, by=by)
    return bool(missing)


def _terms(given: Mapping[str, Any]) -> dict[str, Any]:
    hours = {
        name: time.fromisoformat(given[name]) if given[name] else None
        for name in ("begins", "ends")
    }
    names = {
        "loading": _("Loading and unloading"),
        "parking": _("Parking for everybody"),
        "no parking": _("No parking"),
    }
    return {**given, **hours, "name": names[given["activity"]], "extension_minutes": 0}
