"""What agents write outside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.sensing.models import Source
from communs.services.parking.enums import Verdict
from communs.services.parking.queries import places


class SensorForm(forms.Form):
    """Which sensor goes into which space."""

    space = forms.CharField(
        label=_("Code of the space"), help_text=_("It stands on the sign, such as K7XQ4."),
        max_length=8,
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code of the sensor"),
        help_text=_("Type it, or scan it: 16 figures and letters on most sensors."),
        max_length=64,
    )
    source: Any = forms.ModelChoiceField(
        label=_("Network of the sensor"),
        help_text=_("Only needed when the sensor has never been heard and there are several."),
        queryset=None,
        to_field_name="slug",
        required=False,
        empty_label=_("Find it by itself"),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        held: Any = self.fields["source"]
        held.queryset = Source.objects.filter(on=True)

    def clean_space(self) -> Any:
        """Find the space of this code."""
        found = places.any_space(self.cleaned_data["space"].strip())
        if found is None:
            raise forms.ValidationError(_("No space here has this code."))
        return found


class VerdictForm(forms.Form):
    """What a warden found."""

    verdict = forms.ChoiceField(
        label=_("What you found"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found.")},
    )
