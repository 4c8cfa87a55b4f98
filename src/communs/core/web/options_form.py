"""The settings form of a service, made from its typed options."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.utils.translation import gettext_lazy
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from communs.core.kit.sentences import sentence
from communs.core.registry.service import Options


class OptionsForm(forms.Form):
    """Base of generated forms: the options' own model has the last word."""

    model: type[Options] = Options

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            self.options = self.model.model_validate(cleaned)
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0]) if problem["loc"] else None
                if name is None or name not in self.errors:
                    self.add_error(name, sentence(problem))
        return cleaned


def form_for(model: type[Options]) -> type[OptionsForm]:
    """Make the form class of an options model: a field of the fitting kind for each option."""
    fields = {name: _field(info) for name, info in model.model_fields.items()}
    return type(f"{model.__name__}Form", (OptionsForm,), fields | {"model": model})


def _field(info: FieldInfo) -> forms.Field:
    common = {
        "label": _lazily(info.title or ""),
        "help_text": _lazily(info.description or ""),
        "initial": info.get_default(call_default_factory=True),
        "required": info.is_required(),
    }
    kind = info.annotation
    if kind is bool:
        return forms.BooleanField(**common | {"required": False})
    choices = _choices(kind)
    if choices:
        return forms.ChoiceField(choices=choices, **common)
    if get_origin(kind) in (list, tuple):
        return LinesField(widget=forms.Textarea(attrs={"rows": 4}), **common)
    makers = {int: forms.IntegerField, Decimal: forms.DecimalField, float: forms.FloatField}
    maker = makers.get(kind)  # type: ignore[arg-type]
    if maker:
        return maker(**common | {"required": True, "localize": kind is not int})
    return forms.CharField(**common, strip=True)


class LinesField(forms.CharField):
    """A list of texts, one on a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> Any:
        lines = (line.strip() for line in (super().to_python(value) or "").splitlines())
        return [line for line in lines if line]


def _choices(kind: Any) -> list[tuple[str, Any]]:
    if get_origin(kind) is Literal:
        return [(str(value), _lazily(str(value))) for value in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [(str(member.value), getattr(member, "label", member.value)) for member in kind]
    return []


def _lazily(text: str) -> Any:
    return gettext_lazy(text) if text else ""
