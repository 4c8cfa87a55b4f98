"""A panel as editors write it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.services.parking.enums import SpaceKind
from communs.services.parking.forms.inputs import place_choices
from communs.services.parking.models import Zone
from communs.services.parking.queries import panels


class PanelForm(forms.Form):
    """Where a panel stands, and what it counts."""

    name = forms.CharField(label=_("Name"), max_length=120)
    stands_at = forms.CharField(label=_("Where it stands"), max_length=200, required=False)
    counts = forms.ChoiceField(label=_("What it counts"))
    kind = forms.ChoiceField(
        label=_("Kind of space"),
        required=False,
        choices=[("", _("Any kind")), *SpaceKind.choices],
    )
    stale_after = forms.IntegerField(
        label=_("Minutes without news after which it shows no number"),
        min_value=1,
        max_value=1440,
        initial=30,
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        zones = [(f"zone:{zone.code}", zone.name) for zone in Zone.objects.all()]
        groups = [(str(_("Zones")), zones)] if zones else []
        field: Any = self.fields["counts"]
        field.choices = [*groups, *place_choices()]

    def clean_counts(self) -> Any:
        return panels.counted(self.cleaned_data["counts"])
