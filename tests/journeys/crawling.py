"""Every page that a link leads to, and every route that the addresses know."""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import APIRequestContext

LINK = re.compile(r'<a[^>]*\shref="([^"]*)"')
FORM = re.compile(r'<form(?=[^>]*\smethod="get")[^>]*\saction="([^"]*)"')
ENGLISH = "/en"
LIMITS = {"fund:grant": 2}  # of any other route, one page a language and a kind of place
MOST = 400


@dataclass(frozen=True, slots=True)
class Stop:
    """An address that was met."""

    address: str
    language: str
    place: str
    route: str
    status: int
    is_page: bool

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an address leads: language, kind of place, route, names of its questions."""

    language: str
    place: str
    route: str
    asked: frozenset[str]


class Crawl:
    """Follows the links of one origin, a few for each kind of page, under some addresses or all."""

    def __init__(
        self, client: APIRequestContext, origin: str, within: tuple[str, ...] = ("/",)
    ) -> None:
        self.client, self.origin, self.within = client, origin, within
        said = client.get(f"{origin}/api/territoires").json()
        self.territories = {row["slug"] for row in said["territories"]}
        self.taken: Counter[Spot] = Counter()
        self.seen: set[str] = set()
        self.stops: list[Stop] = []

    def run(self, starts: Iterable[str]) -> list[Stop]:
        """Visit, nearest first, until no link leads to a kind of page not yet seen."""
        waiting = deque(starts)
        while waiting:
            address = waiting.popleft()
            spot = self._new(address)
            if spot is not None:
                waiting.extend(self._visit(address, spot))
        return self.stops

    def _new(self, address: str) -> Spot | None:
        if address in self.seen or not address.startswith(self.within):
            return None
        self.seen.add(address)
        spot = self.spot(address)
        if self.taken[spot] >= LIMITS.get(spot.route, 1):
            return None
        self.taken[spot] += 1
        assert len(self.stops) < MOST, "the crawl does not end"
        return spot

    def _visit(self, address: str, spot: Spot) -> Iterator[str]:
        answer = self.client.get(
            f"{self.origin}{address}", headers={"Accept": "text/html,*/*;q=0.8"}
        )
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        self.stops.append(
            Stop(address, spot.language, spot.place, spot.route, answer.status, is_page)
        )
        content = answer.text() if is_page else ""
        for href in LINK.findall(content) + FORM.findall(content):
            target = urljoin(answer.url, html.unescape(href)).partition("#")[0]
            if target.startswith(f"{self.origin}/"):
                yield target.removeprefix(self.origin)

    def spot(self, address: str) -> Spot:
        """Read an address as the platform does: language, community, then the page."""
        parts = urlsplit(address)
        language, path = "fr", parts.path
        if path.startswith(f"{ENGLISH}/"):
            language, path = "en", path.removeprefix(ENGLISH)
        place, route = "metropolis", route_of(path)
        if route is None:
            slug, _, rest = path[1:].partition("/")
            place = "territory" if slug in self.territories else "commune"
            route = route_of(f"/{rest}")
        asked = frozenset(parse_qs(parts.query, keep_blank_values=True))
        return Spot(language, place, route or "no route", asked)


def route_of(path: str) -> str | None:
    """Name the route of a path, or nothing."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def routes() -> set[str]:
    """Name every route of the platform."""
    return set(_named(get_resolver().url_patterns, ""))


def _named(patterns: Iterable[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            deeper = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _named(pattern.url_patterns, deeper)
        else:
            yield f"{space}{pattern.name}"
