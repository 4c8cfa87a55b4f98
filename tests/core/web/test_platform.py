"""The platform as a whole: counts for the metropolis' administrators, and nobody's data."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Invitation, Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs.worker import Worker
from communs.core.journal.delivery import deliver, deliver_here
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.web import platform
from communs.core.web.actions import set_look
from tests import pages

pytestmark = pytest.mark.django_db

START = "/en/plateforme/"
PAGES = ["", "sante/", "usage/", "collectivites/antony/"]


@pytest.fixture
def managing(manager: Person) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_only_the_metropolis_administrators_run_it(
    client: Client, signed_in: Client, managing: Client, metropolis: Community, page: str
) -> None:
    editor = Person.objects.create_user("e@example.org", name="E")
    with within(metropolis):
        Membership.objects.create(person=editor, role=Role.EDITOR)
    edits = Client()
    edits.force_login(editor)
    assert client.get(f"{START}{page}").status_code == 302
    assert signed_in.get(f"{START}{page}").status_code == 404
    assert edits.get(f"{START}{page}").status_code == 403
    assert managing.get(f"{START}{page}").status_code == 200
    assert signed_in.get(f"/en/antony/plateforme/{page}").status_code == 404
    assert managing.get(f"/en/antony/plateforme/{page}").status_code == 404


def test_each_community_is_counted(
    managing: Client, antony: Community, administrator: Person, switch: object
) -> None:
    switch(antony, "fund")
    with within(antony):
        set_look(brand="#0b5b63", warm="#b93d17", by=administrator)
    deliver(timezone.now())
    rows = {row[0]: row[1:] for row in pages.rows(managing.get(f"{START}?q=anton"))[1:]}
    today = timezone.localdate()
    assert rows == {
        "Antony": ["Commune", "none", "1", "1", f"{today.day} {today:%B %Y}"],
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=metropolis", ["Métropole du Grand Paris demonstration"]),
        ("active=on", ["Antony", "Courbevoie", "Métropole du Grand Paris demonstration"]),
        ("q=92002", ["Antony"]),
        ("q=zzz", []),
    ],
)
def test_communities_are_found(managing: Client, query: str, names: list[str]) -> None:
    response = managing.get(f"{START}?{query}")
    assert [row[0] for row in pages.rows(response)[1:]] == names


def test_a_kind_that_does_not_exist_is_named(managing: Client) -> None:
    assert managing.get(f"{START}?kind=county").status_code == 422
    assert managing.get(f"{START}?page=99").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_fifty(managing: Client) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            managing.get(f"{START}{query}")
        return len(asked)

    cost("")
    assert cost("?q=antony") == cost("")


def test_a_host_name_is_kept_and_answers(
    managing: Client, antony: Community, metropolis: Community, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".antony.example"]
    address = f"{START}collectivites/antony/"
    managing.post(address, {"host": "Services.Antony.example"})
    antony.refresh_from_db()
    assert antony.host == "services.antony.example"
    with within(metropolis):
        event = Event.objects.latest("id")
    assert (event.name, event.subject, event.data) == (
        "web.host_set",
        f"communities.community:{antony.pk}",
        {"before": None, "host": "services.antony.example"},
    )
    managing.post(address, {"host": ""})
    antony.refresh_from_db()
    assert antony.host is None


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("https://antony.example", "Write a host name"),
        ("localhost", "Write a host name"),
        ("elsewhere.example", "COMMUNS_HOSTS"),
        ("sceaux.antony.example", "Another community"),
    ],
)
def test_a_host_name_that_cannot_be_is_refused_and_kept(
    managing: Client, antony: Community, settings: object, host: str, sentence: str
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".antony.example"]
    Community.objects.filter(slug="sceaux").update(host="sceaux.antony.example")
    response = managing.post(f"{START}collectivites/antony/", {"host": host})
    assert response.status_code == 422
    assert sentence in pages.text(response)
    assert host in response.content.decode()
    antony.refresh_from_db()
    assert antony.host is None


INVITE = f"{START}collectivites/sceaux/inviter/"


def test_the_first_administrator_of_a_commune_is_invited_and_joins(
    managing: Client, sceaux: Community, mailoutbox: list[Any]
) -> None:
    assert INVITE in pages.links(managing.get(f"{START}collectivites/sceaux/"))
    managing.post(INVITE, {"email": "Nina@sceaux.example"})
    managing.post(INVITE, {"email": "nina@sceaux.example"})  # asking again renews
    worker = Worker()
    while worker.turn(at=timezone.now()):
        pass
    with within(sceaux):
        (row,) = Invitation.objects.all()
        named = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert (row.email, row.role) == ("nina@sceaux.example", Role.ADMINISTRATOR)
    assert named == ["access.invited", "access.invitation_renewed"]
    letter = mailoutbox[-1]
    (link,) = re.findall(r"http://testserver(/en/sceaux/invitation/\S+)", letter.body)
    assert (letter.to, "Sceaux" in letter.body) == (["nina@sceaux.example"], True)
    nina = Client()
    nina.force_login(Person.objects.create_user("nina@sceaux.example", name="Nina"))
    assert nina.post(link).status_code == 302
    assert nina.get("/en/sceaux/reglages/").status_code == 200
    assert managing.get(INVITE).status_code == 404
    assert managing.post(INVITE, {"email": "x@sceaux.example"}).status_code == 404


def test_nobody_else_invites_a_first_administrator(signed_in: Client, sceaux: Community) -> None:
    assert signed_in.post(INVITE, {"email": "x@example.org"}).status_code == 404
    with within(sceaux):
        assert not Invitation.objects.exists()


def test_an_address_that_is_none_is_refused(managing: Client) -> None:
    assert managing.post(INVITE, {"email": "nobody"}).status_code == 422


def test_health_says_the_worst_first(managing: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        SimpleNamespace(about="Disk", level="ok", sentence="Enough."),
        SimpleNamespace(about="Seals", level="error", sentence="Two days old."),
    ]
    monkeypatch.setattr(platform, "checks", [lambda at: found])
    rows = pages.rows(managing.get(f"{START}sante/"))[1:]
    assert rows == [["Seals", "to repair", "Two days old."], ["Disk", "well", "Enough."]]


def test_use_is_counted_by_month_over_all_communities(
    managing: Client, antony: Community, sceaux: Community, administrator: Person
) -> None:
    for place in (antony, sceaux):
        with within(place):
            set_look(brand="#0b5b63", warm="#b93d17", by=administrator)
    (month,) = platform.months(at=timezone.localtime())
    assert (month.people, month.communities) == (1, 4)
    totals = platform.totals(on=timezone.localdate())
    assert (totals.members, totals.storage) == (3, 0)
    today = timezone.localdate()
    row = next(r for r in pages.rows(managing.get(f"{START}usage/")) if r[0] == f"{today:%B %Y}")
    assert row[1:] == [str(month.events), "1", "4"]


@pytest.mark.parametrize(("now", "first"), [("2026-11-28", "2025-12"), ("2026-12-01", "2026-01")])
def test_twelve_months_are_told_and_no_more(antony: Community, now: str, first: str) -> None:
    at = timezone.make_aware(datetime.fromisoformat(now))
    with within(antony):
        for days in range(0, 500, 20):
            Event.objects.create(name="test.said", subject="x", at=at - timedelta(days=days))
    told = [month.month for month in platform.months(at=at) if month.month <= at.date()]
    assert (len(told), f"{min(told):%Y-%m}") == (12, first)


def test_the_last_activity_is_told_by_the_day_it_is_here(antony: Community) -> None:
    with within(antony):
        Event.objects.create(name="x", subject="x", at=datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
        deliver_here(at=timezone.now())
    (tenant,) = platform.tenants([antony], on=timezone.localdate())
    assert tenant.last_activity == date(2026, 6, 2)
