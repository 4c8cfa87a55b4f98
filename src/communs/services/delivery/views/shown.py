"""From what the queries give to what the templates show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.kit.localised import moment, number
from communs.core.kit.timespans_told import told
from communs.core.sensing.queries import milliseconds
from communs.services.delivery import queries
from communs.services.delivery.engine import codes, terms
from communs.services.delivery.enums import Activity, Presence, VehicleClass
from communs.services.delivery.models import Ticket

TAGS = {
    Presence.FREE: "on",
    Presence.TAKEN: "alert",
    Presence.BOOKED: "soon",
    Presence.UNKNOWN: "neutral",
}
_WEEK = 7
_MANY, _SOON = 20, 5  # minutes: any that is said in the plural; those from which it is told aloud


def code_of(text: str, at: datetime) -> str:
    """Give the code of a bay of this community that a text holds, or ""."""
    code = codes.typed(text)
    return code if code and queries.bay(code, on=timezone.localdate(at)) else ""


def rows(standings: Iterable[queries.Standing]) -> list[dict[str, Any]]:
    """Give the lines of a list of bays."""
    return [
        {
            "bay": one.bay,
            "href": reverse("delivery:bay", args=[one.bay.code]),
            "presence": one.presence.label,
            "tag": TAGS[one.presence],
            "room": room(one),
            "now": now(one.rule),
        }
        for one in standings
    ]


def room(one: queries.Standing) -> str:
    """Say how many spaces are free, or that it is not known."""
    total = _spaces(one.bay.spaces)
    if one.free is None:
        return _("%(total)s, nobody knows how many are free") % {"total": total}
    words = ngettext("%(free)s free of %(total)s", "%(free)s free of %(total)s", one.free)
    return words % {"free": number(one.free), "total": total}


def now(rule: terms.Rule | None) -> str:
    """Say what one may do under a rule."""
    if rule is None:
        return _("No rule is in force")
    words = str(Activity(rule.activity).label)
    if rule.activity == Activity.LOADING and rule.most_minutes:
        words += ", " + minutes(rule.most_minutes)
    return words[:1].upper() + words[1:]


def minutes(count: int) -> str:
    """Say a number of minutes."""
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": number(count)}


def of_bay(one: queries.Standing, at: datetime) -> dict[str, Any]:
    """Give what the page of a bay shows."""
    return {
        "bay": one.bay,
        "presence": one.presence.label,
        "tag": TAGS[one.presence],
        "room": room(one),
        "now": now(one.rule),
        "rules": [_told(rule) for rule in one.rules],
        "week": week(one.rules, at),
        "start_href": reverse("delivery:start", args=[one.bay.code]),
        "discs": one.discs,
        "read_at": at,
    }


def week(rules: Sequence[terms.Rule], at: datetime) -> list[dict[str, str]]:
    """Give, for seven days, from when on what applies."""
    steps = terms.stretches(rules, at, days=_WEEK)
    return [{"since": moment(since), "words": now(rule)} for since, rule in steps]


def of_start(one: queries.Standing, at: datetime, form: Any) -> dict[str, Any]:
    """Give what the page that starts a disc shows; near bays when this one is full."""
    full = one.presence in {Presence.TAKEN, Presence.BOOKED}
    near = queries.nearest(one.bay, at=at) if full else []
    loading = one.rule is not None and one.rule.activity == Activity.LOADING
    again = None if loading else terms.next_loading(one.rules, at)
    return {
        "bay": one.bay,
        "form": form,
        "now": now(one.rule),
        "loading": loading,
        "again": again,
        "room": room(one),
        "presence": one.presence.label,
        "tag": TAGS[one.presence],
        "near": [
            {"label": near_one.bay, "sub": _away(metres), "href": _start_at(near_one)}
            for near_one, metres in near
        ],
    }


def of_ticket(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Give what the page of a disc shows."""
    rules = queries.rules_of(ticket.bay, ticket.started_at)
    rule = terms.in_force(rules, ticket.started_at, ticket.vehicle)
    running = ticket.ended_at is None and ticket.allowed_until > at
    added = rule.extension_minutes if rule is not None and not ticket.extended else 0
    return {
        "ticket": ticket,
        "running": running,
        "left": minutes(left(ticket, at)) if running else "",
        "count": _count(ticket, at),
        "until": f"{timezone.localtime(ticket.allowed_until):%H:%M}",
        "longer": minutes(added) if running and added else "",
        "again_href": f"{reverse('delivery:index')}",
        "vehicle": VehicleClass(ticket.vehicle).label,
        "next_href": f"{reverse('delivery:start', args=[ticket.bay.code])}?v={ticket.vehicle}",
    }


def _count(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Give what a script needs to count the minutes left in the page's own words."""
    return {
        "until": milliseconds(ticket.allowed_until),
        "now": milliseconds(at),
        "one": minutes(1),
        "many": minutes(_MANY).replace(number(_MANY), "0"),
        "soon": _SOON,
    }


def left(ticket: Ticket, at: datetime) -> int:
    """Give the minutes left of a disc, the one that has begun included."""
    return max(0, ceil((ticket.allowed_until - at) / timedelta(minutes=1)))


def of_rounds(found: Iterable[queries.Round], at: datetime) -> list[dict[str, Any]]:
    """Give the bays of an agent's round."""
    return [
        {
            "bay": row.standing.bay,
            "href": reverse("delivery:check", args=[row.standing.bay.code]),
            "presence": row.standing.presence.label,
            "tag": TAGS[row.standing.presence],
            "now": now(row.standing.rule),
            "valid": [
                {
                    "number": t.number,
                    "vehicle": VehicleClass(t.vehicle).label,
                    "left": minutes(left(t, at)),
                }
                for t in row.valid
            ],
            "over": [
                {
                    "number": t.number,
                    "vehicle": VehicleClass(t.vehicle).label,
                    "since": f"{timezone.localtime(t.allowed_until):%H:%M}",
                }
                for t in row.over
            ],
            "unticketed": row.unticketed,
        }
        for row in found
    ]


def _told(rule: terms.Rule) -> dict[str, str]:
    """Give a rule as on a sign."""
    parts = [now(rule)]
    if rule.vehicles:
        names = [str(VehicleClass(name).label) for name in sorted(rule.vehicles)]
        parts.append(_("for: %(vehicles)s") % {"vehicles": ", ".join(names)})
    if rule.no_return_minutes:
        parts.append(
            _("no coming back within %(minutes)s") % {"minutes": minutes(rule.no_return_minutes)}
        )
    return {"label": told(rule.span), "sub": " – ".join(parts)}


def _spaces(count: int) -> str:
    return ngettext("%(count)s space", "%(count)s spaces", count) % {"count": number(count)}


def _away(metres: int) -> str:
    return _("%(metres)s metres away") % {"metres": number(metres)}


def _start_at(one: queries.Standing) -> str:
    return reverse("delivery:start", args=[one.bay.code])
