"""Firms answer calls for solutions; drafts and answers go when their time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from communs.core.communities.models import Community
from communs.core.files.models import StoredFile
from communs.core.kit.errors import Refused
from communs.services.fund import actions, queries
from communs.services.fund.enums import Duty, Stage
from communs.services.fund.models import Application, Call, Partner
from tests.services.fund import cases
from tests.services.fund.cases import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(in_metropolis: Community) -> Call:
    return cases.call_made()


def test_firms_answer_a_call_for_solutions_and_communes_do_not(in_metropolis: Community) -> None:
    call = cases.solutions_made()
    site = call.sites.get()
    contact = cases.person_of("courbevoie")
    firm = actions.register_organisation(
        kind="company", name="Bacs & Cie", siret=cases.SIRET, on=AT.date(), by=contact
    )
    for wrong in ({"organisation": cases.organisation("sceaux"), "site": site},):
        with pytest.raises(Refused):
            cases.begun(call, **wrong)
    with pytest.raises(Refused) as refused:
        cases.begun(call, organisation=firm)
    assert refused.value.field == "site"
    made = cases.begun(call, organisation=firm, site=site)
    actions.describe_project(
        application=made, title="Bacs", summary="Peser.", challenges=["resilient"], by=contact
    )
    cases.signed(made)
    actions.submit(application=cases.whole(made), at=AT, by=contact)
    assert cases.whole(made).requested is None
    with pytest.raises(Refused):
        cases.begun(cases.call_made(), organisation=firm)


def test_a_siret_whose_digits_do_not_check_is_refused_and_one_is_registered_once(
    in_metropolis: Community,
) -> None:
    known: dict[str, Any] = {"kind": "company", "name": "Une", "on": AT.date(), "by": None}
    for siret in ("99999990700003", "123", "", "9999999070000²"):
        with pytest.raises(Refused) as refused:
            actions.register_organisation(siret=siret, **known)
        assert refused.value.field == "siret"
    row = actions.register_organisation(siret="999 999 907 00002", **known)
    assert row.siret == cases.SIRET
    with pytest.raises(Refused):
        actions.register_organisation(siret=cases.SIRET, **known)


def test_a_draft_that_nobody_writes_in_is_erased_and_what_was_sent_outlives_its_answers(
    call: Call,
) -> None:
    from communs.core.forms import actions as forms

    draft, sent = cases.ready(call), cases.sent(call)
    at = draft.answers.expires_at
    assert list(queries.forgotten_drafts(at=at - timedelta(seconds=1))) == []
    (due,) = queries.forgotten_drafts(at=at)
    actions.forget_draft(application=due, at=at, by=None)
    assert list(Application.objects.values_list("number", flat=True)) == [sent.number]
    assert Partner.objects.filter(application__number=draft.number).count() == 0
    over = cases.whole(sent).answers.expires_at
    forms.expire(answers=cases.whole(sent).answers, at=over, by=None)
    left = cases.whole(sent)
    assert (left.answers, left.stage) == (None, Stage.SUBMITTED)
    actions.ask_missing(application=left, items=[actions.Asked("Tout")], at=over, by=None)
    found = {one.code: one.sentence for one in queries.obstacles(cases.whole(left), at=over)}
    assert found["form"] == "Les réponses au formulaire ne sont plus conservées."
    staff = cases.client_of(cases.appointed(Duty.INSTRUCTOR))
    for page in ("", "formulaire/", "instruction/", "recepisse.pdf"):
        assert staff.get(f"/fonds/dossiers/{left.number}/{page}").status_code == 200


def test_a_mandate_goes_with_the_draft_or_the_partner_that_it_served(
    in_metropolis: Community,
) -> None:
    made = cases.begun(cases.call_made(terms=cases.TERMS | {"mandate": True}))
    bagneux = cases.joined(made, "bagneux")
    for partner in cases.whole(made).partners.all():
        seen = queries.version_of(cases.whole(made))
        act = cases.paper("fund.mandate")
        actions.sign(partner=partner, mandate=act, seen=seen, at=AT, by=None)
    assert StoredFile.objects.count() == 2
    actions.take_signature_back(partner=bagneux, by=None)
    actions.remove_partner(partner=bagneux, by=None)
    assert StoredFile.objects.count() == 1
    over = cases.whole(made).answers.expires_at
    actions.forget_draft(application=cases.whole(made), at=over, by=None)
    assert StoredFile.objects.count() == 0
