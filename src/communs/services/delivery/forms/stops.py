"""Forms of the street: short, for a thumb."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communs.services.delivery.engine import codes
from communs.services.delivery.enums import Errand, Nuisance, Seen, VehicleClass
from communs.services.delivery.models import NOTE_LENGTH, URL_LENGTH
from communs.services.delivery.queries import bays

_PLATE_TYPED = 16


class FindForm(forms.Form):
    """A street, or the code of a sign."""

    q = forms.CharField(
        label=gettext_lazy("Street, or code of the sign"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StartForm(forms.Form):
    """A disc: one tap when the address remembers the vehicle."""

    vehicle = forms.ChoiceField(label=gettext_lazy("Vehicle"), choices=VehicleClass.choices)
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=Errand.choices)
    plate = forms.CharField(
        label=gettext_lazy("Number plate"),
        help_text=gettext_lazy(
            "It spares you a check on the spot. It is not kept: only a print of it, for some hours."
        ),
        required=False,
        max_length=_PLATE_TYPED,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )


class BookForm(forms.Form):
    """A booking."""

    bay: Any = forms.ModelChoiceField(label=gettext_lazy("Bay"), queryset=None)
    begins_at = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("For how long"), coerce=int, choices=[(m, m) for m in (15, 20, 25, 30)]
    )

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["bay"]
        choice.queryset = bays(on=on)
        lengths: Any = self.fields["minutes"]
        lengths.choices = [
            (count, ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count})
            for count in (15, 20, 25, 30)
        ]


class HookForm(forms.Form):
    """A carrier's own address."""

    url = forms.CharField(
        label=gettext_lazy("Address to call"),
        help_text=gettext_lazy(
            "It begins with https:// and answers with a status from 200 to 299."
        ),
        max_length=URL_LENGTH,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )


class ArriveForm(forms.Form):
    """The vehicle of a carrier that has come."""

    vehicle = forms.ChoiceField(label=gettext_lazy("Vehicle"), choices=VehicleClass.choices)


class ReportForm(forms.Form):
    """What somebody tells of a bay."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is the matter"),
        choices=Nuisance.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("A few words"),
        help_text=gettext_lazy("Neither names nor number plates. An agent reads them first."),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CheckForm(forms.Form):
    """What an agent saw."""

    seen = forms.ChoiceField(label=gettext_lazy("What you see"), choices=Seen.choices)
    taken = forms.IntegerField(
        label=gettext_lazy("Spaces taken"),
        help_text=gettext_lazy("Leave empty if you did not count."),
        min_value=0,
        max_value=20,
        required=False,
    )


class PlateForm(forms.Form):
    """A plate to be looked up; nothing of it is kept."""

    plate = forms.CharField(
        label=gettext_lazy("Number plate"),
        max_length=_PLATE_TYPED,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def clean_plate(self) -> Any:
        """Give the plate with its letters and figures alone."""
        kept = codes.plate(self.cleaned_data["plate"])
        if not kept:
            raise forms.ValidationError(_("This is not a number plate."))
        return kept
