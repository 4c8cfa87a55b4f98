"""What a request of the Curb Data Specification asks, and how it is told that it asks wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from math import inf, isfinite
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from communs.core.api.problems import problem
from communs.services.delivery.engine.areas import Box, Circle

_BOX = ("min_lng", "min_lat", "max_lng", "max_lat")
_CIRCLE = ("lng", "lat", "radius")
_CENTIMETRES = 100
_HOUR = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}")
_ACCEPTED = re.compile(r"application/vnd\.cds\+(json|csv)")
_VERSIONS = ("", "1.1", "1.1.0")
_PLAIN = {"*/*", "application/*", "application/json", "text/*", "text/csv"}
_LATEST = 7_258_118_400_000  # the year 2200 begins, in milliseconds: no curb is known so far ahead
_YEARS = range(1971, 2200)


D = TypeVar("D", date, datetime)


class Unfit(Exception):
    """A parameter that cannot be understood, and why."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def cds(function: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have an endpoint answer as the specification says: 406, 400 and 404 with its words."""

    @wraps(function)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not accepted(request.headers.get("Accept", "")):
            return _refusal(406, "not_acceptable", _("Ask for version 1.1 of the specification."))
        try:
            response = function(request, *args, **kwargs)
        except Unfit as fault:
            return _refusal(400, "bad_request", str(fault), fault.name)
        except Http404:
            return _refusal(404, "not_found", _("Nothing is here"))
        patch_vary_headers(response, ["Accept"])
        return response

    return answer


def accepted(header: str) -> bool:
    """Tell whether a header takes what is given: this version, or whatever there is."""
    if not header.strip():
        return True
    ranges = [part.partition(";") for part in header.lower().split(",")]
    return any(_takes(kind.strip(), more) for kind, _mark, more in ranges)


def _takes(kind: str, parameters: str) -> bool:
    said = dict(part.strip().partition("=")[::2] for part in parameters.split(";"))
    if said.get("q", "1").strip("0.") == "":
        return False
    if not _ACCEPTED.fullmatch(kind):
        return kind in _PLAIN
    return said.get("version", "").strip('"') in _VERSIONS


def place_of(request: HttpRequest) -> Box | Circle | None:
    """Give the box or the circle that is asked for; all of its numbers, or none."""
    box, circle = _numbers(request, _BOX), _numbers(request, _CIRCLE)
    if box and circle:
        raise Unfit("lat", _("Ask for a box or for a circle, not for both."))
    if circle:
        lon, lat, radius = circle
        if radius < 0:
            raise Unfit("radius", _("A radius is not less than nothing."))
        return Circle(lon, lat, radius / _CENTIMETRES)
    if not box:
        return None
    if box[0] > box[2] or box[1] > box[3]:
        raise Unfit("min_lat", _("The first corner lies beyond the second."))
    return Box(*box)


def kept(rows: Iterable[Any], place: Box | Circle | None, ring: Callable[[Any], Any]) -> list[Any]:
    """Give what touches a place, the nearest first."""
    if place is None:
        return list(rows)
    away = [(place.away(ring(row)), row) for row in rows]
    return [row for far, row in sorted(away, key=lambda pair: pair[0]) if far < inf]


def time_of(request: HttpRequest, name: str) -> datetime | None:
    """Give an instant, in milliseconds since 1970, or None."""
    said = request.GET.get(name)
    if said is None:
        return None
    if not re.fullmatch(r"\d{1,15}", said, re.ASCII) or int(said) > _LATEST:
        raise Unfit(name, _("Write an instant in milliseconds since 1970."))
    return datetime.fromtimestamp(int(said) / 1000, UTC)


def hour_of(request: HttpRequest, name: str) -> datetime | None:
    """Give the beginning of an hour (UTC), or None."""
    said = request.GET.get(name)
    if said is None:
        return None
    written = f"{said}:00:00+00:00" if _HOUR.fullmatch(said) else ""
    return _checked(name, _("Write an hour as 2026-03-02T09."), datetime.fromisoformat, written)


def day_of(request: HttpRequest, name: str) -> date | None:
    """Give a day, or None."""
    said = request.GET.get(name)
    if said is None:
        return None
    return _checked(name, _("Write the date as 2018-11-27."), date.fromisoformat, said)


def key_of(request: HttpRequest, name: str) -> str | None:
    """Give a UUID as it is written in answers, or None."""
    said = request.GET.get(name)
    return None if said is None else _key(name, said)


def keys_of(request: HttpRequest, name: str) -> set[str]:
    """Give the UUIDs of a list with commas."""
    said = request.GET.get(name, "")
    return {_key(name, part.strip()) for part in said.split(",") if part.strip()}


def one_of(request: HttpRequest, name: str, choices: Sequence[str]) -> str | None:
    """Give a word of a list, or None."""
    said = request.GET.get(name)
    if said is not None and said not in choices:
        raise Unfit(name, _("Choose one of these: %(words)s.") % {"words": ", ".join(choices)})
    return said


def flag_of(request: HttpRequest, name: str, *, usual: bool) -> bool:
    """Give yes or no."""
    said = one_of(request, name, ("true", "false"))
    return usual if said is None else said == "true"


def span_of(
    request: HttpRequest, last: datetime, usual: timedelta, most: timedelta
) -> tuple[datetime, datetime]:
    """Give the time that is asked for, the end not included; up to an instant, and not too long."""
    ends = min(time_of(request, "end_time") or last, last)
    begins = time_of(request, "start_time") or ends - usual
    if ends - begins > most:
        raise Unfit("start_time", _("Ask for %(days)s days at most.") % {"days": most.days})
    return begins, ends


def _numbers(request: HttpRequest, names: Sequence[str]) -> list[float]:
    given = [name for name in names if name in request.GET]
    if not given:
        return []
    for name in names:
        if name not in request.GET:
            raise Unfit(
                name, _("Give all of these, or none: %(names)s.") % {"names": ", ".join(names)}
            )
    return [_number(name, request.GET[name]) for name in names]


def _number(name: str, said: str) -> float:
    try:
        number = float(said)
    except ValueError:
        number = inf
    limit = 90 if name.endswith("lat") else 180 if name.endswith("lng") else 1e12
    if not isfinite(number) or abs(number) > limit:
        raise Unfit(name, _("This is not such a number."))
    return number


def _checked(name: str, sentence: str, read: Callable[[str], D], written: str) -> D:
    try:
        found = read(written)
    except ValueError:
        raise Unfit(name, sentence) from None
    if found.year not in _YEARS:
        raise Unfit(name, sentence)
    return found


def _key(name: str, said: str) -> str:
    try:
        return str(UUID(said))
    except ValueError:
        raise Unfit(name, _("This is not a UUID.")) from None


def _refusal(status: int, error: str, sentence: str, name: str = "") -> HttpResponse:
    """Give a refusal that reads as a problem document and as the specification’s own."""
    details = [f"{name}: {sentence}"] if name else []
    said: dict[str, Any] = {"error": error, "error_description": sentence}
    more = {"field": name} if name else {}
    return problem(status, sentence, error_details=details, **said, **more)
