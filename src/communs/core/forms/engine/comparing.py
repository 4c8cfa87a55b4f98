"""What changed from one definition to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from communs.core.forms.engine.definition import Definition, Field, Node, Page, Section, nodes


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: added, removed, moved, or an attribute with its two values."""

    what: str
    node: Node
    before: Any = None
    after: Any = None


_SAME = {"key", "sections", "fields"}


def differences(old: Definition, new: Definition) -> Iterator[Difference]:
    """Give what changed, in the order of the new form; what is gone comes last."""
    before, after = _placed(old), _placed(new)
    moved = _out_of_order(list(before), list(after))
    for key, (node, place) in after.items():
        if key not in before:
            yield Difference("added", node)
            continue
        was, place_before = before[key]
        yield from _attributes(was, node)
        if place != place_before or key in moved:
            yield Difference("moved", node, place_before, place)
    for key, (node, _place) in before.items():
        if key not in after:
            yield Difference("removed", node)
    yield from _keeping(old, new)


def _attributes(was: Node, node: Node) -> Iterator[Difference]:
    if type(was) is not type(node):
        yield Difference("kind", node, was, node)
        return
    for name in node.__struct_fields__:
        one, other = getattr(was, name), getattr(node, name)
        if name not in _SAME and one != other:
            yield Difference(name, node, one, other)


def _keeping(old: Definition, new: Definition) -> Iterator[Difference]:
    first = next(nodes(new), None) or next(nodes(old), None)
    for name in ("draft_days", "keep_days"):
        if first is not None and getattr(old, name) != getattr(new, name):
            yield Difference(name, first, getattr(old, name), getattr(new, name))


def _placed(definition: Definition) -> dict[str, tuple[Node, str]]:
    """Give every node by key, with the key of what it is in."""
    found: dict[str, tuple[Node, str]] = {}
    for page in definition.pages:
        found[page.key] = (page, "")
        for section in page.sections:
            found[section.key] = (section, page.key)
            found |= {field.key: (field, section.key) for field in section.fields}
    return found


def _out_of_order(before: list[str], after: list[str]) -> set[str]:
    """Give the fewest nodes that must have moved for one order to become the other."""
    ranks = {key: n for n, key in enumerate(before)}
    kept = [key for key in after if key in ranks]
    best: list[list[str]] = []
    for key in kept:
        longer = max((run for run in best if ranks[run[-1]] < ranks[key]), key=len, default=[])
        best.append([*longer, key])
    stayed = max(best, key=len, default=[])
    return set(kept) - set(stayed)


__all__ = ["Difference", "Field", "Page", "Section", "differences"]
