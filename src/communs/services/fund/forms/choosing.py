"""Lists to choose from: nothing is chosen unasked, but for what is the only choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

CHOOSE = _("Choose")


def offer(field: Any, rows: QuerySet[Any], *, first: Any = None) -> None:
    """Offer rows in a list: the only one is chosen already, else `first` where it is given."""
    some = list(rows[:2])
    alone = some[0] if len(some) == 1 else None
    field.queryset, field.initial = rows, alone or first
    field.empty_label = None if alone is not None and field.required else CHOOSE


def offer_choices(field: Any, choices: Sequence[tuple[str, Any]]) -> None:
    """Offer choices in a list, none of them taken silently; the only one is chosen already."""
    field.choices = choices if len(choices) == 1 else [("", CHOOSE), *choices]


def typed(form: BaseForm) -> dict[str, Any]:
    """Give what was typed in a form, to show it again without judging it."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }
