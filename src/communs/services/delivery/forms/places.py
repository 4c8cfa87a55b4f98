"""Forms of who runs the bays."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from communs.core.kit.localised import here
from communs.core.sensing.enums import Property
from communs.core.sensing.models import Thing
from communs.services.delivery.enums import Activity, VehicleClass
from communs.services.delivery.models import Bay, Policy, Template
from communs.services.delivery.models.places import EVERY_DAY, TERMS

_HOLIDAYS = (
    ("", gettext_lazy("as on other days")),
    ("no", gettext_lazy("does not apply")),
    ("only", gettext_lazy("applies only then")),
)
_HOLIDAY_VALUES = {"": None, "no": False, "only": True}
_HOLIDAY_NAMES = {value: name for name, value in _HOLIDAY_VALUES.items()}


def hour_field(label: Any, *, required: bool = False, **options: Any) -> forms.TimeField:
    """Give the field of an hour of the day."""
    return forms.TimeField(
        label=label,
        required=required,
        input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        **options,
    )


def date_field(label: Any, **options: Any) -> forms.DateField:
    """Give the field of a day."""
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **options,
    )


def name_days(form: forms.Form) -> None:
    """Let a form choose days of the week by their names."""
    names = get_day_names(width="wide", locale=here())
    days: Any = form.fields["days"]
    days.choices = [(str(number), names[number].capitalize()) for number in range(7)]


class BayForm(forms.Form):
    """A bay."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=160)
    spaces = forms.IntegerField(
        label=gettext_lazy("Number of spaces"), min_value=1, max_value=20, initial=1
    )
    length_m = forms.DecimalField(
        label=gettext_lazy("Length, in metres"),
        help_text=gettext_lazy("Leave empty if it is not known."),
        min_value=1,
        max_value=200,
        decimal_places=1,
        required=False,
    )
    lat = forms.FloatField(
        label=gettext_lazy("Latitude"), min_value=-90, max_value=90, required=False
    )
    lon = forms.FloatField(
        label=gettext_lazy("Longitude"), min_value=-180, max_value=180, required=False
    )
    shape = forms.JSONField(
        label=gettext_lazy("Outline"),
        help_text=gettext_lazy("A GeoJSON polygon, for the open data. Leave empty without one."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    thing: Any = forms.ModelChoiceField(
        label=gettext_lazy("Sensor"),
        empty_label=gettext_lazy("none"),
        queryset=None,
        required=False,
    )

    def __init__(self, *args: Any, bay: Bay | None = None, **options: Any) -> None:
        if bay is not None:
            fields = ("name", "street", "spaces", "length_m", "lat", "lon", "shape", "thing")
            options["initial"] = {field: getattr(bay, field) for field in fields}
        super().__init__(*args, **options)
        measures = (Property.PRESENCE, Property.FREE)
        choice: Any = self.fields["thing"]
        choice.queryset = Thing.objects.filter(property__in=measures, withdrawn_at=None)


class TemplateForm(forms.Form):
    """The words of a rule."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    activity = forms.ChoiceField(label=gettext_lazy("What one may do"), choices=Activity.choices)
    days = forms.MultipleChoiceField(
        label=pgettext_lazy("delivery bay", "Days"),
        initial=list(EVERY_DAY),
        widget=forms.CheckboxSelectMultiple,
    )
    begins = hour_field(
        pgettext_lazy("delivery bay", "From"), help_text=gettext_lazy("Empty: from midnight.")
    )
    ends = hour_field(
        pgettext_lazy("delivery bay", "Until"), help_text=gettext_lazy("Empty: until midnight.")
    )
    holidays = forms.ChoiceField(
        label=gettext_lazy("On public holidays"), choices=_HOLIDAYS, required=False
    )
    vehicles = forms.MultipleChoiceField(
        label=gettext_lazy("Vehicles"),
        help_text=gettext_lazy("None ticked: all of them."),
        choices=VehicleClass.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    most_minutes = forms.IntegerField(
        label=gettext_lazy("Longest stop, in minutes"),
        help_text=gettext_lazy("Empty: as the settings say."),
        min_value=1,
        max_value=720,
        required=False,
    )
    no_return_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes before coming back"), min_value=0, max_value=720, initial=0
    )
    extension_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that may be added once"),
        min_value=0,
        max_value=240,
        initial=0,
    )
    priority = forms.IntegerField(
        label=gettext_lazy("Rank"),
        help_text=gettext_lazy("Where two rules hold at once, the lowest number counts."),
        min_value=1,
        max_value=99,
        initial=10,
    )

    def __init__(self, *args: Any, terms: Policy | Template | None = None, **options: Any) -> None:
        if terms is not None:
            options["initial"] = _initial(terms) | options.get("initial", {})
        super().__init__(*args, **options)
        name_days(self)

    def clean(self) -> dict[str, Any]:
        """Give the words of the rule together, as `terms`."""
        given = dict(super().clean() or {})
        terms = {name: given.pop(name) for name in TERMS if name in given}
        if "days" in terms:
            terms["days"] = "".join(sorted(terms["days"]))
        terms["holidays"] = _HOLIDAY_VALUES[terms.get("holidays") or ""]
        return {**given, "terms": terms}


class PolicyForm(TemplateForm):
    """A rule put into force: its words, where, from when, by which order."""

    order_reference = forms.CharField(
        label=gettext_lazy("Municipal order"),
        help_text=gettext_lazy("Its number and date. Leave empty as long as it is not signed."),
        max_length=120,
        required=False,
    )
    since = date_field(gettext_lazy("First day"))
    until = date_field(gettext_lazy("Last day"), required=False)
    bays: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Bays"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["bays"]
        choice.queryset = Bay.objects.filter(until=None)


class CarrierForm(forms.Form):
    """A firm that may book."""

    name = forms.CharField(label=gettext_lazy("Name of the firm"), max_length=120)
    contact = forms.EmailField(
        label=gettext_lazy("E-mail address of its account"),
        help_text=gettext_lazy("Whoever signs in with this address books for the firm."),
    )
    until = date_field(gettext_lazy("Last day"))


class EndForm(forms.Form):
    """The last day of a bay or of a rule."""

    on = date_field(gettext_lazy("Last day"))


def _initial(terms: Policy | Template) -> dict[str, Any]:
    found = {name: getattr(terms, name) for name in TERMS}
    found |= {"days": list(terms.days), "holidays": _HOLIDAY_NAMES[terms.holidays]}
    if isinstance(terms, Policy):
        found |= {
            "order_reference": terms.order_reference,
            "bays": list(terms.bays.values_list("pk", flat=True)),
        }
    return found
