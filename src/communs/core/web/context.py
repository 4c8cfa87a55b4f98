"""What every page knows: whose it is, its menu, its languages, who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from communs.core.access.demo import DOMAIN, PASSWORD
from communs.core.access.rules import may
from communs.core.communities.addresses import prefix_of
from communs.core.communities.models import Community
from communs.core.live.page import Listening, listening
from communs.core.notifications.queries import unread_count
from communs.core.people.models import Person
from communs.core.registry.request import Request
from communs.core.web import catalogue


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page's frame."""

    label: str
    href: str
    current: bool = False
    code: str = ""


class Page:
    """The frame of a page; each part is worked out when a template asks for it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.community: Community | None = getattr(request, "community", None)
        self.metropolis: Community | None = getattr(request, "metropolis", None)

    @cached_property
    def home(self) -> str:
        return reverse("web:home")

    @cached_property
    def metropolis_home(self) -> str:
        return f"{prefix_of(self.metropolis)}/" if self.metropolis else "/"

    @cached_property
    def demo(self) -> bool:
        return bool(self.metropolis and self.metropolis.demonstration)

    @cached_property
    def menu(self) -> list[Link]:
        entries = [
            (gettext("Home"), reverse("web:home")),
            (gettext("Services"), reverse("web:services")),
        ]
        for running in getattr(self.request, "running", {}).values():
            if running.on:
                entries += [(str(e.label), reverse(e.route)) for e in running.service.menu]
        if self.community and self.community.is_metropolis:
            entries.append((gettext("Communes"), reverse("web:communes")))
        entries.append((gettext("Data"), reverse("web:data")))
        # Of entries that lead one into the other, the innermost alone is where the reader is.
        at = max((href for _label, href in entries if self._is_at(href)), key=len, default="")
        return [Link(label, href, current=href == at) for label, href in entries]

    @cached_property
    def languages(self) -> list[Link]:
        return [self._in_language(code, label) for code, label in settings.LANGUAGES]

    @cached_property
    def person(self) -> Any:
        if not self.request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return None
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def sign_in(self) -> str:
        return reverse("account_login")

    @cached_property
    def sign_out(self) -> str:
        return reverse("account_logout")

    @cached_property
    def account(self) -> str:
        return reverse("people:account")

    @cached_property
    def unread(self) -> int | None:
        """How many notices the reader has not read here; nothing for who is not signed in."""
        return unread_count(self.person) if self.person and self.community else None

    @cached_property
    def listening(self) -> Listening | None:
        """How the page hears of what is new while it is open."""
        return listening(self.community, self.person) if self.community else None

    @cached_property
    def demo_accounts(self) -> list[dict[str, str]]:
        """The demonstration's accounts, shown on its sign-in page only."""
        known = Person.objects.filter(email__endswith=DOMAIN, is_active=True)
        return [
            {"email": a.email, "name": a.name, "password": PASSWORD}
            for a in (known.order_by("joined_at", "email") if self.demo else ())
        ]

    @cached_property
    def demo_switch(self) -> str:
        """Where the demonstration's accounts are taken, to come back to this page."""
        switch = reverse("web:demo_accounts")
        at_it = self.request.path == switch
        here = self.request.GET.get("next", "") if at_it else self.request.get_full_path()
        return f"{switch}?{urlencode({'next': here})}"

    @cached_property
    def manages(self) -> bool:
        """Whether the reader may set the community."""
        return bool(self.person and self.community and may(self.person, "community.manage"))

    @cached_property
    def settings(self) -> str:
        """Where the community is set, or where other members find their role; else nothing."""
        if self.manages:
            return reverse("web:settings")
        if self.person and self.community and may(self.person, "members.delegate"):
            return reverse("web:delegations")
        return ""

    @cached_property
    def keys(self) -> str:
        """Where the reader makes keys for their programs, if there is anything they may do here."""
        if self.person and self.community and catalogue.allowed(self.request):
            return reverse("web:tokens")
        return ""

    @cached_property
    def search_action(self) -> str:
        return reverse("web:search")

    @cached_property
    def footer(self) -> list[Link]:
        links = [
            Link(gettext("Accessibility: partially compliant"), reverse("web:accessibility")),
            Link(gettext("Personal data"), reverse("privacy:statement")),
            Link(gettext("Legal notice"), reverse("web:legal")),
            Link(gettext("Open data"), reverse("web:data")),
        ]
        if settings.COMMUNS_SOURCE_URL:
            links.append(Link(gettext("Source code"), settings.COMMUNS_SOURCE_URL))
        return links

    def _is_at(self, href: str) -> bool:
        path = self.request.path
        return path == href if href == self.home else path.startswith(href)

    def _in_language(self, code: str, label: str) -> Link:
        rest = self.request.path.removeprefix(getattr(self.request, "language_prefix", ""))
        prefix = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        query = self.request.META.get("QUERY_STRING", "")
        href = f"{prefix}{rest or '/'}" + (f"?{query}" if query else "")
        return Link(label, href, current=self._speaks(code), code=code)

    def _speaks(self, code: str) -> bool:
        prefix = getattr(self.request, "language_prefix", "")
        return prefix == ("" if code == settings.LANGUAGE_CODE else f"/{code}")


def page(request: Request) -> dict[str, Page]:
    """Give templates the page's frame."""
    if not hasattr(request, "page"):
        request.page = Page(request)
    return {"page": request.page}
