"""Reads of agreements: one whole, lists, what waits for money, what a programme comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from communs.services.fund.engine.paying import money
from communs.services.fund.engine.paying.money import NOTHING, Ledger
from communs.services.fund.enums import (
    AgreementState,
    AmendmentState,
    ClaimState,
    PaymentState,
    Stage,
)
from communs.services.fund.models import (
    Agreement,
    AgreementTemplate,
    Amendment,
    Application,
    Call,
    Claim,
    Envelope,
    Grant,
    Instalment,
    Organisation,
    Party,
    Payment,
    Recovery,
    ScannedPage,
    Seal,
    Signature,
)

WAITING = (PaymentState.DUE, PaymentState.CLAIMED, PaymentState.CHECKED, PaymentState.ORDERED)


def agreement_of(application: Application) -> Agreement | None:
    """Give a file's agreement with all that its page shows: the one that holds, or the last."""
    rows = whole(Agreement.objects.filter(grant__application=application, seal__isnull=False))
    held = rows.exclude(state__in=AgreementState.over()).first()
    found: Agreement | None = held or rows.order_by("-drafted_at").first()
    return found


def whole(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Give agreements with parties, instalments, payments, claims, amendments and signatures."""
    payments = Payment.objects.order_by("due_at", "id")
    claims = Claim.objects.select_related("organisation").order_by("made_at", "id")
    instalments = Instalment.objects.order_by("position").prefetch_related(
        Prefetch("payments", payments), Prefetch("claims", claims)
    )
    signatures = Signature.objects.select_related("file").order_by("at", "id")
    return rows.select_related(
        "grant__application__call", "grant__round", "seal__deliberation", "template"
    ).prefetch_related(
        Prefetch("parties", Party.objects.select_related("organisation").order_by("position")),
        Prefetch("instalments", instalments),
        Prefetch("signatures", signatures),
        Prefetch("recoveries", Recovery.objects.order_by("asked_on", "id")),
        Prefetch("amendments", Amendment.objects.select_related("seal").order_by("position")),
        Prefetch("scanned", ScannedPage.objects.select_related("file").order_by("number")),
    )


def agreements(person: Any, *, state: str = "", on: date) -> QuerySet[Agreement]:
    """Give the agreements of files that a person may read, the latest first."""
    rows = Agreement.objects.filter(seal__isnull=False, grant__application__in=_files(person, on))
    if state:
        rows = rows.filter(state=state)
    found: QuerySet[Agreement] = (
        rows.select_related("grant__application")
        .annotate(
            paid=Sum(
                "instalments__payments__amount",
                filter=Q(instalments__payments__state=PaymentState.PAID),
            )
        )
        .prefetch_related(Prefetch("parties", Party.objects.order_by("position")))
        .order_by("-number")
    )
    return found


def to_sign(person: Any, *, on: date) -> QuerySet[Agreement]:
    """Give the agreements, whole, that wait for signed pages: their own, or an amendment's."""
    waiting = (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)
    amended = Amendment.objects.filter(agreement=OuterRef("pk"), state__in=waiting)
    rows = Agreement.objects.filter(seal__isnull=False, grant__application__in=_files(person, on))
    rows = rows.filter(Q(state=AgreementState.SENT) | Q(Exists(amended)))
    return whole(rows.order_by("number"))


def to_draft(person: Any, *, on: date) -> QuerySet[Application]:
    """Give the awarded files that have no agreement, those awarded first before."""
    held = Agreement.objects.exclude(state__in=AgreementState.over())
    rows = _files(person, on).filter(stage=Stage.AWARDED, grants__isnull=False)
    found: QuerySet[Application] = rows.exclude(grants__agreements__in=held)
    return found.select_related("call").order_by("stage_since", "number")


def ledger(agreement: Agreement) -> Ledger:
    """Add an agreement up from what `whole` gives of it."""
    lines = [
        (one.planned, one.amount, any(p.state == PaymentState.PAID for p in one.payments.all()))
        for one in agreement.instalments.all()
    ]
    back = [(one.amount, one.received_on is not None) for one in agreement.recoveries.all()]
    return money.ledger(agreement.amount or NOTHING, lines, back)


def paid_of(agreement: Agreement) -> Decimal:
    """Give what was paid on an agreement, whatever came back."""
    rows = Payment.objects.filter(instalment__agreement=agreement, state=PaymentState.PAID)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def last_paid(agreement: Agreement) -> Payment | None:
    """Give the last payment that was made on an agreement."""
    rows = Payment.objects.filter(instalment__agreement=agreement, state=PaymentState.PAID)
    return rows.order_by("-paid_on", "-id").first()


def missing_pages(agreement: Agreement, amendment: Amendment | None = None) -> list[int] | None:
    """Give the pages that have not come back; None where how many there are is not known."""
    count = amendment.change.get("pages") if amendment else agreement.pages
    if count is None:
        return None
    rows = ScannedPage.objects.filter(agreement=agreement, amendment=amendment)
    here = set(rows.values_list("number", flat=True))
    return [number for number in range(1, count + 1) if number not in here]


def payment(key: UUID, application: Application) -> Payment | None:
    """Give a payment of a file's agreement, or None."""
    rows = Payment.objects.filter(instalment__agreement__grant__application=application)
    return rows.select_related("instalment__agreement", "claimed").filter(pk=key).first()


def claim(key: UUID, application: Application) -> Claim | None:
    """Give a claim of a file's agreement, or None."""
    rows = Claim.objects.filter(instalment__agreement__grant__application=application)
    found: Claim | None = (
        rows.select_related("instalment__agreement", "organisation").filter(pk=key).first()
    )
    return found


def recovery(key: UUID, application: Application) -> Recovery | None:
    """Give what is asked back for a file, or None."""
    rows = Recovery.objects.filter(agreement__grant__application=application)
    return rows.select_related("agreement").filter(pk=key).first()


def amendment(key: UUID, application: Application) -> Amendment | None:
    """Give an amendment of a file's agreement, or None."""
    rows = Amendment.objects.filter(agreement__grant__application=application)
    return rows.select_related("agreement__grant").filter(pk=key).first()


def next_instalment(agreement: Agreement) -> Instalment | None:
    """Give the instalment that may be claimed: the first that is not paid, if nothing waits."""
    for one in agreement.instalments.all():
        states = {p.state for p in one.payments.all()} - {PaymentState.REJECTED}
        claimed = any(c.state != ClaimState.REJECTED for c in one.claims.all())
        if PaymentState.PAID in states:
            continue
        return None if states or claimed or one.kind == "advance" or not one.amount else one
    return None


def sealed_after(amendment_: Amendment) -> list[Seal]:
    """Give the seals of acts that name an amendment's agreement, sealed since it was written."""
    rows = Seal.objects.filter(at__gte=amendment_.written_at).select_related("deliberation")
    return [one for one in rows if names(one, amendment_)]


def names(seal: Seal, amendment_: Amendment) -> bool:
    """Tell whether a sealed act names the agreement that an amendment changes."""
    words = f"{seal.content.get('title', '')} {seal.content.get('text', '')}"
    return amendment_.agreement.number in words


def money_waiting(person: Any, *, on: date) -> QuerySet[Payment]:
    """Give the payments on their way, what waits longest first."""
    rows = Payment.objects.filter(
        state__in=WAITING, instalment__agreement__grant__application__in=_files(person, on)
    )
    related = ("instalment__agreement__grant__application", "claimed__organisation")
    found: QuerySet[Payment] = rows.select_related(*related).order_by("due_at", "id")
    return found


def recoveries_waiting(person: Any, *, on: date) -> QuerySet[Recovery]:
    """Give what was asked back and has not come."""
    rows = Recovery.objects.filter(
        received_on=None, agreement__grant__application__in=_files(person, on)
    )
    found: QuerySet[Recovery] = rows.select_related("agreement__grant__application")
    return found.order_by("asked_on", "id")


def templates() -> QuerySet[AgreementTemplate]:
    """Give the templates with the calls that point at them."""
    found: QuerySet[AgreementTemplate] = AgreementTemplate.objects.prefetch_related(
        Prefetch("calls", Call.objects.order_by("code"))
    ).order_by("code")
    return found


def template(key: UUID) -> AgreementTemplate | None:
    """Give a template, or None."""
    found: AgreementTemplate | None = templates().filter(pk=key).first()
    return found


def claimants(application: Application, writes: frozenset[UUID]) -> list[Organisation]:
    """Give the parties of a file's agreement for which somebody writes."""
    rows = Party.objects.filter(
        agreement__grant__application=application, organisation__in=writes, left_at=None
    )
    return list(
        {
            one.organisation_id: one.organisation for one in rows.select_related("organisation")
        }.values()
    )


def envelopes_paid() -> list[dict[str, Any]]:
    """Give each envelope with what was awarded, agreed, paid and taken back from it."""
    told = {
        one["application__call__envelope"]: one
        for one in Grant.objects.filter(application__isnull=False)
        .values("application__call__envelope")
        .annotate(awarded=Sum("amount"), number=Count("pk"))
        .order_by()
    }
    signed = _by_envelope(
        Agreement.objects.filter(seal__isnull=False, state__in=AgreementState.signed()),
        "grant__application__call__envelope",
    )
    paid = _by_envelope(
        Payment.objects.filter(state=PaymentState.PAID),
        "instalment__agreement__grant__application__call__envelope",
    )
    back = _by_envelope(
        Recovery.objects.filter(received_on__isnull=False),
        "agreement__grant__application__call__envelope",
    )
    return [
        {
            "envelope": one,
            "awarded": told.get(one.pk, {}).get("awarded") or NOTHING,
            "number": told.get(one.pk, {}).get("number", 0),
            "signed": signed.get(one.pk, NOTHING),
            "paid": paid.get(one.pk, NOTHING) - back.get(one.pk, NOTHING),
        }
        for one in Envelope.objects.select_related("programme").order_by("-year", "title")
    ]


def _by_envelope(rows: Any, path: str) -> dict[Any, Decimal]:
    return dict(rows.order_by().values_list(path).annotate(total=Sum("amount")))


def open_amendment(agreement: Agreement) -> Amendment | None:
    """Give the amendment that is not in force yet, from what `whole` gives."""
    waiting = (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)
    return next((one for one in agreement.amendments.all() if one.state in waiting), None)


def _files(person: Any, on: date) -> QuerySet[Application]:
    found: QuerySet[Application] = Application.objects.readable_by(person, on=on)
    return found


def total(rows: QuerySet[Any]) -> Decimal:
    """Add amounts up; nothing is 0 here: what is not there was not paid."""
    found: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return found or NOTHING
