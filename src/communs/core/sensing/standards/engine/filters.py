"""The grammar of `$filter`, as OData 4 and SensorThings 1.1 have it, by recursive descent.

or      = and ("or" and)*             compare = sum (eq|ne|gt|ge|lt|le sum)?
and     = not ("and" not)*            sum     = product (add|sub product)*
not     = "not" not | compare         product = value (mul|div|mod value)*
value   = literal | name(args) | path | "(" or ")" | "-" value
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST, DEEPEST = 2_000, 24  # characters; brackets and words inside one another
COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_SUMS, _PRODUCTS = frozenset({"add", "sub"}), frozenset({"mul", "div", "mod"})
_WORDS = {"true": True, "false": False, "null": None}
_TOKEN = re.compile(
    r"\s*(?:(?P<point>geography'[^']*')|(?P<text>'(?:[^']|'')*')"
    r"|(?P<time>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>@?[A-Za-z_][\w.]*(?:/@?[A-Za-z_][\w.]*)*)|(?P<mark>[(),-]))"
)


class NotAFilter(ValueError):
    """A filter that cannot be read; where it stops making sense."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it was written: number, text, boolean, null, moment, or a point (lat, lon)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Path:
    """A property, by the names that lead to it."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, and what it is given."""

    name: str
    args: tuple[Node, ...]


Node = Literal | Path | Call


def parse(text: str) -> Node:
    """Read a filter; NotAFilter says that it is none."""
    if len(text) > LONGEST:
        raise NotAFilter("too long")
    reader = _Reader(_tokens(text))
    found = reader.disjunction()
    if reader.kind:
        raise NotAFilter(f"“{reader.text}” is not expected")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotAFilter(f"“{text[at : at + 20]}” cannot be read")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found


class _Reader:
    """A place in the tokens, and one method a rule of the grammar."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = [*tokens, ("", "")]
        self._at = self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def text(self) -> str:
        return self._tokens[self._at][1]

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _is(self, *words: str) -> bool:
        return self.kind in {"name", "mark"} and self.text in words

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            raise NotAFilter(f"“{mark}” is missing before “{self.text}”")
        self._next()

    def disjunction(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotAFilter("too deep")
        found = self._conjunction()
        while self._is("or"):
            self._next()
            found = Call("or", (found, self._conjunction()))
        self._depth -= 1
        return found

    def _conjunction(self) -> Node:
        found = self._negation()
        while self._is("and"):
            self._next()
            found = Call("and", (found, self._negation()))
        return found

    def _negation(self) -> Node:
        turns = 0
        while self._is("not") and self._tokens[self._at + 1][0]:
            self._next()
            turns += 1
        found = self._comparison()
        return Call("not", (found,)) if turns % 2 else found

    def _comparison(self) -> Node:
        left = self._sum()
        if self._is(*COMPARISONS):
            name = self._next()
            return Call(name, (left, self._sum()))
        return left

    def _sum(self) -> Node:
        found = self._product()
        while self._is(*_SUMS):
            name = self._next()
            found = Call(name, (found, self._product()))
        return found

    def _product(self) -> Node:
        found = self._value()
        while self._is(*_PRODUCTS):
            name = self._next()
            found = Call(name, (found, self._value()))
        return found

    def _value(self) -> Node:
        if self._is("("):
            self._next()
            found = self.disjunction()
            self._expect(")")
            return found
        if self._is("-"):
            self._next()
            return self._negative()
        if self.kind == "name":
            return self._named()
        return self._literal()

    def _negative(self) -> Node:
        if self.kind != "number":
            raise NotAFilter("“-” stands before numbers alone")
        return Literal(-_number(self._next()))

    def _named(self) -> Node:
        name = self._next()
        if name in _WORDS:
            return Literal(_WORDS[name])
        if not self._is("("):
            return Path(tuple(name.split("/")))
        self._next()
        args: list[Node] = []
        while not self._is(")"):
            if args:
                self._expect(",")
            args.append(self.disjunction())
        self._next()
        return Call(name.lower(), tuple(args))

    def _literal(self) -> Node:
        kind, text = self.kind, self._next()
        if kind == "number":
            return Literal(_number(text))
        if kind == "text":
            return Literal(text[1:-1].replace("''", "'"))
        if kind == "time":
            return Literal(moment(text))
        if kind == "point":
            return Literal(_point(text[len("geography'") : -1]))
        raise NotAFilter("something is missing" if not kind else f"“{text}” is not expected")


def _number(text: str) -> float:
    return int(text) if text.isdigit() and len(text) <= 18 else float(text)  # noqa: PLR2004 -- 64 bits


def moment(text: str) -> datetime:
    """Give the instant that a text says; of an interval, where it begins. A day is midnight UTC."""
    try:
        found = datetime.fromisoformat(text.partition("/")[0])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAFilter(f"“{text}” is no moment") from None


_POINT = re.compile(r"(?:SRID=4326;)?\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)


def _point(text: str) -> tuple[float, float]:
    found = _POINT.fullmatch(text.strip())
    try:
        return (float(found[2]), float(found[1])) if found else _no_point(text)
    except ValueError:
        return _no_point(text)


def _no_point(text: str) -> tuple[float, float]:
    raise NotAFilter(f"“{text}” is no point")
