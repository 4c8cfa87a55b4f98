"""Organisations ask, several agents write, each partner signs, each broken rule is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.forms import filling
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.fund import actions, queries
from communs.services.fund.enums import PartnerRole, Stage
from communs.services.fund.models import Application, Call, Partner, Step
from tests.services.fund import cases
from tests.services.fund.cases import AT, CLOSES, OPENS

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(in_metropolis: Community) -> Call:
    return cases.call_made()


def obstacles(application: Application, at: datetime = AT) -> dict[str, str]:
    found = queries.obstacles(cases.whole(application), at=at)
    return {one.code: one.sentence for one in found}


def test_the_scene_fifty_eight_per_cent_is_refused_and_fifty_is_taken(call: Call) -> None:
    made = cases.ready(call, asked="46400.00")
    with override("en"):
        assert obstacles(made) == {
            "rate": (
                "Asked: €46,400, that is 58 % of €80,000 before tax; at most 50 %, that is €40,000."
            )
        }
    with pytest.raises(actions.NotReady) as refused:
        actions.submit(application=made, at=AT, by=None)
    assert [one.code for one in refused.value.obstacles] == ["rate"]
    assert cases.whole(made).stage == Stage.DRAFT
    cases.planned(cases.whole(made), asked="40000.00")
    cases.signed(made)
    actions.submit(application=cases.whole(made), at=AT, by=None)
    sent = cases.whole(made)
    assert (sent.stage, sent.submitted_at, sent.requested) == (
        Stage.SUBMITTED,
        AT,
        Decimal("40000.00"),
    )
    assert [(one.before, one.after, one.at) for one in sent.steps.all()] == [
        ("", "draft", AT),
        ("draft", "submitted", AT),
    ]


def test_the_third_partner_raises_the_ceiling(call: Call) -> None:
    made = cases.ready(call, "sceaux", "bagneux")
    assert list(obstacles(made)) == ["ceiling"]
    assessed = queries.assessed(made)
    assert assessed is not None
    with override("en"):
        again = queries.assessed(made)
        assert again is not None
        assert again.joined == (
            "With 3 partners, up to €40,000 could be granted instead of €30,000."
        )
    cases.joined(made, "antony")
    actions.share_equally(application=cases.whole(made), by=None)
    cases.signed(made)
    assert obstacles(made) == {}


def test_an_observer_raises_no_ceiling_and_need_not_sign(call: Call) -> None:
    made = cases.ready(call, "sceaux", "bagneux")
    cases.joined(made, "antony", PartnerRole.OBSERVER)
    cases.signed(made, "sceaux", "bagneux")
    assert list(obstacles(made)) == ["ceiling"]


def test_every_broken_rule_is_named_at_once_and_nothing_is_lost(call: Call) -> None:
    made = cases.begun(call, known=None)
    cases.joined(made, "bagneux")
    cases.planned(cases.whole(made), cost="10000.00", asked="9000.00")
    with override("en"), pytest.raises(actions.NotReady) as refused:
        actions.submit(application=cases.whole(made), at=AT, by=None)
    assert [one.code for one in refused.value.obstacles] == [
        "summary",
        "challenges",
        "form",
        "rate",
        "owner_share",
        "signature",
        "signature",
    ]
    assert str(refused.value).startswith("7 things stand in the way of sending: ")
    kept = cases.whole(made)
    assert (kept.stage, kept.requested, len(kept.expenses.all())) == (
        Stage.DRAFT,
        Decimal("9000.00"),
        1,
    )


def test_shares_are_a_hundred_and_amounts_add_up_to_the_cent(call: Call) -> None:
    made = cases.ready(call, cost="80000.01", asked="40000.00")
    parts = queries.parts(made)
    assert [one.share for one in parts] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert sum(amount or 0 for amount in parts.values()) == Decimal("40000.00")
    lead, second, third = parts
    wanted = {
        lead.pk: actions.PartWanted("lead", Decimal("50.00")),
        second.pk: actions.PartWanted("financial", Decimal("30.00")),
        third.pk: actions.PartWanted("test_site", None),
    }
    actions.set_parts(application=made, parts=wanted, seen=queries.version_of(made), by=None)
    assert "shares" in obstacles(made)
    assert [one.signed_at for one in cases.whole(made).partners.all()] == [None, None, None]


def test_what_was_signed_is_signed_again_when_it_changes(call: Call) -> None:
    made = cases.ready(call)
    cases.planned(made, cost="70000.00", asked="35000.00")
    assert [one.signed_at for one in cases.whole(made).partners.all()] == [None, None, None]
    event = Event.objects.filter(name="fund.plan_written").latest("id")
    assert event.data == {"number": made.number, "requested": "35000.00", "unsigned": 3}


def test_writing_the_same_plan_again_changes_nothing(call: Call) -> None:
    made = cases.ready(call)
    before = Event.objects.count()
    cases.planned(made)
    assert Event.objects.count() == before
    assert all(one.signed_at == AT for one in cases.whole(made).partners.all())


def test_nobody_signs_what_changed_since_they_read_it(call: Call) -> None:
    made = cases.begun(call)
    seen = queries.version_of(made)
    cases.planned(made)
    with pytest.raises(Refused):
        actions.sign(
            partner=cases.whole(made).partners.get(), mandate=None, seen=seen, at=AT, by=None
        )
    assert cases.whole(made).partners.get().signed_at is None


def test_a_colleagues_plan_is_not_written_over(call: Call) -> None:
    made = cases.begun(call)
    seen = queries.version_of(made)
    cases.planned(made)
    with pytest.raises(Refused) as refused:
        actions.write_plan(
            application=made, expenses=[], resources=[], requested=None, seen=seen, by=None
        )
    assert refused.value.field == "seen"
    assert cases.whole(made).requested == Decimal("40000.00")


def test_a_partner_who_signed_is_not_removed_before_it_takes_its_agreement_back(
    call: Call,
) -> None:
    made = cases.ready(call)
    bagneux = made.partners.get(organisation__body__slug="bagneux")
    with pytest.raises(Refused):
        actions.remove_partner(partner=bagneux, by=None)
    actions.take_signature_back(partner=bagneux, by=None)
    actions.remove_partner(partner=bagneux, by=None)
    left = cases.whole(made)
    assert [one.organisation.name for one in left.partners.all()] == ["Sceaux", "Antony"]
    assert [one.signed_at for one in left.partners.all()] == [None, None]
    assert "bagneux" not in left.words


def test_the_lead_is_neither_removed_nor_doubled(call: Call) -> None:
    made = cases.ready(call)
    with pytest.raises(Refused):
        actions.remove_partner(partner=made.partners.get(role="lead"), by=None)
    with pytest.raises(Refused):
        cases.joined(made, "courbevoie", PartnerRole.LEAD)
    with pytest.raises(Refused):
        cases.joined(made, "bagneux")
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(application=made).update(role=PartnerRole.LEAD)


def test_a_mandate_is_asked_of_each_partner_where_the_rules_say_so(
    in_metropolis: Community,
) -> None:
    made = cases.begun(cases.call_made(terms=cases.TERMS | {"mandate": True}))
    partner = made.partners.get()
    seen = queries.version_of(made)
    with pytest.raises(Refused) as refused:
        actions.sign(partner=partner, mandate=None, seen=seen, at=AT, by=None)
    assert refused.value.field == "mandate"
    act = cases.paper("fund.mandate")
    actions.sign(partner=partner, mandate=act, seen=seen, at=AT, by=None)
    kept = cases.whole(made).partners.get()
    assert (kept.mandate_id, kept.signed_at) == (act.pk, AT)
    act.refresh_from_db()
    assert act.subject == f"fund.partner:{partner.pk}"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.005", "two decimals"),
        ("-1", "above 0"),
        ("1e12", "too large"),
        ("NaN", "amount in euros"),
        ("Infinity", "amount in euros"),
        ("0", "above 0"),
    ],
)
def test_an_amount_that_is_none_is_refused_in_words_and_nothing_is_half_written(
    call: Call, amount: str, words: str
) -> None:
    made = cases.begun(call)
    cases.planned(made)
    seen = queries.version_of(cases.whole(made))
    lines: dict[str, Any] = {
        "expenses": [actions.ExpenseLine("materiel", "Un", Decimal("1.00"))],
        "resources": [],
        "requested": Decimal("1.00"),
    }
    wrong = [
        ("requested", {"requested": Decimal(amount)}),
        (
            "expense_1_before_tax",
            {"expenses": [actions.ExpenseLine("materiel", "Un", Decimal(amount))]},
        ),
        (
            "expense_1_with_tax",
            {"expenses": [actions.ExpenseLine("materiel", "Un", None, Decimal(amount))]},
        ),
        (
            "resource_1_amount",
            {"resources": [actions.ResourceLine("own", "", Decimal(amount))]},
        ),
    ]
    for field, changed in wrong:
        with override("en"), pytest.raises(Refused) as refused:
            actions.write_plan(application=made, **lines | changed, seen=seen, by=None)
        assert (refused.value.field, words in str(refused.value)) == (field, True)
    assert queries.version_of(cases.whole(made)) == seen


def test_a_call_that_closes_takes_nothing_from_that_instant_on(in_metropolis: Community) -> None:
    closes = datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Paris
    call = cases.call_made(closes_at=closes)
    made = cases.ready(call)
    late = datetime.fromisoformat("2026-12-01T11:59:59+13:00")  # the same instant in Auckland
    assert late == closes
    assert list(obstacles(made, late)) == ["call"]
    assert "30 novembre 2026, 23:59" in obstacles(made, late)["call"]
    assert obstacles(made, closes - timedelta(microseconds=1)) == {}
    with pytest.raises(Refused):
        actions.begin_application(
            call=call, organisation=cases.organisation("antony"), title="Tard", at=late, by=None
        )
    actions.submit(application=made, at=closes - timedelta(microseconds=1), by=None)


def test_nothing_begins_before_a_call_opens(call: Call) -> None:
    with pytest.raises(Refused) as refused:
        actions.begin_application(
            call=call,
            organisation=cases.organisation("sceaux"),
            title="Tôt",
            at=OPENS - timedelta(seconds=1),
            by=None,
        )
    assert "ouvre le 24 octobre 2026" in str(refused.value)


def test_a_call_without_an_end_takes_files_any_day(in_metropolis: Community) -> None:
    made = cases.ready(cases.call_made(closes_at=None))
    assert obstacles(made, CLOSES + timedelta(days=900)) == {}


def test_numbers_follow_each_other_in_the_year(call: Call) -> None:
    numbers = [cases.begun(call).number for _n in range(3)]
    assert numbers == ["2026-00001", "2026-00002", "2026-00003"]
    later = actions.begin_application(
        call=cases.call_made("Au fil de l’eau", closes_at=None),
        organisation=cases.organisation("sceaux"),
        title="Après",
        at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),  # already January in Paris
        by=None,
    )
    assert later.number == "2027-00001"


def test_a_file_is_sent_once_whoever_is_quicker(call: Call) -> None:
    made = cases.ready(call)
    read_before = cases.whole(made)
    actions.submit(application=made, at=AT, by=None)
    with pytest.raises(Refused):
        actions.submit(application=read_before, at=AT, by=None)
    assert Step.objects.filter(application=made, after="submitted").count() == 1


def test_what_was_sent_can_no_longer_be_written(call: Call) -> None:
    made = cases.sent(call)
    refused = []
    for act in (
        lambda: cases.planned(made, asked="1.00"),
        lambda: cases.joined(made, "courbevoie"),
        lambda: actions.share_equally(application=made, by=None),
        lambda: actions.take_signature_back(partner=made.partners.first(), by=None),
        lambda: actions.describe_project(
            application=made, title="Autre", summary="", challenges=[], by=None
        ),
    ):
        with pytest.raises(Refused) as one:
            act()
        refused.append(str(one.value))
    assert set(refused) == {"Ce dossier est envoyé\u00a0: il ne peut plus être modifié."}
    with pytest.raises(Refused):
        filling.keep(answers=made.answers, page="besoin", posted={}, revision=0, at=AT, by=None)


def test_a_draft_stays_on_its_form_until_its_writer_moves_it(call: Call) -> None:
    from communs.core.forms import actions as forms

    made = cases.begun(call)
    form = made.answers.version.form
    wider = {"pages": [dict(cases.DEFINITION["pages"][0], title="Autre titre")]}
    forms.change_form(form=form, definition=wider, revision=form.revision, at=AT, by=None)
    second = forms.publish(form=form, at=AT, by=None)
    assert cases.whole(made).answers.version.number == 1
    assert filling.newer(made.answers) == second
    actions.move_answers(application=made, version=second, at=AT, by=None)
    moved = cases.whole(made).answers
    assert (moved.version.number, moved.values["besoin_constate"]) == (2, "Un besoin.")


def test_the_lead_withdraws_with_a_reason_for_good(call: Call) -> None:
    made = cases.begun(call)
    with pytest.raises(Refused) as refused:
        actions.withdraw(application=made, reason=" ", at=AT, by=None)
    assert refused.value.field == "reason"
    actions.withdraw(application=made, reason="Projet revu.", at=AT, by=None)
    assert cases.whole(made).stage == Stage.WITHDRAWN
    with pytest.raises(Refused):
        cases.planned(made)
