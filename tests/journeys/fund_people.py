"""Who plays in the fund's scene, each in a browser; forms filled by the names of their fields."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack

from playwright.sync_api import Browser, Page

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from tests.journeys.desks import Desk, InBrowser, Leaf
from tests.journeys.server import Server
from tests.journeys.visiting import PASSWORD, sign_in
from tests.journeys.watching import Watch, watched
from tests.launcher.starting import ROOT, environment

_ACCOUNT = (
    "from communs.core.people.models import Person;"
    "Person.objects.create_user({email!r}, {password!r}, name={name!r})"
)


class People:
    """Opens a page for each account, once, and closes them all: no fault may have happened."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server = server
        self._browser = browser
        self._open = ExitStack()
        self._known: dict[str, tuple[Page, Watch]] = {}

    def at(self, name: str, address: str = "") -> Page:
        """Give somebody's page, signed in, at an address or where they were."""
        page, _watch = self._of(name)
        if address:
            page.goto(address)
        return page

    def desk(self, name: str, address: str = "") -> Desk:
        """Give somebody's desk, with a page on it or as they left it."""
        return InBrowser(self.at(name, address), self.server.origin)

    def refused(self, name: str, address: str, status: int = 404) -> str:
        """Have somebody ask for what is not theirs; give what the page says."""
        page, watch = self._of(name)
        watch.expect(status, address)
        page.goto(address)
        return page.get_by_role("heading", level=1).inner_text()

    def expect(self, name: str, status: int, address: str) -> None:
        """Announce that a page of somebody answers with a refusal."""
        self._of(name)[1].expect(status, address)

    def account(self, name: str, called: str) -> None:
        """Make an account as an installation's command does; the rest is done on pages."""
        code = _ACCOUNT.format(email=email(name), password=PASSWORD, name=called)
        command = [sys.executable, "-m", "communs.project.cli", "shell", "--no-imports", "-c", code]
        paths = {"COMMUNS_DATA": str(self.server.data), "PYTHONPATH": str(ROOT / "src")}
        subprocess.run(command, cwd=ROOT, env=environment(**paths), check=True)

    def close(self) -> None:
        """Close every page."""
        self._open.close()

    def _of(self, name: str) -> tuple[Page, Watch]:
        if name not in self._known:
            pair = self._open.enter_context(watched(self._browser, self.server.origin))
            sign_in(pair[0], "/compte/connexion/", email(name))
            self._known[name] = pair
        return self._known[name]


class Readers:
    """The same people at pages read without a browser, by the test client."""

    def __init__(self) -> None:
        self._known: dict[str, Leaf] = {}

    def desk(self, name: str, address: str = "") -> Desk:
        """Give somebody's desk, with a page on it or as they left it; "" is nobody's."""
        if name not in self._known:
            person = Person.objects.get(email=email(name)) if name else None
            self._known[name] = Leaf(person)
        if address:
            self._known[name].goto(address)
        return self._known[name]

    def account(self, name: str, called: str, runs: Community | None = None) -> None:
        """Make an account as an installation's command does, of who runs a commune or of nobody."""
        person = Person.objects.create_user(email(name), PASSWORD, name=called)
        if runs is not None:
            with within(runs):
                Membership.objects.create(person=person, role=Role.ADMINISTRATOR)

    def later(self) -> None:
        """Sign everybody in again: their sessions ended as time went by."""
        self._known.clear()


def email(name: str) -> str:
    """Give the address of a made-up account."""
    return f"{name}@demo.example"
