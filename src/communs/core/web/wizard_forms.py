"""The steps of the first run, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.people.forms import Address, NewPassword
from communs.core.registry.queries import services
from communs.core.web import installation

_LARGEST = 2_000_000  # bytes; the 35 000 communes of France take as much


class CodeForm(forms.Form):
    """The code that the terminal showed."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=60,
        help_text=_("It stands in the terminal where Communs was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not installation.is_code(code):
            raise forms.ValidationError(_("This is not the code of this installation."))
        return code


class MetropolisForm(forms.Form):
    """A reference that comes with Communs, or one's own metropolis."""

    start = forms.ChoiceField(
        label=_("Where to start"),
        widget=forms.RadioSelect,
        choices=[
            ("reference", _("The Métropole du Grand Paris, with its communes and territories")),
            ("own", _("Another metropolis: I give the list of its communes")),
        ],
    )
    name = forms.CharField(label=_("Name of the metropolis"), required=False, max_length=60)
    siren = forms.CharField(
        label=_("SIREN number"), required=False, max_length=20, help_text=_("Nine digits.")
    )
    communes = forms.FileField(
        label=_("List of communes"),
        required=False,
        help_text=_(
            "A CSV file with the columns insee, name, siren, postcodes, population."
            " The last three may be empty."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_siren(self) -> str:
        return "".join(str(self.cleaned_data["siren"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("start") == "own":
            for name in ("name", "siren", "communes"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in for a metropolis of your own."))
        upload = cleaned.get("communes")
        if upload and upload.size > _LARGEST:
            self.add_error("communes", _("This file is too large: 2 MB at most."))
        return cleaned


class MailForm(forms.Form):
    """Where to send a test message."""

    email = Address()


class ServicesForm(forms.Form):
    """What the metropolis opens with."""

    services = forms.MultipleChoiceField(
        label=_("Services to switch on"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        found = services()
        default = [s.key for s in found if "metropolis" in s.default_on]
        super().__init__(*args, **{"initial": {"services": default}, **options})
        field: Any = self.fields["services"]
        field.choices = [(s.key, f"{s.title} — {s.summary}") for s in found]


class AdministratorForm(forms.Form):
    """The first person who may set everything."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = Address()
    password = NewPassword()


class ProofForm(forms.Form):
    """The code sent to the administrator's address."""

    code = forms.CharField(
        label=_("Code received by e-mail"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
