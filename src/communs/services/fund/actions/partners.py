"""Partners of an application: who joins, with which part, and their dated agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from communs.core.files.actions import attach, forget
from communs.core.files.models import StoredFile
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.services.fund.actions.applications import organisation_words, unsign
from communs.services.fund.actions.moving import hold_to_write
from communs.services.fund.engine.financing.amounts import HUNDRED
from communs.services.fund.engine.financing.shares import equal
from communs.services.fund.enums import PartnerRole
from communs.services.fund.models import Application, Organisation, Partner
from communs.services.fund.queries.plans import partners_here, terms_of, version_of

MOST_PARTNERS = 40
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PartWanted:
    """The role and the share that a partner should have."""

    role: str
    share: Decimal | None


@action("fund.partner_invited")
def invite_partner(
    *,
    application: Application,
    organisation: Organisation,
    role: str,
    share: Decimal | None = None,
    at: datetime,
    by: Any,
) -> Partner:
    """Ask an organisation to join; its agents may write from now on, and are asked to sign."""
    held = hold_to_write(application)
    if role not in PartnerRole.values or role == PartnerRole.LEAD:
        raise Refused(_("A file has one lead: choose another role."), field="role")
    if (organisation.body_id is None) != (_lead(held).organisation.body_id is None):
        sentence = _("Partners are of the kind that this call is open to.")
        raise Refused(sentence, field="organisation")
    present = Partner.objects.filter(application=held)
    if present.filter(organisation=organisation, left_at=None).exists():
        raise Refused(_("This partner is here already."), field="organisation")
    if present.count() >= MOST_PARTNERS:
        raise Refused(_("A file has at most %(most)s partners.") % {"most": MOST_PARTNERS})
    values = {"role": role, "share": _share(share, "share"), "invited_at": at, "left_at": None}
    row, _made = Partner.objects.update_or_create(
        application=held, organisation=organisation, defaults=values
    )
    _refresh(held)
    record(held, number=held.number, organisation=str(organisation.pk), unsigned=unsign(held))
    return row


@action("fund.partner_removed")
def remove_partner(*, partner: Partner, by: Any) -> None:
    """Take a partner away who has not signed; one who has takes its agreement back first."""
    held = hold_to_write(partner.application)
    row = Partner.objects.select_for_update().select_related("organisation").get(pk=partner.pk)
    if row.role == PartnerRole.LEAD:
        raise Refused(_("The lead stays: withdraw the file instead."))
    if row.signed_at is not None:
        sentence = _(
            "%(name)s has signed: it takes its agreement back itself, then it can be removed."
        )
        raise Refused(sentence % {"name": row.organisation.name})
    key, mandate = str(row.organisation_id), row.mandate
    row.delete()
    if mandate is not None:
        forget(file=mandate, by=by)
    _refresh(held)
    record(held, number=held.number, organisation=key, unsigned=unsign(held))


@action("fund.shares_set")
def set_parts(
    *, application: Application, parts: Mapping[UUID, PartWanted], seen: str, by: Any
) -> None:
    """Set the roles and shares of the partners, by their keys; whoever signed signs again."""
    held = hold_to_write(application)
    before = version_of(held)
    if seen != before:
        sentence = _(
            "The plan or the partners changed meanwhile, in another tab or by somebody else: read"
            " them again first."
        )
        raise Refused(sentence, field="seen")
    for partner in partners_here(held):
        wanted = parts.get(partner.pk)
        if wanted is not None:
            _set(partner, wanted)
    fresh = Application.objects.get(pk=held.pk)
    if version_of(fresh) == before:
        nothing_done()
        return
    told = {str(one.organisation_id): _told(one.share) for one in partners_here(fresh)}
    record(fresh, number=fresh.number, shares=told, unsigned=unsign(fresh))


@action("fund.shares_made_equal")
def share_equally(*, application: Application, by: Any) -> None:
    """Share the cost equally among the partners that bear any, to a hundredth of a per cent."""
    held = hold_to_write(application)
    before = version_of(held)
    bearing = [one for one in partners_here(held) if one.role in _BEARING]
    for partner, share in zip(bearing, equal(len(bearing)), strict=True):
        partner.share = share
        partner.save(update_fields=["share"])
    fresh = Application.objects.get(pk=held.pk)
    if version_of(fresh) == before:
        nothing_done()
        return
    record(fresh, number=fresh.number, unsigned=unsign(fresh))


@action("fund.partner_signed")
def sign(
    *, partner: Partner, mandate: StoredFile | None, seen: str, at: datetime, by: Any
) -> Partner:
    """Keep an organisation's agreement to the plan and to its part, as it read them (`seen`)."""
    held = hold_to_write(partner.application)
    row = Partner.objects.select_for_update().select_related("organisation").get(pk=partner.pk)
    if row.left_at is not None:
        raise Refused(_("This partner has left the file."))
    if seen != version_of(held):
        raise Refused(_("What you sign changed meanwhile: read it again, then sign."))
    if row.signed_at is not None:
        nothing_done()
        return row
    if mandate is not None:
        row.mandate = attach(file=mandate, subject=row, at=at, by=by)
    rules = terms_of(held.call)
    if row.mandate is None and rules is not None and rules.mandate:
        sentence = _("Add the document that mandates who signs: a deliberation, a delegation.")
        raise Refused(sentence, field="mandate")
    row.signed_at, row.signed_by = at, by
    row.save(update_fields=["mandate", "signed_at", "signed_by"])
    record(held, number=held.number, organisation=str(row.organisation_id), version=seen)
    return row


@action("fund.signature_taken_back")
def take_signature_back(*, partner: Partner, by: Any) -> None:
    """Take back an agreement, as long as the file is not sent."""
    held = hold_to_write(partner.application)
    mine = Partner.objects.filter(pk=partner.pk, signed_at__isnull=False)
    if not mine.update(signed_at=None, signed_by=None):
        raise Refused(_("This partner has not signed."))
    record(held, number=held.number, organisation=str(partner.organisation_id))


_BEARING = (PartnerRole.LEAD, PartnerRole.FINANCIAL)


def _lead(held: Application) -> Partner:
    rows = held.partners.select_related("organisation")
    found: Partner = rows.get(role=PartnerRole.LEAD, left_at=None)
    return found


def _set(partner: Partner, wanted: PartWanted) -> None:
    start = f"partner_{partner.pk.hex}"
    is_lead = partner.role == PartnerRole.LEAD
    if wanted.role not in PartnerRole.values or is_lead != (wanted.role == PartnerRole.LEAD):
        raise Refused(_("A file has one lead: choose another role."), field=f"{start}_role")
    partner.role, partner.share = wanted.role, _share(wanted.share, f"{start}_share")
    partner.save(update_fields=["role", "share"])


def _share(share: Decimal | None, field: str) -> Decimal | None:
    if share is None:
        return None
    if not share.is_finite() or not 0 <= share <= HUNDRED or share != share.quantize(_CENT):
        raise Refused(
            _("Write a percentage from 0 to 100, with at most two decimals."), field=field
        )
    return share.quantize(_CENT)


def _told(share: Decimal | None) -> str | None:
    return None if share is None else str(share)


def _refresh(held: Application) -> None:
    held.words = organisation_words(held)
    held.save(update_fields=["words"])
