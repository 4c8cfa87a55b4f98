"""The form that takes a file of curbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_LARGEST = 8_000_000


class CurbForm(forms.Form):
    """A CurbLR file."""

    file = forms.FileField(
        label=gettext_lazy("CurbLR file"),
        help_text=gettext_lazy("GeoJSON, 8 MB at most. You look at it before anything changes."),
        widget=forms.FileInput(attrs={"accept": ".json,.geojson,application/geo+json"}),
    )

    def clean(self) -> dict[str, Any]:
        """Give the name and the text of the file; read no more of it than may be."""
        given = dict(super().clean() or {})
        file = given.pop("file", None)
        if file is None:
            return given
        content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            self.add_error("file", _("This file is larger than 8 MB."))
        return {**given, "name": file.name, "text": content.decode("utf-8", "replace")}
