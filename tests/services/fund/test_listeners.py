"""What becomes of the register is told to the agents whom it concerns, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.live.topics import is_public, messages_of
from communs.core.notifications import queries
from communs.core.notifications.models import Notification
from communs.core.notifications.wording import words_of
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.listeners import REGISTER
from communs.services.fund.models import Fact, Grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def fact(metropolis: Community) -> Fact:
    with within(metropolis):
        found = Fact.objects.filter(grant__beneficiary__slug="antony").first()
        return found or Fact.objects.create(
            grant=Grant.objects.get(beneficiary__slug="antony"), code="x", text_fr="x", source="y"
        )


def correct(fact: Fact, place: Community, by: Any) -> None:
    with within(place):
        said = {"when": "", "text_fr": "Autre chose.", "text_en": "", "source": "Une source"}
        seen = Fact.objects.get(pk=fact.pk).version
        actions.correct_fact(fact=fact, seen=seen, at=timezone.now(), by=by, **said)
    deliver(timezone.now())


def told(place: Community, person: Person) -> list[Notification]:
    with within(place):
        return list(queries.notifications_of(person))


def test_agents_of_the_metropolis_and_of_the_commune_are_told_but_not_who_did_it(
    fact: Fact, metropolis: Community, antony: Community, administrator: Person, manager: Person
) -> None:
    editor = Person.objects.create_user("ed@example.org", name="Ed")
    with within(metropolis):
        Membership.objects.create(person=editor, role="editor")
    correct(fact, metropolis, by=manager)
    assert (told(metropolis, manager), len(told(metropolis, editor))) == ([], 1)
    (row,) = told(antony, administrator)
    words = words_of(row)
    with within(metropolis):
        grant = Grant.objects.get(pk=fact.grant_id)
    assert words.href == f"/fonds/registre/{grant.reference}/"
    assert grant.title in words.title
    assert row.data == {"title": grant.title, "beneficiary": "Antony"}


def test_hearing_twice_tells_once(
    fact: Fact, metropolis: Community, antony: Community, administrator: Person
) -> None:
    from communs.core.journal.models import Event
    from communs.services.fund.listeners import tell_agents

    correct(fact, metropolis, by=None)
    with within(metropolis):
        event = Event.objects.get(name="fund.fact_corrected")
        tell_agents(event)
    assert len(told(antony, administrator)) == 1


def test_open_pages_of_the_register_hear_of_it(fact: Fact, metropolis: Community) -> None:
    from communs.core.journal.models import Event

    correct(fact, metropolis, by=None)
    with within(metropolis):
        (message,) = messages_of(Event.objects.get(name="fund.fact_corrected"))
        reference = Grant.objects.get(pk=fact.grant_id).reference
    assert (message.topic, message.data) == (REGISTER, {"grant": reference})
    assert is_public(REGISTER)
