"""What a reader may ask of the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.services.fund.enums import Challenge, Theme
from communs.services.fund.queries import Asked

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class RegisterForm(forms.Form):
    """Search and filters; all optional."""

    q = forms.CharField(label=_("Search the register"), required=False, max_length=200)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    challenge = forms.ChoiceField(label=_("Challenge of the master plan"), required=False)
    territory = forms.ChoiceField(label=_("Territory"), required=False)
    year = forms.TypedChoiceField(
        label=_("Year of award"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, data: Any, *, territories: dict[str, str], years: list[int]) -> None:
        super().__init__(data)
        everything = [("", _("All"))]
        self.fields["theme"].choices = [*everything, *Theme.choices]
        self.fields["challenge"].choices = [*everything, *Challenge.choices]
        self.fields["territory"].choices = [*everything, *territories.items()]
        self.fields["year"].choices = [*everything, *((year, str(year)) for year in years)]

    def asked(self) -> Asked:
        """Give what was asked, leaving out what is not accepted."""
        self.is_valid()
        return Asked(**{name: self.cleaned_data.get(name) or None for name in self.fields})
