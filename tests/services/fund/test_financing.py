"""What a grant may be: rates, ceilings, shares; no cent is lost or made."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from communs.services.fund.engine.financing import amounts, terms
from communs.services.fund.engine.financing.explain import Finding, broken, explain
from communs.services.fund.engine.financing.plan import Cost, Money, Plan, highest, totals
from communs.services.fund.engine.financing.shares import equal, split
from communs.services.fund.forms.fields import AmountField

RULES: dict[str, Any] = {
    "base": "before_tax",
    "rate": "50",
    "ceilings": [
        {"partners": 1, "amount": "30000.00"},
        {"partners": 3, "amount": "60000.00"},
    ],
    "owner_share": "20",
    "expense_types": [
        {"code": "equipment", "labels": {"fr": "Matériel"}, "eligible": True, "ceiling": None},
        {"code": "talk", "labels": {"fr": "Communication"}, "eligible": True, "ceiling": "5000.00"},
        {"code": "staff", "labels": {"fr": "Salaires"}, "eligible": False, "ceiling": None},
    ],
    "roles": ["lead", "financial", "test_site"],
    "mandate": True,
}
TERMS = terms.read(RULES)
MONEY = st.decimals(
    Decimal("0.01"), Decimal("9999999999.99"), places=2, allow_nan=False, allow_infinity=False
)


def plan_of(requested: str | None, *, partners: int = 3, own: str = "40000.00") -> Plan:
    return Plan(
        costs=(Cost("equipment", Decimal("80000.00"), Decimal("96000.00")),),
        resources=(Money(Decimal(own), own=True),),
        requested=None if requested is None else Decimal(requested),
        partners=partners,
    )


def told(plan: Plan) -> dict[str, bool | None]:
    return {one.code: one.ok for one in explain(TERMS, plan)}


def test_the_scene_of_the_mission_fifty_eight_per_cent_is_too_much_and_fifty_is_not() -> None:
    refused = plan_of("46400.00", own="33600.00")
    assert broken(explain(TERMS, refused)) == [
        Finding(
            "rate",
            ok=False,
            values={
                "base": "before_tax",
                "most": Decimal(50),
                "eligible": Decimal("80000.00"),
                "highest": Decimal("40000.00"),
                "asked": Decimal(58),
                "requested": Decimal("46400.00"),
            },
        )
    ]
    assert broken(explain(TERMS, plan_of("40000.00"))) == []


def test_a_third_partner_raises_the_ceiling() -> None:
    plan = plan_of("40000.00")
    assert [highest(TERMS, plan, n) for n in (1, 2, 3, 4)] == [
        Decimal("30000.00"),
        Decimal("30000.00"),
        Decimal("40000.00"),
        Decimal("40000.00"),
    ]
    assert told(plan_of("40000.00", partners=2))["ceiling"] is False
    assert TERMS.next_ceiling(2) == terms.Ceiling(3, Decimal("60000.00"))
    assert TERMS.next_ceiling(3) is None


def test_a_kind_counts_up_to_its_ceiling_and_another_not_at_all() -> None:
    plan = Plan(
        costs=(
            Cost("equipment", Decimal("10000.00")),
            Cost("talk", Decimal("8000.00")),
            Cost("staff", Decimal("2000.00")),
        ),
        resources=(Money(Decimal("12500.00"), own=True),),
        requested=Decimal("7500.00"),
    )
    added = totals(TERMS, plan)
    assert (added.cost, added.eligible) == (Decimal("20000.00"), Decimal("15000.00"))
    assert added.highest == Decimal("7500.00")
    assert told(plan) == {
        "type_bounded": True,
        "type_not_counted": True,
        "rate": True,
        "ceiling": True,
        "owner_share": True,
        "balance": True,
    }


def test_an_amount_that_is_not_known_is_no_nothing() -> None:
    plan = Plan(costs=(Cost("equipment", None, Decimal("100.00")),), requested=Decimal("10.00"))
    assert totals(TERMS, plan).highest is None
    assert told(plan) == {
        "cost_unknown": False,
        "rate": None,
        "ceiling": True,
        "owner_share": None,
        "balance": None,
    }


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0,005", "too_fine"),
        ("0.005", "too_fine"),
        ("-1", "negative"),
        ("−1", "negative"),
        ("1e12", "not_a_number"),
        ("1000000000000", "too_large"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("", "not_a_number"),
        ("0", "nothing"),
        ("1,2,3", "not_a_number"),
        ("20.000", "doubtful"),
        ("20,000", "doubtful"),
        ("+20", "not_a_number"),
        ("١٢", "not_a_number"),
        ("9" * 60, "not_a_number"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, why: str) -> None:
    with pytest.raises(amounts.Unfit) as refused:
        amounts.read(typed)
    assert refused.value.code == why


@pytest.mark.parametrize(
    "typed", ["1 250,50", "1\u202f250,50 €", "1250.5", "1'250.500", "1.250,50", "1,250.50"]
)
def test_an_amount_is_read_as_people_write_it(typed: str) -> None:
    assert amounts.read(typed) == Decimal("1250.50")


@pytest.mark.parametrize("language", ["fr", "en"])
@given(amount=st.decimals("0.01", "9999999999.99", places=2))
def test_an_amount_that_a_page_fills_in_is_read_back_as_it_is(
    language: str, amount: Decimal
) -> None:
    field = AmountField()
    with override(language):
        assert field.clean(field.prepare_value(amount)) == amount


def test_in_english_a_comma_parts_thousands() -> None:
    field = AmountField()
    with override("en"):
        assert [field.clean(typed) for typed in ("20,000", "1,250.50", "0.50")] == [
            Decimal(20000), Decimal("1250.50"), Decimal("0.50"),
        ]  # fmt: skip
        with pytest.raises(ValidationError, match=r"such as 1,250\.50"):
            field.clean("abc")
        with pytest.raises(ValidationError, match="thousands or cents"):
            field.clean("20.000")


@given(st.text(max_size=30))
def test_whatever_is_typed_ends_in_an_amount_or_a_reason(typed: str) -> None:
    known = "negative|not_a_number|nothing|too_fine|too_large|doubtful"
    try:
        amount = amounts.read(typed)
    except amounts.Unfit:
        with pytest.raises(amounts.Unfit, match=known):
            amounts.read(typed)
    else:
        assert amounts.checked(amount) == amount


@given(MONEY, st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=40))
def test_shares_add_up_to_the_cent_and_nobody_is_a_cent_off(
    amount: Decimal, shares: list[Decimal]
) -> None:
    whole = sum(shares)
    if not whole:
        with pytest.raises(ValueError, match="weights"):
            split(amount, shares)
        return
    parts = split(amount, shares)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - amount * share / whole) < amounts.CENT
        assert part == part.quantize(amounts.CENT)
    assert split(amount, shares) == parts


@given(st.integers(1, 200))
def test_equal_shares_are_a_hundred(count: int) -> None:
    shares = equal(count)
    assert sum(shares) == Decimal(100)
    assert max(shares) - min(shares) <= amounts.CENT


COSTS = st.builds(
    Cost, st.sampled_from(["equipment", "talk", "staff", "unknown"]), st.none() | MONEY, MONEY
)
PLANS = st.builds(
    Plan,
    costs=st.lists(COSTS, max_size=6).map(tuple),
    resources=st.lists(st.builds(Money, MONEY, st.booleans()), max_size=4).map(tuple),
    requested=st.none() | MONEY,
    partners=st.integers(1, 12),
)


@given(PLANS)
def test_a_plan_that_breaks_no_rule_asks_no_cent_too_many(plan: Plan) -> None:
    if broken(explain(TERMS, plan)):
        return
    added = totals(TERMS, plan)
    assert plan.requested is not None
    assert added.highest is not None
    assert Decimal(0) < plan.requested <= added.highest
    assert plan.requested * 2 <= added.eligible <= added.cost
    assert plan.requested + added.resources == added.cost
    assert added.own * 5 >= added.cost


@given(PLANS)
def test_what_cannot_be_told_yet_is_never_alone_and_stands_in_no_way_by_itself(plan: Plan) -> None:
    found = explain(TERMS, plan)
    assert all(one.ok is False for one in broken(found))
    assert broken(found) or all(one.ok for one in found)


def test_an_empty_plan_asks_for_its_costs_and_keeps_no_rule_of_a_cost_of_nothing() -> None:
    assert told(Plan()) == {
        "no_costs": False,
        "nothing_asked": False,
        "ceiling": None,
        "owner_share": None,
        "balance": None,
    }


@given(PLANS)
def test_more_partners_never_lower_what_may_be_granted(plan: Plan) -> None:
    amounts_of = [highest(TERMS, plan, count) for count in range(1, 8)]
    known = [amount for amount in amounts_of if amount is not None]
    assert known in ([], sorted(amounts_of, key=lambda amount: amount or Decimal(0)))


def test_rules_are_read_back_as_they_were_written() -> None:
    assert terms.written(TERMS) == RULES
    assert terms.read(terms.written(TERMS)) == TERMS


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        ({"base": "net"}, "base", "base"),
        ({"rate": "0"}, "rate", "no_rate"),
        ({"rate": "101"}, "rate", "percentage"),
        ({"rate": 0.5}, "rate", "percentage"),
        ({"rate": "NaN"}, "rate", "percentage"),
        ({"owner_share": "-1"}, "owner_share", "percentage"),
        ({"ceilings": [{"partners": 0, "amount": "1"}]}, "ceilings.1", "partners"),
        ({"ceilings": [{"partners": 1, "amount": "0.005"}]}, "ceilings.1", "amount_too_fine"),
        ({"ceilings": [{"partners": 1, "amount": "1e12"}]}, "ceilings.1", "amount_too_large"),
        ({"ceilings": "30000"}, "ceilings", "not_a_list"),
        (
            {"ceilings": [{"partners": 3, "amount": "2"}, {"partners": 3, "amount": "3"}]},
            "ceilings.2",
            "ceilings_order",
        ),
        (
            {"ceilings": [{"partners": 1, "amount": "3"}, {"partners": 3, "amount": "2"}]},
            "ceilings.2",
            "ceiling_falls",
        ),
        ({"expense_types": [{"code": "x", "labels": {}}]}, "expense_types.1", "type_label"),
        ({"roles": []}, "roles", "roles"),
        ({"mandate": "yes"}, "mandate", "yes_or_no"),
        ({"bonus": "10"}, "bonus", "unknown_rule"),
    ],
)
def test_a_fault_of_the_rules_is_named_with_its_place(
    changed: dict[str, Any], where: str, code: str
) -> None:
    with pytest.raises(terms.Faulty) as refused:
        terms.read(RULES | changed)
    assert [(one.where, one.code) for one in refused.value.faults] == [(where, code)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(RULES)), JSON))
def test_whatever_the_data_they_are_rules_or_faults(data: dict[str, Any]) -> None:
    try:
        found = terms.read(RULES | data)
    except terms.Faulty:
        return
    assert terms.read(terms.written(found)) == found
