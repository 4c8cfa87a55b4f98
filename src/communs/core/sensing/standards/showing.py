"""Entities of SensorThings as JSON: chosen, sorted, cut into pages, with what they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from communs.core.sensing.standards.catalogue import (
    FEATURES,
    OBSERVATIONS,
    SINGLE,
    STREAMS,
    WAYS,
    Catalogue,
    Node,
)
from communs.core.sensing.standards.engine.evaluating import Look, holds
from communs.core.sensing.standards.engine.options import NotAnOption, Options
from communs.core.sensing.standards.observations import Observations, looked_up

ARRAY = ["id", "phenomenonTime", "resultTime", "result"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of entities: whether there is more, and how many in all when that was asked."""

    nodes: list[Node]
    more: bool = False
    count: int | None = None


class Shown:
    """Writes what a reader may see, with links that begin at `base`."""

    def __init__(self, catalogue: Catalogue, base: str, now: datetime) -> None:
        self.catalogue, self._base, self._now = catalogue, base, now

    def link(self, node: Node) -> str:
        """Give the address of an entity."""
        quoted = node.key.replace("'", "''")
        return f"{self._base}/{node.set}('{quoted}')"

    def related(self, node: Node, way: str, options: Options) -> Answer:
        """Give what an entity leads to by a way, of which there may be none."""
        if WAYS[node.set][way][0] == OBSERVATIONS:
            return self.observations(self._streams(node), options)
        return self.chosen(self.catalogue.led_to(node, way), options)

    def observations(self, streams: Iterable[Node], options: Options) -> Answer:
        """Give the observations of some series."""
        return Answer(*Observations(self.catalogue, streams, self._now).page(options))

    def chosen(self, nodes: list[Node], options: Options) -> Answer:
        """Give those that the options choose, in their order, one page of them."""
        asked = options.filter
        if asked is not None:
            nodes = [node for node in nodes if holds(asked, self._look_at(node), self._now)]
        for path, down in reversed(options.orderby):
            ranked = [(_rank(self._look_at(node)(path)), node) for node in nodes]
            ranked.sort(key=itemgetter(0), reverse=down)
            nodes = [node for _rank_of, node in ranked]
        end = options.skip + options.page
        count = len(nodes) if options.count else None
        return Answer(nodes[options.skip : end], len(nodes) > end, count)

    def collection(self, answer: Answer, options: Options, address: str) -> dict[str, Any]:
        """Write a page of a collection; `address` leads to it, without what pages are cut by."""
        told: dict[str, Any] = {}
        if answer.count is not None:
            told["@iot.count"] = answer.count
        if answer.more:
            mark = "&" if "?" in address else "?"
            top = "" if options.top is None else f"$top={options.top}&"
            told["@iot.nextLink"] = f"{address}{mark}{top}$skip={options.skip + options.page}"
        if options.arrays:
            return {**told, "value": self._arrays(answer.nodes)}
        return {**told, "value": [self.entity(node, options) for node in answer.nodes]}

    def entity(self, node: Node, options: Options) -> dict[str, Any]:
        """Write an entity, with what it is to be expanded by."""
        _check_names(node.set, options)
        told: dict[str, Any] = {"@iot.id": node.key, "@iot.selfLink": self.link(node)}
        told |= node.body
        for way in WAYS[node.set]:
            if way in options.expand:
                self._expand(told, node, way, options.expand[way])
            else:
                told[f"{way}@iot.navigationLink"] = f"{self.link(node)}/{way}"
        if not options.select:
            return told
        wanted = {"@iot.id" if name == "id" else name for name in options.select}
        wanted |= {f"{name}@iot.navigationLink" for name in options.select} | set(options.expand)
        return {name: value for name, value in told.items() if name in wanted}

    def _expand(self, told: dict[str, Any], node: Node, way: str, options: Options) -> None:
        if way in SINGLE:
            found = self.related(node, way, replace(options, top=1)).nodes
            told[way] = self.entity(found[0], options) if found else None
            return
        page = self.collection(
            self.related(node, way, options), options, f"{self.link(node)}/{way}"
        )
        told[way] = page["value"]
        told |= {f"{way}{name}": page[name] for name in page if name.startswith("@")}

    def _arrays(self, nodes: Iterable[Node]) -> list[dict[str, Any]]:
        """Write observations as rows, one list a series."""
        found: dict[str, list[list[Any]]] = {}
        for node in nodes:
            row = [node.key, *(node.body[name] for name in ARRAY[1:])]
            found.setdefault(node.links["Datastream"][0], []).append(row)
        return [
            {
                "Datastream@iot.navigationLink": f"{self._base}/{STREAMS}('{key}')",
                "components": ARRAY,
                "dataArray@iot.count": len(rows),
                "dataArray": rows,
            }
            for key, rows in found.items()
        ]

    def _streams(self, node: Node) -> list[Node]:
        return self.catalogue.streams_of(node) if node.set == FEATURES else [node]

    def _look_at(self, node: Node) -> Look:
        return partial(looked_up, self.catalogue, node)


def _check_names(kind: str, options: Options) -> None:
    unknown = set(options.expand) - set(WAYS[kind])
    if unknown:
        raise NotAnOption(f"$expand: {kind} lead to no {min(unknown)}")


def _rank(value: Any) -> tuple[int, Any]:
    """Sort numbers before texts, and what is not known last."""
    if isinstance(value, bool | int | float):
        return 0, value
    return (1, value) if isinstance(value, str) else (2, "") if value is None else (1, str(value))


def root(base: str) -> Mapping[str, Any]:
    """Give what there is, and which parts of the standard are answered."""
    requirement = "http://www.opengis.net/spec/iot_sensing/1.1/req"
    parts = (
        "datamodel", "resource-path/resource-path-to-entities", "request-data",
        "create-update-delete/create-entity", "create-update-delete/deep-insert",
        "create-update-delete/update-entity", "create-update-delete/delete-entity",
        "data-array/data-array",
    )  # fmt: skip
    return {
        "value": [{"name": name, "url": f"{base}/{name}"} for name in WAYS],
        "serverSettings": {"conformance": [f"{requirement}/{part}" for part in parts]},
    }
