"""What must never happen behind a page: errors, refusals of the policy, calls to elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

STATUS_LINE = "Failed to load resource: the server responded with a status of"
IN_THE_PAGE = ("data:", "blob:")
LEFT = "net::ERR_ABORTED"
REFUSED = 400
PATIENCE = 40_000  # milliseconds: a busy machine is no fault of a page


class Watch:
    """Listens to everything that a browser context does."""

    def __init__(self, context: BrowserContext, origin: str, elsewhere: tuple[str, ...]) -> None:
        self.origin = origin
        self.elsewhere = elsewhere
        self.faults: list[str] = []
        self.refused: list[str] = []
        self.expected: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def expect(self, status: int, path: str) -> None:
        """Announce a page that must answer with a refusal."""
        self.expected.append(f"{status} {path}")

    def verify(self) -> None:
        """Fail on anything that was not announced."""
        assert self.faults == [], "\n".join(self.faults)
        assert self.refused == self.expected, f"refused {self.refused}, not {self.expected}"

    def _console(self, message: ConsoleMessage) -> None:
        # A status is judged from its response below, where it can be told what was asked.
        told = message.type == "error" and not message.text.startswith(STATUS_LINE)
        if told and not self._is_live(message.location.get("url", "")):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        ours = request.url.startswith((f"{self.origin}/", *IN_THE_PAGE, *self.elsewhere))
        if not ours and not self._is_live(request.url):
            self.faults.append(f"request to another origin: {request.url}")

    def _is_live(self, url: str) -> bool:
        """Tell the live process' address: it has a port of its own, and pages do without it."""
        parts = urlsplit(url)
        return parts.hostname == urlsplit(self.origin).hostname and parts.path.startswith("/live/")

    def _failed(self, request: Request) -> None:
        # Broken off by the browser: a download, or what was still coming to a page that was left.
        if request.failure != LEFT and not self._is_live(request.url):
            self.faults.append(f"request failed: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        if response.status < REFUSED:
            return
        parts = urlsplit(response.url)
        what = f"{response.status} {parts.path}" + (f"?{parts.query}" if parts.query else "")
        is_page = response.request.is_navigation_request()
        (self.refused if is_page else self.faults).append(what)


@contextmanager
def watched(
    browser: Browser, origin: str, *, elsewhere: tuple[str, ...] = (), **options: Any
) -> Iterator[tuple[Page, Watch]]:
    """Open a page whose every fault is remembered; on leaving without error, there were none.

    `elsewhere` names other origins to which a page may lead its reader.
    """
    defaults = {"base_url": origin, "locale": "fr-FR", "viewport": {"width": 1280, "height": 900}}
    context = browser.new_context(**defaults | options)
    context.set_default_timeout(PATIENCE)
    watch = Watch(context, origin, elsewhere)
    try:
        yield context.new_page(), watch
        watch.verify()
    finally:
        context.close()
