"""SensorThings 1.1 for each service that publishes sensors: read by all, written with a secret.

A source’s secret opens what was described for it: `Authorization: Basic` with the source’s short
name and its secret, as clients of SensorThings send it, or `Bearer` with the secret alone.
"""

from __future__ import annotations

import binascii
import hmac
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from communs.core.api.patches import patched
from communs.core.kit.errors import Refused
from communs.core.kit.formats import json_file
from communs.core.sensing import queries
from communs.core.sensing.actions import digest_of
from communs.core.sensing.engine.decoding.limits import MOST_BYTES
from communs.core.sensing.models import Description, Source
from communs.core.sensing.standards import bringing, describing
from communs.core.sensing.standards.catalogue import (
    KINDS,
    OBSERVATIONS,
    SINGLE,
    STREAMS,
    WAYS,
    Catalogue,
    Node,
)
from communs.core.sensing.standards.engine.options import (
    NotAnOption,
    Options,
    Segment,
    options_of,
    segments_of,
)
from communs.core.sensing.standards.observations import Observations
from communs.core.sensing.standards.port import Published
from communs.core.sensing.standards.showing import Answer, Shown, root

MARK = "sensorthings/v1.1"
_READS, _WRITES = frozenset({"GET", "HEAD"}), frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PATCH = "application/json-patch+json"


class Failed(Exception):
    """What cannot be answered: the status, and why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def router_for(published: Published, key: str) -> Router:
    """Give the operations of a service; they describe themselves, and are not in OpenAPI."""
    router = Router()

    def top(request: HttpRequest) -> HttpResponse:
        return _answered(_Asked(request, published, ""))

    def below(request: HttpRequest, rest: str) -> HttpResponse:
        return _answered(_Asked(request, published, rest))

    methods = sorted(_READS | _WRITES)
    told: dict[str, Any] = {"auth": None, "include_in_schema": False}
    for end, name in (("", "root"), ("/", "top")):
        told["url_name"] = f"{key}_things_{name}"
        router.add_api_operation(f"/{MARK}{end}", methods, top, **told)
    told["url_name"] = f"{key}_things"
    path = f"/{MARK}/{{path:rest}}"
    router.add_api_operation(path, methods, below, **told)
    return router


class _Asked:
    """A request, who sends it, and what they may see."""

    def __init__(self, request: HttpRequest, published: Published, rest: str) -> None:
        self.request, self.rest, self.now = request, rest.strip("/"), timezone.now()
        start = request.path[: request.path.index(MARK) + len(MARK)]
        self.base = request.build_absolute_uri(start)
        self._published = published
        self.source: Source | None = None

    @property
    def shown(self) -> Shown:
        return Shown(Catalogue(self._published, self.source), self.base, self.now)

    @property
    def writer(self) -> Source:
        if self.source is None:
            raise Failed(401, "Send the secret of a source to write.")
        return self.source

    def body(self) -> Any:
        """Give the JSON that was sent."""
        if len(self.request.body) > MOST_BYTES:
            raise Failed(413, f"A body has {MOST_BYTES} bytes at most.")
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise Failed(400, "The body is not JSON.") from None

    def entity(self) -> Mapping[str, Any]:
        found = self.body()
        if not isinstance(found, dict):
            raise Failed(400, "Send one entity as an object.")
        return found


def _answered(asked: _Asked) -> HttpResponse:
    try:
        asked.source = _source(asked.request)
        answer = _HANDLERS[asked.request.method or "GET"](asked)
    except Failed as failed:
        answer = _failure(failed.status, failed.message)
    except NotAnOption as error:
        answer = _failure(400, str(error))
    except Refused as refused:
        answer = _failure(400, str(refused))
    if asked.source is not None:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _failure(status: int, message: str) -> HttpResponse:
    answer = json_file({"code": status, "type": "error", "message": message})
    answer.status_code = status
    if status == 401:  # noqa: PLR2004 -- who are you
        answer.headers["WWW-Authenticate"] = 'Basic realm="SensorThings", Bearer'
    if status == 405:  # noqa: PLR2004 -- not that way
        answer.headers["Allow"] = "GET, HEAD"
    return answer


def _source(request: HttpRequest) -> Source | None:
    """Give the source whose secret came along; none came, None."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    name, secret = _basic(given) if scheme.lower() == "basic" else ("", given.strip())
    digest = digest_of(secret)
    found = queries.source_named(name) if name else Source.objects.filter(digest=digest).first()
    same = hmac.compare_digest(found.digest if found is not None else "", digest)
    if found is None or not same or not found.on:
        raise Failed(401, "This secret opens nothing here.")
    return found


def _basic(given: str) -> tuple[str, str]:
    try:
        name, _colon, secret = b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Failed(401, "This secret opens nothing here.") from None
    return name[:40] or "-", secret


def _read(asked: _Asked) -> HttpResponse:
    if not asked.rest:
        return json_file(root(asked.base))
    segments = segments_of(asked.rest)
    if not segments or segments[0].name not in WAYS:
        raise Failed(404, "There is no such set.")
    pairs = [(name, one) for name, values in asked.request.GET.lists() for one in values]
    options, shown = options_of(pairs), asked.shown
    found, rest = _walked(shown, segments, options)
    if rest:
        return _part(found, rest)
    if isinstance(found, Node):
        return json_file(shown.entity(found, options))
    kept = [(n, v) for n, v in pairs if n not in {"$skip", "$top"}]
    address = f"{asked.base}/{asked.rest}" + (f"?{urlencode(kept)}" if kept else "")
    return json_file(shown.collection(found, options, address))


def _walked(
    shown: Shown, segments: list[Segment], options: Options
) -> tuple[Node | Answer, list[str]]:
    """Go from a set along the ways that the path names; what is left names a property."""
    here, rest = _first(shown, segments[0], options, last=len(segments) == 1), segments[1:]
    while rest and isinstance(here, Node) and rest[0].name in WAYS[here.set]:
        way = rest.pop(0)
        if way.name in SINGLE:
            here = _only(shown.related(here, way.name, Options()))
        elif way.key is not None:
            here = _among(shown, here, way)
        else:
            here = shown.related(here, way.name, options)
    names = [segment.name for segment in rest]
    if names and isinstance(here, Answer):
        raise Failed(404, "A collection has no such part.")
    return here, names


def _first(shown: Shown, segment: Segment, options: Options, *, last: bool) -> Node | Answer:
    name, catalogue = segment.name, shown.catalogue
    if segment.key is not None:
        if name == OBSERVATIONS:
            found = Observations(catalogue, catalogue.all(STREAMS), timezone.now()).one(segment.key)
        else:
            found = catalogue.one(name, segment.key)
        if found is None:
            raise Failed(404, "There is no such entity.")
        return found
    if not last:
        raise Failed(404, "Name one entity by its key.")
    if name == OBSERVATIONS:
        return shown.observations(catalogue.all(STREAMS), options)
    return shown.chosen(catalogue.all(name), options)


def _among(shown: Shown, here: Node, way: Segment) -> Node:
    target = WAYS[here.set][way.name][0]
    found = _first(shown, Segment(target, way.key), Options(), last=True)
    near = shown.related(here, way.name, Options(top=1_000)) if target != OBSERVATIONS else None
    if not isinstance(found, Node) or (near is not None and found not in near.nodes):
        raise Failed(404, "There is no such entity.")
    if near is None and here.set == STREAMS and found.links["Datastream"] != [here.key]:
        raise Failed(404, "There is no such entity.")
    return found


def _only(answer: Answer) -> Node:
    if not answer.nodes:
        raise Failed(404, "There is no such entity.")
    return answer.nodes[0]


def _part(found: Node | Answer, names: list[str]) -> HttpResponse:
    """Give one property of an entity, or its bare value."""
    name, *more = names
    if isinstance(found, Answer) or name not in {*found.body, "@iot.id", "id"}:
        raise Failed(404, "There is no such property.")
    value = found.body.get(name, found.key)
    if not more:
        return json_file({name: value})
    if more != ["$value"]:
        raise Failed(404, "There is no such property.")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _post(asked: _Asked) -> HttpResponse:
    source, at = asked.writer, queries.milliseconds(asked.now)
    if asked.rest == "CreateObservations":
        keys = bringing.bring_arrays(source, asked.body(), at=at)
        links = [f"{asked.base}/{OBSERVATIONS}('{key}')" if key else "error" for key in keys]
        return _created(links, None)
    segments = segments_of(asked.rest) or []
    target, of = _where(segments)
    if target == OBSERVATIONS:
        return _observed(asked, source, of, at)
    kind = KINDS[target]
    found = describing.describe(
        source=source, kind=kind, given=asked.entity(), at=asked.now, of=of, by=None
    )
    return _shown_again(asked, target, str(found.number), 201)


def _observed(asked: _Asked, source: Source, of: Mapping[str, list[str]], at: int) -> HttpResponse:
    given = asked.entity()
    stream = given.get("Datastream")
    named = [str(stream.get("@iot.id"))] if isinstance(stream, dict) else [""]
    if given.get("FeatureOfInterest"):
        raise Failed(501, "Here an observation is about the place of its Thing, and no other.")
    key = bringing.bring_one(source, of.get("Datastream", named)[0], given, at=at)
    address = f"{asked.base}/{OBSERVATIONS}('{key}')"
    return _created({"@iot.id": key, "@iot.selfLink": address}, address)


def _where(segments: list[Segment]) -> tuple[str, dict[str, list[str]]]:
    """Give the set that a post adds to, and what the new entity belongs with."""
    if len(segments) == 1 and segments[0].key is None and segments[0].name in WAYS:
        return segments[0].name, {}
    if len(segments) == 2:  # noqa: PLR2004 -- an entity, and a way from it
        here, way = segments
        target = WAYS.get(here.name, {}).get(way.name)
        if here.key is not None and way.key is None and target is not None:
            return target[0], {target[1]: [here.key]}
    raise Failed(404, "Nothing can be added here.")


def _change(asked: _Asked) -> HttpResponse:
    source, (entity, target) = asked.writer, _named(asked)
    whole = asked.request.method == "PUT"
    given: Any = asked.body()
    if asked.request.headers.get("Content-Type", "").startswith(_PATCH):
        given, whole = patched(entity.body, given), True
    if not isinstance(given, dict):
        raise Failed(400, "Send what changes as an object.")
    describing.change(entity=entity, given=given, whole=whole, at=asked.now, by=None)
    del source
    return _shown_again(asked, target, str(entity.number), 200)


def _delete(asked: _Asked) -> HttpResponse:
    entity, _target = _named(asked)
    describing.remove(entity=entity, at=asked.now, by=None)
    return HttpResponse(status=200)


def _named(asked: _Asked) -> tuple[Description, str]:
    """Give the entity of the writer that the path names."""
    source, segments = asked.writer, segments_of(asked.rest) or []
    if len(segments) != 1 or segments[0].key is None or segments[0].name not in WAYS:
        raise Failed(404, "There is no such entity.")
    name, key = segments[0].name, segments[0].key
    if name == OBSERVATIONS:
        raise Failed(405, "An observation that was taken in is neither rewritten nor removed.")
    found = describing.entity_of(source, KINDS[name], key)
    if found is None:
        raise Failed(404, "No entity of yours has this identifier.")
    return found, name


def _shown_again(asked: _Asked, target: str, key: str, status: int) -> HttpResponse:
    shown = asked.shown
    node = shown.catalogue.one(target, key)
    if node is None:
        raise Failed(404, "There is no such entity.")
    answer = json_file(shown.entity(node, Options()))
    answer.status_code = status
    answer.headers["Location"] = shown.link(node)
    return answer


def _created(content: Any, address: str | None) -> HttpResponse:
    answer = json_file(content)
    answer.status_code = 201
    if address is not None:
        answer.headers["Location"] = address
    return answer


_HANDLERS: Mapping[str, Callable[[_Asked], HttpResponse]] = {
    "GET": _read, "HEAD": _read, "POST": _post, "PUT": _change, "PATCH": _change,
    "DELETE": _delete,
}  # fmt: skip
