"""Fields that several forms share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.kit.localised import here
from communs.core.kit.text import fold
from communs.services.parking.models.signs import EVERY_DAY
from communs.services.parking.queries import places
from communs.services.parking.queries.availability import where_is


class HourField(forms.TimeField):
    """An hour of the day."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(
            input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"],
            widget=forms.TextInput(attrs={"type": "time"}),
            error_messages={"invalid": gettext_lazy("Write the hour as 14:30.")},
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if hasattr(value, "strftime") else value


class DateField(forms.DateField):
    """A day."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": gettext_lazy("Write the date as 27/11/2018.")},
            **options,
        )


class DaysField(forms.MultipleChoiceField):
    """Days of the week, kept as the figures of a text: Monday is 0."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("initial", EVERY_DAY)
        super().__init__(widget=forms.CheckboxSelectMultiple, **options)

    def name_days(self) -> None:
        """Name the days in the reader's language."""
        names = get_day_names(width="wide", locale=here())
        self.choices = [(str(number), names[number].capitalize()) for number in range(7)]

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))


class PointField(forms.CharField):
    """A latitude and a longitude, as maps give them: 48.7534, 2.2960."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value in (None, (None, None)) else _written(value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = where_is(text) if text else (None, None)
        if found is None:
            raise forms.ValidationError(_("Write latitude and longitude as 48.7534, 2.2960."))
        return found


def _written(value: Any) -> str:
    return value if isinstance(value, str) else f"{value[0]:.6f}, {value[1]:.6f}"


def place_choices() -> list[Any]:
    """Give streets and car parks, as a list to choose from."""
    streets = _by_name((places.key_of(row), places.told(row)) for row in places.segments())
    parks = _by_name((places.key_of(row), row.name) for row in places.sites())
    groups = ((_("Streets"), streets), (_("Car parks"), parks))
    return [(label, rows) for label, rows in groups if rows]


def _by_name(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort choices as people do, accents set aside."""
    return sorted(choices, key=lambda choice: fold(choice[1]))
