"""Fields that several pages of the fund ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.kit.localised import parts_thousands_by_comma, to_type
from communs.services.fund.engine.financing import amounts
from communs.services.fund.queries.explaining import amount_refused

LOCAL = "%Y-%m-%dT%H:%M"


class AmountField(forms.CharField):
    """Euros as people write them: « 1 250,50 »; empty is not known."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return amounts.read(text, comma_groups=parts_thousands_by_comma())
        except amounts.Unfit as fault:
            raise forms.ValidationError(amount_refused(fault), code=fault.code) from fault

    def prepare_value(self, value: Any) -> Any:
        """Write a kept amount as it would be typed; what was typed stays as it was."""
        return to_type(value, decimals=2) if isinstance(value, Decimal) else value


class PercentField(forms.CharField):
    """A percentage with at most two decimals: « 33,34 »; empty is none."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a percentage from 0 to 100, with at most two decimals.")
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 12)
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if text.strip().strip("%").strip() in ("0", "0,00", "0.00"):
            return Decimal("0.00")
        try:
            found = amounts.read(text.strip().removesuffix("%"))
        except amounts.Unfit as fault:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from fault
        if found > amounts.HUNDRED:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        """Write a kept share as it would be typed."""
        return to_type(value) if isinstance(value, Decimal) else value


def moment_field(**options: Any) -> forms.DateTimeField:
    """Give a field for an instant in local time."""
    return forms.DateTimeField(
        input_formats=[LOCAL, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "max": "9999-12-31T23:59"}, format=LOCAL
        ),
        **options,
    )


def day_field(**options: Any) -> forms.DateField:
    """Give a field for a day."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "max": "9999-12-31"}), **options
    )
