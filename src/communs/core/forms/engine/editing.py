"""Changing a definition: each function gives another one, and the one before stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from communs.core.forms.engine.conditions import fields_of
from communs.core.forms.engine.definition import (
    RESERVED,
    Definition,
    Field,
    Node,
    Page,
    Section,
    node_of,
    nodes,
)
from communs.core.kit.text import fold

N = TypeVar("N", Page, Section, Field)

_LONGEST = 32
_ENDING = re.compile(r"_[0-9]{1,6}\Z")


def new_key(definition: Definition, title: str) -> str:
    """Make a short name from a title, that nothing of the form has."""
    taken = {node.key for node in nodes(definition)} | RESERVED
    return free_key(title, taken)


def free_key(title: str, taken: set[str] | frozenset[str]) -> str:
    """Make a short name from words, that is not among those taken."""
    bare = fold(title).replace(" ", "_").lstrip("_0123456789")[:_LONGEST].rstrip("_")
    base = bare or "question"
    if base not in taken:
        return base
    base = _ENDING.sub("", base)
    return next(f"{base}_{n}" for n in range(2, 10_000) if f"{base}_{n}" not in taken)


def replaced(definition: Definition, key: str, node: Node) -> Definition:
    """Put another node in the place of one; its key may change, conditions follow."""
    changed = _mapped(definition, lambda one: node if one.key == key else one)
    return changed if node.key == key else _renamed(changed, key, node.key)


def added(definition: Definition, node: Node, inside: str = "") -> Definition:
    """Add a page at the end, a section at the end of a page, a field at the end of a section."""
    if isinstance(node, Page):
        return msgspec.structs.replace(definition, pages=(*definition.pages, node))

    def put(one: Node) -> Node:
        if one.key != inside:
            return one
        if isinstance(one, Page) and isinstance(node, Section):
            return msgspec.structs.replace(one, sections=(*one.sections, node))
        if isinstance(one, Section) and isinstance(node, Field):
            return msgspec.structs.replace(one, fields=(*one.fields, node))
        return one

    return _mapped(definition, put)


def removed(definition: Definition, key: str) -> Definition:
    """Take a page, a section or a field away, with all that is in it."""
    return _rearranged(definition, lambda nodes: [one for one in nodes if one.key != key])


def moved(definition: Definition, key: str, step: int) -> Definition:
    """Move a node up (-1) or down (1) among those beside it.

    A field or a section at the end of its place goes to the next one.
    """

    def swap(found: Sequence[N]) -> list[N]:
        keys = [one.key for one in found]
        if key not in keys:
            return list(found)
        at = keys.index(key)
        to = at + step
        rows = list(found)
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
        return rows

    changed = _rearranged(definition, swap)
    return _moved_over(definition, key, step) if changed == definition else changed


def duplicated(definition: Definition, key: str) -> Definition:
    """Put a copy of a node after it, under new short names; conditions inside read the copies."""
    node = node_of(definition, key)
    if node is None:
        return definition
    taken = {one.key for one in nodes(definition)} | RESERVED
    names: dict[str, str] = {}
    for one in nodes(Definition(pages=(_as_page(node),))):
        if one.key != "_":
            names[one.key] = free_key(one.key, taken)
            taken |= {names[one.key]}
    copy: Any = _copied(node, names)

    def put(found: Sequence[N]) -> list[N]:
        rows: list[Any] = []
        for one in found:
            rows += [one, copy] if one.key == key else [one]
        return rows

    return _rearranged(definition, put)


def readers_of(definition: Definition, key: str) -> list[Node]:
    """Give what reads a node's answers from outside: conditions and linked lists."""
    node = node_of(definition, key)
    inside = {one.key for one in nodes(Definition(pages=(_as_page(node),)))} if node else set()
    return [
        one
        for one in nodes(definition)
        if one.key not in inside and inside & {*fields_of(one.when), _parent(one)}
    ]


def _parent(node: Node) -> str:
    return str(node.settings.get("parent", "")) if isinstance(node, Field) else ""


def _as_page(node: Node) -> Page:
    if isinstance(node, Page):
        return node
    section = node if isinstance(node, Section) else Section(key="_", fields=(node,))
    return Page(key="_", title="", sections=(section,))


def _copied(node: Any, names: dict[str, str]) -> Any:
    changed = _mapped_node(node, lambda one: _with_names(one, names))
    return msgspec.structs.replace(changed, key=names[node.key])


def _with_names(node: Node, names: dict[str, str]) -> Node:
    more: dict[str, Any] = {"key": names.get(node.key, node.key), "when": _read(node.when, names)}
    if isinstance(node, Field) and _parent(node) in names:
        more["settings"] = {**node.settings, "parent": names[_parent(node)]}
    return msgspec.structs.replace(node, **more)


def _renamed(definition: Definition, old: str, new: str) -> Definition:
    return _mapped(definition, lambda one: _with_names(one, {old: new}))


def _read(tree: Any, names: dict[str, str]) -> Any:
    """Give a condition that reads fields under other names."""
    if isinstance(tree, list):
        return [_read(one, names) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if "field" in tree:
        return tree | {"field": names.get(tree["field"], tree["field"])}
    return {name: _read(one, names) for name, one in tree.items()}


def _mapped(definition: Definition, change: Callable[[Node], Node]) -> Definition:
    pages = tuple(_mapped_node(page, change) for page in definition.pages)
    return msgspec.structs.replace(definition, pages=pages)


def _mapped_node(node: Any, change: Callable[[Node], Node]) -> Any:
    """Change a node, then what is in it."""
    found: Any = change(node)
    if isinstance(found, Page):
        inside = tuple(_mapped_node(one, change) for one in found.sections)
        return msgspec.structs.replace(found, sections=inside)
    if isinstance(found, Section):
        fields = tuple(_mapped_node(one, change) for one in found.fields)
        return msgspec.structs.replace(found, fields=fields)
    return found


def _rearranged(definition: Definition, order: Callable[[Sequence[Any]], list[Any]]) -> Definition:
    """Give a definition each of whose lists went through a function."""
    pages = []
    for page in order(definition.pages):
        sections = [
            msgspec.structs.replace(one, fields=tuple(order(one.fields)))
            for one in order(page.sections)
        ]
        pages.append(msgspec.structs.replace(page, sections=tuple(sections)))
    return msgspec.structs.replace(definition, pages=tuple(pages))


def _moved_over(definition: Definition, key: str, step: int) -> Definition:
    """Move a node from the end of its place to the one beside it."""
    node = node_of(definition, key)
    if node is None or isinstance(node, Page):
        return definition
    holders: list[Any] = [
        one
        for one in nodes(definition)
        if isinstance(one, Section if isinstance(node, Field) else Page)
    ]
    at = next(n for n, one in enumerate(holders) if node in _inside(one))
    to = at + step
    if not 0 <= to < len(holders):
        return definition
    without = removed(definition, key)
    target: Any = node_of(without, holders[to].key)
    rows = _inside(target)
    rows = (*rows, node) if step < 0 else (node, *rows)
    name = "fields" if isinstance(node, Field) else "sections"
    return replaced(without, holders[to].key, msgspec.structs.replace(target, **{name: rows}))


def _inside(holder: Any) -> tuple[Any, ...]:
    found: tuple[Any, ...] = holder.fields if isinstance(holder, Section) else holder.sections
    return found
