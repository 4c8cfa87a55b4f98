"""The plan of an application under its call's rules: totals, findings, shares, what is signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from communs.core.kit.localised import money
from communs.services.fund.engine.financing import explain, shares, terms
from communs.services.fund.engine.financing.amounts import HUNDRED
from communs.services.fund.engine.financing.plan import Cost, Money, Plan, Totals, highest, totals
from communs.services.fund.enums import Funder, PartnerRole, Stage
from communs.services.fund.models import Application, Call, Expense, Grant, Partner, Resource
from communs.services.fund.queries.explaining import Told, partners_told, percentage, told


@dataclass(frozen=True, slots=True)
class Assessed:
    """A plan with its rules: what it adds up to, each rule in words, what more partners change."""

    terms: terms.Terms
    plan: Plan
    totals: Totals
    told: Sequence[Told]
    joined: str

    @property
    def broken(self) -> list[Told]:
        """Rules that are broken; one that cannot be told yet stands in no way by itself."""
        return [one for one in self.told if one.ok is False]


def terms_of(call: Call) -> terms.Terms | None:
    """Give the rules of a call; None where it has none, as where nobody asks for money."""
    return None if call.rules is None else terms.read(call.rules.terms)


def plan_of(application: Application, rules: terms.Terms) -> Plan:
    """Give an application's plan as the engine knows it."""
    return made(
        application.expenses.all(),
        application.resources.all(),
        application.requested,
        partners_counted(application, rules),
    )


def made(
    expenses: Iterable[Expense],
    resources: Iterable[Resource],
    requested: Decimal | None,
    partners: int,
) -> Plan:
    """Give lines, kept or only typed, as the engine knows them."""
    return Plan(
        costs=tuple(Cost(row.type, row.before_tax, row.with_tax, row.label) for row in expenses),
        resources=tuple(Money(row.amount, own=row.funder == Funder.OWN) for row in resources),
        requested=requested,
        partners=partners,
    )


def partners_here(application: Application) -> list[Partner]:
    """Give the partners that have not left, the lead first."""
    held = [one for one in application.partners.all() if one.left_at is None]
    return sorted(held, key=lambda one: (one.role != PartnerRole.LEAD, one.pk))


def partners_counted(application: Application, rules: terms.Terms) -> int:
    """Count the partners that raise a ceiling: of a role that counts; the lead at the least."""
    held = [one for one in partners_here(application) if one.role in rules.roles]
    return max(1, len(held))


def assessed(application: Application) -> Assessed | None:
    """Give a plan with what its call's rules say of it; None where the call has no rules."""
    rules = terms_of(application.call)
    return None if rules is None else assess(rules, plan_of(application, rules))


def assess(rules: terms.Terms, given: Plan) -> Assessed:
    """Say of a plan, kept or only typed, what each rule makes of it."""
    findings = explain.explain(rules, given)
    return Assessed(
        terms=rules,
        plan=given,
        totals=totals(rules, given),
        told=[told(one, rules) for one in findings],
        joined=_joined(rules, given),
    )


def shares_told(application: Application) -> Told:
    """Say whether the partners' shares make a whole."""
    held = [one.share for one in partners_here(application) if one.share is not None]
    whole = sum(held, Decimal(0))
    sentence = _("Shares of the partners: %(whole)s in all; they must make 100 %%.")
    return Told("shares", whole == HUNDRED, sentence % {"whole": percentage(whole)})


def granted(application: Application) -> Grant | None:
    """Give the grant that a sealed act awards to a file, with that act; None before the seal."""
    if application.stage != Stage.AWARDED:
        return None
    rows = Grant.objects.filter(application=application, seal__isnull=False)
    found: Grant | None = rows.select_related("seal__deliberation").first()
    return found


def parts(application: Application, grant: Grant | None = None) -> dict[Partner, Decimal | None]:
    """Give each partner's part of the grant, or of what is asked, to the cent; None if unknown."""
    held = partners_here(application)
    bearing = [one for one in held if one.share]
    amounts: dict[Partner, Decimal | None] = dict.fromkeys(held)
    amount = application.requested if grant is None else grant.amount
    if amount is not None and bearing:
        whole = shares.split(amount, [one.share or Decimal(0) for one in bearing])
        amounts.update(zip(bearing, whole, strict=True))
    return amounts


def needs_mandate(application: Application, partner: Partner) -> bool:
    """Tell whether a partner still owes the document that mandates who signs for it."""
    rules = terms_of(application.call)
    return rules is not None and rules.mandate and partner.mandate_id is None


def version_of(application: Application) -> str:
    """Give what changes whenever what a partner signs changes: request, plan, roles, shares."""
    signed = {
        "requested": _text(application.requested),
        "expenses": [
            [row.type, row.label, _text(row.before_tax), _text(row.with_tax)]
            for row in application.expenses.all()
        ],
        "resources": [
            [row.funder, row.label, _text(row.amount), row.secured]
            for row in application.resources.all()
        ],
        "partners": [
            [str(one.organisation_id), one.role, _text(one.share)]
            for one in partners_here(application)
        ],
    }
    written = json.dumps(signed, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _joined(rules: terms.Terms, given: Plan) -> str:
    """Say what one more partner would change: « and if one more commune joins? »"""
    now, more = (highest(rules, given, given.partners + n) for n in (0, 1))
    if now is None or more is None:
        return _("What one more partner would change is not known: a cost has no amount.")
    if not now:
        return _("What one more partner would change is told once costs that count are written.")
    known = {"now": money(now), "more": money(more), "count": partners_told(given.partners + 1)}
    if more > now:
        return _("With %(count)s, up to %(more)s could be granted instead of %(now)s.") % known
    further = rules.next_ceiling(given.partners)
    if further is not None and highest(rules, given, further.partners) != now:
        known["more"] = money(highest(rules, given, further.partners) or now)
        known["count"] = partners_told(further.partners)
        return _("From %(count)s on, up to %(more)s could be granted instead of %(now)s.") % known
    return _("One more partner would not change the most that may be granted: %(now)s.") % known
