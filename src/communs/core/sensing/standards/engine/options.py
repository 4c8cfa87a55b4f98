"""Query options of SensorThings, those inside `$expand` too; and the paths of its resources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from communs.core.sensing.standards.engine.evaluating import check
from communs.core.sensing.standards.engine.filters import Node, NotAFilter, Path, parse

PAGE, MOST, DEEPEST = 100, 1_000, 4  # entities of a page unless asked, at most; levels of $expand
MOST_SKIPPED, MOST_PATH, MOST_SEGMENTS = 10_000_000, 500, 8
_KNOWN = frozenset({"top", "skip", "count", "orderby", "select", "filter", "expand"})
_ELSEWHERE = frozenset({"resultFormat"})


class NotAnOption(ValueError):
    """An option that cannot be read: which, and why."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a collection or of an entity."""

    top: int | None = None
    skip: int = 0
    count: bool = False
    orderby: tuple[tuple[tuple[str, ...], bool], ...] = ()  # path, whether it goes down
    select: tuple[str, ...] = ()
    filter: Node | None = None
    expand: Mapping[str, Options] = field(default_factory=dict)
    arrays: bool = False  # $resultFormat=dataArray

    @property
    def page(self) -> int:
        """How many entities to give at most."""
        return PAGE if self.top is None else min(self.top, MOST)


def options_of(given: Iterable[tuple[str, str]], depth: int = 0) -> Options:
    """Read options as pairs of name and value; those without `$` are nobody's."""
    told: dict[str, str] = {}
    for name, value in given:
        if name.startswith("$"):
            if name in told:
                raise NotAnOption(f"{name} is given twice")
            told[name] = value
    unknown = {name[1:] for name in told} - _KNOWN - _ELSEWHERE
    if unknown:
        raise NotAnOption(f"${min(unknown)} is not known here")
    return Options(
        top=_number(told, "$top"),
        skip=_number(told, "$skip") or 0,
        count=_is_true(told.get("$count", "false")),
        orderby=tuple(_orders(told.get("$orderby", ""))),
        select=tuple(part.strip() for part in told.get("$select", "").split(",") if part.strip()),
        filter=_filter(told.get("$filter")),
        expand=_expand(told.get("$expand", ""), depth),
        arrays=_is_array(told.get("$resultFormat")),
    )


def _number(told: Mapping[str, str], name: str) -> int | None:
    text = told.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > MOST_SKIPPED:
        raise NotAnOption(f"{name} is a whole number")
    return int(text)


def _is_true(text: str) -> bool:
    if text not in {"true", "false"}:
        raise NotAnOption("$count is true or false")
    return text == "true"


def _is_array(text: str | None) -> bool:
    if text not in {None, "dataArray"}:
        raise NotAnOption("$resultFormat is dataArray or nothing")
    return text is not None


def _orders(text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for part in text.split(",") if text else ():
        words = part.split()
        way = words[1].lower() if len(words) == 2 else "asc"  # noqa: PLR2004 -- property and way
        if len(words) not in {1, 2} or way not in {"asc", "desc"}:
            raise NotAnOption("$orderby is a property, then asc or desc")
        yield tuple(words[0].split("/")), way == "desc"


def _filter(text: str | None) -> Node | None:
    if text is None:
        return None
    try:
        found = parse(text)
        check(found)
    except NotAFilter as error:
        raise NotAnOption(f"$filter: {error}") from None
    if isinstance(found, Path) and not found.parts:
        raise NotAnOption("$filter says nothing")
    return found


def _expand(text: str, depth: int) -> dict[str, Options]:
    if text and depth >= DEEPEST:
        raise NotAnOption(f"$expand goes {DEEPEST} levels deep")
    found: dict[str, Options] = {}
    for part in _split(text, ","):
        name, bracket, inner = part.strip().partition("(")
        if bracket and not inner.endswith(")"):
            raise NotAnOption("$expand: a bracket is not closed")
        name, slash, rest = name.partition("/")
        pairs = [one.partition("=")[::2] for one in _split(inner[:-1], ";")] if bracket else []
        if slash:
            pairs = [("$expand", rest + bracket + inner)]
        asked = options_of([(a.strip(), b) for a, b in pairs], depth + 1)
        found[name] = _both(found[name], asked) if name in found else asked
    return found


def _both(one: Options, other: Options) -> Options:
    """Put together `A/B,A/C`."""
    return Options(expand={**one.expand, **other.expand})


def _split(text: str, mark: str) -> list[str]:
    """Cut at a mark that stands in no bracket and in no quotes."""
    parts, depth, quoted, begin = [], 0, False, 0
    for at, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign == mark and not depth:
                parts.append(text[begin:at])
                begin = at + 1
    if depth or quoted:
        raise NotAnOption("a bracket or a quotation is not closed")
    return [*parts, text[begin:]] if text else []


_SEGMENT = re.compile(r"(\$?[A-Za-z_@][\w.@]*)(?:\(('(?:[^']|'')*'|[^()']*)\))?")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a path: a name, and the key of one entity when there is one."""

    name: str
    key: str | None = None


def segments_of(path: str) -> list[Segment] | None:
    """Read `Things('a')/Datastreams(3)/name/$value`; None when it is no path of ours."""
    text = path.strip("/")
    if len(text) > MOST_PATH:
        return None
    found, at = [], 0
    while at < len(text):
        match = _SEGMENT.match(text, at)
        if match is None or (match.end() < len(text) and text[match.end()] != "/"):
            return None
        found.append(Segment(match[1], _key(match[2])))
        at = match.end() + 1
    return found if len(found) <= MOST_SEGMENTS else None


def _key(text: str | None) -> str | None:
    if text is None:
        return None
    return text[1:-1].replace("''", "'") if text.startswith("'") else text.strip()
