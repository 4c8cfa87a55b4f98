"""Claims, payments and recoveries: who may, in which order, and never a cent lost or made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.enums import AgreementState, ClaimState, Duty, PaymentState
from communs.services.fund.models import Agreement, Application, Claim, Payment, Recovery
from communs.services.fund.queries import agreements as queries
from tests.services.fund.agreeing import Agreed, awarded, lead_of, paid, paper
from tests.services.fund.filing import AT, DAY, filing, somebody

pytestmark = pytest.mark.django_db
WHOLE = Decimal("41200.00")


@pytest.fixture
def award(metropolis: Community, sceaux: Community) -> Iterator[Agreed]:
    with within(metropolis), override("en"):
        yield awarded(filing(), sceaux)


def whole(agreement: Agreement) -> Agreement:
    return queries.whole(Agreement.objects.filter(pk=agreement.pk)).get()


def claimed(award: Agreed, agreement: Agreement, spent: str, **more: Any) -> Claim:
    instalment = queries.next_instalment(whole(agreement))
    assert instalment is not None
    evidence = [paper(purpose="fund.evidence")] if instalment.evidence else []
    values: dict[str, Any] = {"evidence": evidence, "at": AT, "by": None} | more
    return actions.claim(
        instalment=instalment,
        organisation=lead_of(award.file).organisation,
        spent=Decimal(spent),
        **values,
    )


def accepted(claim: Claim, cost: str, by: Any = None) -> Claim:
    return actions.check_claim(claim=claim, accepted=Decimal(cost), at=AT, by=by)


def test_the_advance_is_checked_ordered_and_paid_in_that_order(award: Agreed) -> None:
    agreement = award.signed()
    payment = Payment.objects.get()
    known: dict[str, Any] = {"payment": payment, "by": None}
    with pytest.raises(Refused, match="cannot become “ordered”"):
        actions.order_payment(**known, reference="M-1", on=DAY)
    with pytest.raises(Refused, match="cannot become “paid”"):
        actions.pay(**known, on=DAY)
    actions.check_payment(**known, at=AT)
    with pytest.raises(Refused, match="not ordered before it was checked"):
        actions.order_payment(**known, reference="M-1", on=DAY - timedelta(days=1))
    with pytest.raises(Refused, match="number of the order"):
        actions.order_payment(**known, reference=" ", on=DAY)
    actions.order_payment(**known, reference="M-1", on=DAY)
    with pytest.raises(Refused, match="not made before it was ordered"):
        actions.pay(**known, on=DAY - timedelta(days=1))
    row = actions.pay(**known, on=DAY + timedelta(days=3))
    assert (row.state, row.amount, row.paid_on) == (
        PaymentState.PAID,
        Decimal("16480.00"),
        date(2026, 5, 7),
    )
    told = queries.ledger(whole(agreement))
    assert (told.paid, told.remaining) == (Decimal("16480.00"), Decimal("24720.00"))
    names = Event.objects.filter(name__startswith="fund.payment_").order_by("id")
    assert list(names.values_list("name", flat=True)) == [
        "fund.payment_checked",
        "fund.payment_ordered",
        "fund.payment_paid",
    ]
    with pytest.raises(Refused, match="cannot become"):
        actions.reject_payment(**known, reason="Trop tard", at=AT)


def test_who_instructs_a_file_neither_checks_nor_orders_nor_pays(award: Agreed) -> None:
    agreement = award.signed()
    instructor = somebody("Instructrice", Duty.INSTRUCTOR, Duty.FINANCE)
    Application.objects.filter(pk=award.file.pk).update(instructor=instructor)
    payment = Payment.objects.get()
    known: dict[str, Any] = {"payment": payment, "by": instructor}
    with pytest.raises(Refused, match="You answer for this file"):
        actions.check_payment(**known, at=AT)
    paid(agreement)
    claim = claimed(award, agreement, "10000.00")
    with pytest.raises(Refused, match="You answer for this file"):
        accepted(claim, "10000.00", by=instructor)
    with pytest.raises(Refused, match="You answer for this file"):
        actions.reject_claim(claim=claim, reason="Non", at=AT, by=instructor)


def test_nobody_checks_what_they_claimed(award: Agreed) -> None:
    agreement = award.signed()
    paid(agreement)
    agent = somebody("Agente", Duty.FINANCE)
    claim = claimed(award, agreement, "10000.00", by=agent)
    with pytest.raises(Refused, match="You made this claim"):
        accepted(claim, "10000.00", by=agent)
    with pytest.raises(Refused, match="more is accepted"):
        accepted(claim, "10000.01")
    assert Claim.objects.get().state == ClaimState.MADE


@pytest.mark.parametrize("spent", ["0.005", "-1", "NaN", "1e12", "0"])
def test_what_is_no_amount_is_not_claimed(award: Agreed, spent: str) -> None:
    agreement = award.signed()
    paid(agreement)
    with pytest.raises(Refused) as refused:
        claimed(award, agreement, spent)
    assert refused.value.field == "spent"
    assert not Claim.objects.exists()


def test_instalments_are_claimed_in_order_one_at_a_time_with_their_evidence(
    award: Agreed,
) -> None:
    agreement = award.signed()
    interim, balance = agreement.instalments.exclude(kind="advance").order_by("position")
    known: dict[str, Any] = {
        "organisation": lead_of(award.file).organisation,
        "spent": Decimal(1000),
        "at": AT,
        "by": None,
    }
    for early in (interim, balance):
        with pytest.raises(Refused, match="cannot be claimed now"):
            actions.claim(instalment=early, **known)
    paid(agreement)
    first = actions.claim(instalment=interim, **known)
    with pytest.raises(Refused, match="cannot be claimed now"):
        actions.claim(instalment=interim, **known)
    with pytest.raises(Refused, match="Say why"):
        actions.reject_claim(claim=first, reason="", at=AT, by=None)
    actions.reject_claim(claim=first, reason="Facture illisible", at=AT, by=None)
    assert Payment.objects.get(claimed=first).state == PaymentState.REJECTED
    second = actions.claim(instalment=interim, **known)
    accepted(second, "1000.00")
    paid(agreement)
    with pytest.raises(Refused, match="état des dépenses"):
        actions.claim(instalment=balance, **known)
    actions.claim(instalment=balance, **known, evidence=[paper(purpose="fund.evidence")])


def test_only_a_partner_of_the_agreement_claims(award: Agreed, antony: Community) -> None:
    agreement = award.signed()
    paid(agreement)
    stranger = award.filing.file(antony)
    instalment = queries.next_instalment(whole(agreement))
    assert instalment is not None
    known: dict[str, Any] = {"instalment": instalment, "spent": Decimal(1), "at": AT, "by": None}
    with pytest.raises(Refused, match="Only a partner"):
        actions.claim(organisation=lead_of(stranger).organisation, **known)


def to_the_balance(award: Agreed, planned: str = "82400.00") -> Agreement:
    """Pay the advance and the interim of an agreement whose cost was to be twice the grant."""
    agreement = award.signed()
    Agreement.objects.filter(pk=agreement.pk).update(eligible_cost=Decimal(planned))
    paid(agreement)
    accepted(claimed(award, agreement, "50000.00"), "50000.00")
    paid(agreement)
    return agreement


@pytest.mark.parametrize(
    ("cost", "balance", "back", "state"),
    [
        ("82400.00", "12360.00", None, AgreementState.SETTLED),
        ("99999.99", "12360.00", None, AgreementState.SETTLED),
        ("70000.01", "6160.00", None, AgreementState.SETTLED),
        ("57680.00", None, None, AgreementState.SETTLED),
        ("50000.00", None, "3840.00", AgreementState.SIGNED),
        ("0.01", None, "28840.00", AgreementState.SIGNED),
    ],
)
def test_the_balance_follows_the_final_cost_and_what_is_too_much_comes_back(
    award: Agreed, cost: str, balance: str | None, back: str | None, state: str
) -> None:
    agreement = to_the_balance(award)
    accepted(claimed(award, agreement, "100000.00"), cost)
    if balance:
        assert paid(agreement).amount == Decimal(balance)
    found = Recovery.objects.filter(agreement=agreement)
    assert [one.amount for one in found] == ([Decimal(back)] if back else [])
    assert whole(agreement).state == state
    told = queries.ledger(whole(agreement))
    assert told.holds
    if back:
        with pytest.raises(Refused, match="before it was asked"):
            actions.receive(recovery=found.get(), on=DAY - timedelta(days=1), by=None)
        actions.receive(recovery=found.get(), on=DAY, by=None)
        with pytest.raises(Refused, match="already"):
            actions.receive(recovery=found.get(), on=DAY, by=None)
        assert whole(agreement).state == AgreementState.SETTLED
    told = queries.ledger(whole(agreement))
    assert (told.remaining, told.to_recover) == (0, 0)
    assert told.paid - told.received == WHOLE - told.reduced


def test_a_balance_that_the_bank_sends_back_is_claimed_again_whole(award: Agreed) -> None:
    agreement = to_the_balance(award)
    claim = accepted(claimed(award, agreement, "70000.00"), "70000.00")
    payment = claim.payments.get()
    actions.order_payment(payment=payment, reference="M-9", on=DAY, by=None)
    actions.reject_payment(payment=payment, reason="Compte clos", at=AT, by=None)
    assert queries.ledger(whole(agreement)).remaining == Decimal("12360.00")
    accepted(claimed(award, agreement, "82400.00"), "82400.00")
    assert paid(agreement).amount == Decimal("12360.00")


def test_a_rejected_advance_is_due_again(award: Agreed) -> None:
    agreement = award.signed()
    first = Payment.objects.get()
    with pytest.raises(Refused, match="Say why"):
        actions.reject_payment(payment=first, reason="", at=AT, by=None)
    actions.reject_payment(payment=first, reason="RIB manquant", at=AT, by=None)
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["due", "rejected"]
    assert paid(agreement).amount == Decimal("16480.00")


def test_two_payments_have_two_order_numbers(award: Agreed, sceaux: Community) -> None:
    first, second = award.signed(), awarded(award.filing, sceaux).signed()
    paid(first)
    row = Payment.objects.get(instalment__agreement=second)
    actions.check_payment(payment=row, at=AT, by=None)
    with pytest.raises(Refused, match="Another payment has this number"):
        actions.order_payment(payment=row, reference="M-1", on=DAY, by=None)


def test_the_second_of_two_people_is_told(award: Agreed) -> None:
    award.signed()
    payment = Payment.objects.get()
    actions.check_payment(payment=payment, at=AT, by=None)
    with pytest.raises(Refused, match="cannot become “checked”"):
        actions.check_payment(payment=payment, at=AT, by=None)
