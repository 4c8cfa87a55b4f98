"""The columns of a data set, in words, read from the model of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any, Literal, get_args, get_origin

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_KINDS: dict[Any, Any] = {
    str: gettext_lazy("text"),
    int: gettext_lazy("whole number"),
    Decimal: gettext_lazy("amount in euros"),
    date: gettext_lazy("date (year-month-day)"),
    bool: gettext_lazy("yes or no"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the page of open data shows it."""

    name: str
    kind: str
    meaning: str
    may_be_unknown: bool


def columns_of(schema: str) -> list[Column]:
    """Give the columns of a model named « package.module:Model »; none without a name."""
    if not schema:
        return []
    module, _colon, name = schema.partition(":")
    fields = getattr(import_module(module), name).model_fields
    return [
        Column(
            name=field,
            kind=_kind(info.annotation),
            meaning=_(info.description) if info.description else "",
            may_be_unknown=type(None) in get_args(info.annotation),
        )
        for field, info in fields.items()
    ]


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(get_args(annotation))
    known = [part for part in (annotation, *get_args(annotation)) if part in _KINDS]
    return str(_KINDS[known[0]]) if known else _("text")
