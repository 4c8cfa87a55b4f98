"""The kinds of fields that are known, by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communs.core.forms.engine.definition import Field
from communs.core.forms.engine.kinds.amounts import MoneyKind, NumberKind
from communs.core.forms.engine.kinds.base import ALONE, Around, Fault, Given, Kind
from communs.core.forms.engine.kinds.choosing import (
    ChoiceKind,
    ChoicesKind,
    ConsentKind,
    LinkedKind,
    YesNoKind,
)
from communs.core.forms.engine.kinds.dates import DateKind
from communs.core.forms.engine.kinds.numbers import IbanKind, SiretKind
from communs.core.forms.engine.kinds.papers import ExplanationKind, FileKind
from communs.core.forms.engine.kinds.places import AddressKind, PointKind
from communs.core.forms.engine.kinds.texts import EmailKind, TelephoneKind, TextKind

KINDS: Mapping[str, Kind[Any]] = {
    kind.key: kind
    for kind in (
        TextKind(),
        NumberKind(),
        MoneyKind(),
        DateKind(),
        YesNoKind(),
        ChoiceKind(),
        ChoicesKind(),
        LinkedKind(),
        EmailKind(),
        TelephoneKind(),
        AddressKind(),
        PointKind(),
        SiretKind(),
        IbanKind(),
        FileKind(),
        ConsentKind(),
        ExplanationKind(),
    )
}


def kind_of(field: Field) -> Kind[Any]:
    """Give the kind of a field."""
    return KINDS[field.kind]


def parse(field: Field, given: Given, around: Around = ALONE) -> Any:
    """Read what was typed in a field: a value, or None for nothing; raises Fault."""
    kind = kind_of(field)
    return kind.parse(given, kind.set(field.settings), around)


def text(field: Field, value: Any, language: str = "fr") -> str:
    """Give the value of a field in words."""
    kind = kind_of(field)
    return kind.text(value, kind.set(field.settings), language)


__all__ = ["ALONE", "KINDS", "Around", "Fault", "Given", "Kind", "kind_of", "parse", "text"]
