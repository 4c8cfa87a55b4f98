"""The query language of NGSI-LD (`q`), as far as simple comparisons go.

or    = and ("|" and)*                    term = "(" or ")" | name (operator value)? | "!" name
and   = term (";" term)*                  value = number | "text" | word | a..b | value,value…
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Final

LONGEST, DEEPEST = 1_000, 16
_TOKEN = re.compile(
    r'(?P<text>"[^"]*")|(?P<operator>==|!=|>=|<=|>|<)|(?P<mark>[();|!,])'
    r"|(?P<word>[^\s\"=!<>();|,]+)"
)
_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {">": gt, ">=": ge, "<": lt, "<=": le}


class NotAQuery(ValueError):
    """A query that cannot be read."""


@dataclass(frozen=True, slots=True)
class Term:
    """A comparison of an attribute with values, or (no operator) whether it is there."""

    path: tuple[str, ...]
    operator: str = ""
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Both:
    """Parts that must all hold, or (`any`) one of them; `turned` when they must not."""

    parts: tuple[Query, ...]
    any: bool = False
    turned: bool = False


Query = Term | Both


def parse(text: str) -> Query:
    """Read a query; NotAQuery says that it is none."""
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(text) > LONGEST:
            raise NotAQuery(f"“{text[at : at + 20]}” cannot be read")
        tokens.append((str(match.lastgroup), match[0]))
        at = match.end()
    reader = _Reader([*tokens, ("", "")])
    found = reader.disjunction()
    if reader.kind:
        raise NotAQuery(f"“{reader.text}” is not expected")
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def text(self) -> str:
        return self._tokens[self._at][1]

    def _take(self, kind: str, text: str = "") -> str | None:
        if self.kind != kind or (text and self.text != text):
            return None
        self._at += 1
        return self._tokens[self._at - 1][1]

    def disjunction(self) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotAQuery("too deep")
        parts = [self._conjunction()]
        while self._take("mark", "|"):
            parts.append(self._conjunction())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Both(tuple(parts), any=True)

    def _conjunction(self) -> Query:
        parts = [self._term()]
        while self._take("mark", ";"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _term(self) -> Query:
        if self._take("mark", "("):
            found = self.disjunction()
            if not self._take("mark", ")"):
                raise NotAQuery("“)” is missing")
            return found
        if self._take("mark", "!"):
            return Both((Term(self._path()),), turned=True)
        path, operator = self._path(), self._take("operator")
        return Term(path, operator, self._values(operator)) if operator else Term(path)

    def _path(self) -> tuple[str, ...]:
        name = self._take("word")
        if name is None:
            raise NotAQuery("the name of an attribute is missing")
        return tuple(name.replace("[", ".").replace("]", "").split("."))

    def _values(self, operator: str) -> tuple[Any, ...]:
        found = [self._value()]
        while self._take("mark", ","):
            found.append(self._value())
        if operator in _ORDER and (len(found) > 1 or isinstance(found[0], tuple)):
            raise NotAQuery(f"“{operator}” takes one value")
        return tuple(found)

    def _value(self) -> Any:
        text = self._take("text")
        if text is not None:
            return text[1:-1]
        word = self._take("word")
        if word is None:
            raise NotAQuery("a value is missing")
        first, dots, last = word.partition("..")
        return (_plain(first), _plain(last)) if dots else _plain(word)


def _plain(word: str) -> Any:
    if word in {"true", "false"}:
        return word == "true"
    return float(word) if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", word) else word


def holds(query: Query, attributes: Mapping[str, Any]) -> bool:
    """Tell whether an entity is as a query says; what it does not have is never as it says."""
    if isinstance(query, Both):
        told = (holds(part, attributes) for part in query.parts)
        return (any(told) if query.any else all(told)) is not query.turned
    value: Any = attributes
    for name in query.path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None or not query.operator:
        return value is not None
    if query.operator in {"==", "!="}:
        return _is_among(value, query.values) is (query.operator == "==")
    return _compares(query.operator, value, query.values[0])


def _is_among(value: Any, wanted: tuple[Any, ...]) -> bool:
    """Tell whether a value, or one of a list of them, is among those wanted."""
    values = value if isinstance(value, list) else [value]
    return any(_is(one, other) for one in values for other in wanted)


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        return _compares(">=", value, wanted[0]) and _compares("<=", value, wanted[1])
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)


def _compares(operator: str, value: Any, wanted: Any) -> bool:
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    texts = isinstance(value, str) and isinstance(wanted, str)
    return (numbers or texts) and _ORDER[operator](value, wanted)
