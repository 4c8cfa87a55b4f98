"""A project's plan: what it costs, what pays for it, and what the rules make of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from communs.services.fund.engine.financing.amounts import HUNDRED, down
from communs.services.fund.engine.financing.terms import Ceiling, Terms

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of cost; an amount that nobody gave is None."""

    type: str
    before_tax: Decimal | None = None
    with_tax: Decimal | None = None
    label: str = ""

    def amount(self, base: str) -> Decimal | None:
        """Give what it costs in a base, or None when that is not known."""
        return self.before_tax if base == "before_tax" else self.with_tax


@dataclass(frozen=True, slots=True)
class Money:
    """A line of what pays besides the grant; `own` is the partners' own funds."""

    amount: Decimal
    own: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, for what, by how many partners that count."""

    costs: tuple[Cost, ...] = ()
    resources: tuple[Money, ...] = ()
    requested: Decimal | None = None
    partners: int = 1


@dataclass(frozen=True, slots=True)
class TypeTotal:
    """What a kind of cost adds up to, and how much of it counts."""

    code: str
    cost: Decimal
    counted: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What the plan adds up to, in the rules' base.

    `cost` and `eligible` count the lines whose amount is known; `unknown` are the others, by their
    number from 1. `highest` is the most that may be granted, None as long as a line is not known.
    """

    cost: Decimal
    eligible: Decimal
    types: tuple[TypeTotal, ...]
    unknown: tuple[int, ...]
    own: Decimal
    others: Decimal
    by_rate: Decimal
    ceiling: Ceiling | None
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def highest(self) -> Decimal | None:
        if self.unknown:
            return None
        return self.by_rate if self.ceiling is None else min(self.by_rate, self.ceiling.amount)

    @property
    def resources(self) -> Decimal:
        return self.own + self.others


def totals(terms: Terms, plan: Plan) -> Totals:
    """Add a plan up in the rules' base; what counts is bounded kind by kind."""
    amounts = [cost.amount(terms.base) for cost in plan.costs]
    types = _by_type(terms, plan, amounts)
    eligible = sum((one.counted for one in types), NOTHING)
    return Totals(
        cost=sum((amount for amount in amounts if amount is not None), NOTHING),
        eligible=eligible,
        types=types,
        unknown=tuple(n for n, amount in enumerate(amounts, 1) if amount is None),
        own=sum((one.amount for one in plan.resources if one.own), NOTHING),
        others=sum((one.amount for one in plan.resources if not one.own), NOTHING),
        by_rate=down(eligible * terms.rate / HUNDRED),
        ceiling=terms.ceiling(plan.partners),
        names={n: cost.label for n, cost in enumerate(plan.costs, 1)},
    )


def with_partners(plan: Plan, partners: int) -> Plan:
    """Give the same plan with another number of partners: « and if one more commune joins? »"""
    return replace(plan, partners=partners)


def highest(terms: Terms, plan: Plan, partners: int) -> Decimal | None:
    """Give the most that the same project could be granted with so many partners."""
    return totals(terms, with_partners(plan, partners)).highest


def _by_type(terms: Terms, plan: Plan, amounts: list[Decimal | None]) -> tuple[TypeTotal, ...]:
    costs: dict[str, Decimal] = {}
    for cost, amount in zip(plan.costs, amounts, strict=True):
        costs[cost.type] = costs.get(cost.type, NOTHING) + (amount or NOTHING)
    return tuple(TypeTotal(code, cost, _counted(terms, code, cost)) for code, cost in costs.items())


def _counted(terms: Terms, code: str, cost: Decimal) -> Decimal:
    """Give how much of a kind's cost counts; where rules name no kinds, all do."""
    if not terms.expense_types:
        return cost
    kind = terms.type_of(code)
    if kind is None or not kind.eligible:
        return NOTHING
    return cost if kind.ceiling is None else min(cost, kind.ceiling)
