"""Observations as SensorThings asks for them: what the database can tell apart, it tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet

from communs.core.sensing.models import Observation
from communs.core.sensing.standards.catalogue import (
    OBSERVATIONS,
    STREAMS,
    TRUTH,
    Catalogue,
    Node,
    written,
)
from communs.core.sensing.standards.engine.evaluating import holds
from communs.core.sensing.standards.engine.filters import COMPARISONS, Call, Literal, Path
from communs.core.sensing.standards.engine.filters import Node as Asked
from communs.core.sensing.standards.engine.options import NotAnOption, Options

MOST_LOOKED_AT = 50_000  # readings looked at one by one, for what the database cannot tell
_LATEST = 2**62
_COLUMNS = {"phenomenonTime": "at", "resultTime": "at", "result": "value", "id": "at"}
_LOOKUPS = {"eq": "", "gt": "__gt", "ge": "__gte", "lt": "__lt", "le": "__lte"}
_MIRROR = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
Row = tuple[int, int, int, float]  # thing, at, sequence, value


class Observations:
    """The observations of some series of readings, as a reader sees them."""

    def __init__(self, catalogue: Catalogue, streams: Iterable[Node], now: datetime) -> None:
        self._catalogue, self._now = catalogue, now
        self._streams = {int(stream.key): stream for stream in streams}

    def page(self, options: Options) -> tuple[list[Node], bool, int | None]:
        """Give a page, whether there is more, and how many there are when that was asked."""
        rows, rest = self._asked(options)
        names = ("thing", "at", "sequence", "value")
        first, size = options.skip, options.page
        if not rest:
            found = list(rows.values_list(*names)[first : first + size + 1])
            count = rows.count() if options.count else None
        else:
            matching = self._one_by_one(rows.values_list(*names), rest)
            if options.count:
                every = list(matching)
                found, count = every[first : first + size + 1], len(every)
            else:
                found, count = list(islice(matching, first, first + size + 1)), None
        return [self.node(row) for row in found[:size]], len(found) > size, count

    def one(self, key: str) -> Node | None:
        """Give the observation of a key, or None."""
        parts = key.split("-")
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts):  # noqa: PLR2004
            return None
        thing, at, sequence = (int(part) for part in parts)
        if thing not in self._streams or max(at, sequence) > _LATEST:
            return None
        rows = Observation.objects.filter(thing=thing, at=at, sequence=sequence)
        found = rows.values_list("thing", "at", "sequence", "value").first()
        return None if found is None else self.node(found)

    def node(self, row: Row) -> Node:
        """Give a row as an entity."""
        thing, at, sequence, value = row
        stream = self._streams[thing]
        time = written(datetime.fromtimestamp(at / 1000, UTC))
        is_truth = stream.body.get("observationType") == TRUTH
        result: Any = bool(value) if is_truth else int(value) if value == int(value) else value
        links = {"Datastream": [stream.key]}
        links["FeatureOfInterest"] = [one.key for one in self._catalogue.feature_of(stream)]
        body = {"phenomenonTime": time, "resultTime": time, "result": result}
        return Node(OBSERVATIONS, key_of(thing, at, sequence), body, links)

    def _asked(self, options: Options) -> tuple[QuerySet[Any], list[Asked]]:
        rest, rows = [], Observation.objects.filter(thing__in=list(self._streams))
        for part in _conjuncts(options.filter):
            told = self._told(part)
            if told is None:
                rest.append(part)
            else:
                rows = rows.filter(told)
        orders = [_order(path, down=down) for path, down in options.orderby]
        return rows.order_by(*(orders or ["at"]), "thing", "sequence"), rest

    def _told(self, node: Asked) -> Q | None:
        """Give a condition of the database that says the same, or None when there is none."""
        if isinstance(node, Call) and node.name in {"and", "or"}:
            parts = [self._told(arg) for arg in node.args]
            both = and_ if node.name == "and" else or_
            return None if None in parts or not parts else reduce(both, parts)
        if isinstance(node, Call) and _is_about_streams(node):
            fitting = [n for n, stream in self._streams.items() if self._fits(node, stream)]
            return Q(thing__in=fitting)
        return _compared(node) if isinstance(node, Call) and node.name in COMPARISONS else None

    def _fits(self, node: Asked, stream: Node) -> bool:
        return holds(node, lambda parts: looked_up(self._catalogue, stream, parts[1:]), self._now)

    def _one_by_one(self, rows: QuerySet[Any, Any], rest: list[Asked]) -> Iterator[Row]:
        for number, row in enumerate(rows.iterator()):
            if number >= MOST_LOOKED_AT:
                raise NotAnOption("$filter: too many readings to look at; say from when to when")
            node = self.node(row)

            def look(parts: tuple[str, ...], node: Node = node) -> Any:
                return looked_up(self._catalogue, node, parts)

            if all(holds(part, look, self._now) for part in rest):
                yield row


def key_of(thing: int, at: int, sequence: int) -> str:
    """Give the key of an observation."""
    return f"{thing}-{at}-{sequence}"


def looked_up(catalogue: Catalogue, node: Node, parts: tuple[str, ...]) -> Any:
    """Give the value of a property of an entity, or of one that it leads to; None without one."""
    first, rest = parts[0], parts[1:]
    if first in {"id", "@iot.id"}:
        return node.key
    if first in node.links and first not in node.body:
        found = catalogue.led_to(node, first)
        return looked_up(catalogue, found[0], rest) if found and rest else None
    value = node.body.get(first)
    for name in rest:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _conjuncts(node: Asked | None) -> Iterator[Asked]:
    if isinstance(node, Call) and node.name == "and":
        for arg in node.args:
            yield from _conjuncts(arg)
    elif node is not None:
        yield node


def _is_about_streams(node: Call) -> bool:
    paths = list(_paths(node))
    return bool(paths) and all(len(path) > 1 and path[0] == STREAMS[:-1] for path in paths)


def _paths(node: Asked) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Path):
        yield node.parts
    elif isinstance(node, Call):
        for arg in node.args:
            yield from _paths(arg)


def _compared(node: Call) -> Q | None:
    """Give a comparison of a property and a value as the database has it."""
    left, right, name = *node.args, node.name
    if isinstance(left, Literal):
        left, right, name = right, left, _MIRROR.get(name, name)
    if not isinstance(left, Path) or not isinstance(right, Literal) or name == "ne":
        return None
    column, value = _COLUMNS.get("/".join(left.parts)), right.value
    if column == "value" and isinstance(value, bool | int | float):
        return Q(**{f"value{_LOOKUPS[name]}": float(value)})
    if column == "at" and isinstance(value, datetime):
        return _at(name, value.timestamp() * 1000)
    return None


def _at(name: str, at: float) -> Q:
    """Compare an instant with whole milliseconds."""
    whole = int(at)
    if at == whole:
        return Q(**{f"at{_LOOKUPS[name]}": whole})
    if name == "eq":
        return Q(at__lt=0)  # between two milliseconds there is nothing
    return Q(at__gt=whole) if name in {"gt", "ge"} else Q(at__lte=whole)


def _order(path: tuple[str, ...], *, down: bool) -> str:
    column = _COLUMNS.get("/".join(path).removeprefix("@iot."))
    if column is None:
        raise NotAnOption("$orderby: observations are sorted by time or by result")
    return f"-{column}" if down else column
