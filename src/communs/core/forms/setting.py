"""What is set of each kind of question, as fields that anybody can fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.files.engine.kinds import KINDS as FILE_KINDS
from communs.core.forms.engine.definition import (
    Definition,
    Field,
    Text,
    Words,
    said,
    spot_of,
    spots,
)
from communs.core.forms.engine.editing import free_key
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.kinds.choosing import Option
from communs.core.forms.engine.kinds.papers import KINDS as TAKEN
from communs.core.forms.engine.kinds.papers import LARGEST
from communs.core.forms.engine.kinds.texts import LONGEST

Given = Mapping[str, Any]
_OF = "of_"


def fields_for(field: Field, definition: Definition) -> dict[str, forms.Field]:
    """Give the form fields that set a question."""
    kind = kind_of(field)
    settings = _read(field)
    make = _FIELDS.get(kind.key)
    return make(settings, definition, field) if make else {}


def settings_from(field: Field, given: Given, definition: Definition) -> dict[str, Any]:
    """Give the settings of a question as a filled form says."""
    kind = kind_of(field)
    if kind.key in {"choice", "choices"}:
        return {"options": _options(given["options"], given["options_en"], _read(field).options)}
    if kind.key == "linked":
        return _linked(field, given, definition)
    names = [name for name in kind.settings.__struct_fields__ if name in given]
    found = {name: given[name] for name in names if given[name] not in (None, "")}
    usual = kind.settings()
    return {n: v for n, v in found.items() if _plain(getattr(usual, n)) != _plain(v)}


def _read(field: Field) -> Any:
    """Give what is set, or what is usual where that cannot be read."""
    kind = kind_of(field)
    try:
        return kind.set(field.settings)
    except msgspec.ValidationError:
        return kind.settings()


def _text(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    return {
        "rows": forms.IntegerField(
            label=_("Lines shown"),
            help_text=_("1 for a short answer; more for a text of several lines."),
            min_value=1,
            max_value=40,
            initial=settings.rows,
        ),
        "max_length": forms.IntegerField(
            label=_("Characters at most"),
            min_value=1,
            max_value=LONGEST,
            initial=settings.max_length,
        ),
    }


def _number(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    return {
        "unit": forms.CharField(
            label=_("Unit"),
            help_text=_("It is written after the number: km, m², people."),
            max_length=20,
            required=False,
            initial=settings.unit,
        ),
        "decimals": forms.IntegerField(
            label=_("Figures after the decimal mark"),
            min_value=0,
            max_value=6,
            initial=settings.decimals,
        ),
        **_bounds(settings),
    }


def _money(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    return _bounds(settings)


def _bounds(settings: Any) -> dict[str, forms.Field]:
    return {
        "min": forms.CharField(label=_("At least"), max_length=20, initial=settings.min),
        "max": forms.CharField(label=_("At most"), max_length=20, initial=settings.max),
    }


def _date(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    wanted = forms.DateInput(attrs={"type": "date"})
    return {
        "min": forms.CharField(label=_("First day taken"), widget=wanted, initial=settings.min),
        "max": forms.CharField(label=_("Last day taken"), widget=wanted, initial=settings.max),
    }


def _choice(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    options = settings.options
    return {
        "options": _lines(_("Answers, one a line"), [said(one.label) for one in options]),
        "options_en": _lines(
            _("Answers in English, one a line, in the same order"),
            [_english(one.label) for one in options],
            required=False,
        ),
    }


def _chained(settings: Any, definition: Definition, field: Field) -> dict[str, forms.Field]:
    """Give the list on which it depends; then, for each of its answers, what goes with it."""
    others = [
        (spot.field.key, said(spot.field.label))
        for spot in spots(definition)
        if spot.field.kind in {"choice", "linked"} and spot.field.key != field.key
    ]
    found: dict[str, forms.Field] = {
        "parent": forms.ChoiceField(
            label=_("It depends on the answer to"),
            choices=[("", _("Choose…")), *others],
            initial=settings.parent,
        )
    }
    for one in _above(definition, settings.parent):
        mine = [said(o.label) for o in settings.options if one.key in o.of]
        label = _("Answers that go with “%(answer)s”, one a line") % {"answer": said(one.label)}
        found[_OF + one.key] = _lines(label, mine, required=False)
    return found


def _address(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    return {
        "inside": forms.BooleanField(
            required=False,
            label=_("Only in a commune of the metropolis"),
            initial=settings.inside,
        )
    }


def _file(settings: Any, _definition: Definition, _field: Field) -> dict[str, forms.Field]:
    return {
        "kinds": forms.MultipleChoiceField(
            label=_("Kinds of file taken"),
            choices=[(key, FILE_KINDS[key].label) for key in TAKEN],
            widget=forms.CheckboxSelectMultiple,
            initial=list(settings.kinds),
        ),
        "max_mb": forms.IntegerField(
            label=_("Largest size, in MB"),
            min_value=1,
            max_value=LARGEST,
            initial=settings.max_mb,
        ),
        "days": forms.IntegerField(
            label=_("Days after which the file is removed"),
            help_text=_("0: it is kept as long as the answers."),
            min_value=0,
            max_value=3653,
            initial=settings.days,
        ),
    }


_FIELDS: Mapping[str, Callable[[Any, Definition, Field], dict[str, forms.Field]]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "choices": _choice,
    "linked": _chained,
    "address": _address,
    "file": _file,
}


def _lines(label: Any, rows: Sequence[str], *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=40_000,
        initial="\n".join(rows).rstrip("\n"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _english(label: Words) -> str:
    return "" if isinstance(label, str) else label.en


def _above(definition: Definition, parent: str) -> Sequence[Option]:
    spot = spot_of(definition, parent)
    options: Sequence[Option] = getattr(_read(spot.field), "options", ()) if spot else ()
    return options


def _options(french: str, english: str, before: Sequence[Option]) -> list[dict[str, Any]]:
    """Make answers of lines: one that stays keeps its short name, and so does one put right."""
    labels = [row.strip() for row in french.splitlines() if row.strip()]
    others = [row.strip() for row in english.splitlines()]
    keys = _keys(labels, before)
    return [
        _plain(Option(key, Text(label, other) if other else label))
        for key, label, other in zip(
            keys, labels, [*others, *[""] * len(labels)][: len(labels)], strict=True
        )
    ]


def _keys(labels: Sequence[str], before: Sequence[Option]) -> list[str]:
    known = {said(one.label): one.key for one in before}
    found = [known.get(label, "") for label in labels]
    if len(labels) == len(before):
        used = set(found)
        found = [
            key or (old.key if old.key not in used else "")
            for key, old in zip(found, before, strict=True)
        ]
    taken = {key for key in found if key}
    for n, label in enumerate(labels):
        if not found[n]:
            found[n] = free_key(label, taken)
            taken |= {found[n]}
    return found


def _linked(field: Field, given: Given, definition: Definition) -> dict[str, Any]:
    before = _read(field).options
    above = _above(definition, given["parent"])
    of: dict[str, list[str]] = {}
    for one in above:
        rows = str(given.get(_OF + one.key, "")).splitlines()
        for label in dict.fromkeys(row.strip() for row in rows if row.strip()):
            of.setdefault(label, []).append(one.key)
    labels = list(of)
    english = {said(one.label): _english(one.label) for one in before}
    keys = _keys(labels, before)
    options = [
        Option(k, Text(lab, english[lab]) if english.get(lab) else lab, tuple(of[lab]))
        for k, lab in zip(keys, labels, strict=True)
    ]
    return {"parent": given["parent"], "options": [_plain(one) for one in options]}


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))
