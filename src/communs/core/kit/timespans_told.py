"""A span of hours as one reads it on a sign, in the reader’s language."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time

from babel.dates import format_time, get_day_names
from babel.lists import format_list
from django.utils.translation import gettext as _

from communs.core.kit.localised import day, here
from communs.core.kit.timespans import EVERY_DAY, TimeSpan

_RUN = 3  # days in a row from which one says “Monday to Wednesday”


def told(span: TimeSpan) -> str:
    """Give « Lundi à samedi, de 9 h à 19 h, sauf les jours fériés »."""
    parts = [_days(span), _hours(span), _holidays(span), _dates(span)]
    sentence = ", ".join(part for part in parts if part)
    return sentence[:1].upper() + sentence[1:]


def hour(clock: time) -> str:
    """Give an hour as the reader writes it: « 9 h », « 9 h 30 », “9:30”."""
    if here().language != "fr":
        return format_time(clock, "H:mm", locale=here())
    return f"{clock:%-H}\u00a0h\u00a0{clock:%M}" if clock.minute else f"{clock:%-H}\u00a0h"


def weekdays(days: Collection[int]) -> str:
    """Give days of the week, Monday being 0: « lundi à samedi », « mardi et jeudi »."""
    if set(days) == set(EVERY_DAY):
        return _("every day")
    if not days:
        return _("on no day")
    names = get_day_names(width="wide", locale=here())
    first, last = min(days), max(days)
    if len(days) >= _RUN and last - first + 1 == len(days):
        return _("%(first)s to %(last)s") % {"first": names[first], "last": names[last]}
    return format_list([names[number] for number in sorted(days)], locale=here())


def days_told(figures: object) -> str:
    """Give days that are kept as figures, "012" from Monday on; what is no day is left out."""
    return weekdays({int(one) for one in str(figures) if one in "0123456"})


def _days(span: TimeSpan) -> str:
    if span.days == EVERY_DAY and span.holidays:
        return _("on public holidays")
    return weekdays(span.days)


def _hours(span: TimeSpan) -> str:
    if span.begins is None and span.ends is None:
        return ""
    begins, ends = hour(span.begins or time()), hour(span.ends or time())
    if span.ends is None:
        return _("from %(begins)s until midnight") % {"begins": begins}
    if span.overnight:
        return _("from %(begins)s to %(ends)s the next day") % {"begins": begins, "ends": ends}
    return _("from %(begins)s to %(ends)s") % {"begins": begins, "ends": ends}


def _holidays(span: TimeSpan) -> str:
    if span.holidays is None or (span.holidays and span.days == EVERY_DAY):
        return ""
    if span.holidays:
        return _("only when it is a public holiday")
    return _("except on public holidays")


def _dates(span: TimeSpan) -> str:
    if span.since and span.since == span.until:
        return _("on %(day)s only") % {"day": day(span.since)}
    if span.since and span.until:
        dates = {"since": day(span.since), "until": day(span.until)}
        return _("from %(since)s to %(until)s, that day included") % dates
    if span.since:
        return _("since %(day)s") % {"day": day(span.since)}
    if span.until:
        return _("until %(day)s, that day included") % {"day": day(span.until)}
    return ""
