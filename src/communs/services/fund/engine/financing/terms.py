"""The rules of a fund as data: read whole, or each fault named with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from communs.services.fund.engine.financing.amounts import HUNDRED, MOST, Unfit, checked

BASES = ("before_tax", "with_tax")
MOST_PARTNERS = 200
_NAMES = frozenset({"base", "rate", "ceilings", "owner_share", "expense_types", "roles", "mandate"})
_ROLES = ("lead", "financial", "test_site", "observer")
_COUNTED = ("lead", "financial", "test_site")


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that is granted from so many partners on, in euros."""

    partners: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ExpenseType:
    """A kind of cost: whether it counts, and up to how much in one project."""

    code: str
    labels: Mapping[str, str]
    eligible: bool = True
    ceiling: Decimal | None = None

    def label(self, language: str) -> str:
        """Give its name in a language, in French where it has no other."""
        return self.labels.get(language) or self.labels.get("fr") or self.code


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant may be. Percentages are of 100; amounts are euros in `base`.

    `owner_share` is the least part of the cost that the partners pay themselves. `roles` are those
    that count as a partner when a ceiling is looked up. `mandate` asks each partner for a document.
    """

    base: str
    rate: Decimal
    ceilings: tuple[Ceiling, ...] = ()
    owner_share: Decimal = Decimal(0)
    expense_types: tuple[ExpenseType, ...] = ()
    roles: tuple[str, ...] = _COUNTED
    mandate: bool = False

    def ceiling(self, partners: int) -> Ceiling | None:
        """Give the ceiling for so many partners; None where there is none."""
        reached = [one for one in self.ceilings if one.partners <= partners]
        return reached[-1] if reached else None

    def next_ceiling(self, partners: int) -> Ceiling | None:
        """Give the first higher ceiling that more partners would reach, or None."""
        held = self.ceiling(partners)
        higher = (one for one in self.ceilings if one.partners > partners)
        return next((one for one in higher if held is None or one.amount > held.amount), None)

    def type_of(self, code: str) -> ExpenseType | None:
        """Give a kind of cost by its code."""
        return next((one for one in self.expense_types if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in rules, where, and with which value."""

    code: str
    where: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Faulty(ValueError):
    """Rules that cannot be read; each fault has its place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{one.where}: {one.code}" for one in faults))
        self.faults = tuple(faults)


def read(data: Mapping[str, Any]) -> Terms:
    """Give the rules that data say; raises Faulty with every fault there is."""
    reader = _Reader()
    if not isinstance(data, Mapping):
        raise Faulty([Fault("not_rules", "")])
    terms = reader.terms(data)
    if reader.faults:
        raise Faulty(reader.faults)
    return terms


def written(terms: Terms) -> dict[str, Any]:
    """Give rules as plain JSON, which `read` reads back the same."""
    return {
        "base": terms.base,
        "rate": str(terms.rate),
        "ceilings": [
            {"partners": one.partners, "amount": str(one.amount)} for one in terms.ceilings
        ],
        "owner_share": str(terms.owner_share),
        "expense_types": [
            {
                "code": one.code,
                "labels": dict(one.labels),
                "eligible": one.eligible,
                "ceiling": None if one.ceiling is None else str(one.ceiling),
            }
            for one in terms.expense_types
        ],
        "roles": list(terms.roles),
        "mandate": terms.mandate,
    }


class _Reader:
    """Reads rules to the end, and notes what is wrong on the way."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def terms(self, data: Mapping[str, Any]) -> Terms:
        for name in sorted(set(map(str, data)) - _NAMES):
            self.fault("unknown_rule", name, name=name)
        base = data.get("base")
        if base not in BASES:
            self.fault("base", "base")
        rate = self.share(data.get("rate"), "rate")
        if rate == 0:
            self.fault("no_rate", "rate")
        return Terms(
            base=str(base),
            rate=rate,
            ceilings=self.ceilings(self.rows(data, "ceilings")),
            owner_share=self.share(data.get("owner_share", "0"), "owner_share"),
            expense_types=self.types(self.rows(data, "expense_types")),
            roles=self.roles(data.get("roles", list(_COUNTED))),
            mandate=self.yes_or_no(data.get("mandate", False), "mandate"),
        )

    def fault(self, code: str, where: str, **values: Any) -> None:
        self.faults.append(Fault(code, where, values))

    def rows(self, data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        given = data.get(name, [])
        if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
            self.fault("not_a_list", name)
            return []
        return given

    def ceilings(self, rows: list[Mapping[str, Any]]) -> tuple[Ceiling, ...]:
        found = [self.ceiling(row, f"ceilings.{n}") for n, row in enumerate(rows, 1)]
        for n, (one, other) in enumerate(pairwise(found), 2):
            if other.partners <= one.partners:
                self.fault("ceilings_order", f"ceilings.{n}", partners=other.partners)
            elif other.amount < one.amount:
                self.fault("ceiling_falls", f"ceilings.{n}", partners=other.partners)
        return tuple(found)

    def ceiling(self, row: Mapping[str, Any], where: str) -> Ceiling:
        partners = row.get("partners")
        if type(partners) is not int or not 1 <= partners <= MOST_PARTNERS:
            self.fault("partners", where, most=MOST_PARTNERS)
            partners = 1
        return Ceiling(partners, self.amount(row.get("amount"), where) or MOST)

    def types(self, rows: list[Mapping[str, Any]]) -> tuple[ExpenseType, ...]:
        found = [self.type(row, f"expense_types.{n}") for n, row in enumerate(rows, 1)]
        codes = [one.code for one in found]
        for n, code in enumerate(codes, 1):
            if code in codes[: n - 1]:
                self.fault("type_twice", f"expense_types.{n}", name=code)
        if rows and not any(one.eligible for one in found):
            self.fault("nothing_eligible", "expense_types")
        return tuple(found)

    def type(self, row: Mapping[str, Any], where: str) -> ExpenseType:
        code, labels = row.get("code"), row.get("labels")
        if not isinstance(code, str) or not code:
            self.fault("type_code", where)
        if not isinstance(labels, Mapping) or not str(labels.get("fr") or "").strip():
            self.fault("type_label", where)
            labels = {}
        given = row.get("ceiling")
        return ExpenseType(
            code=str(code),
            labels={str(key): str(label) for key, label in labels.items()},
            eligible=self.yes_or_no(row.get("eligible", True), where),
            ceiling=None if given is None else self.amount(given, where),
        )

    def roles(self, given: Any) -> tuple[str, ...]:
        if not isinstance(given, list) or not given or not set(map(str, given)) <= set(_ROLES):
            self.fault("roles", "roles")
            return _COUNTED
        return tuple(role for role in _ROLES if role in given)

    def share(self, given: Any, where: str) -> Decimal:
        """Read a percentage: two decimals at most, from 0 to 100."""
        found = self.decimal(given)
        if found is None or not 0 <= found <= HUNDRED or found != round(found, 2):
            self.fault("percentage", where)
            return HUNDRED
        return found

    def amount(self, given: Any, where: str) -> Decimal | None:
        found = self.decimal(given)
        try:
            return checked(Decimal("NaN") if found is None else found)
        except Unfit as fault:
            self.fault(f"amount_{fault.code}", where)
            return None

    def decimal(self, given: Any) -> Decimal | None:
        """Read a figure written as text or as a whole number; a float has no exact cents."""
        if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
            return None
        try:
            found = Decimal(given)
        except InvalidOperation:
            return None
        return found if found.is_finite() else None

    def yes_or_no(self, given: Any, where: str) -> bool:
        if not isinstance(given, bool):
            self.fault("yes_or_no", where)
        return bool(given)
