"""Amendments: written, voted where the template says so, signed, in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.core.documents import pdf
from communs.core.documents.pdf import pages
from communs.core.files.actions import attach
from communs.core.files.models import StoredFile
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.localised import day, money
from communs.core.kit.text import clean_line
from communs.core.kit.timespans import PARIS
from communs.services.fund.actions.agreements import file_of, hold
from communs.services.fund.engine.financing import amounts
from communs.services.fund.engine.paying import money as rules
from communs.services.fund.engine.paying import templates
from communs.services.fund.enums import AgreementState, AmendmentKind, AmendmentState
from communs.services.fund.models import Agreement, Amendment, Partner, Party, Seal, Signature
from communs.services.fund.queries import agreed, agreements

_OPEN = (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)
_MONTH = Decimal("30.4375")


@action("fund.amendment_written")
def extend(*, agreement: Agreement, ends_on: date, reason: str, at: datetime, by: Any) -> Amendment:
    """Write an amendment that gives more time."""
    row = hold(agreement, AgreementState.SIGNED)
    if row.ends_on is None or ends_on <= row.ends_on:
        raise Refused(_("The new end comes after the present one."), field="ends_on")
    with override(agreed.LANGUAGE):
        change = {"ends_on": ends_on.isoformat(), "ends_on_told": day(ends_on)}
    months = Decimal((ends_on - row.ends_on).days) / _MONTH
    return _written(row, AmendmentKind.EXTENSION, change, size=months, reason=reason, at=at)


@action("fund.amendment_written")
def let_partner_go(
    *, agreement: Agreement, party: Party, reason: str, at: datetime, by: Any
) -> Amendment:
    """Write an amendment by which a partner leaves: its part goes to the others, to the cent."""
    row = hold(agreement, AgreementState.SIGNED)
    held = _here(row)
    place = next((n for n, one in enumerate(held) if one.pk == party.pk), None)
    if place is None:
        raise Refused(_("This partner is no longer part of the agreement."), field="party")
    if len(held) == 1 or party.position == 1:
        raise Refused(_("The lead stays: end the agreement instead."), field="party")
    before = [one.amount for one in held]
    try:
        after = rules.without(before, place)
    except ValueError as error:
        raise Refused(_("Nobody else bears a part of the grant."), field="party") from error
    change = {
        "party": str(party.pk),
        "name": party.name,
        "parts": _parts([one for one in held if one.pk != party.pk], after, skip=place),
    }
    share = amounts.percent(before[place], row.amount or rules.NOTHING) or Decimal(0)
    return _written(row, AmendmentKind.PARTNER_LEAVES, change, size=share, reason=reason, at=at)


@action("fund.amendment_written")
def shift_budget(
    *, agreement: Agreement, parts: Mapping[UUID, Decimal], reason: str, at: datetime, by: Any
) -> Amendment:
    """Write an amendment that shares the same grant out otherwise, by party."""
    row = hold(agreement, AgreementState.SIGNED)
    held = _here(row)
    before = [one.amount for one in held]
    after = [_part(parts.get(one.pk, one.amount), one) for one in held]
    if sum(after, rules.NOTHING) != row.amount:
        words = _("The parts make %(sum)s: they must make the grant, %(grant)s.")
        known = {
            "sum": money(sum(after, rules.NOTHING)),
            "grant": money(row.amount or rules.NOTHING),
        }
        raise Refused(words % known)
    moved = rules.moved(before, after)
    if not moved:
        raise Refused(_("Nothing changes: write other parts."))
    share = amounts.percent(moved, row.amount or rules.NOTHING) or Decimal(0)
    change = {"parts": _parts(held, after)}
    return _written(row, AmendmentKind.BUDGET_SHIFT, change, size=share, reason=reason, at=at)


@action("fund.amendment_voted")
def vote_amendment(*, amendment: Amendment, seal: Seal, at: datetime, by: Any) -> Amendment:
    """Stand an amendment on the sealed act that names its agreement; it may then be signed."""
    row = _held(amendment, AmendmentState.TO_VOTE)
    if seal.at < row.written_at or not agreements.names(seal, row):
        words = _("This act does not name agreement %(number)s, or was sealed before.")
        raise Refused(words % {"number": row.agreement.number}, field="seal")
    row.seal, row.state = seal, AmendmentState.TO_SIGN
    row.save(update_fields=["seal", "state"])
    record(row, agreement=row.agreement.number, position=row.position, digest=seal.digest)
    return row


@action("fund.amendment_signed")
def sign_amendment(
    *,
    amendment: Amendment,
    signed_on: date,
    file: StoredFile | None = None,
    checked_by_hand: bool = False,
    at: datetime,
    by: Any,
) -> Amendment:
    """Note that all have signed an amendment: it is in force."""
    row = _held(amendment, AmendmentState.TO_SIGN)
    agreement = hold(row.agreement, AgreementState.SIGNED)
    if not row.written_at.astimezone(PARIS).date() <= signed_on <= at.astimezone(PARIS).date():
        words = _("It is signed after it was written, and today at the latest.")
        raise Refused(words, field="signed_on")
    paper = _paper(row, file, checked_by_hand=checked_by_hand, at=at, by=by)
    Signature.objects.create(
        agreement=agreement,
        amendment=row,
        seal=agreement.seal,
        signed_on=signed_on,
        digest=paper.sha256,
        file=paper,
        at=at,
    )
    _apply(agreement, row, at)
    row.state, row.settled_at = AmendmentState.IN_FORCE, at
    row.save(update_fields=["state", "settled_at"])
    record(row, file=file_of(agreement).number, agreement=agreement.number, kind=row.kind)
    return row


@action("fund.amendment_abandoned")
def abandon_amendment(*, amendment: Amendment, at: datetime, by: Any) -> Amendment:
    """Give an amendment up before it is signed."""
    row = _held(amendment, *_OPEN)
    row.state, row.settled_at = AmendmentState.ABANDONED, at
    row.save(update_fields=["state", "settled_at"])
    record(row, agreement=row.agreement.number, position=row.position)
    return row


def _written(
    row: Agreement,
    kind: AmendmentKind,
    change: dict[str, Any],
    *,
    size: Decimal,
    reason: str,
    at: datetime,
) -> Amendment:
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why: it stands in the amendment."), field="reason")
    if row.amendments.filter(state__in=_OPEN).exists():
        raise Refused(_("Another amendment is not in force yet: finish or abandon it first."))
    last = row.amendments.aggregate(last=Max("position"))["last"] or 0
    needs_vote = templates.votes_for(row.votes, kind, size)
    made = Amendment(
        agreement=row,
        position=last + 1,
        kind=kind,
        state=AmendmentState.TO_VOTE if needs_vote else AmendmentState.TO_SIGN,
        change=change,
        reason=why,
        needs_vote=needs_vote,
        written_at=at,
    )
    made.save()
    made.change = change | {"pages": pages(pdf(agreed.amendment_document(made)))}
    made.save(update_fields=["change"])
    record(made, file=file_of(row).number, agreement=row.number, kind=str(kind), vote=needs_vote)
    return made


def _here(row: Agreement) -> list[Party]:
    return list(row.parties.select_for_update().filter(left_at=None).order_by("position"))


def _parts(
    held: list[Party], after: list[Decimal], skip: int | None = None
) -> list[dict[str, str]]:
    kept = [amount for n, amount in enumerate(after) if n != skip]
    return [
        {"party": str(one.pk), "name": one.name, "amount": f"{amount:.2f}"}
        for one, amount in zip(held, kept, strict=True)
    ]


def _part(given: Decimal, party: Party) -> Decimal:
    if not given.is_finite() or given < 0 or given != given.quantize(amounts.CENT):
        words = _("The part of %(name)s is no amount in euros and cents.")
        raise Refused(words % {"name": party.name})
    return given


def _held(amendment: Amendment, *states: str) -> Amendment:
    rows = Amendment.objects.select_related("agreement__grant").select_for_update(of=("self",))
    row = rows.get(pk=amendment.pk)
    if row.state not in states:
        known = {"state": AmendmentState(row.state).label}
        raise Refused(_("This amendment is %(state)s: that can no longer be done.") % known)
    return row


def _paper(
    row: Amendment, file: StoredFile | None, *, checked_by_hand: bool, at: datetime, by: Any
) -> StoredFile:
    if file is not None:
        if not checked_by_hand:
            raise Refused(
                _("Say that you looked at every page and every signature."), field="checked_by_hand"
            )
        return attach(file=file, subject=row.agreement, at=at, by=by)
    missing = agreements.missing_pages(row.agreement, row)
    scans = row.scanned.select_related("file").order_by("number")
    if missing is None or missing or not scans:
        told = ", ".join(map(str, missing or [])) or _("all")
        raise Refused(_("Pages have not come back: %(pages)s.") % {"pages": told}, field="file")
    found: StoredFile = scans[0].file
    return found


def _apply(agreement: Agreement, row: Amendment, at: datetime) -> None:
    """Bring an agreement to what its amendment says."""
    change = row.change
    if row.kind == AmendmentKind.EXTENSION:
        agreement.ends_on = date.fromisoformat(change["ends_on"])
        agreement.paid_until = agreement.ends_on
        agreement.save(update_fields=["ends_on", "paid_until"])
        return
    for one in change["parts"]:
        row_of = Party.objects.filter(pk=one["party"], agreement=agreement)
        row_of.update(amount=Decimal(one["amount"]))
    if row.kind == AmendmentKind.PARTNER_LEAVES:
        gone = Party.objects.get(pk=change["party"], agreement=agreement)
        gone.amount, gone.left_at = rules.NOTHING, at
        gone.save(update_fields=["amount", "left_at"])
        Partner.objects.filter(
            application=file_of(agreement), organisation=gone.organisation_id, left_at=None
        ).update(left_at=at)
