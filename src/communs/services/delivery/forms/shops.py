"""Forms of shops and of what comes back to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from communs.services.delivery.enums import VehicleClass
from communs.services.delivery.forms.places import date_field, hour_field, name_days
from communs.services.delivery.queries import bays, carriers

_OF_RECURRENCE = (
    "days", "begins", "ends", "minutes", "vehicle", "carrier", "holidays", "since", "until",
)  # fmt: skip


class DatedForm(forms.Form):
    """A form whose choices are those of a day."""

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on


class MerchantForm(DatedForm):
    """A shop, and the bay that serves it."""

    name = forms.CharField(label=gettext_lazy("Name of the shop"), max_length=120)
    address = forms.CharField(label=gettext_lazy("Street and number"), max_length=160)
    bay: Any = forms.ModelChoiceField(label=gettext_lazy("Bay that serves it"), queryset=None)
    contact = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("To be answered. Leave empty without one."),
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["bay"]
        choice.queryset = bays(on=self.on)


class RecurrenceForm(DatedForm):
    """A delivery that comes back."""

    days = forms.MultipleChoiceField(
        label=pgettext_lazy("delivery bay", "Days"), widget=forms.CheckboxSelectMultiple
    )
    begins = hour_field(gettext_lazy("It comes from"), required=True)
    ends = hour_field(
        gettext_lazy("It has left by"),
        required=True,
        help_text=gettext_lazy("The vehicle may come at any time between these two hours."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Length of the stop, in minutes"),
        min_value=1,
        max_value=240,
        initial=15,
    )
    vehicle = forms.ChoiceField(
        label=gettext_lazy("Vehicle"), choices=VehicleClass.choices, initial=VehicleClass.VAN
    )
    carrier: Any = forms.ModelChoiceField(
        label=gettext_lazy("Carrier"),
        empty_label=gettext_lazy("not said"),
        queryset=None,
        required=False,
    )
    holidays = forms.BooleanField(
        label=gettext_lazy("It comes on public holidays too"), required=False
    )
    since = date_field(gettext_lazy("First day"))
    until = date_field(gettext_lazy("Last day"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name_days(self)
        self.fields["since"].initial = self.on
        choice: Any = self.fields["carrier"]
        choice.queryset = carriers().filter(until__gte=self.on)

    def clean(self) -> dict[str, Any]:
        """Give the words of the delivery together, as `recurrence`."""
        given = dict(super().clean() or {})
        said = {name: given.pop(name) for name in _OF_RECURRENCE if name in given}
        if "days" in said:
            said["days"] = "".join(sorted(said["days"]))
        return {**given, "recurrence": said}


class AskForm(RecurrenceForm, MerchantForm):
    """What a shop asks for: itself, and its first delivery; the firms that carry are not listed."""

    field_order = ("name", "address", "bay", "contact")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["carrier"]


class PauseForm(forms.Form):
    """Days that are left out."""

    first = date_field(gettext_lazy("First day without it"))
    last = date_field(gettext_lazy("Last day without it"))
