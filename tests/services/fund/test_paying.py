"""The money of agreements, whatever happens in whatever order: no cent is lost or made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.services.fund.engine.financing.shares import split
from communs.services.fund.engine.paying import codes, money, moves, templates
from communs.services.fund.engine.paying.spans import after_months
from communs.services.fund.enums import PaymentState

CENT = Decimal("0.01")
euros = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)
weights = st.lists(st.integers(1, 10_000).map(Decimal), min_size=1, max_size=8)


@given(euros, weights)
def test_instalments_add_up_to_the_grant(grant: Decimal, percents: list[Decimal]) -> None:
    made = money.instalments(grant, percents)
    assert sum(made) == grant
    assert all(one == one.quantize(CENT) and one >= 0 for one in made)


@given(euros, weights.filter(lambda one: len(one) > 1), st.data())
def test_who_leaves_leaves_nothing_behind(
    grant: Decimal, shares: list[Decimal], data: st.DataObject
) -> None:
    parts = split(grant, shares)
    gone = data.draw(st.integers(0, len(parts) - 1))
    rest = [one for n, one in enumerate(parts) if n != gone]
    if not any(rest):
        with pytest.raises(ValueError, match="weights"):
            money.without(parts, gone)
        return
    after = money.without(parts, gone)
    assert sum(after) == grant
    assert after[gone] == 0
    assert money.moved(parts, after) == parts[gone]


@given(euros, st.none() | euros, euros, st.data())
def test_a_final_cost_pays_or_takes_back_and_never_both(
    grant: Decimal, planned: Decimal | None, cost: Decimal, data: st.DataObject
) -> None:
    paid = Decimal(data.draw(st.integers(0, int(grant * 100)))) / 100
    found = money.final(grant, planned, cost, paid)
    assert 0 <= found.grant <= grant
    assert paid + found.balance - found.recovered == found.grant
    assert not (found.balance and found.recovered)
    if planned is not None:
        assert found.grant <= cost * grant / planned
        assert found.grant == grant or found.grant + CENT > cost * grant / planned
    else:
        assert found.grant == min(grant, cost)


@given(
    euros,
    weights,
    st.lists(st.tuples(st.sampled_from(["pay", "cut", "ask", "receive"]), st.integers(0, 10**9))),
)
def test_every_cent_of_a_grant_is_somewhere_after_any_sequence(
    grant: Decimal, percents: list[Decimal], steps: list[tuple[str, int]]
) -> None:
    planned = money.instalments(grant, percents)
    now, paid = list(planned), [False] * len(planned)
    recoveries: list[tuple[Decimal, bool]] = []
    for what, size in steps:
        n, amount = size % len(now), Decimal(size) / 100
        if what == "pay":
            paid[n] = True
        elif what == "cut" and not paid[n]:
            now[n] = min(now[n], amount)
        elif what == "ask":
            spent = sum((one for one, done in zip(now, paid, strict=True) if done), Decimal(0))
            asked = sum((one for one, _back in recoveries), Decimal(0))
            if 0 < amount <= spent - asked:
                recoveries.append((amount, False))
        elif what == "receive" and recoveries:
            place = size % len(recoveries)
            recoveries[place] = (recoveries[place][0], True)
        told = money.ledger(grant, list(zip(planned, now, paid, strict=True)), recoveries)
        assert told.holds
        assert told.paid - told.received + told.remaining - told.to_recover == grant - told.reduced
        assert 0 <= told.received <= told.paid <= grant
        assert told.remaining >= 0
        assert told.to_recover >= 0


def test_the_moves_of_a_payment_are_those_of_its_table() -> None:
    assert set(moves.MOVES) == set(PaymentState.values)
    assert {
        (before, after)
        for before in PaymentState.values
        for after in PaymentState.values
        if moves.allowed(before, after)
    } == {
        ("due", "checked"),
        ("due", "rejected"),
        ("claimed", "checked"),
        ("claimed", "rejected"),
        ("checked", "ordered"),
        ("checked", "rejected"),
        ("ordered", "paid"),
        ("ordered", "rejected"),
    }


def test_only_paid_and_rejected_are_ends() -> None:
    assert {state for state, after in moves.MOVES.items() if not after} == {"paid", "rejected"}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 5, 4), 12, date(2027, 5, 4)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
    ],
)
def test_months_are_added_to_a_day(day: date, months: int, then: date) -> None:
    assert after_months(day, months) == then


@given(st.integers(1, 999))
def test_a_code_is_read_as_it_was_written(page: int) -> None:
    written = f"{codes.prefix('C-2026-0007-A1', 'ab12cd34' * 8)}/{page}"
    assert codes.read(written) == codes.Code("C-2026-0007-A1", "ab12cd34", page)


@given(st.text(max_size=60))
def test_any_other_text_is_no_code(text: str) -> None:
    found = codes.read(text)
    assert found is None or f"AGR-{found.paper}-{found.digest}/" in text


def test_a_page_with_two_codes_of_ours_is_as_good_as_without() -> None:
    one, two = "AGR-C-1-00000000/1", "AGR-C-1-00000000/2"
    found = codes.pages([[one], [one, two], ["https://ailleurs.example"], []])
    assert [None if each.code is None else each.code.page for each in found] == [
        1,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("votes", "size", "voted"),
    [
        ({}, "0", True),
        ({"extension": False}, "999", False),
        ({"extension": 6}, "6", False),
        ({"extension": 6}, "6.01", True),
    ],
)
def test_a_rule_says_which_amendments_are_voted(
    votes: dict[str, bool | int], size: str, voted: bool
) -> None:
    assert templates.votes_for(votes, "extension", Decimal(size)) is voted
