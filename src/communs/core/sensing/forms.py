"""What a person sets: a source and its limits, a device in its place, what was seen, a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communs.core.communities.scope import current
from communs.core.sensing.engine.decoding import fault_of
from communs.core.sensing.engine.decoding.bodies import parse
from communs.core.sensing.engine.decoding.limits import CODE, LONGEST_CODE
from communs.core.sensing.engine.readings import Malformed
from communs.core.sensing.enums import Property, Protocol

LARGEST_FILE = 8 * 1024 * 1024  # bytes: about 200,000 readings
_LONGEST_MAPPING = 4_000
_MOST_DAYS = 20_000
_UNITS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
_LAPSE = re.compile(
    r"(?:(?P<d>\d{1,5})\s*(?:d|j|days?|jours?))?\s*"
    r"(?:(?P<h>\d{1,5})\s*(?:h|hours?|heures?)(?:\s*(?P<over>\d{1,2})(?!\s*[a-z\d]))?)?\s*"
    r"(?:(?P<min>\d{1,5})\s*(?:mn|min|minutes?))?\s*"
    r"(?:(?P<s>\d{1,5})\s*(?:s|seconds?|secondes?))?"
)


def lapse_words(seconds: int) -> str:
    """Write a time as people say it: “2 h 30 min”; `Lapse` reads it back."""
    marks = {"d": gettext("d"), "h": "h", "min": "min", "s": "s"}
    parts = []
    for unit, size in _UNITS.items():
        count, seconds = divmod(seconds, size)
        parts += [f"{count}\u00a0{marks[unit]}"] if count else []
    return " ".join(parts)


class Lapse(forms.CharField):
    """A time as people say it, kept in seconds: “2 h 30”, “45 min”, “3 days”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def prepare_value(self, value: Any) -> Any:
        return lapse_words(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = _LAPSE.fullmatch(text.replace("\u00a0", " ").strip().lower())
        parts = (
            {name: int(given or 0) for name, given in found.groupdict().items()} if found else {}
        )
        seconds = parts.pop("over", 0) * _UNITS["min"]
        seconds += sum(count * _UNITS[unit] for unit, count in parts.items())
        if not 0 < seconds <= _MOST_DAYS * _UNITS["d"]:
            raise forms.ValidationError(
                gettext("Write a time such as “2 h 30”, “45 min” or “3 d”.")
            )
        return seconds


class MappingField(forms.CharField):
    """Where a source's messages say each property, in JSON; what cannot be read is refused."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
        super().__init__(max_length=_LONGEST_MAPPING, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return _mapping(text) if text else {}


def _mapping(text: str) -> dict[str, Any]:
    try:
        found = parse(text.encode())
        json.dumps(found, ensure_ascii=False).encode()
    except (Malformed, UnicodeEncodeError):
        raise forms.ValidationError(gettext("This is not JSON that can be read.")) from None
    if not isinstance(found, dict) or "\\u0000" in json.dumps(found):
        raise forms.ValidationError(gettext("Write a JSON object, between { and }."))
    fault = fault_of(found)
    if fault is not None:
        words = gettext("This is not understood: %(where)s.") % {
            "where": fault.field or fault.reason
        }
        raise forms.ValidationError(words)
    return found


class ChangeForm(forms.Form):
    """What a source is called, how it is read, when it is no longer believed."""

    name = forms.CharField(label=_("Name"), max_length=120)
    protocol = forms.TypedChoiceField(
        label=_("How it writes"), choices=Protocol.choices, coerce=Protocol
    )
    topic = forms.CharField(
        label=_("MQTT topic"),
        help_text=_("Only if its messages arrive by MQTT. Nothing: the topic made of its name."),
        max_length=200,
        required=False,
    )
    mapping = MappingField(
        label=_("Where its messages say each property"),
        help_text=_(
            "In JSON. Nothing: under their own names. Example:"
            ' {"properties": {"presence": "occupied"}}'
        ),
        required=False,
    )
    silent_after = Lapse(
        label=_("Not believed after a silence of"),
        help_text=_("Such as “2 h 30”. Longer than the sensors’ sign of life."),
    )
    stuck_after = Lapse(
        label=_("Not believed after the same state for"),
        help_text=_("Such as “3 d”. Nothing: it may stay the same for ever."),
        required=False,
    )
    flips_most = forms.IntegerField(
        label=_("Most changes in an hour"),
        help_text=_("A sensor that changes more often is not believed for an hour."),
        min_value=1,
        max_value=3_600,
    )
    keep_days = forms.IntegerField(
        label=_("Days for which readings are kept"), min_value=1, max_value=3_660
    )

    def clean_topic(self) -> str:
        """Refuse a topic that would hear other communities."""
        topic: str = self.cleaned_data["topic"]
        first, *rest = topic.split("/")
        if topic and (not first or first[0] in "#+$" or re.search(r"[\s\x00-\x1f]", topic)):
            raise forms.ValidationError(gettext("A topic begins with a name, and has no space."))
        if first == "communs" and rest[:1] != [current().slug]:
            words = gettext("A topic of communs begins with communs/%(here)s/.")
            raise forms.ValidationError(words % {"here": current().slug})
        return topic


class SourceForm(ChangeForm):
    """A new source; its short name is in its address, and does not change."""

    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        label=_("Short name"),
        help_text=_("Small letters, digits and hyphens: it stands in the address of the source."),
        max_length=40,
        error_messages={"invalid": _("Only small letters, digits and hyphens between them.")},
    )
    field_order = ["name", "slug"]


class PlaceForm(forms.Form):
    """A device, what it measures, and where it is."""

    code = forms.CharField(
        label=_("Code of the device"),
        help_text=_("The one its messages bear; for LoRaWAN, the DevEUI on its label."),
        max_length=LONGEST_CODE,
    )
    property = forms.TypedChoiceField(
        label=_("What it measures"), choices=Property.choices, coerce=Property
    )
    name = forms.CharField(
        label=_("Place"),
        help_text=_("What residents call it: “12, Rue des Écoles”."),
        max_length=120,
        required=False,
    )
    lat = forms.FloatField(
        label=_("Latitude"),
        help_text=_("In degrees: 48.7534. Nothing: its place is not known."),
        min_value=-90,
        max_value=90,
        required=False,
    )
    lon = forms.FloatField(
        label=_("Longitude"),
        help_text=_("In degrees: 2.2960."),
        min_value=-180,
        max_value=180,
        required=False,
    )

    def clean_code(self) -> str:
        """Refuse a code that no message can bear."""
        code: str = self.cleaned_data["code"]
        if CODE.fullmatch(code) is None:
            raise forms.ValidationError(
                gettext("A code is made of letters without accents, digits and the signs . _ : @ -")
            )
        return code

    def clean(self) -> dict[str, Any]:
        """Ask for both degrees, or none."""
        cleaned = super().clean() or {}
        lat, lon = cleaned.get("lat"), cleaned.get("lon")
        if (lat is None) != (lon is None) and not {"lat", "lon"} & set(self.errors):
            self.add_error("lon" if lon is None else "lat", gettext("Give both, or neither."))
        return cleaned


class CheckForm(forms.Form):
    """What somebody sees on the spot."""

    seen = forms.TypedChoiceField(
        label=_("What do you see?"),
        choices=[("1", _("The space is taken")), ("0", _("The space is free"))],
        coerce=float,
        widget=forms.RadioSelect,
    )


class ReadingsForm(forms.Form):
    """Readings in a file."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "Its first line: device,time,property,value. Each time with its offset:"
            " 2026-03-02T12:00:00+01:00. 8 MB at most, about 200,000 readings."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that would keep the page waiting."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(gettext("This file is larger than 8 MB: cut it in parts."))
        return file
