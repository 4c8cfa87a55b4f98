"""What the pages of experiments and evaluations ask for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from communs.core.communities.models import Community
from communs.core.kit import typed
from communs.core.kit.localised import parts_thousands_by_comma, to_type
from communs.core.registry.service import Service
from communs.services.fund.enums import Challenge, ExperimentState, Verdict
from communs.services.fund.forms.fields import AmountField, day_field
from communs.services.fund.models import Grant

_THE_FUND = "fund"  # it pays for what is tried; it is not what is tried
_LONG = forms.Textarea(attrs={"rows": 3})
_FROM_ONE_TO_FIVE = [(n, str(n)) for n in range(1, 6)]


class FigureField(forms.CharField):
    """A figure as people write it: « 1 250,5 »; empty is not known."""

    default_error_messages = {"invalid": _("Write a figure, such as 12.5.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 30)
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = typed.decimal(text, comma_groups=parts_thousands_by_comma(), fine=True)
        if found is None or abs(found) >= 10**15 or found != round(found, 6):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        """Write a kept figure as it would be typed."""
        return to_type(value) if isinstance(value, Decimal) else value


class ExperimentsForm(forms.Form):
    """Filters of the public list."""

    challenge = forms.ChoiceField(label=_("Challenge"), required=False)
    state = forms.ChoiceField(label=pgettext_lazy("experiment", "State"), required=False)

    def __init__(self, *args: Any, inside: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", pgettext("filter", "All"))
        shown = (
            set(ExperimentState)
            if inside
            else {
                *ExperimentState.agreed(),
                ExperimentState.ABANDONED,
            }
        )
        fields: Any = self.fields
        fields["challenge"].choices = [everything, *Challenge.choices]
        fields["state"].choices = [
            everything,
            *(choice for choice in ExperimentState.choices if choice[0] in shown),
        ]

    def wanted(self) -> dict[str, str]:
        """Give what is asked; what is not accepted is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class DesignForm(forms.Form):
    """What is tried, with which service, where."""

    grant = forms.ChoiceField(label=_("Grant"))
    title = forms.CharField(label=_("Title"), max_length=160)
    question = forms.CharField(
        label=_("The question that is tried"),
        help_text=_("One that figures can answer: does … make … rise or fall?"),
        widget=_LONG,
        max_length=500,
    )
    service = forms.ChoiceField(label=_("Service that is tried"))
    site = forms.ChoiceField(
        label=_("Commune where it is tried"),
        help_text=_("The beneficiary, unless you say else."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        grants: Iterable[Grant],
        services: Iterable[Service],
        places: Iterable[Community],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.grants = {str(one.pk): one for one in grants}
        self.places = {one.slug: one for one in places}
        fields: Any = self.fields
        fields["grant"].choices = [
            (key, f"{one.reference} – {one.title} ({one.beneficiary.name})")
            for key, one in self.grants.items()
        ]
        tried = [(one.key, one.title) for one in services if one.key != _THE_FUND]
        fields["service"].choices = [("", _("Choose a service")), *tried]
        fields["site"].choices = [("", _("the beneficiary"))] + [
            (slug, one.name) for slug, one in self.places.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        grant = self.grants[given["grant"]]
        site = self.places[given["site"]] if given["site"] else grant.beneficiary
        return given | {"grant": grant, "site": site}


class OnForm(forms.Form):
    """A day."""

    on = day_field(label=pgettext_lazy("experiment", "On"))


class WhyForm(forms.Form):
    """A reason that everybody reads."""

    reason = forms.CharField(label=_("Reason"), widget=_LONG, max_length=500)


class PauseForm(OnForm, WhyForm):
    """From when it is paused, and why."""


class MilestoneForm(forms.Form):
    """Something to be reached."""

    title = forms.CharField(label=_("What is to be reached"), max_length=160)
    due_on = day_field(label=pgettext_lazy("milestone", "By"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class DifficultyForm(OnForm):
    """What went wrong."""

    what = forms.CharField(
        label=_("What went wrong"),
        help_text=_("Everybody reads it: name nobody."),
        widget=_LONG,
        max_length=500,
    )
    consequence = forms.CharField(
        label=_("What follows"), widget=_LONG, max_length=500, required=False
    )


class SettledForm(OnForm):
    """How it was settled."""

    solution = forms.CharField(label=_("How it was settled"), widget=_LONG, max_length=500)


class VisitForm(OnForm):
    """What an adviser saw."""

    seen = forms.CharField(label=_("What was seen"), widget=_LONG, max_length=1000)
    advice = forms.CharField(label=_("Advice"), widget=_LONG, max_length=1000, required=False)


class TesterForm(forms.Form):
    """Who offers to test."""

    name = forms.CharField(label=_("First name, or how to call you"), max_length=80)
    contact = forms.CharField(
        label=_("How to reach you"),
        help_text=_("An e-mail address or a telephone number, if you wish."),
        max_length=200,
        required=False,
    )
    agrees = forms.BooleanField(label=_("I agree to this"))


class HelpedTesterForm(TesterForm):
    """A resident who is there, and whom an agent writes for."""

    agrees = forms.BooleanField(label=_("I read this out, and they agree"))


class FeedbackForm(forms.Form):
    """How it goes."""

    useful = forms.TypedChoiceField(
        label=_("Is it useful to you?"),
        help_text=_("1: not at all; 5: very."),
        choices=_FROM_ONE_TO_FIVE,
        coerce=int,
        widget=forms.RadioSelect,
    )
    easy = forms.TypedChoiceField(
        label=_("Is it easy?"),
        help_text=pgettext_lazy("easy", "1: not at all; 5: very."),
        choices=_FROM_ONE_TO_FIVE,
        coerce=int,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("They may be shown on the page of the experiment, without your name."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
    )


class EvaluateForm(forms.Form):
    """Up to which day the figures count."""

    until = day_field(
        label=_("Figures up to"),
        help_text=_("They are frozen: nothing that is measured later changes this evaluation."),
    )


class VerdictForm(forms.Form):
    """What a person decides."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed if you decide otherwise than what the figures propose."),
        widget=_LONG,
        max_length=2000,
        required=False,
    )
    finding = forms.CharField(
        label=pgettext_lazy("verdict", "What was learnt"),
        widget=_LONG,
        max_length=2000,
        required=False,
    )
    recommendation = forms.CharField(
        label=_("What is recommended"), widget=_LONG, max_length=2000, required=False
    )
    final_cost = AmountField(
        label=_("Final cost (€)"), help_text=_("Empty: not known."), required=False
    )


def initial_of_verdict(proposed: str) -> dict[str, Any]:
    """Give what the form of a verdict shows at first."""
    return {"verdict": proposed}
