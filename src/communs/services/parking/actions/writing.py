"""What every action here does: write a row, checked by its own table, and name what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.text import slugify

from communs.core.communities.owned import Owned
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line

_ROOM = 4  # for a number after the words


def write(row: Owned, values: Mapping[str, Any]) -> list[str]:
    """Fill a row, check it and save it; give the names of what changed, none if nothing did."""
    is_new = row._state.adding  # noqa: SLF001 -- Django's documented attribute
    changed = []
    for name, value in values.items():
        clean = clean_line(value) if _is_line(row, name, value) else value
        if is_new or getattr(row, name) != clean:
            changed.append(name)
            setattr(row, name, clean)
    if changed:
        _check(row.claim())
        row.save()
    return changed


def name_for(model: type[Owned], text: str, *, field: str = "slug") -> str:
    """Make a short name from words, with a number where another has it already."""
    column: Any = model._meta.get_field(field)
    length = column.max_length - _ROOM
    stem = slugify(text)[:length].strip("-") or "x"
    taken = set(
        model.objects.filter(**{f"{field}__startswith": stem}).values_list(field, flat=True)
    )
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _is_line(row: models.Model, name: str, value: Any) -> bool:
    field = row._meta.get_field(name)
    return isinstance(value, str) and isinstance(field, models.CharField)


def _check(row: Owned) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        named = None if field == NON_FIELD_ERRORS else field
        raise Refused(sentences[0], field=named) from error
