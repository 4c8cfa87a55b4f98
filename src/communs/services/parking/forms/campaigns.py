"""A campaign as editors write it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.services.parking.forms.inputs import DateField
from communs.services.parking.models import Zone


class ZonesField(forms.ModelMultipleChoiceField):
    """Some zones, by their codes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=None,
            to_field_name="code",
            widget=forms.CheckboxSelectMultiple,
            **options,
        )

    def clean(self, value: Any) -> Any:
        return list(super().clean(value))


class CampaignForm(forms.Form):
    """What is tried where, and compared with what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    tried = forms.CharField(label=_("What is tried"), max_length=300, required=False)
    tried_in = ZonesField(label=_("Zones where it is tried"))
    control = ZonesField(
        label=_("Zones to compare with"),
        help_text=_("Alike, and where nothing changes. Without one, nobody can tell the rest."),
        required=False,
    )
    before_from = DateField(label=_("Days to compare with: from"), required=True)
    before_until = DateField(
        label=_("Days to compare with: until"),
        help_text=_("A whole week at least: days of the week differ."),
        required=True,
    )
    measured_from = DateField(label=_("Measured from"), required=True)
    measured_until = DateField(label=_("Measured until"), required=True)
    low = forms.IntegerField(
        label=_("Occupancy aimed at: from, in per cent"), min_value=0, max_value=99, initial=60
    )
    high = forms.IntegerField(label=_("Until"), min_value=1, max_value=100, initial=80)
    hour_from = forms.IntegerField(
        label=_("Hours that count: from"), min_value=0, max_value=23, initial=9
    )
    hour_until = forms.IntegerField(
        label=_("Hours that count: until"), min_value=1, max_value=24, initial=19
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for name in ("tried_in", "control"):
            field: Any = self.fields[name]
            field.queryset = Zone.objects.all()
