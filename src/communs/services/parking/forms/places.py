"""Zones, streets, car parks and spaces as agents write them."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.services.parking.enums import Colour, Side, SiteKind, SpaceKind
from communs.services.parking.forms.inputs import PointField, place_choices
from communs.services.parking.models import Site, Zone
from communs.services.parking.queries import places
from communs.services.parking.queries.availability import where_is

_MOST_POINTS = 500


class ZoneForm(forms.Form):
    """A zone and the colour by which people know it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices, required=False)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("What residents should know of it."),
        max_length=300,
        required=False,
    )


class _PlaceForm(forms.Form):
    """What streets and car parks have in common."""

    zone: Any = forms.ModelChoiceField(
        label=_("Zone"), queryset=None, to_field_name="code", required=False,
        empty_label=_("None"),
    )  # fmt: skip

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        cast(forms.ModelChoiceField, self.fields["zone"]).queryset = Zone.objects.all()


class SegmentForm(_PlaceForm):
    """One side of a street between two corners."""

    street = forms.CharField(label=_("Street"), max_length=120)
    side = forms.ChoiceField(label=_("Side"), choices=Side.choices, required=False)
    from_street = forms.CharField(label=_("From the corner of"), max_length=120, required=False)
    to_street = forms.CharField(label=_("To the corner of"), max_length=120, required=False)
    line = forms.CharField(
        label=_("Where the line runs"),
        help_text=_("One point a line, latitude and longitude: 48.7534, 2.2960. Two at least."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("street", "side", "from_street", "to_street", "zone", "line")

    def clean_line(self) -> dict[str, Any] | None:
        """Read the points, or GeoJSON; nothing is not drawn yet."""
        text = self.cleaned_data["line"].strip()
        if not text:
            return None
        points = _of_geojson(text) if text.startswith("{") else _of_lines(text)
        if points is None or not 2 <= len(points) <= _MOST_POINTS:  # noqa: PLR2004 -- two ends
            raise forms.ValidationError(now_("Write two points or more, one a line."))
        return {"type": "LineString", "coordinates": points}


class SiteForm(_PlaceForm):
    """A car park. What is not known is left empty."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of car park"), choices=SiteKind.choices)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    point = PointField(
        label=_("Latitude and longitude of the entrance"),
        help_text=_("As maps give them: 48.7534, 2.2960."),
        required=False,
    )
    capacity = forms.IntegerField(label=_("Spaces"), min_value=0, max_value=99_999, required=False)
    capacity_disabled = forms.IntegerField(
        label=_("Of which for disabled people"), min_value=0, max_value=99_999, required=False
    )
    capacity_electric = forms.IntegerField(
        label=_("Of which to charge a car"), min_value=0, max_value=99_999, required=False
    )
    height_cm = forms.IntegerField(
        label=_("Greatest height, in centimetres"), min_value=50, max_value=999, required=False
    )
    height_unlimited = forms.BooleanField(label=_("No limit of height"), required=False)
    subscribers_only = forms.NullBooleanField(
        label=_("For subscribers only"),
        required=False,
        widget=forms.Select(choices=[("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]),
    )
    operator = forms.CharField(label=_("Who runs it"), max_length=120, required=False)
    operator_siret = forms.RegexField(
        r"^\d{14}\Z",
        label=_("SIRET number of who runs it"),
        required=False,
        error_messages={"invalid": _("Write its 14 figures.")},
    )
    national_id = forms.RegexField(
        r"^([013-9]\d|2[AB1-9])\d{3}-P-\d{3}\Z",
        label=_("Number in the national base"),
        help_text=_("Such as 92002-P-001."),
        required=False,
        error_messages={"invalid": _("Write it as 92002-P-001.")},
    )
    page = forms.URLField(
        label=_("Page of the car park"), required=False, assume_scheme="https", max_length=200
    )
    field_order = ("name", "kind", "address", "point", "zone")

    def clean(self) -> dict[str, Any]:
        """Give the point as two columns."""
        cleaned = super().clean() or {}
        cleaned["lat"], cleaned["lon"] = cleaned.pop("point", None) or (None, None)
        return cleaned


class SpacesForm(forms.Form):
    """Which spaces to look at."""

    q = forms.CharField(
        label=_("Street, car park, code of a space or of a sensor"), required=False, max_length=120
    )

    def words(self) -> str:
        """Give what was asked; nothing when it is not accepted."""
        return self.cleaned_data["q"] if self.is_valid() else ""


class SpaceForm(forms.Form):
    """One space of a street or a car park."""

    place = forms.ChoiceField(label=_("Street or car park"))
    number = forms.IntegerField(
        label=pgettext_lazy("parking", "Number"),
        help_text=_("Its place along the street. Left empty: the next one."),
        min_value=1,
        max_value=30_000,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind of space"), choices=SpaceKind.choices)
    point = PointField(
        label=_("Latitude and longitude"),
        help_text=_("As maps give them: 48.7534, 2.2960."),
        required=False,
    )
    in_service = forms.BooleanField(
        label=_("In service"),
        help_text=_("Off while the space cannot be used at all."),
        required=False,
        initial=True,
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        cast(forms.ChoiceField, self.fields["place"]).choices = place_choices()

    def clean(self) -> dict[str, Any]:
        """Give the place and the point as the columns have them."""
        cleaned = super().clean() or {}
        found = places.place(cleaned.pop("place", ""))
        cleaned["segment"] = None if isinstance(found, Site) else found
        cleaned["site"] = found if isinstance(found, Site) else None
        cleaned["lat"], cleaned["lon"] = cleaned.pop("point", None) or (None, None)
        return cleaned


def _of_lines(text: str) -> list[list[float]] | None:
    points = [where_is(line) for line in text.splitlines() if line.strip()]
    return None if None in points else [[p[1], p[0]] for p in points if p]


def _of_geojson(text: str) -> list[list[float]] | None:
    try:
        held = json.loads(text)
        points = [where_is(f"{lat}, {lon}") for lon, lat, *_more in held["coordinates"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return None if None in points else [[p[1], p[0]] for p in points if p]
