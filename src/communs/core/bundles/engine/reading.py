"""Reading a file that anybody may have written: bounded, and refused with its reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

LARGEST = 2_000_000  # bytes
DEEPEST = 12
MOST_VALUES = 200_000
LONGEST_NUMBER = 15  # digits: what every program reads the same


class Unreadable(Exception):
    """A file that is no document: the reason's name, with the facts that say where."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


def read(content: bytes) -> dict[str, Any]:
    """Give the JSON object that a file holds, or raise Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable("large", most=LARGEST)
    if not content.strip():
        raise Unreadable("empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", at=error.start + 1) from error
    found = _parsed(text)
    if not isinstance(found, dict):
        raise Unreadable("shape")
    _bound(found)
    return found


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
    except json.JSONDecodeError as error:
        reason = "cut" if error.pos >= len(text.rstrip()) or _is_open(error) else "json"
        raise Unreadable(reason, line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Unreadable("deep", most=DEEPEST) from error


def _is_open(error: json.JSONDecodeError) -> bool:
    """Tell whether a text that began was never closed: the error stands where it began."""
    return error.msg.startswith("Unterminated string")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise Unreadable("twice", name=next(n for n in names if names.count(n) > 1))
    return found


def _constant(text: str) -> Any:
    raise Unreadable("number", text=text)


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_NUMBER:
        raise Unreadable("number", text=f"{text[:20]}…")
    return int(text)


def _decimal(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("number", text=text[:20])
    return value


def _bound(value: dict[str, Any]) -> None:
    """Refuse what is too deep or too long, and characters that no database keeps."""
    level: list[Any] = [value]
    seen = 0
    for _depth in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        seen += len(level)
        if seen > MOST_VALUES:
            raise Unreadable("many", most=MOST_VALUES)
        _check(text for text in level if isinstance(text, str))
        level = [inner for inner in level if isinstance(inner, (dict, list))]
    if level:
        raise Unreadable("deep", most=DEEPEST)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _check(texts: Iterable[str]) -> None:
    for text in texts:
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Unreadable("character")
