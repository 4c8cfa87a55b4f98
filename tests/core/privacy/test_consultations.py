"""Whoever reads people's data leaves a line that these people can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.privacy import consultations
from communs.core.privacy.models import Consultation
from tests import pages

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def colleague(lou: Person, antony: Community) -> Person:
    with within(antony):
        Membership.objects.create(person=lou, role=Role.EDITOR)
    return lou


def noted(place: Community) -> list[tuple[str, str, str]]:
    with within(place):
        rows = Consultation.objects.select_related("person").order_by("what", "person__email")
        return [(row.person.email, row.what, str(row.day)) for row in rows]


def test_the_page_of_members_notes_whom_it_showed_and_not_oneself(
    signed_in: Client, colleague: Person, antony: Community
) -> None:
    for _time in range(2):
        assert signed_in.get("/antony/reglages/membres/").status_code == 200
    assert noted(antony) == [("lou@example.org", "web.members", str(timezone.localdate()))]


def test_the_person_sees_the_day_and_the_page_and_no_name(
    signed_in: Client, colleague: Person, administrator: Person, entered: Callable[..., Client]
) -> None:
    signed_in.get("/antony/reglages/membres/")
    response = entered(colleague).get("/compte/donnees/consultations/")
    [row] = [row for row in pages.rows(response) if row and row[1] == "Antony"]
    assert row[2:] == ["Membres de la collectivité", "1"]
    assert administrator.name not in "".join(row)


def test_the_commune_sees_which_agent_it_was(
    signed_in: Client, colleague: Person, administrator: Person
) -> None:
    signed_in.get("/antony/reglages/membres/")
    rows = pages.rows(signed_in.get("/antony/reglages/donnees-personnelles/consultations/"))
    assert [row[1:] for row in rows[1:]] == [
        [administrator.name, "Membres de la collectivité", "1"]
    ]


def test_who_was_refused_the_page_leaves_no_line(
    colleague: Person, antony: Community, entered: Callable[..., Client]
) -> None:
    assert entered(colleague).get("/antony/reglages/membres/").status_code in {403, 404}
    assert noted(antony) == []


def test_the_journal_and_the_messages_note_too(
    signed_in: Client, colleague: Person, antony: Community
) -> None:
    with within(antony):
        from communs.core.people.actions import rename

        rename(name="Lou", by=colleague)
    signed_in.get("/antony/reglages/journal/")
    assert [what for _mail, what, _day in noted(antony)] == ["web.journal"]


def test_a_page_that_nobody_declared_cannot_note(
    lou: Person, administrator: Person, antony: Community
) -> None:
    with within(antony), pytest.raises(KeyError):
        consultations.note(people=[lou], what="no.such", reader=administrator, on=DAY)


def test_noting_many_costs_one_insert(
    administrator: Person, antony: Community, django_assert_num_queries: Callable
) -> None:
    people = [Person.objects.create_user(f"p{n}@example.org", name="P") for n in range(20)]
    with within(antony), django_assert_num_queries(1):
        consultations.note(people=people, what="web.members", reader=administrator, on=DAY)
    with within(antony):
        assert Consultation.objects.count() == 20
