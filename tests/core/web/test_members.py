"""The pages of members, invitations and delegations."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Delegation, Invitation, Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs.worker import Worker
from communs.core.people.models import Person
from tests import pages

pytestmark = pytest.mark.django_db

MEMBERS = "/en/antony/reglages/membres/"
LENT = "/en/antony/reglages/delegations/"


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    cache.clear()


@pytest.fixture
def ada(antony: Community) -> Membership:
    person = Person.objects.create_user("ada@example.org", "a long password", name="Ada")
    with within(antony):
        return Membership.objects.create(person=person, role=Role.EDITOR)


@pytest.fixture
def as_ada(ada: Membership) -> Client:
    client = Client()
    client.force_login(ada.person)
    return client


def work() -> None:
    worker = Worker()
    while worker.turn(at=timezone.now()):
        pass


def invited_link(client: Client, email: str = "new@example.org", role: str = "editor") -> str:
    response = client.post(f"{MEMBERS}inviter/", {"email": email, "role": role})
    assert response.status_code == 302
    work()
    link = re.findall(r"http://testserver(/\S+)", mail.outbox[-1].body)
    return link[0]


def test_members_are_listed_with_what_must_be_known(
    signed_in: Client, ada: Membership, administrator: Person
) -> None:
    SocialAccount.objects.create(
        user=ada.person, provider="proconnect", uid="1", extra_data={"siret": "21920002100018"}
    )
    response = signed_in.get(MEMBERS)
    assert response.status_code == 200
    found = {row[0].partition("@")[0]: row[1:] for row in pages.rows(response)[1:]}
    assert found["Adaada"] == ["Editor", "since the beginning", "none", "never"]
    assert "21920002100018" in pages.text(response)


def test_the_list_costs_the_same_for_one_and_for_five(signed_in: Client, antony: Community) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            signed_in.get(MEMBERS)
        return len(asked)

    def join(n: int) -> None:
        person = Person.objects.create_user(f"p{n}@example.org", name=f"P{n}")
        with within(antony):
            Membership.objects.create(person=person, role=Role.EDITOR)

    join(0)  # whoever is shown to somebody else is noted, in one query
    before = cost()
    for n in range(1, 5):
        join(n)
    assert cost() == before


@pytest.mark.parametrize("page", ["", "inviter/"])
def test_an_editor_does_not_see_members(as_ada: Client, page: str) -> None:
    assert as_ada.get(f"{MEMBERS}{page}").status_code == 403


def test_who_stands_in_sees_members_but_chooses_none(
    as_ada: Client, signed_in: Client, ada: Membership, administrator: Person
) -> None:
    today = timezone.localdate().isoformat()
    lent = {"to": str(ada.pk), "since": today, "last": today}
    assert signed_in.post(LENT, lent).status_code == 302
    assert as_ada.get(MEMBERS).status_code == 200
    assert as_ada.get(f"{MEMBERS}inviter/").status_code == 403
    with within(ada.community):
        own = Membership.objects.get(person=administrator)
    assert as_ada.post(f"{MEMBERS}{own.pk}/fin/", {"until": today}).status_code == 403


def test_from_the_invitation_to_the_role_for_somebody_new(
    signed_in: Client, antony: Community
) -> None:
    link = invited_link(signed_in)
    newcomer = Client()
    assert "Antony" in pages.text(newcomer.get(link))
    ways = [href for href in pages.links(newcomer.get(link)) if "next=" in href]
    assert len(ways) >= 2
    sign_up = next(href for href in ways if "inscription" in href)
    response = newcomer.post(sign_up, {"name": "Nina", "email": "new@example.org"})
    work()
    code = re.findall(r"^    (\d{4}-\d{4})$", mail.outbox[-1].body, re.MULTILINE)[0]
    response = newcomer.post(response.headers["Location"], {"code": code})
    assert response.headers["Location"] == link
    response = newcomer.post(link, follow=True)
    assert response.status_code == 200
    with within(antony):
        row = Membership.objects.get(person__email="new@example.org")
        assert (row.role, row.since) == (Role.EDITOR, timezone.localdate())
        assert not Invitation.objects.exists()
    assert newcomer.get(link).status_code == 404


def test_another_account_may_accept_and_is_told_which_address_was_invited(
    signed_in: Client, antony: Community, db: None
) -> None:
    link = invited_link(signed_in, role="administrator")
    other = Person.objects.create_user("other@example.org", name="Other")
    client = Client()
    client.force_login(other)
    assert "new@example.org" in pages.text(client.get(link))
    response = client.post(link)
    assert response.headers["Location"] == "/en/antony/reglages/"
    assert client.get("/en/antony/reglages/").status_code == 200


def test_a_link_changed_or_of_another_community_is_not_found(signed_in: Client) -> None:
    link = invited_link(signed_in)
    for address in (link[:-3] + "xx/", link.replace("/antony/", "/sceaux/"), "/en/invitation/x/"):
        response = Client().get(address)
        assert response.status_code == 404
        assert "no longer works" in pages.text(response)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "personne"}, "Write an e-mail address"),
        ({"email": "antony@demo.example"}, "already has a role"),
        ({"role": "king"}, "alid choice"),
    ],
)
def test_a_wrong_invitation_is_named_and_kept(
    signed_in: Client, change: dict[str, str], sentence: str
) -> None:
    given = {"email": "new@example.org", "role": "editor"} | change
    response = signed_in.post(f"{MEMBERS}inviter/", given)
    assert response.status_code == 422
    assert sentence in pages.text(response)
    assert given["email"] in response.content.decode()
    assert mail.outbox == []


def test_an_invitation_is_sent_again_or_withdrawn(signed_in: Client, antony: Community) -> None:
    first = invited_link(signed_in)
    with within(antony):
        key = Invitation.objects.get().pk
    address = f"/en/antony/reglages/invitations/{key}/"
    assert signed_in.get(address).status_code == 200
    with within(antony):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    signed_in.post(address, {"action": "renew"})
    work()
    second = re.findall(r"http://testserver(/\S+)", mail.outbox[-1].body)[0]
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    signed_in.post(address, {"action": "withdraw"})
    assert Client().get(second).status_code == 404
    assert signed_in.get(address).status_code == 404


def test_a_role_is_changed_and_its_member_told(
    signed_in: Client, ada: Membership, antony: Community
) -> None:
    signed_in.post(f"{MEMBERS}{ada.pk}/role/", {"role": "administrator"})
    work()
    with within(antony):
        assert Membership.objects.get(pk=ada.pk).role == Role.ADMINISTRATOR
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert "http://testserver/en/antony/reglages/delegations/" in letter.body


def test_a_role_is_ended_and_its_member_is_out(
    signed_in: Client, as_ada: Client, ada: Membership
) -> None:
    today = timezone.localdate().isoformat()
    assert as_ada.get(LENT).status_code == 200
    signed_in.post(f"{MEMBERS}{ada.pk}/fin/", {"until": today})
    assert as_ada.get(LENT).status_code == 404
    former = signed_in.get(f"{MEMBERS}?anciens=1")
    assert "Ada" in pages.text(former)
    assert signed_in.get(f"{MEMBERS}{ada.pk}/").status_code == 200


def test_the_last_administrator_is_refused_beside_the_field(
    signed_in: Client, administrator: Person, antony: Community
) -> None:
    with within(antony):
        own = Membership.objects.get(person=administrator)
    response = signed_in.post(f"{MEMBERS}{own.pk}/fin/", {"until": "2099-01-01"})
    assert response.status_code == 422
    assert "There must always be" in pages.text(response)
    assert "2099-01-01" in response.content.decode()


def test_a_member_of_another_community_is_not_found(
    signed_in: Client, manager: Person, metropolis: Community
) -> None:
    with within(metropolis):
        other = Membership.objects.get(person=manager)
    for page in ("", "role/", "fin/"):
        method = signed_in.post if page else signed_in.get
        assert method(f"{MEMBERS}{other.pk}/{page}").status_code == 404


def test_both_members_see_a_delegation_and_either_ends_it(
    signed_in: Client, as_ada: Client, ada: Membership, antony: Community
) -> None:
    today = timezone.localdate()
    given = {"to": str(ada.pk), "since": today.isoformat(), "last": today.isoformat()}
    signed_in.post(LENT, given)
    work()
    assert [m.to for m in mail.outbox] == [["ada@example.org"]]
    with within(antony):
        row = Delegation.objects.get()
    assert (row.since, row.until) == (today, today + timedelta(days=1))
    for client in (signed_in, as_ada):
        assert "Ada" in pages.text(client.get(LENT))
    assert as_ada.get("/en/antony/reglages/journal/").status_code == 200
    assert as_ada.get(f"{LENT}{row.pk}/").status_code == 200
    as_ada.post(f"{LENT}{row.pk}/")
    assert as_ada.get("/en/antony/reglages/journal/").status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"to": "018f0000-0000-7000-8000-000000000000"}, "alid choice"),
        ({"since": "hier"}, "27/11/2018"),
        ({"since": "2020-01-01"}, "This day is over"),
        ({"last": "2020-01-01"}, "The last day comes before"),
        ({"last": "9999-12-31"}, "27/11/2018"),
    ],
)
def test_a_wrong_delegation_is_named_and_kept(
    signed_in: Client, ada: Membership, change: dict[str, str], sentence: str
) -> None:
    today = timezone.localdate().isoformat()
    given = {"to": str(ada.pk), "since": today, "last": today} | change
    response = signed_in.post(LENT, given)
    assert response.status_code == 422
    assert sentence in pages.text(response)
    assert given["last"] in response.content.decode()


def test_a_delegation_of_others_is_ended_by_who_manages_only(
    signed_in: Client, as_ada: Client, ada: Membership, antony: Community
) -> None:
    person = Person.objects.create_user("zoe@example.org", name="Zoe")
    bob = Person.objects.create_user("bob@example.org", name="Bob")
    today = timezone.localdate()
    with within(antony):
        giver = Membership.objects.create(person=person, role=Role.ADMINISTRATOR)
        taker = Membership.objects.create(person=bob, role=Role.EDITOR)
        row = Delegation.objects.create(
            giver=giver, taker=taker, since=today, until=today + timedelta(days=9)
        )
    assert as_ada.post(f"{LENT}{row.pk}/").status_code == 403
    assert signed_in.post(f"{LENT}{row.pk}/").headers["Location"] == MEMBERS
    with within(antony):
        row.refresh_from_db()
    assert row.until == today
