"""Any signs at all, read minute by minute by somebody who knows nothing of pieces and changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.kit.timespans import PARIS, TimeSpan, holds
from communs.services.parking.engine.regulations import (
    DISABLED,
    EVERYONE,
    FREE,
    OFF_STREET,
    RESIDENTS,
    STREET,
    Effect,
    Law,
    Rank,
    Rule,
    Tariff,
    answer,
)

MINUTE = timedelta(minutes=1)
CLOCKS = st.sampled_from([None, *(time(hour) for hour in (1, 2, 3, 7, 12)), time(2, 30)])
SPANS = st.builds(
    TimeSpan,
    days=st.sampled_from((frozenset(range(7)), frozenset({5, 6}), frozenset({0, 6}))),
    begins=CLOCKS,
    ends=CLOCKS,
    since=st.sampled_from((None, None, date(2026, 3, 29), date(2026, 10, 25))),
    holidays=st.sampled_from((None, None, False)),
)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    lengths = sorted(draw(st.sets(st.integers(5, 300), max_size=3)))
    cents = sorted(draw(st.lists(st.integers(0, 900), min_size=3, max_size=3)))
    return Tariff(
        key=str(draw(st.integers(0, 10**6))),
        hours=tuple(draw(st.lists(SPANS, max_size=2))),
        free_minutes=draw(st.sampled_from((0, 4))),
        steps=tuple(zip(lengths, cents, strict=False)),
        further=draw(st.none() | st.tuples(st.integers(1, 90), st.integers(0, 300))),
        most_cents=draw(st.none() | st.integers(900, 2_000)),
    )


RULES = st.lists(
    st.builds(
        Rule,
        key=st.text("abc", min_size=1, max_size=3),
        rank=st.sampled_from(list(Rank)),
        span=SPANS,
        who=st.sampled_from((EVERYONE, EVERYONE, RESIDENTS, DISABLED)),
        effect=st.sampled_from(list(Effect)),
        most_minutes=st.sampled_from((None, None, 20, 90, 240)),
        tariff=st.none() | st.just(FREE) | tariffs(),
    ),
    max_size=5,
    unique_by=lambda rule: rule.key,
)
BADGES = st.sampled_from((frozenset(), frozenset({RESIDENTS}), frozenset({DISABLED})))
LAWS = st.sampled_from((STREET, OFF_STREET, Law(card_most_minutes=720)))
# Around both nights on which the clocks change.
MOMENTS = st.builds(
    lambda start, minute: start.astimezone(UTC) + minute * MINUTE,
    st.sampled_from(
        (datetime(2026, 3, 28, 12, tzinfo=PARIS), datetime(2026, 10, 24, 12, tzinfo=PARIS))
    ),
    st.integers(0, 36 * 60),
)


def read(rules, at, badges, law):
    """Give (allowed, longest, tariff) of one minute: the ranks from the top, no before yes."""
    held = [rule for rule in rules if holds(rule.span, at)]
    mine = [rule for rule in held if rule.who in {EVERYONE, *badges}]
    allowed = None
    for rank in reversed(Rank):
        here = [rule for rule in held if rule.rank == rank]
        forbidden = any(rule.effect == Effect.FORBIDS and rule in mine for rule in here)
        kept = any(rule.effect == Effect.RESERVES and rule not in mine for rule in here)
        let = any(rule.effect in {Effect.ALLOWS, Effect.RESERVES} and rule in mine for rule in here)
        if forbidden or kept or let:
            allowed = not forbidden and not kept
            break
    if not allowed:
        return allowed, None, None
    if law.card_free and DISABLED in badges:
        return True, law.card_most_minutes, FREE
    said = [rule for rule in mine if rule.effect != Effect.FORBIDS]
    said.sort(key=lambda rule: (-rule.rank, rule.who == EVERYONE, rule.key))
    longest = [rule.most_minutes for rule in said if rule.most_minutes is not None]
    priced = [rule.tariff for rule in said if rule.tariff is not None]
    return True, longest[0] if longest else None, priced[0] if priced else None


def leaving(rules, at, badges, law, ahead):
    """Walk on, minute by minute, until parking is no longer allowed; None if it always is."""
    counted = 0
    for minute in range(ahead):
        if law.unmoved_most_minutes is not None and minute >= law.unmoved_most_minutes:
            return minute
        allowed, longest, _tariff = read(rules, at + minute * MINUTE, badges, law)
        if not allowed or (longest is not None and counted >= longest):
            return minute
        counted += longest is not None
    return None


def paid(rules, at, badges, law, minutes):
    """Add up, a minute at a time, what is paid for; then look in the tariffs."""
    counted = {}
    for minute in range(minutes):
        now = at + minute * MINUTE
        _allowed, _longest, tariff = read(rules, now, badges, law)
        if tariff is None:
            return None
        if any(holds(span, now) for span in tariff.hours):
            key = (minute // 1440, tariff)
            counted[key] = counted.get(key, 0) + 1
    prices = [in_tariff(t, count, free=not day) for (day, t), count in counted.items()]
    return None if None in prices else sum(prices)


def in_tariff(tariff, minutes, *, free):
    if free and minutes <= tariff.free_minutes:
        return 0
    for length, cents in tariff.steps:
        if minutes <= length:
            return cents if tariff.most_cents is None else min(cents, tariff.most_cents)
    if tariff.further is None:
        return tariff.most_cents
    length, cents = tariff.steps[-1] if tariff.steps else (tariff.free_minutes, 0)
    while length < minutes:
        length, cents = length + tariff.further[0], cents + tariff.further[1]
    return cents if tariff.most_cents is None else min(cents, tariff.most_cents)


@settings(max_examples=120, deadline=None)
@given(RULES, MOMENTS, BADGES, LAWS, st.integers(1, 30 * 60))
def test_the_answer_is_what_each_minute_says(rules, at, badges, law, minutes) -> None:
    found = answer(rules, at=at, badges=badges, law=law, minutes=minutes)
    allowed, _longest, _tariff = read(rules, at, badges, law)
    assert found.allowed is allowed
    if not allowed:
        assert (found.price_cents, found.fits) == (None, None)
        return
    ahead = leaving(rules, at, badges, law, minutes + 1)
    assert found.fits is (ahead is None or ahead >= minutes)
    if ahead is not None:
        assert found.until == at + ahead * MINUTE
    stayed = minutes if ahead is None else min(ahead, minutes)
    assert found.price_cents == paid(rules, at, badges, law, stayed)


@settings(max_examples=150, deadline=None)
@given(RULES, MOMENTS, BADGES, LAWS)
def test_until_is_the_first_instant_at_which_it_is_otherwise(rules, at, badges, law) -> None:
    found = answer(rules, at=at, badges=badges, law=law)
    if found.allowed or found.until is None:
        return
    said = [
        read(rules, at + minute * MINUTE, badges, law)[0]
        for minute in range(min(int((found.until - at) / MINUTE), 3000))
    ]
    assert set(said) == {found.allowed}
    assert read(rules, found.until, badges, law)[0] is not found.allowed


@settings(max_examples=150, deadline=None)
@given(RULES, MOMENTS, BADGES, LAWS, st.integers(1, 3000), st.integers(0, 3000))
def test_staying_longer_never_costs_less(rules, at, badges, law, minutes, more) -> None:
    short = answer(rules, at=at, badges=badges, law=law, minutes=minutes).price_cents
    long = answer(rules, at=at, badges=badges, law=law, minutes=minutes + more).price_cents
    if short is None:
        assert long is None
    elif long is not None:
        assert short <= long
