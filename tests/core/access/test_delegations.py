"""Lending one's role: from a day to a day, to a member, and never what was lent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.core.access import actions, queries
from communs.core.access.enums import Role
from communs.core.access.models import Delegation, Membership
from communs.core.access.rules import may, own_roles_of, roles_of
from communs.core.communities.models import Community
from communs.core.journal.models import Event
from communs.core.kit.errors import Forbidden, Refused
from communs.core.people.models import Person
from tests.core.access.conftest import DAY, Join

pytestmark = pytest.mark.django_db


def days(number: int):
    return DAY + timedelta(days=number)


@pytest.fixture
def editor(join: Join) -> Membership:
    return join("Ada")


@pytest.fixture
def lent(editor: Membership, administrator: Person) -> Delegation:
    """The administrator lends from the second day to the fourth."""
    return actions.delegate(to=editor, since=days(1), until=days(4), on=DAY, by=administrator)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def held(member: Membership) -> list[set[str]]:
    return [roles_of(fresh(member.person), on=days(n)) for n in range(6)]


OWN, BOTH = {"editor"}, {"editor", "administrator"}


def test_a_role_is_lent_from_its_first_day_to_its_last(
    lent: Delegation, editor: Membership, administrator: Person
) -> None:
    assert held(editor) == [OWN, BOTH, BOTH, BOTH, OWN, OWN]
    assert own_roles_of(fresh(editor.person), on=days(2)) == OWN
    event = Event.objects.latest("id")
    assert (event.name, event.actor, event.data) == (
        "access.delegated",
        administrator.pk,
        {
            "role": "administrator",
            "giver": str(administrator.pk),
            "taker": str(editor.person_id),
            "since": "2026-03-03",
            "until": "2026-03-06",
        },
    )


def test_it_ends_with_the_givers_role(
    lent: Delegation, editor: Membership, administrator: Person, join: Join
) -> None:
    join("Zoe", Role.ADMINISTRATOR)
    giver = Membership.objects.get(person=administrator)
    actions.end_membership(membership=giver, until=days(2), on=DAY, by=administrator)
    assert held(editor) == [OWN, BOTH, OWN, OWN, OWN, OWN]


def test_it_ends_with_the_takers_own_role(
    lent: Delegation, editor: Membership, administrator: Person
) -> None:
    actions.end_membership(membership=editor, until=days(2), on=DAY, by=administrator)
    assert held(editor) == [OWN, BOTH, set(), set(), set(), set()]


def test_what_is_lent_is_the_role_that_the_giver_has_that_day(
    lent: Delegation, editor: Membership, administrator: Person, join: Join
) -> None:
    zoe = join("Zoe", Role.ADMINISTRATOR)
    giver = Membership.objects.get(person=administrator)
    actions.change_role(membership=giver, role=Role.EDITOR, on=DAY, by=zoe.person)
    assert held(editor) == [OWN] * 6


def test_taken_back_it_counts_no_more_from_that_day(
    lent: Delegation, editor: Membership, administrator: Person
) -> None:
    actions.revoke_delegation(delegation=lent, on=days(2), by=administrator)
    assert held(editor) == [OWN, BOTH, OWN, OWN, OWN, OWN]
    before = Event.objects.count()
    actions.revoke_delegation(delegation=lent, on=days(2), by=administrator)
    assert Event.objects.count() == before


def test_taken_back_before_it_begins_it_never_counts(
    lent: Delegation, editor: Membership, administrator: Person
) -> None:
    actions.revoke_delegation(delegation=lent, on=DAY, by=administrator)
    assert held(editor) == [OWN] * 6
    assert list(queries.delegations(on=DAY)) == []


def test_what_was_lent_is_not_lent_on(lent: Delegation, editor: Membership, join: Join) -> None:
    """The one who stands in lends their own role only; here, that gives an editor nothing."""
    with pytest.raises(Refused):
        actions.delegate(to=join("Zoe"), since=days(1), until=days(2), on=days(1), by=editor.person)


def test_who_has_no_role_of_their_own_lends_nothing(
    editor: Membership, in_antony: Community
) -> None:
    stranger = Person.objects.create_user("s@example.org", name="S")
    with pytest.raises(Forbidden):
        actions.delegate(to=editor, since=DAY, until=days(1), on=DAY, by=stranger)


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(-1, 1, "since"), (2, 2, "last"), (3, 2, "last"), (0, 367, "last")],
)
def test_days_that_make_no_sense_are_named(
    editor: Membership, administrator: Person, since: int, until: int, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.delegate(to=editor, since=days(since), until=days(until), on=DAY, by=administrator)
    assert refusal.value.field == field
    assert not Delegation.objects.exists()


def test_nothing_is_lent_to_oneself_or_to_who_can_do_it_or_twice(
    lent: Delegation, editor: Membership, administrator: Person, join: Join
) -> None:
    own = Membership.objects.get(person=administrator)
    for to, field in ((own, "to"), (join("Zoe", Role.ADMINISTRATOR), "to"), (editor, "since")):
        with pytest.raises(Refused) as refusal:
            actions.delegate(to=to, since=days(3), until=days(5), on=DAY, by=administrator)
        assert refusal.value.field == field


def test_who_stands_in_chooses_no_members(editor: Membership, administrator: Person) -> None:
    from django.utils import timezone

    today = timezone.localdate()
    actions.delegate(
        to=editor, since=today, until=today + timedelta(days=1), on=today, by=administrator
    )
    person = fresh(editor.person)
    assert may(person, "community.manage")
    assert not may(person, "members.manage")
    assert may(administrator, "members.manage")


def test_all_roles_of_a_day_are_one_query(lent: Delegation, editor: Membership) -> None:
    person = fresh(editor.person)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert roles_of(person, on=days(2)) == BOTH
        assert own_roles_of(person, on=days(2)) == OWN
    assert len(asked) == 1
