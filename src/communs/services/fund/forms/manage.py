"""What the programme manager sets: programmes, envelopes, calls, tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.communities.models import Community
from communs.core.forms import queries as forms_of
from communs.core.forms.models import Version
from communs.core.kit.forms import needed_to
from communs.services.fund import queries
from communs.services.fund.actions import FirstCriterion, first_phases
from communs.services.fund.enums import (
    CallKind,
    Challenge,
    Duty,
    OrganisationKind,
    Sight,
)
from communs.services.fund.forms.choosing import offer
from communs.services.fund.forms.fields import AmountField, day_field, moment_field
from communs.services.fund.forms.places import offer_by_name
from communs.services.fund.models import Call, FundingRules
from communs.services.fund.rules import FORM

_CRITERIA = 3
_LARGE = {"rows": 8}


class ProgrammeForm(forms.Form):
    """A fund."""

    acronym = forms.CharField(
        label=_("Short name"), max_length=20, help_text=_("As people say it: FMIN.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    created_on = day_field(label=_("Created on"), required=False)


class EnvelopeForm(forms.Form):
    """Money voted for a year."""

    programme: Any = forms.ModelChoiceField(label=_("Programme"), queryset=None)
    title = forms.CharField(label=_("Name"), max_length=120)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    amount = AmountField(label=_("Amount, in euros"))
    parent: Any = forms.ModelChoiceField(
        label=_("Part of a larger envelope"), queryset=None, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        parent: Any = self.fields["parent"]
        offer(self.fields["programme"], queries.programmes())
        parent.queryset, parent.empty_label = queries.envelopes(), pgettext_lazy("envelope", "none")


class CallForm(forms.Form):
    """A call; its programme and kind are said once, when it begins."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(label=_("In one sentence"), max_length=300, required=False)
    text = forms.CharField(
        label=_("Text of the call"), required=False, widget=forms.Textarea(attrs=_LARGE)
    )
    opens_at = moment_field(label=_("Opens (Paris time)"), required=False)
    closes_at = moment_field(
        label=_("Closes (Paris time)"),
        required=False,
        help_text=_("From this instant on, nothing more is taken. Empty: one may apply any time."),
    )
    rules: Any = forms.ModelChoiceField(label=_("Funding rules"), queryset=None, required=False)
    form: Any = forms.ModelChoiceField(
        label=_("Form that applicants fill"), queryset=None, required=False
    )
    envelope: Any = forms.ModelChoiceField(label=_("Envelope"), queryset=None, required=False)
    challenges = forms.MultipleChoiceField(
        label=_("Challenges of the master plan"),
        choices=Challenge.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, call: Call | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        rules, envelopes = queries.rules_versions(), queries.envelopes()
        offer(fields["rules"], rules, first=rules.order_by("-pk").first())
        fields["rules"].label_from_instance = rules_label
        offer(fields["envelope"], envelopes)
        versions = forms_of.published(FORM)
        if call is not None and call.form_id is not None:
            versions |= Version.objects.select_related("form").filter(pk=call.form_id)
        offer(fields["form"], versions)
        needed_to(self, _("necessary to publish"), "opens_at", "form")
        needed_to(self, _("necessary to publish a call for subsidies"), "rules")


class NewCallForm(CallForm):
    """A call that begins."""

    programme: Any = forms.ModelChoiceField(label=_("Programme"), queryset=None)
    kind = forms.ChoiceField(
        label=_("What it asks for"),
        choices=CallKind.choices,
        initial=CallKind.SUBSIDY,
        widget=forms.RadioSelect,
    )
    field_order = ("programme", "kind")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        newest = queries.envelopes().order_by("-year", "-pk").first()
        offer(fields["programme"], queries.programmes(), first=newest and newest.programme)
        fields["envelope"].initial = newest
        for n in range(1, _CRITERIA + 1):
            self._add_criterion(n)

    def _add_criterion(self, n: int) -> None:
        known = {"n": n}
        self.fields[f"criterion_{n}_title"] = forms.CharField(
            label=_("Criterion %(n)s: what is judged") % known, max_length=120, required=False
        )
        self.fields[f"criterion_{n}_weight"] = forms.IntegerField(
            label=_("Criterion %(n)s: weight") % known,
            min_value=1,
            max_value=100,
            initial=1,
            required=False,
        )

    @property
    def plain_fields(self) -> list[Any]:
        """The fields that stand alone, in order."""
        return [self[name] for name in self.fields if not name.startswith("criterion_")]

    @property
    def criteria(self) -> list[tuple[Any, Any]]:
        """The rows of first criteria."""
        rows = range(1, _CRITERIA + 1)
        return [(self[f"criterion_{n}_title"], self[f"criterion_{n}_weight"]) for n in rows]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        if given["kind"] == CallKind.SOLUTIONS and "rules" not in self.changed_data:
            given["rules"] = None  # offered for a subsidy; nobody chose them for solutions
        rows = range(1, _CRITERIA + 1)
        titles = [given.pop(f"criterion_{n}_title") for n in rows]
        weights = [given.pop(f"criterion_{n}_weight") or 1 for n in rows]
        pairs = zip(titles, weights, strict=True)
        criteria = [FirstCriterion(*pair) for pair in pairs]
        return given | {"criteria": criteria, "phases": first_phases(given["kind"])}


class CriterionForm(forms.Form):
    """What applications are judged by."""

    title = forms.CharField(label=_("What is judged"), max_length=120)
    explanation = forms.CharField(label=_("Explanation"), max_length=300, required=False)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=100, initial=1)
    scale = forms.IntegerField(label=_("Scored from 0 to"), min_value=1, max_value=100, initial=5)


class PhaseForm(forms.Form):
    """A time of examination."""

    title = forms.CharField(label=_("Name of the phase"), max_length=120)
    begins_on = day_field(label=_("From"), required=False)
    ends_on = day_field(label=pgettext_lazy("fund", "Until"), required=False)
    scores = forms.BooleanField(label=_("Criteria are scored"), required=False, initial=True)
    sees_others = forms.ChoiceField(
        label=_("When others’ opinions are seen"), choices=Sight.choices, initial=Sight.AFTER_OWN
    )
    sees_names = forms.BooleanField(label=_("With their names"), required=False)


class SiteForm(forms.Form):
    """Where a commune offers to try solutions."""

    body: Any = forms.ModelChoiceField(label=_("Commune or territory"), queryset=None)
    title = forms.CharField(label=_("Name of the site"), max_length=160)
    challenge = forms.CharField(
        label=_("Challenge"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    place = forms.CharField(label=_("Where"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_by_name(self.fields["body"], Community.objects.all())


class AppointmentForm(forms.Form):
    """A task in the fund."""

    email = forms.EmailField(label=_("E-mail address of the account"))
    duty = forms.ChoiceField(label=_("Task in the fund"), choices=Duty.choices)
    mandate: Any = forms.ModelChoiceField(
        label=_("Commune or territory where an elected member holds office"),
        queryset=None,
        required=False,
    )
    group = forms.CharField(label=_("Political group, or body"), max_length=120, required=False)
    votes = forms.BooleanField(label=_("Votes in the committee"), required=False)
    since = day_field(label=_("From"))
    until = day_field(label=_("Until, that day not included"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_by_name(self.fields["mandate"], Community.objects.all(), none=_("none"))


class EndForm(forms.Form):
    """From which day on a task is over."""

    on = day_field(label=_("From this day on"))


class FirmForm(forms.Form):
    """A firm or an association."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(kind, OrganisationKind(kind).label) for kind in OrganisationKind.others()],
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    siret = forms.CharField(
        label=_("SIRET"), max_length=20, help_text=_("Fourteen digits, on any of its invoices.")
    )


class BodyForm(forms.Form):
    """Under which SIRET open data name a commune, a territory or the metropolis."""

    siret = forms.CharField(label=_("SIRET"), max_length=20, required=False)

    def __init__(self, *args: Any, body: Community, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["siret"].initial = body.siret
        hint = _("Fourteen digits, the first nine of which are %(siren)s. Empty if unknown.")
        plain = _("Fourteen digits. Empty if unknown.")
        self.fields["siret"].help_text = hint % {"siren": body.siren} if body.siren else plain


class ContactForm(forms.Form):
    """An account that acts for a firm."""

    email = forms.EmailField(label=_("E-mail address of the account"))


def rules_label(rules: FundingRules) -> str:
    """Give rules with their version, and whether their figures are an example."""
    known = {"title": rules.title, "version": rules.version}
    sentence = _("%(title)s, version %(version)s (example)") if rules.example else None
    return str(sentence or _("%(title)s, version %(version)s")) % known
