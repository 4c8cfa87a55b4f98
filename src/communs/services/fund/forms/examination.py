"""What reviewers and who runs the examination fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.kit.forms import needed_to
from communs.services.fund.engine.examination.scoring import HALF
from communs.services.fund.enums import Opinion
from communs.services.fund.forms.choosing import offer_choices
from communs.services.fund.models import Criterion, Organisation, Phase
from communs.services.fund.queries.examination import Barred

_LONG = {"rows": 6}


class ScoresForm(forms.Form):
    """A score a criterion, in halves, from 0 to its scale."""

    def __init__(
        self,
        *args: Any,
        criteria: Iterable[Criterion],
        known: Mapping[UUID, Decimal] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.criteria = list(criteria)
        for one in self.criteria:
            self.fields[f"score_{one.code}"] = forms.TypedChoiceField(
                label=one.title,
                help_text=one.help,
                choices=[("", "–"), *((str(v), _shown(v)) for v in _halves(one.scale))],
                coerce=Decimal,
                empty_value=None,
                required=False,
                initial=_initial((known or {}).get(one.pk)),
            )

    @property
    def scores(self) -> dict[UUID, Decimal]:
        """Give the scores chosen, by criterion."""
        found = {one.pk: self.cleaned_data.pop(f"score_{one.code}", None) for one in self.criteria}
        return {key: value for key, value in found.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        self.cleaned_data = given
        return given | {"scores": self.scores}


class ReviewForm(ScoresForm):
    """An opinion: scores, what one thinks, or an abstention."""

    opinion = forms.ChoiceField(
        label=_("Your opinion"), choices=Opinion.choices, widget=forms.RadioSelect, required=False
    )
    comment = forms.CharField(
        label=_("Your reasons"),
        help_text=_("Who decides will read them. Write of the project, not of people."),
        widget=forms.Textarea(attrs=_LONG),
        max_length=8000,
        required=False,
    )
    abstained = forms.BooleanField(
        label=_("I abstain"),
        help_text=_("Then no score is kept; say why in your reasons."),
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        last = ["opinion", "comment", "abstained"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])
        needed_to(self, _("necessary, except for an abstention"), "opinion")


class GiveForm(forms.Form):
    """A file given to a reviewer for a phase."""

    person = forms.ChoiceField(label=_("Reviewer"))
    phase = forms.ChoiceField(label=_("Phase"))

    def __init__(
        self,
        *args: Any,
        people: Iterable[Any],
        phases: Iterable[Phase],
        barred: Iterable[Barred],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        away = {one.person.pk for one in barred}
        self.people = {str(one.pk): one for one in people if one.pk not in away}
        self.phases = {str(one.pk): one for one in phases}
        fields: Any = self.fields
        people_shown = [(key, one.name) for key, one in self.people.items()]
        offer_choices(fields["person"], people_shown)
        fields["phase"].choices = [(key, one.title) for key, one in self.phases.items()]

    def clean_person(self) -> Any:
        """Give the account."""
        return self.people[self.cleaned_data["person"]]

    def clean_phase(self) -> Phase:
        """Give the phase."""
        return self.phases[self.cleaned_data["phase"]]


class ShareForm(forms.Form):
    """A call's files shared out among its reviewers."""

    phase = forms.ChoiceField(label=_("Phase"))
    each = forms.IntegerField(
        label=_("Reviewers for each file"), initial=3, min_value=1, max_value=20
    )
    by_challenge = forms.BooleanField(
        label=_("First to who knows the challenges of the file"), required=False
    )

    def __init__(self, *args: Any, phases: Iterable[Phase], **options: Any) -> None:
        super().__init__(*args, **options)
        self.phases = {str(one.pk): one for one in phases}
        field: Any = self.fields["phase"]
        field.choices = [(key, one.title) for key, one in self.phases.items()]

    def clean_phase(self) -> Phase:
        """Give the phase."""
        return self.phases[self.cleaned_data["phase"]]


class InterestForm(forms.Form):
    """What one has in common with an organisation."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    words = forms.CharField(
        label=_("What ties you to it"),
        help_text=_("For example: I advise it, a relative works there."),
        max_length=300,
    )

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {str(one.pk): one for one in organisations}
        field: Any = self.fields["organisation"]
        field.choices = [(key, one.name) for key, one in self.organisations.items()]

    def clean_organisation(self) -> Organisation:
        """Give the organisation."""
        return self.organisations[self.cleaned_data["organisation"]]


class TieForm(forms.Form):
    """What ties one to a single file."""

    words = forms.CharField(
        label=_("What ties you to this file"),
        help_text=_("From then on you no longer see it, and your opinion is not waited for."),
        max_length=300,
    )


def _halves(scale: int) -> list[Decimal]:
    return [HALF * n for n in range(2 * scale + 1)]


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _initial(value: Decimal | None) -> str:
    return "" if value is None else str(HALF * int(value * 2))
