"""What is asked about personal data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.kit import telephone
from communs.core.kit.errors import Refused
from communs.core.privacy.models import Controller


class EraseForm(forms.Form):
    """One box, so that nobody erases an account by a slip."""

    sure = forms.BooleanField(
        label=_(
            "I want my account and my data erased, and I know that nobody can bring them back."
        ),
        error_messages={"required": _("Tick the box to confirm.")},
    )


class ControllerForm(forms.Form):
    """Who answers for personal data, and how to reach the officer."""

    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        help_text=_("Where a letter about personal data may be sent."),
    )
    representative = forms.CharField(
        label=_("Who answers for the data"),
        required=False,
        max_length=200,
        help_text=_("A function rather than a name: the mayor, the president."),
    )
    officer = forms.CharField(
        label=_("Data protection officer"),
        required=False,
        max_length=200,
        help_text=_("A function, a service or a shared officer."),
    )
    officer_email = forms.EmailField(
        label=_("The officer’s e-mail address"),
        required=False,
        error_messages={"invalid": _("Write an address such as dpo@commune.fr.")},
    )
    officer_phone = forms.CharField(
        label=_("The officer’s telephone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    @classmethod
    def of(cls, controller: Controller, data: Any = None) -> ControllerForm:
        """Give the form as it stands, or as it was filled."""
        initial = {name: getattr(controller, name) for name in cls.base_fields}
        initial["officer_phone"] = telephone.spoken(controller.officer_phone)
        return cls(data, initial=initial)

    def clean_officer_phone(self) -> str:
        try:
            return telephone.number(self.cleaned_data["officer_phone"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("officer_email") or given.get("address")) and not self.errors:
            self.add_error("officer_email", _("Give an e-mail address or a postal one."))
        return given
