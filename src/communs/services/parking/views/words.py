"""What the engine answers, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.kit.localised import day, money, number
from communs.core.kit.timespans_told import hour, told
from communs.services.parking import queries
from communs.services.parking.engine.regulations import Answer, Conditions, Reason
from communs.services.parking.enums import Charge, Effect
from communs.services.parking.models import Regulation, Tariff
from communs.services.parking.queries import Book

_HOUR, _DAY = 60, 24 * 60


def headline(answer: Answer, at: datetime) -> str:
    """Answer in one sentence, unknown included."""
    until = when(answer.until, at) if answer.until else ""
    if answer.allowed is None:
        return _("We do not know: no rule is known for this place.")
    if answer.allowed:
        return _("Yes, until %(until)s.") % {"until": until} if until else _("Yes.")
    return _("No, not before %(until)s.") % {"until": until} if until else _("No.")


def price(answer: Answer, minutes: int | None) -> str:
    """Say what the stay costs, or that it is not known."""
    if not answer.allowed:
        return ""
    if minutes is None:
        return _("Say how long you stay to know the price.")
    if answer.price_cents is None:
        return _("The price of this stay is not known.")
    if not answer.price_cents:
        return _("This stay is free of charge.")
    return _("This stay costs %(price)s.") % {"price": cents(answer.price_cents)}


def reasons(answer: Answer) -> list[str]:
    """Say why, a sentence a reason."""
    said: dict[Reason, str] = {
        Reason.FORBIDDEN: _("Parking is forbidden.")
        if not answer.allowed
        else _("Parking is forbidden from then on."),
        Reason.RESERVED: _("This space is reserved: you need the card or the permit for it.")
        if not answer.allowed
        else _("From then on it is reserved for others."),
        Reason.LONGEST: _("The longest stay ends then."),
        Reason.UNMOVED: _("No vehicle may stay in one place for more than seven days."),
        Reason.CARD: _(
            "With a disabled person’s parking card, you park free of charge on public streets."
        ),
        Reason.TOO_LONG: _("You would have to leave before the end of the stay you asked for."),
        Reason.PRICE_UNKNOWN: _("Look at the meter or the sign: no tariff says this duration."),
        Reason.FREE_HOURS: _("When you arrive, parking is not paid for."),
    }
    if answer.allowed and Reason.NO_RULE in answer.reasons:
        said[Reason.NO_RULE] = _("What applies after that is not known.")
    return [said[reason] for reason in answer.reasons if reason in said]


def now(found: Conditions | None, pays: bool | None) -> str:
    """Say in a few words what applies at this moment."""
    if found is None or found.allowed is None:
        return _("rules not known")
    if not found.allowed:
        return _("reserved") if found.reason == Reason.RESERVED else _("parking forbidden now")
    parts = [
        {True: _("paid now"), False: _("free of charge now"), None: _("price not known")}[pays]
    ]
    if found.most_minutes is not None:
        parts.append(_("%(length)s at most") % {"length": length(found.most_minutes)})
    return ", ".join(parts)


def when(moment: datetime, at: datetime) -> str:
    """Say an instant as seen from another: « 11 h 30 aujourd’hui », “9:00 tomorrow”."""
    local, today = timezone.localtime(moment), timezone.localtime(at).date()
    clock = hour(local.time().replace(second=0, microsecond=0))
    if local.date() == today:
        return _("%(hour)s today") % {"hour": clock}
    if local.date() == today + timedelta(days=1):
        return _("%(hour)s tomorrow") % {"hour": clock}
    return _("%(hour)s on %(day)s") % {"hour": clock, "day": day(local.date())}


def age(heard: datetime | None, at: datetime) -> str:
    """Say how old news are."""
    if heard is None:
        return _("no news")
    minutes = max(0, int((at - heard).total_seconds()) // 60)
    if not minutes:
        return _("less than a minute ago")
    return _("%(length)s ago") % {"length": length(minutes)}


def length(minutes: int) -> str:
    """Say a duration: the two largest units, days, hours, minutes."""
    days, rest = divmod(minutes, _DAY)
    hours, left = divmod(rest, _HOUR)
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s minute", "%(n)s minutes", left) % {"n": left} if left else "",
    ]
    return " ".join([part for part in parts if part][:2]) or _("no time")


def distance(metres: float) -> str:
    """Say a distance, rounded as one walks it."""
    if metres < 1000:  # noqa: PLR2004 -- a kilometre
        return _("%(n)s m") % {"n": max(10, round(metres / 10) * 10)}
    return _("%(n)s km") % {"n": number(round(metres / 1000, 1))}


def cents(amount: int) -> str:
    """Write cents as euros."""
    return money(Decimal(amount) / 100)


def used(answer: Answer, rules: Book) -> list[dict[str, Any]]:
    """Give the rules that made the answer, in words."""
    known = rules.by_key
    return [rule(known[one.key]) for one in answer.rules if one.key in known]


def rule(row: Regulation) -> dict[str, Any]:
    """Give a rule with its hours, what it says, for whom, and the order it comes from."""
    return {
        "row": row,
        "title": row.title,
        "hours": told(queries.span_of(row)),
        "says": _says(row),
        "order": _order(row),
    }


def tariff(row: Tariff) -> dict[str, Any]:
    """Give a tariff in words: when it is paid for, and what each duration costs."""
    steps = [(length(minutes), cents(amount)) for minutes, amount in row.steps]
    more = []
    if row.further_minutes and row.further_cents is not None:
        said = {"length": length(row.further_minutes), "price": cents(row.further_cents)}
        more.append(_("Then %(price)s for each %(length)s begun.") % said)
    if row.most_cents is not None:
        more.append(_("At most %(price)s for 24 hours.") % {"price": cents(row.most_cents)})
    if row.free_minutes:
        more.append(_("Free for the first %(length)s.") % {"length": length(row.free_minutes)})
    hours = [told(span) for span in queries.paid_hours(row)]
    return {"row": row, "name": row.name, "hours": hours, "steps": steps, "more": more}


def _says(row: Regulation) -> str:
    parts: list[Any] = []
    if row.effect != Effect.TERMS:
        parts.append(row.get_effect_display())
    parts.append(row.get_who_display())
    if row.most_minutes is not None:
        parts.append(_("%(length)s at most") % {"length": length(row.most_minutes)})
    if row.charge == Charge.FREE:
        parts.append(_("free of charge"))
    if row.tariff is not None:
        parts.append(_("tariff “%(name)s”") % {"name": row.tariff.name})
    return " · ".join(str(part) for part in parts)


def _order(row: Regulation) -> str:
    if not row.order_reference:
        return ""
    if row.order_on is None:
        return _("Order %(reference)s") % {"reference": row.order_reference}
    said = {"reference": row.order_reference, "day": day(row.order_on)}
    return _("Order %(reference)s of %(day)s") % said


def counted(counts: queries.Counts) -> str:
    """Say how many spaces are free, taken and unknown."""
    free, taken, unknown = counts.free, counts.taken, counts.unknown
    parts: Sequence[str] = (
        ngettext("%(n)s free", "%(n)s free", free) % {"n": _count(free)},
        ngettext("%(n)s taken", "%(n)s taken", taken) % {"n": _count(taken)},
        ngettext("%(n)s unknown", "%(n)s unknown", unknown) % {"n": _count(unknown)},
    )
    return ", ".join(parts)


def _count(value: int) -> str:
    """Write a count; below a thousand all readers write it alike."""
    return str(value) if value < 1000 else number(value)  # noqa: PLR2004 -- a thousand
