"""May I park here now, until when, for how much: signs read one by one, then any signs at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from communs.core.kit.timespans import PARIS, TimeSpan
from communs.services.parking.engine.regulations import (
    DISABLED,
    ELECTRIC,
    FREE,
    OFF_STREET,
    RESIDENTS,
    STREET,
    Effect,
    Law,
    Rank,
    Reason,
    Rule,
    Tariff,
    answer,
    cost,
    leave_by,
)

MORNING = TimeSpan(days=frozenset(range(6)), begins=time(9), ends=time(12), holidays=False)
AFTERNOON = TimeSpan(days=frozenset(range(6)), begins=time(14), ends=time(19), holidays=False)
ORANGE = Tariff(
    key="orange",
    hours=(MORNING, AFTERNOON),
    free_minutes=15,
    steps=((30, 100), (60, 200), (120, 400)),
)
ZONE = Rule(key="zone", rank=Rank.ZONE, tariff=ORANGE)
PMR = Rule(key="pmr", rank=Rank.KIND, who=DISABLED, effect=Effect.RESERVES)
STOP = Rule(key="stop", rank=Rank.KIND, most_minutes=20, tariff=FREE)
MARKET = Rule(
    key="market",
    rank=Rank.RECURRING,
    span=TimeSpan(days=frozenset({5}), begins=time(6), ends=time(14)),
    effect=Effect.FORBIDS,
)
CARD = frozenset({DISABLED})


def paris(day: int, hour: int = 0, minute: int = 0, month: int = 3, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, fold=fold, tzinfo=PARIS).astimezone(UTC)


def test_without_a_rule_nothing_is_known_and_it_is_never_a_yes() -> None:
    found = answer([], at=paris(10, 9), minutes=30)
    assert (found.allowed, found.until, found.price_cents) == (None, None, None)
    assert found.reasons == (Reason.NO_RULE,)


def test_a_paid_zone_on_a_working_day() -> None:
    found = answer([ZONE], at=paris(10, 10), minutes=60)
    assert (found.allowed, found.fits, found.price_cents) == (True, True, 200)
    assert found.until == paris(17, 10)  # seven days, whatever the signs say
    assert found.reasons == (Reason.UNMOVED,)
    assert found.rules == (ZONE,)


@pytest.mark.parametrize(
    ("at", "minutes", "cents"),
    [
        (paris(10, 9), 15, 0),  # the first quarter of an hour is free
        (paris(10, 9), 16, 100),
        (paris(10, 11, 30), 120, 100),  # lunch is not counted
        (paris(10, 11, 30), 180, 200),  # half an hour before lunch, half an hour after
        (paris(10, 18, 30), 14 * 60, 100),  # nor is the night
        (paris(10, 18, 30), 15 * 60, 200),
        (paris(10, 12), 120, 0),
        (paris(14, 18, 30), 24 * 60, 100),  # from Saturday to Sunday
        (paris(14, 12, month=7), 300, 0),  # the national day
        (paris(10, 9), 121, 400),
        (paris(10, 9), 240, 400),  # an hour of lunch in it
        (paris(10, 9), 301, 400),  # the tenth: 180 minutes by noon
    ],
)
def test_the_price_counts_only_what_is_paid_for(at: datetime, minutes: int, cents: int) -> None:
    paid = Tariff(
        key="t",
        hours=ORANGE.hours,
        free_minutes=15,
        steps=((30, 100), (60, 200), (300, 400)),
    )
    assert answer([Rule(key="z", tariff=paid)], at=at, minutes=minutes).price_cents == cents


def test_beyond_the_last_step_the_price_is_not_known() -> None:
    found = answer([ZONE], at=paris(10, 9), minutes=150)
    assert (found.allowed, found.price_cents) == (True, None)
    assert Reason.PRICE_UNKNOWN in found.reasons


def test_a_rule_without_a_price_leaves_it_unknown_not_free() -> None:
    found = answer([Rule(key="z")], at=paris(10, 9), minutes=10)
    assert (found.allowed, found.price_cents) == (True, None)
    assert Reason.PRICE_UNKNOWN in found.reasons


def test_steps_then_further_hours_up_to_a_daily_maximum() -> None:
    car_park = Tariff(
        key="p", free_minutes=60, steps=((120, 250),), further=(60, 150), most_cents=1_200
    )
    assert [cost(car_park, minutes) for minutes in (0, 60, 61, 120, 121, 180, 181)] == [
        0,
        0,
        250,
        250,
        400,
        400,
        550,
    ]
    assert cost(car_park, 24 * 60) == 1_200
    assert cost(car_park, 30, first=False) == 250  # no second free hour the next day
    rule = Rule(key="p", tariff=car_park)
    found = answer([rule], at=paris(10, 8), minutes=25 * 60, law=OFF_STREET)
    assert (found.price_cents, found.until) == (1_450, None)


def test_a_maximum_is_the_price_of_what_no_step_says() -> None:
    assert cost(Tariff(key="d", steps=((60, 100),), most_cents=900), 61) == 900
    assert cost(Tariff(key="d", steps=((60, 100),)), 61) is None
    assert cost(Tariff(key="d", further=(60, 100)), 61) == 200


def test_a_minute_stop_ends_after_its_minutes() -> None:
    found = answer([ZONE, STOP], at=paris(10, 10), minutes=30)
    assert (found.allowed, found.until, found.fits) == (True, paris(10, 10, 20), False)
    assert found.price_cents == 0
    assert found.reasons == (Reason.LONGEST, Reason.TOO_LONG)
    assert found.rules == (STOP,)


def test_the_longest_stay_waits_through_lunch_and_night() -> None:
    blue = Rule(key="blue", rank=Rank.ZONE, span=MORNING, most_minutes=90)
    also = Rule(key="too", rank=Rank.ZONE, span=AFTERNOON, most_minutes=90)
    always = Rule(key="always", rank=Rank.COMMUNE, tariff=FREE)
    rules = [blue, also, always]
    assert answer(rules, at=paris(10, 9)).until == paris(10, 10, 30)
    assert answer(rules, at=paris(10, 8)).until == paris(10, 10, 30)
    assert answer(rules, at=paris(10, 11)).until == paris(10, 14, 30)
    assert answer(rules, at=paris(10, 18)).until == paris(11, 9, 30)
    assert answer(rules, at=paris(14, 18)).until == paris(16, 9, 30)  # over Sunday


def test_a_market_ends_the_stay_and_beats_the_zone() -> None:
    friday = answer([ZONE, MARKET], at=paris(13, 18), minutes=30)
    assert (friday.until, friday.reasons) == (paris(14, 6), (Reason.FORBIDDEN,))
    market = answer([ZONE, MARKET], at=paris(14, 7), minutes=30)
    assert (market.allowed, market.until) == (False, paris(14, 14))
    assert (market.price_cents, market.rules) == (None, (MARKET,))


def test_a_dated_order_beats_everything() -> None:
    order = Rule(
        key="order",
        rank=Rank.ORDER,
        span=TimeSpan(since=date(2026, 3, 14), until=date(2026, 3, 14)),
        effect=Effect.ALLOWS,
        tariff=FREE,
    )
    found = answer([ZONE, MARKET, order], at=paris(14, 7), minutes=60)
    assert (found.allowed, found.price_cents, found.rules) == (True, 0, (order,))
    assert found.until == paris(21, 6)  # the next market
    closed = Rule(key="a", rank=Rank.ORDER, span=order.span, effect=Effect.FORBIDS)
    assert answer([closed, order], at=paris(14, 7)).allowed is False


def test_a_free_month_does_not_open_reserved_spaces() -> None:
    month = TimeSpan(since=date(2026, 8, 1), until=date(2026, 8, 31))
    order = Rule(key="aug", rank=Rank.ORDER, span=month, effect=Effect.TERMS, tariff=FREE)
    rules = [ZONE, PMR, order]
    reserved = answer(rules, at=paris(11, 10, month=8), minutes=60)
    assert (reserved.allowed, reserved.reasons) == (False, (Reason.RESERVED,))
    assert answer([ZONE, order], at=paris(11, 10, month=8), minutes=60).price_cents == 0


def test_terms_alone_allow_nothing() -> None:
    terms = Rule(key="t", effect=Effect.TERMS, tariff=FREE, most_minutes=30)
    assert answer([terms], at=paris(10, 9), minutes=10).allowed is None


def test_a_reserved_space_is_for_its_badge() -> None:
    assert answer([ZONE, PMR], at=paris(10, 10)).reasons == (Reason.RESERVED,)
    found = answer([ZONE, PMR], at=paris(10, 10), badges=CARD, minutes=60)
    assert (found.allowed, found.price_cents, found.reasons) == (
        True,
        0,
        (Reason.CARD, Reason.UNMOVED),
    )


def test_a_disabled_persons_card_is_free_and_unlimited_on_every_public_street() -> None:
    blue = Rule(key="blue", most_minutes=90, tariff=ORANGE)
    found = answer([blue], at=paris(10, 9), badges=CARD, minutes=600)
    assert (found.price_cents, found.fits) == (0, True)
    twelve = Law(card_most_minutes=12 * 60)
    capped = answer([blue], at=paris(10, 9), badges=CARD, minutes=600, law=twelve)
    assert (capped.price_cents, capped.until) == (0, paris(10, 21))
    car_park = answer([blue], at=paris(10, 9), badges=CARD, minutes=60, law=OFF_STREET)
    assert car_park.price_cents == 200
    forbidden = answer([blue, MARKET], at=paris(14, 7), badges=CARD)
    assert forbidden.allowed is False  # the card does not open a market


def test_residents_have_a_price_of_their_own() -> None:
    day = Tariff(key="day", hours=ORANGE.hours, steps=((600, 150),))
    residents = Rule(key="a", who=RESIDENTS, effect=Effect.TERMS, tariff=day)
    rules = [ZONE, residents]
    badge = frozenset({RESIDENTS})
    assert answer(rules, at=paris(10, 9), minutes=120, badges=badge).price_cents == 150
    assert answer(rules, at=paris(10, 9), minutes=120).price_cents == 400
    assert answer(rules, at=paris(10, 9), badges=badge, minutes=120).rules == (ZONE, residents)


def test_no_wins_at_equal_rank() -> None:
    never = Rule(key="z2", rank=Rank.ZONE, effect=Effect.FORBIDS)
    assert answer([ZONE, never], at=paris(10, 9)).allowed is False
    professionals = Rule(key="p", who="professionals", effect=Effect.FORBIDS)
    assert answer([ZONE, professionals], at=paris(10, 9)).allowed is True
    electric = Rule(key="e", rank=Rank.KIND, who=ELECTRIC, effect=Effect.RESERVES)
    assert answer([ZONE, electric], at=paris(10, 9), badges=frozenset({ELECTRIC})).allowed is True


def test_what_applies_later_may_be_unknown() -> None:
    daytime = Rule(key="d", span=TimeSpan(begins=time(8), ends=time(20)), tariff=FREE)
    found = answer([daytime], at=paris(10, 19), minutes=120)
    assert (found.allowed, found.until, found.fits) == (True, paris(10, 20), False)
    assert found.reasons == (Reason.NO_RULE, Reason.TOO_LONG)
    night = answer([daytime], at=paris(10, 21))
    assert (night.allowed, night.until) == (None, paris(11, 8))


def test_free_hours_are_said() -> None:
    found = answer([ZONE], at=paris(10, 12, 30), minutes=30)
    assert (found.price_cents, found.reasons) == (0, (Reason.UNMOVED, Reason.FREE_HOURS))


def test_the_night_of_summer_time_has_one_hour_less_to_pay() -> None:
    night = Tariff(key="n", hours=(TimeSpan(begins=time(1), ends=time(4)),), further=(60, 100))
    rule = Rule(key="n", tariff=night)
    usual = answer([rule], at=paris(28, 0), minutes=600)
    spring = answer([rule], at=paris(29, 0), minutes=600)
    autumn = answer([rule], at=paris(25, 0, month=10), minutes=600)
    assert [usual.price_cents, spring.price_cents, autumn.price_cents] == [300, 200, 400]


def test_when_one_should_have_left() -> None:
    noon = paris(14, 12)
    assert leave_by([ZONE, STOP], since=paris(14, 9), before=noon, law=STREET) == paris(14, 9, 20)
    assert leave_by([ZONE, STOP], since=paris(14, 11, 50), before=noon, law=STREET) is None
    assert leave_by([ZONE, MARKET], since=paris(14, 7), before=noon, law=STREET) == paris(14, 7)
    assert leave_by([ZONE, MARKET], since=paris(13, 20), before=noon, law=STREET) == paris(14, 6)
    assert leave_by([ZONE], since=paris(1), before=noon, law=STREET) == paris(8)
    assert leave_by([ZONE], since=paris(1), before=noon, law=OFF_STREET) is None
    assert leave_by([], since=paris(14, 7), before=noon, law=STREET) is None
