"""Rules, tariffs and permits as agents write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.services.parking.enums import Charge, Effect, Nature, SpaceKind, Where, Who
from communs.services.parking.forms.inputs import (
    DateField,
    DaysField,
    HourField,
    place_choices,
)
from communs.services.parking.models import Tariff, Zone
from communs.services.parking.queries import places

_STEP = re.compile(
    r"^(?:(?P<hours>\d{1,3})\s*h)?\s*(?:(?P<minutes>\d{1,4})\s*(?:min|mn|m)?)?"
    r"\s*[=:]\s*(?P<euros>\d{1,5}(?:[.,]\d{1,2})?)\s*(?:€|EUR)?$",
    re.IGNORECASE,
)
_MOST_STEPS = 60


class StepsField(forms.CharField):
    """Prices as people write them, one a line: 1 h 30 = 2,50."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), max_length=2_000, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{_length(minutes)} = {_euros(cents)}" for minutes, cents in value)

    def clean(self, value: Any) -> list[list[int]]:
        lines = (line.strip() for line in (super().clean(value) or "").splitlines())
        found = [_step(line) for line in lines if line]
        if len(found) > _MOST_STEPS:
            raise forms.ValidationError(now_("Write 60 prices at most."))
        return found


class EurosField(forms.DecimalField):
    """An amount in euros, kept in cents."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=7, decimal_places=2, min_value=Decimal(0), localize=True, **options
        )

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return None if found is None else int(found * 100)


class TariffForm(forms.Form):
    """What a stay costs, and when it is paid for."""

    name = forms.CharField(label=_("Name"), max_length=120)
    days = DaysField(label=_("Days that are paid for"))
    begins = HourField(label=_("Paid from"), help_text=_("Left empty: from midnight."))
    ends = HourField(label=_("Paid until"), help_text=_("Left empty: until midnight."))
    break_begins = HourField(label=_("Free break from"))
    break_ends = HourField(label=_("Free break until"))
    on_holidays = forms.BooleanField(label=_("Paid on public holidays too"), required=False)
    free_minutes = forms.IntegerField(
        label=_("Free minutes on arrival"), min_value=0, max_value=1440, initial=0
    )
    steps = StepsField(
        label=_("Prices"),
        help_text=_("One a line, the whole stay from its beginning: 30 min = 1,00 or 1 h 30 = 3."),
        required=False,
    )
    further_minutes = forms.IntegerField(
        label=_("Each further duration, in minutes"), min_value=1, max_value=1440, required=False
    )
    further_cents = EurosField(label=_("Its price, in euros"), required=False)
    most_cents = EurosField(label=_("Most for 24 hours, in euros"), required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        cast(DaysField, self.fields["days"]).name_days()


class RegulationForm(forms.Form):
    """What applies, where, when and for whom."""

    title = forms.CharField(
        label=_("Title"), help_text=_("As on the sign: “Market on Saturdays”."), max_length=160
    )
    nature = forms.ChoiceField(label=_("What it is"), choices=Nature.choices)
    effect = forms.ChoiceField(label=_("What it says"), choices=Effect.choices)
    who = forms.ChoiceField(label=_("For whom"), choices=Who.choices)
    where = forms.ChoiceField(label=_("Where it holds"), choices=Where.choices)
    zone: Any = forms.ModelChoiceField(
        label=_("Zone"), help_text=_("When it holds in a zone."),
        queryset=None, to_field_name="code", required=False, empty_label=_("None"),
    )  # fmt: skip
    places = forms.MultipleChoiceField(
        label=_("Streets and car parks"),
        help_text=_("When it holds in some of them only."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        label=_("Kind of space"),
        required=False,
        choices=[("", _("Any kind")), *SpaceKind.choices],
    )
    days = DaysField(label=_("Days of the week"))
    begins = HourField(label=_("From what hour"), help_text=_("Left empty: the whole day."))
    ends = HourField(
        label=_("Until what hour"), help_text=_("An earlier hour than the first: next day.")
    )
    since = DateField(label=_("First day"), help_text=_("Left empty: already in force."))
    until = DateField(label=_("Last day"), help_text=_("Left empty: without an end."))
    holidays = forms.NullBooleanField(
        label=_("On public holidays"),
        required=False,
        widget=forms.Select(
            choices=[
                ("", _("As on other days")),
                ("true", _("Only on public holidays")),
                ("false", _("Never on public holidays")),
            ]
        ),
    )
    most_minutes = forms.IntegerField(
        label=_("Longest stay, in minutes"), min_value=1, max_value=20_160, required=False
    )
    charge = forms.ChoiceField(label=_("Price"), choices=Charge.choices)
    tariff: Any = forms.ModelChoiceField(
        label=_("Tariff"), help_text=_("When the price is a tariff."),
        queryset=None, to_field_name="code", required=False, empty_label=_("None"),
    )  # fmt: skip
    order_reference = forms.CharField(
        label=pgettext_lazy("parking", "Order"), max_length=120, required=False
    )
    order_on = DateField(label=_("Date of the order"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        cast(DaysField, self.fields["days"]).name_days()
        cast(forms.ModelChoiceField, self.fields["zone"]).queryset = Zone.objects.all()
        cast(forms.ModelChoiceField, self.fields["tariff"]).queryset = Tariff.objects.all()
        cast(forms.MultipleChoiceField, self.fields["places"]).choices = place_choices()

    def clean(self) -> dict[str, Any]:
        """Check what one answer makes of another."""
        cleaned = super().clean() or {}
        self._agree(cleaned, "zone", needed=cleaned.get("where") == Where.ZONE)
        self._agree(cleaned, "tariff", needed=cleaned.get("charge") == Charge.TARIFF)
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", now_("The last day comes before the first."))
        chosen = [places.place(key) for key in cleaned.get("places", ())]
        cleaned["places"] = [place for place in chosen if place is not None]
        return cleaned

    def _agree(self, cleaned: dict[str, Any], name: str, *, needed: bool) -> None:
        if needed and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, now_("Choose one."))
        if not needed:
            cleaned[name] = None


class PermitForm(forms.Form):
    """A card or a subscription, and how to get it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    who = forms.ChoiceField(label=_("For whom"), choices=Who.choices)
    month_cents = EurosField(
        label=_("Price of a month, in euros"), help_text=_("Left empty: not known."), required=False
    )
    how = forms.CharField(
        label=_("How to get it"),
        help_text=_("At the counter, by telephone, online; with which papers."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _step(line: str) -> list[int]:
    found = _STEP.match(line)
    minutes = int(found["hours"] or 0) * 60 + int(found["minutes"] or 0) if found else 0
    if found is None or not minutes:
        sentence = now_("“%(line)s” is not a price: write 1 h 30 = 2,50.")
        raise forms.ValidationError(sentence % {"line": line[:40]})
    cents = Decimal(found["euros"].replace(",", ".")) * 100
    return [minutes, int(cents)]


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest}" if rest else f"{hours} h"


def _euros(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")
