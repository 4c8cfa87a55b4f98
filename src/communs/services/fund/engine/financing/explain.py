"""Each rule, kept or broken, with the figures that say why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from communs.services.fund.engine.financing.amounts import HUNDRED, percent
from communs.services.fund.engine.financing.plan import Plan, Totals, totals
from communs.services.fund.engine.financing.terms import Terms


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a plan; `ok` None where it cannot be told yet."""

    code: str
    ok: bool | None
    values: Mapping[str, Any] = field(default_factory=dict)


def explain(terms: Terms, plan: Plan) -> list[Finding]:
    """Give what each rule says of a plan, in the order in which one fills it."""
    added = totals(terms, plan)
    return [
        *_costs(terms, plan, added),
        *_asked(terms, plan, added),
        _owner(terms, added),
        _balance(plan, added),
    ]


def broken(findings: list[Finding]) -> list[Finding]:
    """Keep the rules that are broken, which stand in the way of sending.

    One that cannot be told yet lacks a cost or a request: the rule that asks for it is broken.
    """
    return [one for one in findings if one.ok is False]


def _costs(terms: Terms, plan: Plan, added: Totals) -> Iterator[Finding]:
    if not plan.costs:
        yield Finding("no_costs", ok=False)
    for number in added.unknown:
        label = added.names.get(number, "")
        yield Finding(
            "cost_unknown", ok=False, values={"line": number, "label": label, "base": terms.base}
        )
    for one in added.types:
        kind = terms.type_of(one.code)
        if terms.expense_types and kind is None:
            yield Finding("type_unknown", ok=False, values={"type": one.code})
        elif kind is not None and not kind.eligible:
            yield Finding("type_not_counted", ok=True, values={"type": one.code, "cost": one.cost})
        elif one.counted < one.cost and kind is not None:
            values = {"type": one.code, "cost": one.cost, "ceiling": kind.ceiling}
            yield Finding("type_bounded", ok=True, values=values)
    if plan.costs and not added.unknown and not added.eligible:
        yield Finding("nothing_eligible", ok=False)


def _asked(terms: Terms, plan: Plan, added: Totals) -> Iterator[Finding]:
    known = {"base": terms.base, "most": terms.rate, "eligible": added.eligible}
    known["highest"] = added.by_rate
    ceiling = added.ceiling
    reached = {"partners": plan.partners, "ceiling": ceiling and ceiling.amount}
    reached["from"] = ceiling and ceiling.partners
    if plan.requested is None:
        yield Finding("nothing_asked", ok=False, values=known)
        if ceiling is not None:
            yield Finding("ceiling", ok=None, values=reached | {"requested": None})
        return
    asked = percent(plan.requested, added.eligible)
    within = None if added.unknown else plan.requested <= added.by_rate
    yield Finding("rate", within, known | {"asked": asked, "requested": plan.requested})
    if ceiling is not None:
        values = reached | {"requested": plan.requested}
        yield Finding("ceiling", plan.requested <= ceiling.amount, values)


def _owner(terms: Terms, added: Totals) -> Finding:
    least = added.cost * terms.owner_share / HUNDRED
    values = {
        "own": added.own,
        "share": percent(added.own, added.cost),
        "least": terms.owner_share,
        "least_amount": _up(least),
        "cost": added.cost,
    }
    known = added.cost and not added.unknown
    return Finding("owner_share", added.own >= least if known else None, values)


def _balance(plan: Plan, added: Totals) -> Finding:
    paid = added.resources + (plan.requested or Decimal(0))
    values = {"paid": paid, "cost": added.cost, "lacking": added.cost - paid}
    known = added.cost and not added.unknown
    return Finding("balance", paid == added.cost if known else None, values)


def _up(amount: Decimal) -> Decimal:
    """Give the first amount to the cent that reaches another."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents >= amount else cents + Decimal("0.01")
