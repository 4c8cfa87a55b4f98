"""Conditions as their editor sees them: comparisons that all hold, or any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from communs.core.forms.editor_words import ops_of
from communs.core.forms.engine.conditions import Tree
from communs.core.forms.engine.definition import (
    Definition,
    Field,
    Node,
    Page,
    Section,
    Spot,
    nodes,
    spots,
)
from communs.core.forms.engine.kinds import Around, Fault, kind_of
from communs.core.forms.engine.kinds.choosing import LinkedSettings, Option
from communs.core.forms.wording import fault, words
from communs.core.kit.errors import Refused

_WITHOUT_VALUE = {"filled", "empty"}
_AS_TYPED = {"text", "email", "telephone", "siret", "iban"}


@dataclass(frozen=True, slots=True)
class Leaves:
    """A condition that is one row of comparisons."""

    joint: str
    rows: list[Tree]

    @classmethod
    def of(cls, tree: Tree | None) -> Self | None:
        """Give the comparisons of a condition, or None of one that is more than a row."""
        if not tree:
            return cls("all", [])
        if "field" in tree:
            return cls("all", [tree])
        joint = "all" if "all" in tree else "any"
        rows = list(tree.get(joint) or ())
        flat = bool(rows) and all("field" in one for one in rows)
        return cls(joint, rows) if flat else None

    def tree(self) -> dict[str, Any] | None:
        """Give the condition."""
        return {self.joint: [dict(one) for one in self.rows]} if self.rows else None


def readable(definition: Definition, node: Node) -> list[Spot]:
    """Give the questions that a condition may read: not its own, nor those of other rows."""
    inside = {one.key for one in nodes(Definition(pages=(_page(node),)))}
    own = _section_of(definition, node)
    return [
        spot
        for spot in spots(definition)
        if spot.field.key not in inside
        and spot.field.kind not in {"explanation", "file"}
        and (not spot.section.repeat or spot.section.key == own)
    ]


def leaf_from(data: Any, tree: Tree | None, definition: Definition) -> dict[str, Any] | None:
    """Give the condition after what is asked: a comparison more or less, all or any, none."""
    do, _colon, what = str(data.get("do", "")).partition(":")
    leaves = Leaves.of(tree)
    if do == "clear":
        return None
    if leaves is None:
        raise Refused(_("This condition has several levels: remove it whole, then write it anew."))
    joint = data.get("joint", leaves.joint)
    rows = list(leaves.rows)
    if do == "drop" and what.isascii() and what.isdigit() and int(what) < len(rows):
        del rows[int(what)]
    if do == "add":
        rows.append(_comparison(data, definition))
    return Leaves("any" if joint == "any" else "all", rows).tree()


def value_control(field: Field, typed: str) -> dict[str, Any]:
    """Give how the value of a comparison is written: chosen in a list, or typed."""
    settings = kind_of(field).set(field.settings)
    if field.kind == "yes_no":
        return {"choices": [("yes", _("Yes")), ("no", _("No"))], "typed": typed, "type": "text"}
    options: tuple[Option, ...] = getattr(settings, "options", ())
    kind = "date" if field.kind == "date" else "text"
    choices = [(one.key, words(one.label)) for one in options]
    return {"choices": choices, "typed": typed, "type": kind}


def _comparison(data: Mapping[str, str], definition: Definition) -> dict[str, Any]:
    key, op = data.get("question", ""), data.get("op", "")
    spot = next((one for one in spots(definition) if one.field.key == key), None)
    if spot is None:
        raise Refused(_("Choose the question that the condition reads."))
    if op not in {name for name, _words in ops_of(spot.field)}:
        raise Refused(_("Choose how to compare."))
    if op in _WITHOUT_VALUE:
        return {"field": key, "op": op}
    return {"field": key, "op": op, "value": _value(spot.field, data.get("value", ""), definition)}


def _value(field: Field, typed: str, definition: Definition) -> Any:
    if not typed.strip():
        raise Refused(_("Say with which answer to compare."))
    if field.kind in _AS_TYPED:
        return " ".join(typed.split())
    kind = kind_of(field)
    settings = kind.set(field.settings)
    if isinstance(settings, LinkedSettings):
        if typed not in {one.key for one in settings.options}:
            raise Refused(_("Choose one of the answers offered."))
        return typed
    try:
        found = kind.parse({"": [typed]}, settings, Around())
    except Fault as wrong:
        raise Refused(fault(wrong.code, wrong.facts, field, definition)) from wrong
    return found[0] if isinstance(found, list) else found


def _section_of(definition: Definition, node: Node) -> str:
    if not isinstance(node, Field):
        return ""
    return next(spot.section.key for spot in spots(definition) if spot.field.key == node.key)


def _page(node: Node) -> Page:
    if isinstance(node, Page):
        return node
    section = node if isinstance(node, Section) else Section(key="_", fields=(node,))
    return Page(key="_", title="", sections=(section,))
