"""The variables that examples use; no real person among them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.paginator import Paginator

from communs.core.files.engine.kinds import IMAGES
from communs.core.files.forms import FileField, WithFiles
from communs.core.files.purposes import Purpose, declare
from communs.core.web.icons import SHAPES
from communs.core.web.mapping import Grid, Shape

_AT = datetime(2018, 11, 27, tzinfo=UTC)

declare(Purpose("kit.sample", "Photo", IMAGES))


class SampleForm(WithFiles):
    """One field of each kind."""

    name = forms.CharField(label="Nom", help_text="Tel qu’il figure sur votre courrier.")
    kind = forms.ChoiceField(label="Objet", choices=[("road", "Voirie"), ("light", "Éclairage")])
    how = forms.ChoiceField(
        label="Comment vous répondre",
        choices=[("mail", "Par courriel"), ("phone", "Par téléphone")],
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label="Jour", required=False)
    places = forms.IntegerField(label="Nombre de places", required=False)
    text = forms.CharField(label="Message", required=False, widget=forms.Textarea({"rows": 4}))
    photo = FileField("kit.sample", label="Photo", required=False)
    agreed = forms.BooleanField(label="Prévenez-moi de la réponse", required=False)


class SampleFilters(forms.Form):
    """A name and a choice."""

    q = forms.CharField(label="Nom", required=False)
    theme = forms.ChoiceField(label="Champ", required=False, choices=[("", "Tous")])


@cache
def samples() -> dict[str, Any]:
    """Give the variables that the examples use."""
    return {
        "form": SampleForm(auto_id="sample_%s", at=_AT),
        "wrong": SampleForm({"name": ""}, auto_id="wrong_%s", at=_AT),
        "filters_form": SampleFilters({"q": ""}, auto_id="filter_%s"),
        "pages": Paginator(range(230), 10).page(4),
        "icon_names": sorted(SHAPES),
        "granted": Decimal(44000),
        "voted": date(2018, 11, 27),
        "shapes": (
            Shape("Ouest", "M10 40l80-30 40 60-60 60z", "#ouest", "one", "Ouest : 1", 75, 70),
            Shape("Est", "M130 70l80-50 60 70-50 50-50-10z", "#est", "two", "Est : 2", 200, 90),
            Shape("Sud", "M70 130l60-60 40 60 50 10-60 70-70-10z", None, "terr", "Sud", 130, 150),
        ),
        "grid": Grid(("M0 100H290", "M150 0V220"), ()),
    }
