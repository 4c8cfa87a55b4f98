"""What a person says: licence and notes of a version, a file, what to take of a configuration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.bundles.documents import Document, opened
from communs.core.bundles.engine.reading import LARGEST
from communs.core.bundles.enums import Licence
from communs.core.bundles.models import NOTES_LENGTH
from communs.core.bundles.showing import Line
from communs.core.bundles.signing import Trust
from communs.core.kit.errors import Refused


class PackForm(forms.Form):
    """Licence and notes of a version to share."""

    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=Licence.choices,
        help_text=_("What others may do with this configuration."),
    )
    notes = forms.CharField(
        label=_("What others should know"),
        help_text=_("What it is good for, what you learnt. No name, no address, no number."),
        max_length=NOTES_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FileForm(forms.Form):
    """A configuration sent as a file."""

    file = forms.FileField(
        label=_("File of the configuration"),
        help_text=_(
            "A file made by Communs, of 2 MB at most. You look at it before anything changes."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Document:
        """Give the document that the file holds; read no more of it than may be."""
        try:
            return opened(self.cleaned_data["file"].read(LARGEST + 1))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class InstallForm(forms.Form):
    """What to take where both sides changed, and what else must be said."""

    take_all = forms.BooleanField(
        label=_("Take the configuration’s own in every case below"), required=False
    )
    take = forms.MultipleChoiceField(
        label=_("Where both changed, take the configuration’s own for:"),
        help_text=_("Without a tick, yours is kept."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    switch_on = forms.BooleanField(label=_("Switch the service on here"), required=False)
    accept_unknown = forms.BooleanField(
        label=_("I trust where this configuration comes from"),
        help_text=_("It is signed by an installation that is not known here."),
        required=False,
    )

    def __init__(
        self, data: Any, *, document: Document, conflicts: Sequence[Line], is_on: bool
    ) -> None:
        super().__init__(data)
        choice: Any = self.fields["take"]
        choice.choices = [(line.ref, line.sentence) for line in conflicts]
        for name, shown in (
            ("take", bool(conflicts)),
            ("take_all", len(conflicts) > 1),
            ("switch_on", not is_on),
            ("accept_unknown", document.signer.trust is Trust.UNKNOWN),
        ):
            if not shown:
                del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        field: Any = self.fields.get("take")
        every = [ref for ref, _label in field.choices] if field else []
        return {
            "take": every if given.get("take_all") else given.get("take", []),
            "switch_on": given.get("switch_on", False),
            "accept_unknown": given.get("accept_unknown", False),
        }
