"""From an award to a signed agreement; the database refuses money without seal and signature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.enums import AgreementState, AmendmentState, PaymentState
from communs.services.fund.models import (
    Agreement,
    Amendment,
    Grant,
    Instalment,
    Partner,
    Party,
    Payment,
    Signature,
)
from communs.services.fund.queries import agreements as queries
from tests.services.fund.agreeing import (
    CLAUSES,
    SCHEDULE,
    VOTES,
    Agreed,
    awarded,
    paid,
    paper,
    sealed,
    template,
)
from tests.services.fund.filing import AT, DAY, filing

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(metropolis: Community, sceaux: Community, antony: Community) -> Iterator[Agreed]:
    with within(metropolis), override("en"):
        bagneux = Community.objects.get(slug="bagneux")
        yield awarded(filing(), sceaux, bagneux, antony, shares=("50", "30", "20"))


def test_an_agreement_is_drafted_with_parts_and_instalments_to_the_cent(award: Agreed) -> None:
    agreement = award.drafted()
    assert (agreement.number, agreement.state, agreement.amount) == (
        f"C-{award.file.number}",
        AgreementState.DRAFTED,
        Decimal("41200.00"),
    )
    assert agreement.ends_on == DAY.replace(year=2027) - timedelta(days=1)
    parts = list(Party.objects.filter(agreement=agreement).values_list("name", "amount"))
    assert parts == [
        ("Sceaux", Decimal("20600.00")),
        ("Bagneux", Decimal("12360.00")),
        ("Antony", Decimal("8240.00")),
    ]
    rows = list(agreement.instalments.values_list("kind", "amount", "condition"))
    assert rows == [
        ("advance", Decimal("16480.00"), "à la signature"),
        ("interim", Decimal("12360.00"), "à mi-parcours"),
        ("balance", Decimal("12360.00"), "à la fin"),
    ]
    first = agreement.clauses[0]
    assert first == {
        "heading": "Objet",
        "text": "Métropole du Grand Paris verse 41\u202f200\xa0€ à Sceaux.",
    }
    assert len(agreement.document_sha256) == 64
    with pytest.raises(Refused, match="its agreement already"):
        award.drafted()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"title": " "}, "title", "called"),
        ({"clauses": []}, "clauses", "one clause"),
        ({"clauses": [{"heading": "A", "text": "{beneficary}"}]}, "clauses", "{beneficary} stands"),
        ({"clauses": [{"heading": "A", "text": "a } b"}]}, "clauses", "alone"),
        ({"clauses": [{"heading": "", "text": "b"}]}, "clauses", "heading"),
        ({"schedule": []}, "schedule", "one instalment"),
        ({"schedule": [{"kind": "balance", "percent": "99.99"}]}, "schedule", "make 99.99 %"),
        ({"schedule": [{"kind": "balance", "percent": "NaN"}]}, "schedule", "percentage"),
        ({"schedule": [{"kind": "gift", "percent": "100"}]}, "schedule", "each instalment"),
        ({"schedule": [{"kind": "advance", "percent": "100"}]}, "schedule", "one balance"),
        ({"schedule": list(reversed(SCHEDULE))}, "schedule", "Write advances first"),
        ({"votes": {"weather": True}}, "votes", "amendment"),
        ({"votes": {"extension": -1}}, "votes", "amendment"),
        ({"duration_months": 0}, "duration_months", "120 months"),
    ],
)
def test_a_template_that_makes_no_agreement_is_refused_and_names_its_field(
    metropolis: Community, given: dict[str, Any], field: str, words: str
) -> None:
    values: dict[str, Any] = {"title": "Un", "clauses": CLAUSES, "votes": VOTES}
    with within(metropolis), override("en"):
        with pytest.raises(Refused, match=words) as refused:
            actions.add_template(**(values | {"schedule": SCHEDULE} | given), by=None)
        assert refused.value.field == field


def test_what_was_agreed_keeps_its_words_when_the_template_changes(award: Agreed) -> None:
    agreement = award.drafted()
    before = agreement.clauses
    actions.change_template(
        template=award.template,
        title="Autre",
        clauses=[{"heading": "Tout", "text": "Autrement"}],
        schedule=[{"kind": "balance", "percent": "100"}],
        votes={},
        duration_months=3,
        by=None,
    )
    agreement.refresh_from_db()
    assert agreement.clauses == before
    assert agreement.instalments.count() == 3


def test_signing_wants_every_page_or_somebody_who_looked_at_the_paper(award: Agreed) -> None:
    agreement = award.sent()
    assert agreement.pages is not None
    assert agreement.pages >= 1
    known: dict[str, Any] = {"agreement": agreement, "at": AT, "by": None}
    with pytest.raises(Refused, match="have not come back"):
        actions.sign_agreement(**known, signed_on=DAY)
    with pytest.raises(Refused, match="looked at every page"):
        actions.sign_agreement(**known, signed_on=DAY, file=paper())
    with pytest.raises(Refused, match="before its day"):
        actions.sign_agreement(**known, signed_on=DAY + timedelta(days=1), file=paper())
    with pytest.raises(Refused, match="before the deliberation"):
        actions.sign_agreement(**known, signed_on=DAY - timedelta(days=1), file=paper())
    actions.sign_agreement(**known, signed_on=DAY, file=paper(), checked_by_hand=True)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_on, agreement.paid_from) == ("signed", DAY, DAY)
    due = Payment.objects.get()
    assert (due.state, due.amount) == (PaymentState.DUE, Decimal("16480.00"))
    event = Event.objects.filter(name="fund.agreement_signed").latest("id")
    assert event.data == {
        "file": award.file.number,
        "grant": award.grant.reference,
        "call": "essai-2026",
        "number": agreement.number,
    }
    with pytest.raises(Refused, match="is signed"):
        actions.sign_agreement(**known, signed_on=DAY, file=paper(), checked_by_hand=True)


def test_a_file_that_was_not_awarded_gets_no_agreement(award: Agreed, sceaux: Community) -> None:
    other = award.filing.file(sceaux)
    with pytest.raises(Refused, match="Nothing was awarded"):
        actions.draft_agreement(
            application=other, template=award.template, starts_on=DAY, at=AT, by=None
        )


def test_a_small_grant_has_no_instalment_of_nothing(award: Agreed, sceaux: Community) -> None:
    small = awarded(award.filing, sceaux, amount="0.01")
    with pytest.raises(Refused, match="too small"):
        small.drafted()
    assert not Agreement.objects.exists()


def refused_by_the_database(act: Callable[[], Any]) -> None:
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        act()


def test_the_database_refuses_an_agreement_without_its_seal_or_for_another_amount(
    award: Agreed,
) -> None:
    agreement = award.drafted()
    rows = Agreement.objects.filter(pk=agreement.pk)
    other = sealed(award.filing)
    refused_by_the_database(lambda: rows.update(seal=None))
    refused_by_the_database(lambda: rows.update(seal=other))
    refused_by_the_database(lambda: rows.update(amount=Decimal("41200.01")))
    grants = Grant.objects.filter(pk=award.grant.pk)
    refused_by_the_database(lambda: grants.update(amount=Decimal("99999.00")))
    refused_by_the_database(lambda: grants.update(seal=other))
    refused_by_the_database(
        lambda: rows.update(state=AgreementState.SIGNED, signed_on=DAY, paid_from=DAY)
    )
    assert rows.get().state == AgreementState.DRAFTED


def test_the_database_refuses_money_without_the_signature_of_its_own_agreement(
    award: Agreed, sceaux: Community
) -> None:
    signed = award.signed()
    other = awarded(award.filing, sceaux)
    unsigned = other.sent()
    instalment = unsigned.instalments.first()
    assert instalment is not None
    known: dict[str, Any] = {"instalment": instalment, "amount": Decimal(1), "due_at": AT}
    refused_by_the_database(
        lambda: Payment.objects.create(signature=signed.signatures.get(), **known)
    )
    refused_by_the_database(
        lambda: Signature.objects.create(
            agreement=unsigned, seal=award.seal, signed_on=DAY, digest="0" * 64, at=AT
        )
    )
    mine = Payment.objects.filter(instalment__agreement=signed)
    refused_by_the_database(lambda: mine.update(amount=Decimal("16480.01")))
    refused_by_the_database(lambda: mine.update(instalment=instalment))
    refused_by_the_database(lambda: mine.update(state=PaymentState.PAID, paid_on=DAY))
    with connection.cursor() as cursor:

        def raw() -> None:
            cursor.execute("UPDATE fund_payment SET signature_id = NULL")

        refused_by_the_database(raw)


def test_the_database_keeps_signatures_and_what_was_paid(award: Agreed) -> None:
    agreement = award.signed()
    row = paid(agreement)
    assert (row.state, row.paid_on, row.reference) == (PaymentState.PAID, DAY, "M-1")
    rows = Payment.objects.filter(pk=row.pk)
    refused_by_the_database(lambda: rows.update(state=PaymentState.DUE, paid_on=None))
    refused_by_the_database(lambda: rows.update(amount=Decimal(1)))
    refused_by_the_database(rows.delete)
    signatures = Signature.objects.filter(agreement=agreement)
    refused_by_the_database(lambda: signatures.update(digest="f" * 64))
    refused_by_the_database(signatures.delete)
    advance = Instalment.objects.filter(agreement=agreement, kind="advance")
    refused_by_the_database(lambda: advance.update(amount=Decimal(1)))
    refused_by_the_database(lambda: advance.update(planned=Decimal("41200.00")))


def test_an_agreement_ends_before_its_time_and_what_was_paid_is_asked_back(award: Agreed) -> None:
    agreement = award.signed()
    paid(agreement)
    known: dict[str, Any] = {"agreement": agreement, "at": AT, "by": None}
    with pytest.raises(Refused, match="Say why"):
        actions.end_agreement(**known, reason=" ")
    with pytest.raises(Refused, match="than was paid"):
        actions.end_agreement(**known, reason="Abandon", recover=Decimal("16480.01"))
    actions.end_agreement(**known, reason="Abandon", recover=Decimal("6480.00"))
    found = queries.whole(Agreement.objects.filter(pk=agreement.pk)).get()
    told = queries.ledger(found)
    assert (told.paid, told.remaining, told.to_recover, told.holds) == (
        Decimal("16480.00"),
        Decimal(0),
        Decimal("6480.00"),
        True,
    )
    assert found.state == AgreementState.CANCELLED
    again = award.drafted()
    assert again.number == f"C-{award.file.number}-2"


def extended(agreement: Agreement, days: int) -> Amendment:
    assert agreement.ends_on is not None
    return actions.extend(
        agreement=agreement,
        ends_on=agreement.ends_on + timedelta(days=days),
        reason="Retard du chantier",
        at=AT,
        by=None,
    )


def in_force(amendment: Amendment) -> Amendment:
    known: dict[str, Any] = {"signed_on": DAY, "at": AT, "by": None}
    return actions.sign_amendment(amendment=amendment, file=paper(), checked_by_hand=True, **known)


def test_a_short_extension_is_signed_and_a_long_one_is_voted_first(award: Agreed) -> None:
    agreement = award.signed()
    assert agreement.ends_on is not None
    short = extended(agreement, 90)
    assert (short.needs_vote, short.state) == (False, AmendmentState.TO_SIGN)
    with pytest.raises(Refused, match="not in force yet"):
        extended(agreement, 91)
    in_force(short)
    ends_on = Agreement.objects.get(pk=agreement.pk).ends_on
    assert ends_on == agreement.ends_on + timedelta(days=90)
    agreement.refresh_from_db()
    long = extended(agreement, 200)
    assert (long.needs_vote, long.state) == (True, AmendmentState.TO_VOTE)
    with pytest.raises(Refused, match="waits for a vote"):
        in_force(long)
    stranger = sealed(award.filing, text="Autre chose")
    known: dict[str, Any] = {"amendment": long, "at": AT, "by": None}
    with pytest.raises(Refused, match="does not name"):
        actions.vote_amendment(**known, seal=stranger)
    before = sealed(award.filing, text=f"Avenant à {agreement.number}", days=-1)
    with pytest.raises(Refused, match="sealed before"):
        actions.vote_amendment(**known, seal=before)
    rows = Amendment.objects.filter(pk=long.pk)
    refused_by_the_database(lambda: rows.update(state=AmendmentState.TO_SIGN))
    refused_by_the_database(lambda: rows.update(state=AmendmentState.IN_FORCE, seal=stranger))
    vote = sealed(award.filing, text=f"Avenant à {agreement.number}")
    assert queries.sealed_after(long) == [vote]
    actions.vote_amendment(**known, seal=vote)
    in_force(Amendment.objects.get(pk=long.pk))
    assert Amendment.objects.get(pk=long.pk).state == AmendmentState.IN_FORCE


def test_a_partner_leaves_and_its_part_goes_to_the_others_to_the_cent(award: Agreed) -> None:
    agreement = award.signed()
    parties = list(agreement.parties.order_by("position"))
    known: dict[str, Any] = {"agreement": agreement, "reason": "Retrait", "at": AT, "by": None}
    with pytest.raises(Refused, match="lead stays"):
        actions.let_partner_go(**known, party=parties[0])
    amendment = actions.let_partner_go(**known, party=parties[1])
    actions.vote_amendment(
        amendment=amendment,
        seal=sealed(award.filing, text=f"Avenant 1 à {agreement.number}"),
        at=AT,
        by=None,
    )
    in_force(Amendment.objects.get(pk=amendment.pk))
    assert list(agreement.parties.order_by("position").values_list("amount", flat=True)) == [
        Decimal("29428.57"),
        Decimal("0.00"),
        Decimal("11771.43"),
    ]
    left = Partner.objects.filter(application=award.file).exclude(left_at=None)
    assert [one.organisation.name for one in left] == ["Bagneux"]


def test_parts_shift_among_partners_and_the_grant_stays(award: Agreed) -> None:
    agreement = award.signed()
    first, second, _third = agreement.parties.order_by("position")
    known: dict[str, Any] = {"agreement": agreement, "reason": "Achat", "at": AT, "by": None}
    with pytest.raises(Refused, match="must make the grant"):
        actions.shift_budget(**known, parts={first.pk: Decimal(1)})
    for wrong in ("0.005", "-1", "NaN"):
        with pytest.raises(Refused, match="no amount"):
            actions.shift_budget(**known, parts={first.pk: Decimal(wrong)})
    with pytest.raises(Refused, match="Nothing changes"):
        actions.shift_budget(**known, parts={})
    parts = {first.pk: Decimal("21600.00"), second.pk: Decimal("11360.00")}
    amendment = actions.shift_budget(**known, parts=parts)
    assert amendment.needs_vote is False
    in_force(amendment)
    amounts = agreement.parties.order_by("position").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("21600.00"), Decimal("11360.00"), Decimal("8240.00")]


def test_a_call_says_of_which_template_its_agreements_are_made(award: Agreed) -> None:
    other = template(title="Deux")
    call = actions.choose_template(call=award.filing.call, template=other, by=None)
    assert call.template == other
