"""What a reader may ask of the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from communs.services.fund.enums import Challenge, Theme
from communs.services.fund.queries import Asked, Counted

FIRST_YEAR, LAST_YEAR = 1900, 2999


class RegisterForm(forms.Form):
    """Search and filters; all optional."""

    q = forms.CharField(label=_("Search the register"), required=False, max_length=200)
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=Theme.choices)
    challenge = forms.ChoiceField(
        label=_("Challenge of the master plan"), required=False, choices=Challenge.choices
    )
    territory = forms.CharField(
        label=_("Territory"),
        required=False,
        widget=forms.Select,
        validators=[RegexValidator(r"^[a-z0-9-]{1,60}\Z", _("This territory does not exist."))],
    )
    year = forms.IntegerField(
        label=_("Year of award"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.Select,
        error_messages={
            "invalid": _("Write a year, for example 2018."),
            "min_value": _("Write a year, for example 2018."),
            "max_value": _("Write a year, for example 2018."),
        },
    )

    def asked(self) -> Asked:
        """Give what was asked, leaving out what is not accepted."""
        self.is_valid()
        return Asked(**{name: self.cleaned_data.get(name) or None for name in self.fields})

    def offer(self, counted: Counted) -> None:
        """Show each filter's choices with how many grants each would leave."""
        self._offer("theme", Theme.choices, counted.themes)
        self._offer("challenge", Challenge.choices, counted.challenges)
        names = sorted(counted.territory_names.items(), key=lambda item: item[1])
        self._offer("territory", names, counted.territories)
        years = sorted(counted.years, reverse=True)
        self._offer("year", ((year, str(year)) for year in years), counted.years)

    def _offer(self, name: str, choices: Iterable[tuple[Any, Any]], held: dict[Any, int]) -> None:
        chosen = str(self.cleaned_data.get(name) or "")
        shown = [
            (key, f"{label} ({held.get(key, 0)})")
            for key, label in choices
            if held.get(key) or str(key) == chosen
        ]
        self.fields[name].widget.choices = [("", _("No filter")), *shown]
