"""From a sealed act to the register: its round of awards, and a grant for each file."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.kit.errors import Refused
from communs.core.kit.timespans import PARIS
from communs.core.search.index import index
from communs.services.fund.actions.registering import reference_of, territory_of, words_of
from communs.services.fund.enums import Outcome, PartnerRole, Provenance, SessionKind
from communs.services.fund.models import Application, Decision, Grant, Partner, Round, Seal
from communs.services.fund.queries import grant_documents

_FEWEST = 3  # partners: from here on a project is pooled, as the communiqué of 2018 counts


def award(sealed: Seal, decisions: list[Decision]) -> list[Grant]:
    """Write the grants of a sealed act in the register; part of the action that seals it."""
    awarded = [row for row in decisions if row.outcome == Outcome.AWARDED]
    made = [_grant(sealed, row) for row in awarded]
    for round_ in {one.round_id: one.round for one in made}.values():
        _count(round_)
        index(*grant_documents(round_))
    return made


def _grant(sealed: Seal, row: Decision) -> Grant:
    file = row.application
    award_ = _round(sealed, file)
    lead = _lead(file)
    beneficiary = _beneficiary(file, lead)
    territory = territory_of(beneficiary, award_)
    number = (Grant.objects.filter(round=award_).aggregate(last=Max("number"))["last"] or 0) + 1
    values: dict[str, Any] = {
        "reference": reference_of(award_, number),
        "beneficiary": beneficiary,
        "territory": territory,
        "beneficiary_as_published": lead.organisation.name,
        "title": file.title,
        "title_as_published": file.title,
        "awarded_on": award_.awarded_on,
        "amount": row.amount,
        "theme": None,
        "challenge": file.challenges[0] if file.challenges else None,
        "classified_by": Provenance.PUBLISHED,
    }
    values["words"] = words_of(values, territory)
    return Grant.objects.create(
        round=award_, number=number, application=file, seal=sealed, **values
    )


def _round(sealed: Seal, file: Application) -> Round:
    session = sealed.deliberation.session
    day = session.held_at.astimezone(PARIS).date()
    row, _made = Round.objects.get_or_create(
        programme=file.call.programme,
        awarded_on=day,
        defaults={"body": str(SessionKind(session.kind).label)},
    )
    return row


def _lead(file: Application) -> Partner:
    rows = Partner.objects.filter(application=file, role=PartnerRole.LEAD, left_at=None)
    return rows.select_related("organisation__body").get()


def _beneficiary(file: Application, lead: Partner) -> Community:
    """Give the community of a grant: the lead's own, or that of the site where a firm tries."""
    body = lead.organisation.body or (file.site.body if file.site else None)
    if body is None:
        partners = Partner.objects.filter(application=file, left_at=None)
        rows = partners.filter(organisation__body__isnull=False).order_by("id")
        first = rows.select_related("organisation__body").first()
        body = first.organisation.body if first else None
    if body is None:
        words = _("%(file)s: no commune of the metropolis is in this project.")
        raise Refused(words % {"file": file.number})
    return body


def _count(round_: Round) -> None:
    """Write what a round of awards amounts to; its total is known when every grant's is."""
    grants = Grant.objects.filter(round=round_)
    told = grants.aggregate(total=Sum("amount"), number=Count("pk"), known=Count("amount"))
    pooled = (
        Partner.objects.filter(application__in=grants.values("application"), left_at=None)
        .values("application")
        .annotate(number=Count("pk"))
        .filter(number__gte=_FEWEST)
    )
    round_.total = told["total"] if told["known"] == told["number"] else None
    round_.project_count = told["number"]
    round_.pooled_count, round_.pooled_minimum = pooled.count(), _FEWEST
    round_.save(update_fields=["total", "project_count", "pooled_count", "pooled_minimum"])
