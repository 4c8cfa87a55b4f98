"""What a reader asks: where there is room, and whether one may park."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from communs.services.parking.enums import SpaceKind, Who
from communs.services.parking.forms.inputs import DateField, HourField, place_choices
from communs.services.parking.queries import places
from communs.services.parking.queries.availability import Asked, where_is

DURATIONS = (
    ("", _("I do not know")),
    ("15", _("15 minutes")),
    ("30", _("30 minutes")),
    ("45", _("45 minutes")),
    ("60", _("1 hour")),
    ("90", _("1 hour 30")),
    ("120", _("2 hours")),
    ("180", _("3 hours")),
    ("240", _("4 hours")),
    ("480", _("8 hours")),
    ("720", _("12 hours")),
    ("1440", _("24 hours")),
)
FIRST_YEAR, LAST_YEAR = 1970, 2999
_CARDS = [choice for choice in Who.choices if choice[0] != Who.EVERYONE]


class ListForm(forms.Form):
    """Filters of the list; all optional."""

    q = forms.CharField(
        label=_("Street, car park, or latitude and longitude"), required=False, max_length=120
    )
    kind = forms.ChoiceField(
        label=_("Kind of space"),
        required=False,
        choices=[("", _("Any kind")), *SpaceKind.choices],
    )
    room = forms.BooleanField(label=_("Only where a free space is known"), required=False)
    free = forms.BooleanField(label=_("Only where parking is free of charge now"), required=False)

    def asked(self) -> Asked:
        """Give what was asked, leaving out what is not accepted."""
        self.is_valid()
        text = self.cleaned_data.get("q") or ""
        near = where_is(text)
        return Asked(
            q="" if near else text,
            kind=self.cleaned_data.get("kind") or "",
            room=bool(self.cleaned_data.get("room")),
            free_of_charge=bool(self.cleaned_data.get("free")),
            near=near,
        )


class AskForm(forms.Form):
    """Where, what kind of space, when, how long, and with which card."""

    place = forms.ChoiceField(
        label=_("Where"), error_messages={"required": _("Choose a street or a car park.")}
    )
    kind = forms.ChoiceField(label=_("Kind of space"), required=False, choices=SpaceKind.choices)
    minutes = forms.ChoiceField(label=_("How long"), required=False, choices=DURATIONS)
    cards = forms.MultipleChoiceField(
        label=_("Cards and permits you have"),
        required=False,
        choices=_CARDS,
        widget=forms.CheckboxSelectMultiple,
    )
    day = DateField(label=_("Day"), help_text=_("Left empty: today."))
    hour = HourField(label=_("Hour"), help_text=_("Left empty: now."))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["place"].choices = place_choices()  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        """Refuse a day around which calendars have no other."""
        day: date | None = self.cleaned_data["day"]
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(now_("Write the date as 27/11/2018."))
        return day

    def asked(self, now: datetime) -> dict[str, Any]:
        """Give the question as `queries.answer` takes it; for a day without an hour, noon."""
        given = self.cleaned_data
        return {
            "where": places.place(given["place"]),
            "kind": given["kind"] or SpaceKind.STANDARD,
            "badges": frozenset(given["cards"]),
            "minutes": int(given["minutes"]) if given["minutes"] else None,
            "at": _moment(given["day"], given["hour"], now),
        }


def _moment(day: Any, hour: time | None, now: datetime) -> datetime:
    local = timezone.localtime(now)
    if day is None and hour is None:
        return now
    on = day or local.date()
    usual = local.time() if on == local.date() else time(12)
    return timezone.make_aware(datetime.combine(on, hour or usual))
