"""Declared notices of the tests' own, somebody to tell, and a way to have messages sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs.models import Job
from communs.core.notifications import actions, notices, sending
from communs.core.notifications.enums import Channel
from communs.core.notifications.models import Notification, Sending
from communs.core.notifications.notices import Notice
from communs.core.people.models import Person

AT = datetime(2026, 3, 10, 14, tzinfo=UTC)  # three in the afternoon in Paris
OF_OURS = (
    Notice(
        key="tried.plain",
        about=_("Home"),
        title="A plot is free in %(garden)s",
        text="Answer within a week.",
    ),
    Notice(key="tried.texted", about=_("Data"), title="Texted", channels=(Channel.SMS,)),
    Notice(
        key="tried.urgent", about=_("Services"), title="Water", channels=(Channel.SMS,), urgent=True
    ),
    Notice(key="tried.legal", about=_("Settings"), title="A decision", always=_("Legal notice")),
)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only these notices exist."""
    monkeypatch.setattr(notices, "_known", {notice.key: notice for notice in OF_OURS})


@pytest.fixture
def here(antony: Community) -> Iterator[Community]:
    with within(antony):
        yield antony


@pytest.fixture
def lou(db: None) -> Person:
    return Person.objects.create_user("lou@example.org", name="Lou")


@pytest.fixture
def pat(db: None) -> Person:
    return Person.objects.create_user("pat@example.org", name="Pat")


@pytest.fixture
def wish(here: Community) -> Callable[..., None]:
    """Have a person choose; what is not said stays as it is, and a number is for text messages."""

    def choose(person: Person, wanted: dict | None = None, **values: Any) -> None:
        said = {"language": "en", "pace": "at_once", "phone": "", "call_me": False} | values
        usual = {("tried.texted", "sms"): True} if said["phone"] else {}
        actions.set_wishes(person=person, wanted=usual | (wanted or {}), at=AT, by=person, **said)

    return choose


@pytest.fixture
def tell(here: Community, metropolis: Community) -> Callable[..., list[Notification]]:
    """Tell people something; the n-th news unless named."""

    def told(
        *people: Person, notice: str = "tried.plain", once: str = "1", at: datetime = AT
    ) -> Any:
        link = actions.Link(here, "web:services")
        data = {"garden": "Les Blagis"}
        return actions.notify(
            notice=notice, people=people, subject="tried:1", once=once, at=at, data=data, link=link
        )

    return told


def waiting() -> list[Job]:
    """The jobs of notices that wait, the oldest first."""
    return list(Job.objects.filter(task__contains="notifications").order_by("id"))


def send_all(at: datetime = AT) -> list[str]:
    """Send everything that waits in the community in force, as its jobs would."""
    keys = Sending.objects.filter(together=False, state__in=["waiting", "failed"], channel="email")
    return [sending.send(key, at=at) for key in keys.order_by("id").values_list("pk", flat=True)]
