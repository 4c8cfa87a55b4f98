"""Funding rules as the programme manager writes them, without a line of code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from communs.services.fund.engine.financing import terms as rules_of
from communs.services.fund.enums import PartnerRole
from communs.services.fund.forms.choosing import typed
from communs.services.fund.forms.fields import AmountField, PercentField, day_field
from communs.services.fund.models import FundingRules
from communs.services.fund.queries.explaining import fault_told

_CEILINGS, _TYPES, _MOST = 4, 4, 40
_LARGE = {"rows": 8}


class RulesForm(forms.Form):
    """Funding rules, without a line of code: rate, ceilings, kinds of expense."""

    title = forms.CharField(label=_("What these rules are called"), max_length=160)
    code = forms.SlugField(
        label=_("Short name, for their versions"),
        max_length=40,
        help_text=_("The same as before makes the next version of the same rules."),
    )
    base = forms.ChoiceField(
        label=_("Amounts count"),
        choices=[("before_tax", _("before tax")), ("with_tax", _("with tax"))],
        widget=forms.RadioSelect,
    )
    rate = PercentField(label=_("Highest rate, in per cent of what counts"))
    owner_share = PercentField(
        label=_("Least own funds of the partners, in per cent of the cost"), required=False
    )
    roles = forms.MultipleChoiceField(
        label=_("Partners that count for a ceiling"),
        choices=PartnerRole.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["lead", "financial", "test_site"],
    )
    mandate = forms.BooleanField(
        label=_("Each partner adds the document that mandates who signs"), required=False
    )
    text = forms.CharField(
        label=_("Text of the rules"), required=False, widget=forms.Textarea(attrs=_LARGE)
    )
    reference = forms.CharField(label=_("Legal reference"), max_length=200, required=False)
    valid_from = day_field(label=_("In force from"), required=False)
    example = forms.BooleanField(
        label=_("These figures are an example, to be replaced by the fund’s own"), required=False
    )

    def __init__(self, *args: Any, types: int = _TYPES, **options: Any) -> None:
        super().__init__(*args, **options)
        self.type_rows = range(1, min(types, _MOST) + 1)
        for n in range(1, _CEILINGS + 1):
            self._add_ceiling(n)
        for n in self.type_rows:
            self._add_type(n)

    def _add_ceiling(self, n: int) -> None:
        self.fields[f"ceiling_{n}_partners"] = forms.IntegerField(
            label=_("From so many partners"), required=False, min_value=1, max_value=200
        )
        self.fields[f"ceiling_{n}_amount"] = AmountField(
            label=_("At most, in euros"), required=False
        )

    def _add_type(self, n: int) -> None:
        self.fields[f"type_{n}_label"] = forms.CharField(
            label=_("Kind of expense"), required=False, max_length=80
        )
        self.fields[f"type_{n}_english"] = forms.CharField(
            label=_("The same in English"), required=False, max_length=80
        )
        self.fields[f"type_{n}_counts"] = forms.BooleanField(
            label=_("It counts"), required=False, initial=True
        )
        self.fields[f"type_{n}_ceiling"] = AmountField(
            label=_("Counted up to, in euros"), required=False
        )

    @property
    def plain_fields(self) -> list[Any]:
        """The fields that stand alone, in order."""
        return [self[name] for name in type(self).base_fields]

    @property
    def ceilings(self) -> list[tuple[Any, Any]]:
        """The rows of ceilings."""
        rows = range(1, _CEILINGS + 1)
        return [(self[f"ceiling_{n}_partners"], self[f"ceiling_{n}_amount"]) for n in rows]

    @property
    def types(self) -> list[list[Any]]:
        """The rows of kinds of expense."""
        parts = ("label", "english", "counts", "ceiling")
        return [[self[f"type_{n}_{part}"] for part in parts] for n in self.type_rows]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        kept = {name: given[name] for name in ("title", "code", "text", "reference", "valid_from")}
        terms = self._terms(given)
        try:
            rules_of.read(terms)
        except rules_of.Faulty as faulty:
            for fault in faulty.faults:
                self.add_error(self._field(fault.where), fault_told(fault))
        return kept | {"example": given["example"], "terms": terms}

    def _field(self, where: str) -> str | None:
        group, _dot, n = where.partition(".")
        row = {"ceilings": f"ceiling_{n}_amount", "expense_types": f"type_{n}_label"}.get(group)
        name = row if n else where
        return name if name in self.fields else None

    def _terms(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "base": given["base"],
            "rate": str(given["rate"]),
            "owner_share": str(given["owner_share"] or 0),
            "roles": given["roles"],
            "mandate": given["mandate"],
            "ceilings": [
                {"partners": given[f"ceiling_{n}_partners"], "amount": _text(amount)}
                for n in range(1, _CEILINGS + 1)
                if (amount := given.get(f"ceiling_{n}_amount")) is not None
            ],
            "expense_types": [
                _type(given, n) for n in self.type_rows if given.get(f"type_{n}_label")
            ],
        }


def type_rows(posted: Mapping[str, Any] | None, rules: FundingRules | None, *, more: bool) -> int:
    """Give how many kinds of expense the form shows: what is kept or typed, and some to write."""
    if posted is None:
        kept = len(rules_of.read(rules.terms).expense_types) if rules else 0
        return max(kept + 1, _TYPES)
    shown = sum(f"type_{n}_label" in posted for n in range(1, _MOST + 1))
    return shown + _TYPES if more else shown


def typed_again(posted: Any, rows: int) -> RulesForm:
    """Give the form as it was typed, with more rows, the first of them to be written next."""
    before = RulesForm(posted, types=rows - _TYPES)
    form = RulesForm(initial=typed(before), types=rows)
    name = f"type_{len(before.type_rows) + 1}_label"
    if name in form.fields:
        form.fields[name].widget.attrs["autofocus"] = True
    return form


def initial_of_rules(rules: FundingRules | None, *, on: date) -> dict[str, Any]:
    """Give what the form of the next version starts from: the version before, or nothing."""
    if rules is None:
        return {"valid_from": on, "base": "before_tax"}
    terms = rules_of.read(rules.terms)
    found: dict[str, Any] = {
        "title": rules.title,
        "code": rules.code,
        "base": terms.base,
        "rate": terms.rate,
        "owner_share": terms.owner_share,
        "roles": list(terms.roles),
        "mandate": terms.mandate,
        "text": rules.text,
        "reference": rules.reference,
        "valid_from": on,
        "example": rules.example,
    }
    for n, one in enumerate(terms.ceilings[:_CEILINGS], start=1):
        found |= {f"ceiling_{n}_partners": one.partners, f"ceiling_{n}_amount": one.amount}
    for n, kind in enumerate(terms.expense_types[:_MOST], start=1):
        found |= {
            f"type_{n}_label": kind.label("fr"),
            f"type_{n}_english": kind.labels.get("en", ""),
            f"type_{n}_counts": kind.eligible,
            f"type_{n}_ceiling": kind.ceiling,
        }
    return found


def _type(given: dict[str, Any], n: int) -> dict[str, Any]:
    label, english = given[f"type_{n}_label"], given[f"type_{n}_english"]
    return {
        "code": slugify(label)[:40] or f"type-{n}",
        "labels": {"fr": label, "en": english} if english else {"fr": label},
        "eligible": given[f"type_{n}_counts"],
        "ceiling": _text(given[f"type_{n}_ceiling"]),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
