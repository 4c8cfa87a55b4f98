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


class FactForm(forms.Form):
    """What is known of an experiment, and where it comes from."""

    text_fr = forms.CharField(
        label=_("What is known, in French"),
        help_text=_("One or two sentences that a reader can check."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "fr"}),
    )
    text_en = forms.CharField(
        label=_("The same in English"),
        help_text=_("Left empty, English pages show the French."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )
    when = forms.RegexField(
        r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z",
        label=_("When"),
        help_text=_("A year, a month or a day: 2019, 2019-06 or 2019-06-21."),
        required=False,
        error_messages={"invalid": _("Write 2019, 2019-06 or 2019-06-21.")},
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("The document, its date and where to find it."),
        max_length=300,
    )


class CorrectionForm(FactForm):
    """A fact as it was read, to be corrected."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


class WithdrawalForm(forms.Form):
    """Why a fact is shown no more."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        help_text=_("Kept in the journal, with what the fact said."),
        max_length=300,
    )
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


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
