"""What a filter says of one thing. What is not known compares with nothing, but equals null."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from communs.core.geo.engine.sphere import metres
from communs.core.sensing.standards.engine.filters import (
    Call,
    Literal,
    Node,
    NotAFilter,
    Path,
    moment,
)

Look = Callable[[tuple[str, ...]], Any]  # gives the value of a property, None when it has none

_ORDER: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": eq, "ne": ne, "gt": gt, "ge": ge, "lt": lt, "le": le,
}  # fmt: skip
_SUMS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "mod": math.fmod,
}
_TEXTS: Final[Mapping[str, Callable[..., Any]]] = {
    "substringof": lambda part, text: part in text,
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "indexof": str.find,
    "length": len,
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "concat": lambda a, b: a + b,
}
_NUMBERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "round": lambda a: math.floor(a + 0.5),
    "floor": math.floor,
    "ceiling": math.ceil,
}
_TIMES = frozenset({"year", "month", "day", "hour", "minute", "second"})
_LOGIC = frozenset({"and", "or", "not"})
KNOWN = frozenset({*_ORDER, *_SUMS, *_TEXTS, *_NUMBERS, *_TIMES, *_LOGIC, "now", "geo.distance"})
_METRES_A_DEGREE = 111_195.08


def check(node: Node) -> None:
    """Raise NotAFilter if a function is not known here."""
    if isinstance(node, Call):
        if node.name not in KNOWN:
            raise NotAFilter(f"the function “{node.name}” is not known here")
        for arg in node.args:
            check(arg)


def holds(node: Node, look: Look, now: datetime) -> bool:
    """Tell whether a thing is as the filter says; NotAFilter when it makes no sense of it."""
    return evaluate(node, look, now) is True


def evaluate(node: Node, look: Look, now: datetime) -> Any:
    """Give the value of an expression for one thing."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Path):
        return look(node.parts)
    if node.name in _LOGIC:
        return _logic(node, look, now)
    values = [evaluate(arg, look, now) for arg in node.args]
    try:
        return _apply(node.name, values, now)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, AttributeError):
        return None


def _logic(node: Call, look: Look, now: datetime) -> bool:
    told = (evaluate(arg, look, now) is True for arg in node.args)
    if node.name == "not":
        return not next(told, True)
    return all(told) if node.name == "and" else any(told)


def _apply(name: str, values: list[Any], now: datetime) -> Any:
    if name in _ORDER:
        return _compared(name, *values)
    if name == "now" or any(value is None for value in values):
        return now if name == "now" else None
    if name in _TIMES:
        return getattr(_moment(values[0]), name)
    if name == "geo.distance":
        return metres(*_place(values[0]), *_place(values[1])) / _METRES_A_DEGREE
    return (_TEXTS.get(name) or _NUMBERS.get(name) or _SUMS[name])(*values)


def _compared(name: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return (left is right) is (name == "eq") if name in {"eq", "ne"} else False
    if isinstance(left, datetime) != isinstance(right, datetime):
        left, right = _moment(left), _moment(right)
    if isinstance(left, str) != isinstance(right, str):
        return name == "ne"
    return bool(_ORDER[name](left, right))


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return moment(value)


def _place(value: Any) -> tuple[float, float]:
    """Give the latitude and longitude of a GeoJSON point, or of what a filter wrote."""
    if isinstance(value, Mapping):
        lon, lat = value["coordinates"][:2]
        return float(lat), float(lon)
    lat, lon = value
    return lat, lon
