"""NGSI-LD for each service that publishes its sensors: reading entities, types and attributes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from communs.core.kit.formats import json_file
from communs.core.registry.request import Request
from communs.core.sensing.standards import ngsi
from communs.core.sensing.standards.engine.ngsi_queries import NotAQuery, parse
from communs.core.sensing.standards.port import Entity, Published

MARK = "ngsi-ld/v1"
PAGE, MOST = 20, 1_000
_ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
_LD = "application/ld+json"
_LINK = '<{}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
_DISTANCE = re.compile(r"near;(max|min)Distance==(\d{1,9}(?:\.\d{1,6})?)")
_NUMBER = re.compile(r"[0-9]{1,9}")


class Bad(Exception):
    """A request that cannot be answered, and why."""


class _Asked:
    """A request, in a community, about what a service publishes there."""

    def __init__(self, request: HttpRequest, published: Published) -> None:
        self.request, self._published = request, published
        self.place = cast(Request, request).community.slug

    @property
    def context(self) -> list[str]:
        """Give where words are explained: the service’s model first, the standard’s own last."""
        return [one for one in (self._published.context, ngsi.CORE_CONTEXT) if one]

    def all(self) -> list[Entity]:
        """Give every entity that is of its model: one whose place is not known is not."""
        entities = self._published.entities(timezone.now())
        return ngsi.wanted_of(entities, ngsi.Wanted(), self.place)

    def names(self, *names: str) -> frozenset[str]:
        """Give the words of a list, under any of its names."""
        given = ",".join(self.request.GET.get(name, "") for name in names)
        return frozenset(part for part in re.split(r"[,|]", given) if part)

    def number(self, name: str, usual: int) -> int:
        text = self.request.GET.get(name, str(usual))
        if not _NUMBER.fullmatch(text):
            raise Bad(f"{name} is a whole number.")
        return int(text)

    @property
    def is_simplified(self) -> bool:
        asked = self.names("options", "format")
        return bool(asked & {"keyValues", "simplified", "concise"})

    def told(self, entity: Entity) -> dict[str, Any]:
        show = ngsi.simplified if self.is_simplified else ngsi.normalized
        return show(entity, self.place, self.names("attrs", "pick"))


def router_for(published: Published, key: str) -> Router:
    """Give the operations of a service; the standard describes them, and OpenAPI does not."""
    router = Router()

    def entities(request: HttpRequest) -> HttpResponse:
        return _answered(_Asked(request, published), _entities)

    def entity(request: HttpRequest, rest: str) -> HttpResponse:
        return _answered(_Asked(request, published), lambda asked: _entity(asked, rest))

    def types(request: HttpRequest) -> HttpResponse:
        return _answered(_Asked(request, published), _types)

    def attributes(request: HttpRequest) -> HttpResponse:
        return _answered(_Asked(request, published), _attributes)

    operations: dict[str, Any] = {
        "entities": entities, "entities/{path:rest}": entity, "types": types,
        "attributes": attributes,
    }  # fmt: skip
    for path, view in operations.items():
        router.add_api_operation(
            f"/{MARK}/{path}",
            ["GET", "HEAD"],
            view,
            include_in_schema=False,
            url_name=f"{key}_ngsi_{view.__name__}",
        )
    return router


def _answered(asked: _Asked, answer: Any) -> HttpResponse:
    try:
        response: HttpResponse = answer(asked)
    except (Bad, NotAQuery) as error:
        return _problem(400, "BadRequestData", "This request cannot be understood.", str(error))
    return response


def _problem(status: int, kind: str, title: str, detail: str) -> HttpResponse:
    body = {"type": f"{_ERRORS}{kind}", "title": title, "detail": detail, "status": status}
    answer = json_file(body)
    answer.status_code = status
    return answer


def _entities(asked: _Asked) -> HttpResponse:
    limit, offset = asked.number("limit", PAGE), asked.number("offset", 0)
    if limit > MOST:
        raise Bad(f"limit is {MOST} at most.")
    found = ngsi.wanted_of(asked.all(), _wanted(asked), asked.place)
    answer = _written(asked, [asked.told(one) for one in found[offset : offset + limit]])
    if asked.request.GET.get("count") == "true" or "count" in asked.names("options"):
        answer.headers["NGSILD-Results-Count"] = str(len(found))
    return answer


def _entity(asked: _Asked, identifier: str) -> HttpResponse:
    wanted = ngsi.Wanted(keys=frozenset({identifier}))
    found = ngsi.wanted_of(asked.all(), wanted, asked.place)
    if not found:
        return _problem(404, "ResourceNotFound", "No such entity here.", "")
    return _written(asked, asked.told(found[0]))


def _types(asked: _Asked) -> HttpResponse:
    found = sorted({one.type for one in asked.all()})
    body = {"id": f"urn:ngsi-ld:EntityTypeList:{asked.place}", "type": "EntityTypeList"}
    return _written(asked, body | {"typeList": found})


def _attributes(asked: _Asked) -> HttpResponse:
    found: dict[str, set[str]] = defaultdict(set)
    for one in asked.all():
        for name in ngsi.names_of(one):
            found[name].add(one.type)
    if asked.request.GET.get("details") == "true":
        return _written(
            asked,
            [
                {"id": name, "type": "Attribute", "attributeName": name, "typeNames": sorted(types)}
                for name, types in sorted(found.items())
            ],
        )
    body = {"id": f"urn:ngsi-ld:AttributeList:{asked.place}", "type": "AttributeList"}
    return _written(asked, body | {"attributeList": sorted(found)})


def _wanted(asked: _Asked) -> ngsi.Wanted:
    text = asked.request.GET.get("q", "")
    return ngsi.Wanted(
        types=asked.names("type"),
        keys=asked.names("id"),
        attributes=asked.names("attrs"),
        query=parse(text) if text else None,
        near=_near(asked),
    )


def _near(asked: _Asked) -> ngsi.Near | None:
    given = asked.request.GET
    if "georel" not in given:
        return None
    distance = _DISTANCE.fullmatch(given["georel"])
    if distance is None or given.get("geometry", "Point") != "Point":
        raise Bad("georel is near;maxDistance==METRES or near;minDistance==METRES of a Point.")
    lat, lon = _point(given.get("coordinates", ""))
    far = float(distance[2])
    return (
        ngsi.Near(lat, lon, far, None) if distance[1] == "max" else ngsi.Near(lat, lon, None, far)
    )


def _point(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in json.loads(text))
    except (ValueError, TypeError, RecursionError):
        raise Bad("coordinates is [longitude,latitude].") from None
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 -- degrees
        raise Bad("coordinates is [longitude,latitude].")
    return lat, lon


def _written(asked: _Asked, found: Any) -> HttpResponse:
    """Give JSON-LD with its context inside, or JSON with a link to it, as was asked."""
    context = asked.context
    if _LD in asked.request.headers.get("Accept", ""):
        many = found if isinstance(found, list) else [found]
        inside = [{**one, "@context": context} for one in many]
        return json_file(inside if isinstance(found, list) else inside[0], _LD)
    answer = json_file(found)
    answer.headers["Link"] = _LINK.format(context[0])
    return answer
