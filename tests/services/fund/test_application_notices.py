"""Whom an application concerns hears of it, in their commune; nobody who may not read it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from communs.core.access.enums import Role
from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.journal.delivery import deliver
from communs.core.notifications.models import Notification
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.enums import Duty
from communs.services.fund.models import Call
from tests.services.fund import cases
from tests.services.fund.agreeing import awarded, paper
from tests.services.fund.cases import AT, person_of
from tests.services.fund.filing import filing

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def call(in_metropolis: Community) -> Call:
    return cases.call_made()


def told() -> set[tuple[str, str, str]]:
    """Deliver what happened; give which notices were told to whom, in which community."""
    while deliver(AT):
        pass
    with across("a test reads all notices"):
        rows = Notification.everywhere.filter(notice__startswith="fund.")
        return set(rows.values_list("notice", "person__email", "community__slug"))


def test_a_partner_is_asked_to_sign_by_its_administrators_alone(call: Call) -> None:
    administrator, editor = person_of("bagneux"), person_of("bagneux", Role.EDITOR)
    made = cases.begun(call)
    told()
    cases.joined(made, "bagneux")
    found = told()
    assert ("fund.partner_invited", administrator.email, "bagneux") in found
    assert not {one for one in found if one[1] == editor.email}


def test_what_is_missing_is_told_to_who_writes_and_the_answer_to_who_asked(call: Call) -> None:
    agents = [person_of("sceaux"), person_of("sceaux", Role.EDITOR)]
    stranger, instructor = person_of("courbevoie"), cases.appointed(Duty.INSTRUCTOR)
    made = cases.sent(call, "sceaux", cost="40000.00", asked="20000.00")
    on = AT.date()
    actions.assign_instructor(application=made, instructor=instructor, on=on, by=None)
    actions.ask_missing(application=made, items=[actions.Asked("Un devis")], at=AT, by=instructor)
    actions.answer_missing(
        missing=cases.whole(made).missing.get(), answer="Le voici.", file=None, at=AT, by=agents[0]
    )
    actions.submit(application=cases.whole(made), at=AT, by=agents[0])
    cases.complete(cases.whole(made))
    found = told()
    for agent in agents:
        assert {one[0] for one in found if one[1] == agent.email} >= {
            "fund.application_received",
            "fund.missing_asked",
            "fund.application_complete",
        }
    assert {one for one in found if one[1] == instructor.email} == {
        ("fund.instructor_assigned", instructor.email, "metropole"),
        ("fund.application_sent_back", instructor.email, "metropole"),
    }
    assert not {one for one in found if one[1] == stranger.email}


def test_a_firms_contact_hears_of_its_own_application(in_metropolis: Community) -> None:
    call = cases.solutions_made()
    contact = Person.objects.create_user("contact@case.example", name="Contact")
    firm = actions.register_organisation(
        kind="company", name="Bacs & Cie", siret=cases.SIRET, on=AT.date(), by=contact
    )
    made = cases.begun(call, organisation=firm, site=call.sites.get())
    actions.describe_project(
        application=made, title="Bacs", summary="Peser.", challenges=["resilient"], by=contact
    )
    cases.signed(made)
    actions.submit(application=cases.whole(made), at=AT, by=None)
    assert ("fund.application_received", contact.email, "metropole") in told()


def test_partners_hear_what_becomes_of_their_agreement(in_metropolis: Community) -> None:
    award = awarded(filing(), Community.objects.get(slug="sceaux"))
    agent, stranger = person_of("sceaux"), person_of("courbevoie")
    agreement = award.signed()
    assert agreement.ends_on is not None
    known: dict[str, Any] = {"at": AT, "by": None}
    amendment = actions.extend(
        agreement=agreement,
        ends_on=agreement.ends_on + timedelta(days=30),
        reason="Retard",
        **known,
    )
    actions.sign_amendment(
        amendment=amendment,
        signed_on=AT.date(),
        file=paper(),
        checked_by_hand=True,
        **known,
    )
    found = told()
    assert {one for one in found if one[1] == agent.email} >= {
        (f"fund.{notice}", agent.email, "sceaux")
        for notice in ("agreement_signed", "amendment_written", "amendment_signed")
    }
    assert not {one for one in found if one[1] == stranger.email}
