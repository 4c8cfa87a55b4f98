"""Templates and agreements: drafted from an award, sent, signed, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.core.documents import pdf
from communs.core.documents.pdf import pages
from communs.core.files.actions import attach
from communs.core.files.models import StoredFile
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.kit.timespans import PARIS
from communs.services.fund import queries as every
from communs.services.fund.engine.financing.shares import split
from communs.services.fund.engine.paying import money, templates
from communs.services.fund.engine.paying.spans import after_months
from communs.services.fund.enums import AgreementState as State
from communs.services.fund.enums import (
    AmendmentState,
    ClaimState,
    InstalmentKind,
    PartnerRole,
    PaymentState,
)
from communs.services.fund.models import (
    Agreement,
    AgreementTemplate,
    Application,
    Call,
    Claim,
    Grant,
    Instalment,
    Partner,
    Party,
    Payment,
    Recovery,
    Signature,
)
from communs.services.fund.queries import agreed, agreements
from communs.services.fund.queries.agreement_words import fault_told

_CODE = 40


@action("fund.template_added")
def add_template(
    *,
    title: str,
    clauses: Sequence[Mapping[str, str]],
    schedule: Sequence[Mapping[str, Any]],
    votes: Mapping[str, Any],
    duration_months: int = 24,
    example: bool = False,
    by: Any,
) -> AgreementTemplate:
    """Add a template of agreements; refused where no agreement could be made of it."""
    line = clean_line(title)
    code = slugify(line)[:_CODE]
    if not code:
        raise Refused(_("Write what this template is called."), field="title")
    if AgreementTemplate.objects.filter(code=code).exists():
        raise Refused(_("Another template has this name."), field="title")
    row = AgreementTemplate(code=code, title=line, example=example)
    _write(row, clauses, schedule, votes, duration_months)
    record(row, code=code)
    return row


@action("fund.template_changed")
def change_template(
    *,
    template: AgreementTemplate,
    title: str,
    clauses: Sequence[Mapping[str, str]],
    schedule: Sequence[Mapping[str, Any]],
    votes: Mapping[str, Any],
    duration_months: int,
    by: Any,
) -> AgreementTemplate:
    """Change a template; agreements keep the words that they were made of."""
    row = AgreementTemplate.objects.select_for_update().get(pk=template.pk)
    row.title = clean_line(title) or row.title
    row.example = False
    _write(row, clauses, schedule, votes, duration_months)
    record(row, code=row.code)
    return row


def _write(
    row: AgreementTemplate,
    clauses: Sequence[Mapping[str, str]],
    schedule: Sequence[Mapping[str, Any]],
    votes: Mapping[str, Any],
    duration_months: int,
) -> None:
    if not 1 <= duration_months <= 120:  # noqa: PLR2004 -- ten years
        raise Refused(_("An agreement lasts from 1 to 120 months."), field="duration_months")
    row.clauses = [dict(one) for one in clauses]
    row.schedule = [dict(one) for one in schedule]
    row.votes, row.duration_months = dict(votes), duration_months
    try:
        templates.check(row.clauses, row.schedule, row.votes)
    except templates.Faulty as fault:
        raise Refused(fault_told(fault), field=fault.field) from fault
    row.save()


@action("fund.template_chosen")
def choose_template(*, call: Call, template: AgreementTemplate, by: Any) -> Call:
    """Say of which template a call's agreements are made."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    held.template = template
    held.save(update_fields=["template"])
    record(held, template=template.code)
    return held


@action("fund.agreement_drafted")
def draft_agreement(
    *,
    application: Application,
    template: AgreementTemplate,
    starts_on: date,
    at: datetime,
    by: Any,
) -> Agreement:
    """Write the agreement of an awarded file: parties, parts to the cent, instalments, clauses."""
    grant = _grant(application)
    lines = templates.read_schedule(template.schedule)
    if grant.seal is None:
        raise Refused(_("No sealed act awarded this grant: no agreement is made here."))
    deliberation = grant.seal.deliberation
    ends_on = after_months(starts_on, template.duration_months) - timedelta(days=1)
    with override(agreed.LANGUAGE):
        known = {"project": grant.title}
        title = _("Grant agreement – %(project)s") % known
    row = Agreement.objects.create(
        grant=grant,
        seal=grant.seal,
        template=template,
        number=_number(application),
        state=State.DRAFTED,
        amount=grant.amount,
        eligible_cost=_eligible(application),
        title=title[:200],
        votes=template.votes,
        starts_on=starts_on,
        ends_on=ends_on,
        drafted_at=at,
        decision=deliberation.number[:100],
        payment_terms="échelonné" if len(lines) > 1 else "unique",
    )
    parties, schedule = _parties(row, application), _schedule(row, lines)
    told = agreed.values(row, parties, schedule, template.duration_months)
    row.clauses = agreed.clauses_of(template.clauses, told)
    row.document_sha256 = agreed.digest_of(row, parties, schedule)
    row.save(update_fields=["clauses", "document_sha256"])
    record(row, file=application.number, number=row.number, amount=str(row.amount))
    return row


def _grant(application: Application) -> Grant:
    """Give the sealed grant of a file, held; refused without one, or where an agreement holds."""
    rows = Grant.objects.select_related("seal__deliberation").select_for_update(of=("self",))
    grant: Grant | None = rows.filter(application=application).first()
    if grant is None or grant.seal is None:
        raise Refused(_("Nothing was awarded to this file by a sealed deliberation."))
    held = Agreement.objects.filter(grant=grant).exclude(state__in=State.over())
    if held.exists():
        raise Refused(_("This grant has its agreement already."))
    return grant


def _number(application: Application) -> str:
    before = Agreement.objects.filter(grant__application=application).count()
    return f"C-{application.number}" + (f"-{before + 1}" if before else "")


def _eligible(application: Application) -> Decimal | None:
    found = every.by_key(application.pk)
    assessed = every.assessed(found) if found else None
    return assessed.totals.eligible if assessed and assessed.totals.eligible > 0 else None


def _parties(row: Agreement, application: Application) -> list[Party]:
    """Make a party of each partner that bears a share; of the lead alone where none does."""
    held = Partner.objects.filter(application=application, left_at=None)
    rows = sorted(
        held.select_related("organisation"), key=lambda one: (one.role != PartnerRole.LEAD, one.pk)
    )
    bearing = [one for one in rows if one.share]
    chosen = bearing or rows[:1]
    shares = [one.share or Decimal(1) for one in chosen]
    amounts = split(row.amount or money.NOTHING, shares)
    made = [
        Party(
            agreement=row,
            organisation=one.organisation,
            position=place,
            name=one.organisation.name,
            amount=amount,
        )
        for place, (one, amount) in enumerate(zip(chosen, amounts, strict=True), start=1)
    ]
    Party.objects.bulk_create(made)
    return made


def _schedule(row: Agreement, lines: Sequence[templates.Line]) -> list[Instalment]:
    whole = row.amount or money.NOTHING
    amounts = money.instalments(whole, [one.percent for one in lines])
    made = [
        Instalment(
            agreement=row,
            position=place,
            kind=InstalmentKind(line.kind),
            percent=line.percent,
            planned=amount,
            amount=amount,
            condition=line.condition,
            evidence=line.evidence,
        )
        for place, (line, amount) in enumerate(zip(lines, amounts, strict=True), start=1)
    ]
    if any(one.planned <= 0 for one in made):
        raise Refused(_("The grant is too small for so many instalments."))
    Instalment.objects.bulk_create(made)
    return made


@action("fund.agreement_sent")
def send_agreement(*, agreement: Agreement, at: datetime, by: Any) -> Agreement:
    """Give an agreement to be signed: its text changes no more, its pages are counted."""
    row = hold(agreement, State.DRAFTED)
    row.state, row.sent_at = State.SENT, at
    row.pages = pages(pdf(agreed.document(row)))
    row.save(update_fields=["state", "sent_at", "pages"])
    record(row, file=file_of(row).number, number=row.number, pages=row.pages)
    return row


@action("fund.agreement_signed")
def sign_agreement(
    *,
    agreement: Agreement,
    signed_on: date,
    file: StoredFile | None = None,
    checked_by_hand: bool = False,
    at: datetime,
    by: Any,
) -> Signature:
    """Note that all have signed: every page is back, or somebody looked at the paper.

    From here on money may be paid: an advance is due at once.
    """
    row = hold(agreement, State.SENT)
    _refuse_day(signed_on, row, at)
    paper = _paper(row, file, checked_by_hand=checked_by_hand, at=at, by=by)
    signature = Signature.objects.create(
        agreement=row,
        seal=row.seal,
        signed_on=signed_on,
        digest=paper.sha256,
        file=paper,
        at=at,
    )
    row.state, row.signed_on = State.SIGNED, signed_on
    row.paid_from = signed_on
    row.paid_until = max(signed_on, row.ends_on) if row.ends_on else None
    row.save(update_fields=["state", "signed_on", "paid_from", "paid_until"])
    for one in row.instalments.filter(kind=InstalmentKind.ADVANCE):
        Payment.objects.create(instalment=one, signature=signature, amount=one.amount, due_at=at)
    application = file_of(row)
    record(
        row,
        file=application.number,
        grant=row.grant.reference,
        call=application.call.code,
        number=row.number,
    )
    return signature


def _refuse_day(signed_on: date, row: Agreement, at: datetime) -> None:
    if signed_on > at.astimezone(PARIS).date():
        raise Refused(_("A signature is not noted before its day."), field="signed_on")
    if row.seal is not None and signed_on < row.seal.at.astimezone(PARIS).date():
        raise Refused(_("It cannot be signed before the deliberation."), field="signed_on")


def _paper(
    row: Agreement, file: StoredFile | None, *, checked_by_hand: bool, at: datetime, by: Any
) -> StoredFile:
    """Give the signed paper: the scans when every page is back, or the file that one looked at."""
    if file is not None:
        if not checked_by_hand:
            raise Refused(
                _("Say that you looked at every page and every signature."), field="checked_by_hand"
            )
        return attach(file=file, subject=row, at=at, by=by)
    missing = agreements.missing_pages(row)
    scans = row.scanned.filter(amendment=None).select_related("file").order_by("number")
    if missing is None or missing or not scans:
        told = ", ".join(map(str, missing or [])) or _("all")
        raise Refused(_("Pages have not come back: %(pages)s.") % {"pages": told}, field="file")
    found: StoredFile = scans[0].file
    return found


@action("fund.agreement_ended")
def end_agreement(
    *,
    agreement: Agreement,
    reason: str,
    lapsed: bool = False,
    recover: Decimal | None = None,
    at: datetime,
    by: Any,
) -> Agreement:
    """End an agreement before its time: nothing more is paid; what was paid may be asked back."""
    row = hold(agreement, State.DRAFTED, State.SENT, State.SIGNED)
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why: the partners will read it."), field="reason")
    _refuse_on_its_way(row)
    _stop(row, why, at)
    _ask_back(row, recover, why, at)
    row.state = State.LAPSED if lapsed else State.CANCELLED
    row.ended_at, row.ended_because = at, why[:300]
    row.save(update_fields=["state", "ended_at", "ended_because"])
    record(row, file=file_of(row).number, number=row.number, lapsed=lapsed)
    return row


def _refuse_on_its_way(row: Agreement) -> None:
    if Payment.objects.filter(instalment__agreement=row, state=PaymentState.ORDERED).exists():
        raise Refused(_("A payment is ordered: wait until it is paid, or reject it first."))


def _stop(row: Agreement, why: str, at: datetime) -> None:
    """Take back what is not paid, claimed or amended yet."""
    claims = Claim.objects.filter(instalment__agreement=row, state=ClaimState.MADE)
    claims.update(state=ClaimState.REJECTED, reason=why, checked_at=at)
    waiting = (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)
    row.amendments.filter(state__in=waiting).update(state=AmendmentState.ABANDONED, settled_at=at)
    rows = Payment.objects.filter(instalment__agreement=row)
    rows.exclude(state__in=(PaymentState.PAID, PaymentState.REJECTED)).update(
        state=PaymentState.REJECTED, reason=why
    )
    paid = rows.filter(state=PaymentState.PAID).values("instalment")
    Instalment.objects.filter(agreement=row).exclude(pk__in=paid).update(amount=money.NOTHING)


def _ask_back(row: Agreement, recover: Decimal | None, why: str, at: datetime) -> None:
    if recover is None:
        return
    asked = sum((one.amount for one in row.recoveries.all()), money.NOTHING)
    most = agreements.paid_of(row) - asked
    last = agreements.last_paid(row)
    fits = money.NOTHING < recover <= most and recover == recover.quantize(Decimal("0.01"))
    if last is None or not fits:
        raise Refused(_("No more can be asked back than was paid."), field="recover")
    Recovery.objects.create(
        agreement=row,
        payment=last,
        amount=recover,
        reason=why,
        asked_on=at.astimezone(PARIS).date(),
    )


def hold(agreement: Agreement, *states: str) -> Agreement:
    """Give an agreement as it is now, held until the action ends; refused in another state."""
    rows = Agreement.objects.select_related("grant__application__call", "seal")
    row: Agreement = rows.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.state not in states or row.seal is None:
        known = {"state": State(row.state).label}
        raise Refused(_("This agreement is %(state)s: that can no longer be done.") % known)
    return row


def file_of(agreement: Agreement) -> Application:
    """Give the file of an agreement made here."""
    found = agreement.grant.application
    if found is None:
        raise Refused(_("This grant has no file here."))
    return found
