"""Joining, changing role, leaving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from communs.core.access import actions, queries
from communs.core.access.enums import Role
from communs.core.access.letters import token_of
from communs.core.access.models import Invitation, Membership
from communs.core.access.rules import may, own_roles_of, roles_of
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from tests.core.access.conftest import DAY, NOON, Join

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def invitation(in_antony: Community, administrator: Person) -> Invitation:
    return actions.invite(
        email="New@Example.org", role=Role.EDITOR, at=NOON, on=DAY, by=administrator
    )


@pytest.fixture
def newcomer(db: None) -> Person:
    return Person.objects.create_user("new@example.org", name="New")


def last_event() -> tuple[str, dict]:
    event = Event.objects.latest("id")
    return event.name, event.data


def test_an_invitation_makes_a_member_once(invitation: Invitation, newcomer: Person) -> None:
    assert (invitation.email, invitation.expires_at) == ("new@example.org", NOON + WEEK)
    row = actions.accept_invitation(invitation=invitation, at=NOON, on=DAY, by=newcomer)
    assert (row.person, row.role, row.since, row.until) == (newcomer, Role.EDITOR, DAY, None)
    assert last_event() == (
        "access.invitation_accepted",
        {"role": "editor", "other_address": False},
    )
    with pytest.raises(Refused, match=r"expired|expiré"):
        actions.accept_invitation(invitation=invitation, at=NOON, on=DAY, by=newcomer)
    assert Membership.objects.filter(person=newcomer).count() == 1


def test_the_journal_does_not_say_the_address(invitation: Invitation) -> None:
    assert last_event() == ("access.invited", {"role": "editor"})


def test_an_invitation_serves_seven_days(invitation: Invitation, newcomer: Person) -> None:
    token = token_of(invitation)
    assert queries.invitation_of(token, at=NOON + WEEK - timedelta(seconds=1)) == invitation
    assert queries.invitation_of(token, at=NOON + WEEK) is None
    with pytest.raises(Refused):
        actions.accept_invitation(invitation=invitation, at=NOON + WEEK, on=DAY, by=newcomer)
    assert not Membership.objects.filter(person=newcomer).exists()


def test_sent_again_only_the_last_link_serves(
    invitation: Invitation, administrator: Person
) -> None:
    before = token_of(invitation)
    later = NOON + timedelta(days=1)
    actions.renew_invitation(invitation=invitation, at=later, by=administrator)
    assert queries.invitation_of(before, at=later) is None
    assert queries.invitation_of(token_of(invitation), at=later) == invitation


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda _t: "", str.upper])
def test_a_link_that_was_not_made_here_leads_nowhere(invitation: Invitation, spoil) -> None:
    assert queries.invitation_of(spoil(token_of(invitation)), at=NOON) is None


def test_a_link_leads_nowhere_in_another_community(
    invitation: Invitation, sceaux: Community
) -> None:
    with within(sceaux):
        assert queries.invitation_of(token_of(invitation), at=NOON) is None


def test_who_is_invited_or_a_member_is_not_invited_again(
    invitation: Invitation, administrator: Person
) -> None:
    for email in ("NEW@example.org", administrator.email):
        with pytest.raises(Refused) as refusal:
            actions.invite(email=email, role=Role.EDITOR, at=NOON, on=DAY, by=administrator)
        assert refusal.value.field == "email"


def test_a_role_changes_at_once(join: Join, administrator: Person) -> None:
    row = join("Ada")
    actions.change_role(membership=row, role=Role.ADMINISTRATOR, on=DAY, by=administrator)
    assert roles_of(row.person, on=DAY) == {"administrator"}
    assert last_event() == (
        "access.role_changed",
        {"before": "editor", "role": "administrator"},
    )


def test_the_same_role_again_is_no_event(join: Join, administrator: Person) -> None:
    row, before = join("Ada"), Event.objects.count()
    actions.change_role(membership=row, role=Role.EDITOR, on=DAY, by=administrator)
    assert Event.objects.count() == before


def test_nobody_changes_their_own_role(join: Join) -> None:
    row = join("Ada", Role.ADMINISTRATOR)
    with pytest.raises(Refused) as refusal:
        actions.change_role(membership=row, role=Role.EDITOR, on=DAY, by=row.person)
    assert refusal.value.field == "role"


def test_an_ended_role_counts_until_the_day_before(join: Join, administrator: Person) -> None:
    row = join("Ada")
    end = DAY + timedelta(days=3)
    actions.end_membership(membership=row, until=end, on=DAY, by=administrator)
    held = [bool(roles_of(row.person, on=DAY + timedelta(days=n))) for n in range(5)]
    assert held == [True, True, True, False, False]


def test_a_day_that_is_over_ends_nothing(join: Join, administrator: Person) -> None:
    row = join("Ada")
    with pytest.raises(Refused) as refusal:
        actions.end_membership(
            membership=row, until=DAY - timedelta(days=1), on=DAY, by=administrator
        )
    assert refusal.value.field == "until"


def test_a_role_that_is_over_is_neither_changed_nor_ended(
    join: Join, administrator: Person
) -> None:
    row = join("Ada")
    actions.end_membership(membership=row, until=DAY, on=DAY, by=administrator)
    with pytest.raises(Refused):
        actions.end_membership(membership=row, until=DAY, on=DAY, by=administrator)
    with pytest.raises(Refused):
        actions.change_role(membership=row, role=Role.ADMINISTRATOR, on=DAY, by=administrator)


def test_who_left_can_be_invited_again(
    join: Join, administrator: Person, in_antony: Community
) -> None:
    row = join("Ada")
    actions.end_membership(membership=row, until=DAY, on=DAY, by=administrator)
    again = actions.invite(
        email=row.person.email, role=Role.EDITOR, at=NOON, on=DAY, by=administrator
    )
    actions.accept_invitation(invitation=again, at=NOON, on=DAY, by=row.person)
    assert own_roles_of(row.person, on=DAY) == {"editor"}


@pytest.mark.parametrize("until", [DAY, DAY + timedelta(days=300)])
def test_the_last_administrator_does_not_leave(
    in_antony: Community, administrator: Person, until: date
) -> None:
    row = Membership.objects.get(person=administrator)
    with pytest.raises(Refused, match="administrat"):
        actions.end_membership(membership=row, until=until, on=DAY, by=administrator)


def test_an_administrator_who_will_leave_does_not_let_the_last_one_go(
    join: Join, administrator: Person
) -> None:
    other = join("Ada", Role.ADMINISTRATOR)
    later = DAY + timedelta(days=30)
    actions.end_membership(membership=other, until=later, on=DAY, by=administrator)
    last = Membership.objects.get(person=administrator)
    with pytest.raises(Refused):
        actions.end_membership(membership=last, until=DAY, on=DAY, by=administrator)
    with pytest.raises(Refused):
        actions.change_role(membership=last, role=Role.EDITOR, on=DAY, by=other.person)


def test_a_closed_account_is_not_the_administrator_that_must_stay(
    join: Join, administrator: Person
) -> None:
    other = join("Ada", Role.ADMINISTRATOR)
    Person.objects.filter(pk=other.person_id).update(is_active=False)
    with pytest.raises(Refused):
        actions.end_membership(
            membership=Membership.objects.get(person=administrator),
            until=DAY,
            on=DAY,
            by=administrator,
        )


def test_the_first_administrator_is_made_once(sceaux: Community, newcomer: Person) -> None:
    with within(sceaux):
        row = actions.make_first_administrator(person=newcomer, on=DAY, by=newcomer)
        assert (row.role, row.since) == (Role.ADMINISTRATOR, DAY)
        with pytest.raises(Refused):
            actions.make_first_administrator(person=newcomer, on=DAY, by=newcomer)


def test_only_the_metropolis_administrators_run_the_platform(
    administrator: Person, manager: Person, antony: Community, metropolis: Community
) -> None:
    def may_run(person: Person) -> tuple[bool, bool]:
        found = []
        for place in (antony, metropolis):
            with within(place):
                found.append(may(person, "platform.manage"))
        return found[0], found[1]

    assert may_run(administrator) == (False, False)
    assert may_run(manager) == (False, True)


def test_roles_elsewhere_are_those_in_force_that_day_by_community(
    antony: Community, sceaux: Community, administrator: Person, metropolis: Community
) -> None:
    day = date(2026, 3, 2)
    with within(sceaux):
        Membership.objects.create(person=administrator, role=Role.EDITOR, since=day)
    with within(metropolis):
        assert queries.roles_by_community(administrator, on=day - timedelta(days=1)) == {
            antony.pk: {"administrator"}
        }
        assert queries.roles_by_community(administrator, on=day) == {
            antony.pk: {"administrator"},
            sceaux.pk: {"editor"},
        }
        assert queries.roles_by_community(None, on=day) == {}
