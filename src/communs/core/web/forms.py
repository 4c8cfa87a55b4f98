"""Forms of the pages that belong to no service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.web.contrast import check_tokens


class DayForm(forms.Form):
    """A day to look at, and a name to find."""

    date = forms.DateField(
        label=_("Date"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as 27/11/2018.")},
    )
    q = forms.CharField(label=_("Name of the commune"), required=False, max_length=100)

    def day(self, today: dt.date) -> dt.date:
        """Give the day asked for, or today."""
        return (self.cleaned_data.get("date") if self.is_valid() else None) or today


class SearchForm(forms.Form):
    """The search box."""

    q = forms.CharField(
        label=_("A commune, a service, an experiment"), required=False, max_length=200
    )


class TokenForm(forms.Form):
    """A key for a program: its name, what it may do, until when."""

    name = forms.CharField(
        label=_("Name of the program"),
        help_text=_("To know it again in this list."),
        max_length=80,
    )
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("Within a year from today."),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as 27/11/2018.")},
    )

    def __init__(self, data: Any, *, permissions: Mapping[str, Any]) -> None:
        super().__init__(data)
        field = cast(forms.MultipleChoiceField, self.fields["permissions"])
        field.choices = list(permissions.items())


class LookForm(forms.Form):
    """A community's two colours; refused when text in them could not be read."""

    brand = forms.RegexField(
        r"^#[0-9a-fA-F]{6}\Z",
        label=_("Main colour"),
        help_text=_("Links, buttons. Written #rrggbb."),
        error_messages={"invalid": _("A colour is written #rrggbb, for example #0b5b63.")},
    )
    warm = forms.RegexField(
        r"^#[0-9a-fA-F]{6}\Z",
        label=_("Accent colour"),
        help_text=_("What calls attention. Written #rrggbb."),
        error_messages={"invalid": _("A colour is written #rrggbb, for example #b93d17.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "brand" in cleaned and "warm" in cleaned:
            for problem in check_tokens(cleaned["brand"].lower(), cleaned["warm"].lower()):
                self.add_error(problem.field, problem.sentence)
        return cleaned
