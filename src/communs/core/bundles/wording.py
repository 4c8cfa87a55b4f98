"""Options, rows and refusals in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from communs.core.bundles.engine.merging import ABSENT
from communs.core.bundles.engine.personal import Kind
from communs.core.bundles.engine.reading import Unreadable
from communs.core.bundles.travel import Table
from communs.core.kit.localised import day, moment, number
from communs.core.kit.timespans_told import hour
from communs.core.registry.service import Service

_SAID: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    ((int, float, Decimal), number),
    (datetime, moment),
    (date, day),
    (time, hour),
)
_LONGEST = 160
_LONGEST_NAME = 80


def unreadable(error: Unreadable) -> str:
    """Say why a file is no document."""
    sentences = {
        "large": _("This file is larger than 2 MB."),
        "empty": _("This file is empty."),
        "encoding": _(
            "This file is no configuration of Communs: it is not text (byte %(at)s cannot be read)."
        ),
        "cut": _("This file is cut short: it ends at line %(line)s, character %(column)s."),
        "json": _("This file is not JSON: see line %(line)s, character %(column)s."),
        "shape": _("This file is not a configuration of Communs."),
        "twice": _("This file says “%(name)s” twice in the same place."),
        "number": _("This file holds a number that cannot be read everywhere: %(text)s."),
        "many": _("This file holds too many values."),
        "deep": _("This file is nested too deep."),
        "character": _("This file holds a character that cannot be kept."),
    }
    return sentences[error.reason] % {key: str(value)[:80] for key, value in error.facts.items()}


def personal_words(kind: Kind, piece: str, where: str) -> str:
    """Say what looks like personal data, and where."""
    kinds = {
        Kind.EMAIL: _("an e-mail address"),
        Kind.PHONE: _("a telephone number"),
        Kind.IBAN: _("a bank account number"),
        Kind.NIR: _("a social security number"),
        Kind.PLATE: _("a number plate"),
    }
    facts = {"where": where, "what": kinds[kind], "text": piece[:_LONGEST_NAME]}
    return _("In %(where)s, “%(text)s” looks like %(what)s: a configuration names nobody.") % facts


def option_title(service: Service, name: str) -> str:
    """Give an option's title as its form shows it."""
    info = service.options.model_fields.get(name)
    return _(info.title) if info and info.title else name[:_LONGEST_NAME]


def option_words(service: Service, name: str, value: Any) -> str:
    """Give an option's value in words."""
    info = service.options.model_fields.get(name)
    kind = info.annotation if info else None
    if isinstance(kind, type) and issubclass(kind, Enum) and value in [m.value for m in kind]:
        return str(getattr(kind(value), "label", value))
    if kind is Decimal and isinstance(value, str):
        return _decimal(value)
    return words(value)


def row_words(table: Table, key: tuple[Any, ...], row: Mapping[str, Any] | None) -> str:
    """Name a row: « Dispositifs : FMIN »."""
    told = (row or {}).get(table.naming)
    name = told if isinstance(told, str) and told else named(key)
    return _("%(table)s: %(name)s") % {"table": table.title, "name": name[:_LONGEST_NAME]}


def field_words(table: Table, name: str, value: Any) -> str:
    """Give the value of a row's field in words."""
    field = table.field(name)
    if value is None or value is ABSENT:
        return words(value)
    if name in table.sayings:
        return table.sayings[name](value)[:_LONGEST]
    if field.related_model is not None:
        return named(value)
    for choice, label in field.flatchoices:
        if choice == value:
            return str(label)
    read = field.to_python(value)
    if isinstance(read, (datetime, date, time, Decimal)):
        return words(read)
    return words(value)


def words(value: Any) -> str:
    """Give a value in words."""
    if value is ABSENT or value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    said = next((say for kind, say in _SAID if isinstance(value, kind)), _text)
    return said(value)


def named(key: Any) -> str:
    """Give a natural key in words."""
    parts = key if isinstance(key, (list, tuple)) else [key]
    return " / ".join(named(p) if isinstance(p, (list, tuple)) else str(p) for p in parts)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(words(part) for part in value)
    elif isinstance(value, Mapping):
        value = ", ".join(f"{name} = {words(part)}" for name, part in value.items())
    text = str(value)
    if not text:
        return _("empty")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _decimal(text: str) -> str:
    try:
        return number(Decimal(text))
    except InvalidOperation:
        return text
