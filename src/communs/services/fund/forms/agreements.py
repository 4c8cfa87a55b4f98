"""What the pages of agreements, claims and payments ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.files.forms import FileField, WithFiles
from communs.services.fund.engine.paying.templates import PLACEHOLDERS
from communs.services.fund.enums import InstalmentKind
from communs.services.fund.forms.fields import AmountField, PercentField, day_field
from communs.services.fund.models import (
    AgreementTemplate,
    Call,
    Organisation,
    Party,
    Seal,
)
from communs.services.fund.rules import EVIDENCE, SIGNED_PAGE

_LINES, _FEW = 5, {"rows": 3}
_HEADING = re.compile(r"^#\s*(?P<heading>.+)$", re.MULTILINE)
_NONE = ("", _("none"))


class DraftForm(forms.Form):
    """Of what an agreement is made, and from when it runs."""

    template = forms.ChoiceField(label=_("Template"))
    starts_on = day_field(label=_("It runs from"))

    def __init__(self, *args: Any, templates: Iterable[AgreementTemplate], **options: Any) -> None:
        super().__init__(*args, **options)
        self.templates = {str(one.pk): one for one in templates}
        field: Any = self.fields["template"]
        field.choices = [(key, one.title) for key, one in self.templates.items()]

    def clean_template(self) -> AgreementTemplate:
        """Give the template."""
        return self.templates[self.cleaned_data["template"]]


class SignatureForm(WithFiles):
    """That all have signed."""

    signed_on = day_field(
        label=_("Signed on"), help_text=_("The day of the last signature on the paper.")
    )
    file = FileField(
        SIGNED_PAGE,
        label=_("The signed paper, if its codes could not be read"),
        required=False,
    )
    checked_by_hand = forms.BooleanField(
        label=_("I looked at every page and every signature of this file"), required=False
    )


class ScanForm(WithFiles):
    """A scan of signed pages, in any order, of one agreement or of several."""

    file = FileField(SIGNED_PAGE, label=_("Scan"))


class EndAgreementForm(forms.Form):
    """Why an agreement ends before its time."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=_FEW), max_length=300)
    lapsed = forms.BooleanField(label=_("It lapsed: its time ran out"), required=False)
    recover = AmountField(
        label=_("Asked back of what was paid (€)"),
        help_text=_("Empty: nothing is asked back."),
        required=False,
    )


class ExtensionForm(forms.Form):
    """More time."""

    ends_on = day_field(label=_("New last day"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=_FEW), max_length=1000)


class LeaveForm(forms.Form):
    """A partner that leaves."""

    party = forms.ChoiceField(label=_("Who leaves"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=_FEW), max_length=1000)

    def __init__(self, *args: Any, parties: Iterable[Party], **options: Any) -> None:
        super().__init__(*args, **options)
        self.parties = {str(one.pk): one for one in parties if one.left_at is None}
        field: Any = self.fields["party"]
        field.choices = [(key, one.name) for key, one in self.parties.items()]

    def clean_party(self) -> Party:
        """Give the partner."""
        return self.parties[self.cleaned_data["party"]]


class ShiftForm(forms.Form):
    """The same grant, shared out otherwise."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=_FEW), max_length=1000)

    def __init__(self, *args: Any, parties: Iterable[Party], **options: Any) -> None:
        super().__init__(*args, **options)
        self.parties = [one for one in parties if one.left_at is None]
        for one in self.parties:
            self.fields[f"part_{one.pk.hex}"] = AmountField(
                label=_("Part of %(name)s (€)") % {"name": one.name},
                help_text=_("Empty: nothing."),
                initial=one.amount,
                required=False,
            )
        self.order_fields([*(f"part_{one.pk.hex}" for one in self.parties), "reason"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        parts = {one.pk: given[f"part_{one.pk.hex}"] or Decimal("0.00") for one in self.parties}
        return {"parts": parts, "reason": given["reason"]}


class SealForm(forms.Form):
    """The sealed act by which an amendment was voted."""

    seal = forms.ChoiceField(
        label=_("Deliberation"),
        help_text=_("Sealed acts whose title or text names the agreement’s number."),
    )

    def __init__(self, *args: Any, seals: Iterable[Seal], **options: Any) -> None:
        super().__init__(*args, **options)
        self.seals = {str(one.pk): one for one in seals}
        field: Any = self.fields["seal"]
        field.choices = [
            (key, f"{one.deliberation.number} – {one.deliberation.title}")
            for key, one in self.seals.items()
        ]

    def clean_seal(self) -> Seal:
        """Give the seal."""
        return self.seals[self.cleaned_data["seal"]]


class ClaimForm(WithFiles):
    """What was spent."""

    organisation = forms.ChoiceField(label=_("Claimed by"))
    spent = AmountField(
        label=_("Spent so far (€)"),
        help_text=_("Costs that count, since the beginning of the project."),
    )
    note = forms.CharField(
        label=_("What was done"), widget=forms.Textarea(attrs=_FEW), max_length=4000, required=False
    )
    evidence_1 = FileField(EVIDENCE, label=_("Evidence of what was spent"), required=False)
    evidence_2 = FileField(EVIDENCE, label=_("Other evidence"), required=False)
    evidence_3 = FileField(EVIDENCE, label=_("Further evidence"), required=False)

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {str(one.pk): one for one in organisations}
        field: Any = self.fields["organisation"]
        field.choices = [(key, one.name) for key, one in self.organisations.items()]

    def clean_organisation(self) -> Organisation:
        """Give the organisation."""
        return self.organisations[self.cleaned_data["organisation"]]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        files = [given.pop(f"evidence_{n}", None) for n in (1, 2, 3)]
        return given | {"evidence": [one for one in files if one is not None]}


class AcceptForm(forms.Form):
    """How much of what was claimed counts."""

    accepted = AmountField(
        label=_("Cost accepted (€)"),
        help_text=_("What counts, as the evidence shows; at most what was claimed."),
    )


class OrderForm(forms.Form):
    """An order of payment."""

    reference = forms.CharField(
        label=_("Number of the order of payment"), max_length=60, help_text=_("As in the accounts.")
    )
    on = day_field(label=_("Ordered on"))


class PaidForm(forms.Form):
    """That the money left."""

    on = day_field(label=_("Paid on"))


class ReceivedForm(forms.Form):
    """That money came back."""

    on = day_field(label=_("Received on"))
    reference = forms.CharField(
        label=_("Number of the receipt order"), max_length=60, required=False
    )


class ChooseTemplateForm(forms.Form):
    """The call whose agreements are made of a template."""

    call = forms.ChoiceField(label=_("Call"))

    def __init__(self, *args: Any, calls: Iterable[Call], **options: Any) -> None:
        super().__init__(*args, **options)
        self.calls = {str(one.pk): one for one in calls}
        field: Any = self.fields["call"]
        field.choices = [(key, one.title) for key, one in self.calls.items()]

    def clean_call(self) -> Call:
        """Give the call."""
        return self.calls[self.cleaned_data["call"]]


class TemplateForm(forms.Form):
    """What an agreement says, and when it pays."""

    title = forms.CharField(label=_("Name of the template"), max_length=160)
    duration_months = forms.IntegerField(
        label=_("Duration in months"), min_value=1, max_value=120, initial=24
    )
    clauses = forms.CharField(
        label=_("Clauses"), widget=forms.Textarea(attrs={"rows": 18}), max_length=200_000
    )
    vote_partner = forms.BooleanField(
        label=_("The Bureau votes when a partner leaves"), required=False, initial=True
    )
    vote_extension = forms.IntegerField(
        label=_("The Bureau votes an extension of more than so many months"),
        min_value=0,
        max_value=120,
        initial=6,
    )
    vote_budget = forms.IntegerField(
        label=_("The Bureau votes when more than so many per cent change hands"),
        min_value=0,
        max_value=100,
        initial=20,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
        told = _("Begin each clause with # and its heading. Places to fill: %(names)s.")
        self.fields["clauses"].help_text = told % {"names": names}
        for n in range(1, _LINES + 1):
            self._add_line(n)

    def _add_line(self, n: int) -> None:
        known = {"n": n}
        self.fields[f"kind_{n}"] = forms.ChoiceField(
            label=_("Instalment %(n)s") % known,
            choices=[_NONE, *InstalmentKind.choices],
            required=False,
        )
        self.fields[f"percent_{n}"] = PercentField(
            label=_("Instalment %(n)s: share (%%)") % known, required=False
        )
        self.fields[f"condition_{n}"] = forms.CharField(
            label=_("Instalment %(n)s: condition") % known, max_length=300, required=False
        )
        self.fields[f"evidence_{n}"] = forms.CharField(
            label=_("Instalment %(n)s: evidence asked for") % known, max_length=300, required=False
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        return {
            "title": given["title"],
            "duration_months": given["duration_months"],
            "clauses": clauses_of(given["clauses"]),
            "schedule": [
                {
                    "kind": given[f"kind_{n}"],
                    "percent": str(given[f"percent_{n}"] or ""),
                    "condition": given[f"condition_{n}"],
                    "evidence": given[f"evidence_{n}"],
                }
                for n in range(1, _LINES + 1)
                if given[f"kind_{n}"]
            ],
            "votes": {
                "partner_leaves": given["vote_partner"],
                "extension": given["vote_extension"],
                "budget_shift": given["vote_budget"],
            },
        }


def clauses_of(text: str) -> list[dict[str, str]]:
    """Give the clauses of a text in which # begins each; what stands before the first has none."""
    pieces = _HEADING.split(text.replace("\r\n", "\n"))
    found = [{"heading": "", "text": pieces[0].strip()}] if pieces[0].strip() else []
    for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
        found.append({"heading": heading.strip(), "text": body.strip()})
    return found


def initial_of_template(template: AgreementTemplate) -> dict[str, Any]:
    """Give what the form of a template starts from."""
    votes = template.votes
    found: dict[str, Any] = {
        "title": template.title,
        "duration_months": template.duration_months,
        "clauses": "\n\n".join(f"# {one['heading']}\n{one['text']}" for one in template.clauses),
        "vote_partner": bool(votes.get("partner_leaves", True)),
        "vote_extension": int(votes.get("extension", 0)),
        "vote_budget": int(votes.get("budget_shift", 0)),
    }
    for n, line in enumerate(template.schedule[:_LINES], start=1):
        found |= {f"{name}_{n}": line.get(name, "") for name in ("kind", "condition", "evidence")}
        found[f"percent_{n}"] = Decimal(str(line["percent"]))
    return found


def initial_of_draft(call: Call, **more: Any) -> dict[str, Any]:
    """Give what the form of an agreement starts from: the call's template."""
    return {"template": str(call.template_id or ""), **more}
