"""Conditions: one tree, read by one function.

A leaf compares a field's answer with a value; `all`, `any` and `not` put leaves together. Where
nothing is answered, nothing is equal, greater, smaller nor included; so `ne` and `excludes` hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from communs.core.forms.engine.definition import Definition, Field, Page, Section

Tree = Mapping[str, Any]
OPS = ("eq", "ne", "gt", "gte", "lt", "lte", "includes", "excludes", "filled", "empty")
_WITHOUT_VALUE = {"filled", "empty"}
_DEEPEST = 4
_MOST_LEAVES = 40
_PLAIN = (str, int, float, bool)


def holds(tree: Tree | None, values: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds of these answers; no condition always does."""
    if not tree:
        return True
    if "all" in tree:
        return all(holds(one, values) for one in tree["all"])
    if "any" in tree:
        return any(holds(one, values) for one in tree["any"])
    if "not" in tree:
        return not holds(tree["not"], values)
    return _compared(tree["op"], values.get(tree["field"]), tree.get("value"))


def _compared(op: str, found: Any, wanted: Any) -> bool:
    is_filled = found is not None
    if op in _WITHOUT_VALUE:
        return is_filled == (op == "filled")
    if op in {"eq", "ne"}:
        return (is_filled and _same(found, wanted)) == (op == "eq")
    if op in {"includes", "excludes"}:
        return (is_filled and _has(found, wanted)) == (op == "includes")
    return is_filled and _ordered(op, found, wanted)


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    left, right = _number(found), _number(wanted)
    return left == right if left is not None and right is not None else bool(found == wanted)


def _has(found: Any, wanted: Any) -> bool:
    if isinstance(found, list):
        return wanted in found
    return isinstance(found, str) and str(wanted).casefold() in found.casefold()


def _ordered(op: str, found: Any, wanted: Any) -> bool:
    """Compare numbers as numbers, days and texts as texts; else it does not hold."""
    left: Any = _number(found)
    right: Any = _number(wanted)
    if left is None or right is None:
        if not (isinstance(found, str) and isinstance(wanted, str)):
            return False
        left, right = found, wanted
    above, equal = left > right, left == right
    if equal:
        return op in {"gte", "lte"}
    return above == (op in {"gt", "gte"})


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def leaves(tree: Tree | None) -> Iterator[Mapping[str, Any]]:
    """Give the comparisons of a condition that is well made."""
    if not tree:
        return
    if "field" in tree:
        yield tree
        return
    for one in tree.get("all") or tree.get("any") or [tree.get("not")]:
        yield from leaves(one)


def fields_of(tree: Tree | None) -> list[str]:
    """Give the fields that a condition reads."""
    return list(dict.fromkeys(leaf["field"] for leaf in leaves(tree)))


def malformed(tree: Any, depth: int = 0) -> str:
    """Give the code of what is wrong in the shape of a condition; nothing when it is well made."""
    if tree is None or tree == {}:
        return "" if depth == 0 else "condition"
    if not isinstance(tree, Mapping) or depth > _DEEPEST:
        return "condition"
    return _leaf_malformed(tree) if "field" in tree else _branch_malformed(tree, depth)


def _branch_malformed(tree: Mapping[str, Any], depth: int) -> str:
    name, inside = next(iter(tree.items())) if len(tree) == 1 else ("", None)
    branches = [inside] if name == "not" else inside
    if name not in {"all", "any", "not"} or not isinstance(branches, list) or not branches:
        return "condition"
    wrong = next(filter(None, (malformed(one, depth + 1) for one in branches)), "")
    many = not wrong and sum(1 for _leaf in leaves(tree)) > _MOST_LEAVES
    return "condition_long" if many else wrong


def _leaf_malformed(leaf: Mapping[str, Any]) -> str:
    op, value = leaf.get("op"), leaf.get("value")
    if not isinstance(leaf["field"], str) or op not in OPS or set(leaf) - {"field", "op", "value"}:
        return "condition"
    if op in _WITHOUT_VALUE:
        return "condition" if value is not None else ""
    return "" if isinstance(value, _PLAIN) else "condition_value"


def deciders(page: Page, section: Section | None = None, field: Field | None = None) -> list[str]:
    """Give the fields that decide whether something is asked, there or around it."""
    trees = [page.when, section.when if section else None, field.when if field else None]
    return list(dict.fromkeys(name for tree in trees for name in fields_of(tree)))


def loops(definition: Definition) -> list[str]:
    """Give the fields of a loop of conditions, in its order; nothing when there is none."""
    reads = {
        field.key: deciders(page, section, field)
        for page in definition.pages
        for section in page.sections
        for field in section.fields
    }
    done: set[str] = set()
    for start in reads:
        found = _loop_from(start, reads, done)
        if found:
            return found
    return []


def _loop_from(start: str, reads: Mapping[str, list[str]], done: set[str]) -> list[str]:
    """Walk from a field along what it reads; without recursion, for a form may be long."""
    path: list[str] = []
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        key, left = waiting.pop()
        if left:
            path.pop()
            done.add(key)
            continue
        if key in path:
            return path[path.index(key) :]
        if key in done:
            continue
        path.append(key)
        waiting.append((key, True))
        waiting += [(one, False) for one in reads.get(key, ())]
    return []
