"""A form in the words of who writes it: conditions, differences between versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.core.forms.engine.comparing import Difference, differences
from communs.core.forms.engine.conditions import Tree
from communs.core.forms.engine.definition import (
    Definition,
    Field,
    Node,
    Page,
    Section,
    spot_of,
    title_of,
)
from communs.core.forms.wording import KINDS, here, shown, words

if TYPE_CHECKING:
    from django.utils.functional import Promise

OPS: Mapping[str, Promise | str] = {
    "filled": gettext_lazy("is answered"),
    "empty": gettext_lazy("is not answered"),
    "eq": gettext_lazy("is"),
    "ne": gettext_lazy("is not"),
    "includes": gettext_lazy("includes"),
    "excludes": gettext_lazy("does not include"),
    "gt": gettext_lazy("is greater than"),
    "gte": gettext_lazy("is at least"),
    "lt": gettext_lazy("is smaller than"),
    "lte": gettext_lazy("is at most"),
}
_ORDERED = ("filled", "empty", "eq", "ne", "gt", "gte", "lt", "lte")
_TEXTS = ("filled", "empty", "eq", "ne", "includes", "excludes")
_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "number": _ORDERED,
    "money": _ORDERED,
    "date": _ORDERED,
    "choice": ("eq", "ne", "filled", "empty"),
    "linked": ("eq", "ne", "filled", "empty"),
    "yes_no": ("eq", "ne", "filled", "empty"),
    "choices": ("includes", "excludes", "filled", "empty"),
    "text": _TEXTS,
    "email": _TEXTS,
    "telephone": _TEXTS,
    "siret": _TEXTS,
    "iban": _TEXTS,
}


def ops_of(field: Field) -> list[tuple[str, Any]]:
    """Give the comparisons that make sense of a question."""
    return [(op, OPS[op]) for op in _BY_KIND.get(field.kind, ("filled", "empty"))]


def condition(tree: Tree | None, definition: Definition) -> str:
    """Give a condition in words; nothing for none."""
    if not tree:
        return ""
    if "field" in tree:
        return leaf(tree, definition)
    if "not" in tree:
        return _("not (%(what)s)") % {"what": condition(tree["not"], definition)}
    joint = _(" and ") if "all" in tree else _(" or ")
    parts = [condition(one, definition) for one in tree.get("all") or tree.get("any") or ()]
    return joint.join(f"({p})" if len(parts) > 1 and _(" or ") in p else p for p in parts)


def leaf(one: Tree, definition: Definition) -> str:
    """Give one comparison in words: « Montant » est supérieur à 1 000 €."""
    spot = spot_of(definition, one["field"])
    told = {
        "label": title_of(spot.field, here()) if spot else one["field"],
        "op": OPS[one["op"]],
        "value": value_words(spot.field if spot else None, one.get("value")),
    }
    sentence = _("“%(label)s” %(op)s %(value)s") if "value" in one else _("“%(label)s” %(op)s")
    return sentence % told


def value_words(field: Field | None, value: Any) -> str:
    """Give the value of a comparison in words."""
    if field is None or value is None:
        return "" if value is None else str(value)
    try:
        found = shown(field, [value] if field.kind == "choices" else value)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return str(value)
    return found


def change_lines(old: Definition, new: Definition) -> list[str]:
    """Give in sentences what changed from one version to another."""
    return [_line(one, old, new) for one in differences(old, new)]


def kind_words(node: Node) -> str:
    """Say what a node is."""
    if isinstance(node, Page):
        return _("page")
    return _("section") if isinstance(node, Section) else _("question")


_ATTRIBUTES: Mapping[str, Promise | str] = {
    "key": gettext_lazy("short name"),
    "title": gettext_lazy("title"),
    "label": gettext_lazy("words"),
    "help": gettext_lazy("help"),
    "required": gettext_lazy("answer required"),
    "when": gettext_lazy("condition"),
    "kind": gettext_lazy("kind"),
    "repeat": gettext_lazy("repetition"),
    "settings": gettext_lazy("settings"),
    "draft_days": gettext_lazy("days that a draft is kept"),
    "keep_days": gettext_lazy("days that sent answers are kept"),
}


def _line(one: Difference, old: Definition, new: Definition) -> str:
    told: dict[str, Any] = {"what": kind_words(one.node), "title": title_of(one.node, here())}
    if one.what == "added":
        return _("Added: %(what)s “%(title)s”") % told
    if one.what == "removed":
        return _("Removed: %(what)s “%(title)s”") % told
    if one.what == "moved":
        return _("Moved: %(what)s “%(title)s”") % told
    told |= {"attribute": _ATTRIBUTES[one.what]}
    if one.what in {"draft_days", "keep_days"}:
        told |= {"before": one.before, "after": one.after}
        return _("%(attribute)s: %(before)s before, %(after)s now") % told
    told |= {"before": _said(one, one.before, old), "after": _said(one, one.after, new)}
    sentence = _("Changed: %(what)s “%(title)s”, %(attribute)s: “%(before)s” → “%(after)s”")
    return sentence % told


def _said(one: Difference, value: Any, definition: Definition) -> str:
    if one.what == "when":
        return condition(value, definition) or _("always asked")
    if one.what == "required":
        return _("yes") if value else _("no")
    if one.what == "kind":
        return str(KINDS.get(value, value)) if isinstance(value, str) else kind_words(value)
    if one.what == "settings":
        return _settings_said(value)
    if one.what == "repeat":
        found = (
            _("from %(min)s to %(max)s rows") % {"min": value.min, "max": value.max}
            if value
            else ""
        )
        return found or _("no repetition")
    return words(value) or _("none")


def _settings_said(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{name} {_plain(one)}" for name, one in value.items()) or _("usual")


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        label = value.get("label", "")
        return str(label.get("fr", "")) if isinstance(label, Mapping) else str(label)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_plain(one) for one in value)
    return str(value)
