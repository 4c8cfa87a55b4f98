"""What applicants write: the project, its plan, its partners, their agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.files.forms import FileField, WithFiles
from communs.core.kit.forms import needed_to
from communs.services.fund.actions import ExpenseLine, PartWanted, ResourceLine
from communs.services.fund.engine.financing.terms import Terms
from communs.services.fund.enums import Challenge, Funder, PartnerRole
from communs.services.fund.forms.choosing import CHOOSE, offer, offer_choices
from communs.services.fund.forms.fields import AmountField, PercentField
from communs.services.fund.forms.places import offer_by_name
from communs.services.fund.models import Application, Call, Expense, Organisation, Partner, Resource
from communs.services.fund.rules import MANDATE

MOST_ROWS = 60
_SPARE = 2
_DIGITS = 2  # of a line's number
_NO_LEAD = [choice for choice in PartnerRole.choices if choice[0] != PartnerRole.LEAD]


class BeginForm(forms.Form):
    """For whom a file begins, and what the project is called."""

    applicant = forms.ChoiceField(label=_("For which organisation"))
    title = forms.CharField(label=_("Title of the project"), max_length=160)
    site: Any = forms.ModelChoiceField(label=_("Site that you answer"), queryset=None)

    def __init__(
        self,
        *args: Any,
        call: Call,
        applicants: Iterable[Community | Organisation],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.known: dict[str, Any] = {str(one.pk): one for one in applicants}
        applicant: Any = self.fields["applicant"]
        offer_choices(applicant, [(key, one.name) for key, one in self.known.items()])
        sites = call.sites.all()
        if sites:
            offer(self.fields["site"], call.sites.select_related("body"))
        else:
            del self.fields["site"]

    def clean_applicant(self) -> Any:
        """Give the commune or the organisation itself."""
        return self.known[self.cleaned_data["applicant"]]


class ProjectForm(forms.Form):
    """What the project is, in a line and in a sentence."""

    title = forms.CharField(label=_("Title of the project"), max_length=160)
    summary = forms.CharField(
        label=_("The project in one sentence"),
        max_length=256,
        required=False,
        help_text=_("Published with the award, if it is granted."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    challenges = forms.MultipleChoiceField(
        label=_("Challenges of the master plan that it answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["challenges"]
        offered = call.challenges or Challenge.values
        field.choices = [choice for choice in Challenge.choices if choice[0] in offered]
        needed_to(self, _("necessary to send"), "summary", "challenges")


class PlanForm(forms.Form):
    """Costs and resources, line by line; a line left empty is no line."""

    requested = AmountField(label=_("Grant asked for, in euros"), required=False)
    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, terms: Terms, rows: Mapping[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.terms = terms
        self.given: dict[str, Any] = {}
        self.rows = {name: min(count, MOST_ROWS) for name, count in rows.items()}
        for n in range(1, self.rows["expense"] + 1):
            self._add_expense(n)
        for n in range(1, self.rows["resource"] + 1):
            self._add_resource(n)

    def _add_expense(self, n: int) -> None:
        language = (get_language() or "fr")[:2]
        kinds = [(one.code, one.label(language)) for one in self.terms.expense_types]
        self.fields[f"expense_{n}_type"] = forms.ChoiceField(
            label=_("Kind"), required=False, choices=[("", _("Choose")), *kinds]
        )
        self.fields[f"expense_{n}_label"] = forms.CharField(
            label=_("What it pays for"), required=False, max_length=160
        )
        self.fields[f"expense_{n}_before_tax"] = AmountField(
            label=_("Before tax, in euros"), required=False
        )
        self.fields[f"expense_{n}_with_tax"] = AmountField(
            label=_("With tax, in euros"), required=False
        )

    def _add_resource(self, n: int) -> None:
        self.fields[f"resource_{n}_funder"] = forms.ChoiceField(
            label=_("Who pays"), required=False, choices=[("", _("Choose")), *Funder.choices]
        )
        self.fields[f"resource_{n}_label"] = forms.CharField(
            label=_("Details"), required=False, max_length=160
        )
        self.fields[f"resource_{n}_amount"] = AmountField(label=_("Euros"), required=False)
        self.fields[f"resource_{n}_secured"] = forms.BooleanField(
            label=_("It is granted already"), required=False
        )

    @property
    def expenses(self) -> list[list[Any]]:
        """The lines of cost."""
        return self._lines("expense", ("type", "label", "before_tax", "with_tax"))

    @property
    def resources(self) -> list[list[Any]]:
        """The lines of what pays."""
        return self._lines("resource", ("funder", "label", "amount", "secured"))

    def _lines(self, group: str, parts: tuple[str, ...]) -> list[list[Any]]:
        numbers = range(1, self.rows[group] + 1)
        return [[self[f"{group}_{n}_{part}"] for part in parts] for n in numbers]

    def clean(self) -> dict[str, Any]:
        self.given = super().clean() or {}
        for n, line in self._filled("expense", _EXPENSE):
            self._need(n, "expense", "type", line, _("Choose a kind of expense."))
            self._need(n, "expense", "label", line, _("Write what this line pays for."))
        for n, line in self._filled("resource", _RESOURCE):
            self._need(n, "resource", "funder", line, _("Choose who pays."))
            self._need(n, "resource", "amount", line, _("Write how much this brings."))
        if self.errors:
            return self.given
        return {
            "expenses": self.cleaned_expenses(),
            "resources": self.cleaned_resources(),
            "requested": self.given["requested"],
            "seen": self.given["seen"],
        }

    def cleaned_expenses(self) -> list[ExpenseLine]:
        """Give the lines of cost as far as they can be read; what cannot is not known."""
        return [
            ExpenseLine(
                line["type"] or "", line["label"] or "", line["before_tax"], line["with_tax"]
            )
            for _n, line in self._filled("expense", _EXPENSE)
        ]

    def cleaned_resources(self) -> list[ResourceLine]:
        """Give the lines of what pays whose amount can be read."""
        return [
            ResourceLine(
                line["funder"] or "",
                line["label"] or "",
                line["amount"],
                bool(self.given.get(f"resource_{n}_secured")),
            )
            for n, line in self._filled("resource", _RESOURCE)
            if line["amount"] is not None
        ]

    def cleaned_requested(self) -> Decimal | None:
        """Give what is asked for, if it can be read."""
        return self.given.get("requested")

    def see(self, version: str) -> None:
        """Take note that what a colleague wrote was shown: the next time, it is replaced."""
        typed: Any = self.data
        self.data = typed.copy()
        self.data["seen"] = version  # type: ignore[index]

    def numbered(self, name: str | None) -> str | None:
        """Give the field of a line that an action counts without the lines left empty."""
        group, _mark, rest = (name or "").partition("_")
        n, _mark, part = rest.partition("_")
        if group not in self.rows or not n.isdigit():
            return name
        numbers = [one for one, _line in self._filled(group, _PARTS[group])]
        at = int(n) - 1
        return f"{group}_{numbers[at]}_{part}" if at < len(numbers) else name

    def _filled(self, group: str, parts: tuple[str, ...]) -> list[tuple[int, dict[str, Any]]]:
        """Give the lines in which something is written or wrong, with their numbers."""
        found = []
        wrong: Any = getattr(self, "_errors", None) or {}
        for n in range(1, self.rows[group] + 1):
            names = {part: f"{group}_{n}_{part}" for part in parts}
            line = {part: self.given.get(name) for part, name in names.items()}
            if any(line.values()) or any(name in wrong for name in names.values()):
                found.append((n, line))
        return found

    def _need(self, n: int, group: str, part: str, line: Mapping[str, Any], sentence: Any) -> None:
        name = f"{group}_{n}_{part}"
        no_kinds = part == "type" and not self.terms.expense_types
        if not line[part] and name not in self.errors and not no_kinds:
            self.add_error(name, sentence)


_EXPENSE = ("type", "label", "before_tax", "with_tax")
_RESOURCE = ("funder", "label", "amount")
_PARTS = {"expense": _EXPENSE, "resource": _RESOURCE}


def plan_rows(
    application: Application, posted: Mapping[str, Any] | None, *, more: bool = False
) -> dict[str, int]:
    """Give how many lines a plan's page shows: what is kept or typed, and some to write in."""
    if posted is None:
        costs, pays = len(application.expenses.all()), len(application.resources.all())
        return {"expense": max(costs + _SPARE, 4), "resource": max(pays + _SPARE, 3)}
    extra = _SPARE if more else 0
    return {name: _posted(posted, name) + extra for name in ("expense", "resource")}


def plan_initial(
    expenses: Iterable[Expense], resources: Iterable[Resource], requested: Decimal | None, seen: str
) -> dict[str, Any]:
    """Give what a plan's page is filled with."""
    found: dict[str, Any] = {"requested": requested, "seen": seen}
    for n, row in enumerate(expenses, start=1):
        found |= {f"expense_{n}_{part}": getattr(row, part) for part in _EXPENSE}
    for n, one in enumerate(resources, start=1):
        parts = (*_RESOURCE, "secured")
        found |= {f"resource_{n}_{part}": getattr(one, part) for part in parts}
    return found


class InviteForm(forms.Form):
    """Who is asked to join."""

    partner: Any = forms.ModelChoiceField(label=_("Commune or territory"), queryset=None)
    role = forms.ChoiceField(label=_("What it does"), choices=_NO_LEAD)
    share = PercentField(
        label=_("Share of the grant, in per cent"),
        required=False,
        help_text=_("Empty for who bears no cost."),
    )

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["partner"]
        field.empty_label = CHOOSE
        held = [one.organisation for one in application.partners.all() if one.left_at is None]
        if held and held[0].body_id is None:
            there = [one.pk for one in held]
            field.label = _("Firm or association")
            field.queryset = Organisation.objects.filter(body=None).exclude(pk__in=there)
        else:
            there = [one.body_id for one in held if one.body_id is not None]
            offer_by_name(field, Community.objects.exclude(pk__in=there))


class PartsForm(forms.Form):
    """The role and the share of each partner."""

    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, partners: Iterable[Partner], **options: Any) -> None:
        super().__init__(*args, **options)
        self.partners = list(partners)
        for one in self.partners:
            name = one.organisation.name
            lead = one.role == PartnerRole.LEAD
            choices = [(PartnerRole.LEAD, PartnerRole.LEAD.label)] if lead else _NO_LEAD
            self.fields[f"partner_{one.pk.hex}_role"] = forms.ChoiceField(
                label=_("What %(name)s does") % {"name": name}, choices=choices, initial=one.role
            )
            self.fields[f"partner_{one.pk.hex}_share"] = PercentField(
                label=_("Share of %(name)s, in per cent") % {"name": name},
                required=False,
                initial=one.share,
            )

    @property
    def lines(self) -> Iterator[tuple[Partner, Any, Any]]:
        """Each partner with its two fields."""
        for one in self.partners:
            start = f"partner_{one.pk.hex}"
            yield one, self[f"{start}_role"], self[f"{start}_share"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        parts = {
            one.pk: PartWanted(
                given[f"partner_{one.pk.hex}_role"], given[f"partner_{one.pk.hex}_share"]
            )
            for one in self.partners
        }
        return {"parts": parts, "seen": given["seen"]}


class SignForm(WithFiles):
    """An organisation's agreement, with the document that mandates who gives it."""

    mandate = FileField(MANDATE, label=_("Deliberation or delegation that mandates you"))
    agreed = forms.BooleanField(label=_("I commit this organisation to its part, as shown here."))
    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs_mandate: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mandate"].required = needs_mandate

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given.pop("agreed", None)
        return given


class ReasonForm(forms.Form):
    """Why a file is withdrawn, closed, refused."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The applicants read it."),
    )


def _posted(posted: Mapping[str, Any], group: str) -> int:
    """Count the lines that a page was sent with."""
    start = f"{group}_"
    found = [name.removeprefix(start).split("_", 1)[0] for name in posted if name.startswith(start)]
    return max(
        (int(n) for n in found if n.isascii() and n.isdigit() and len(n) <= _DIGITS), default=0
    )
