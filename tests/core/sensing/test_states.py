"""What may be believed follows from what was said, whatever way it came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.engine.states import (
    HOUR,
    Limits,
    Said,
    Standing,
    agreement,
    drifts,
)

LIMITS = Limits(silent_after=2 * HOUR, stuck_after=72 * HOUR, flips_most=3)
readings = st.lists(
    st.builds(Said, st.integers(0, 50), st.integers(0, 3), st.sampled_from([0.0, 1.0])),
    max_size=30,
    unique_by=lambda one: (one.at, one.sequence),
)


def standing(*batches: list[Said]) -> Standing:
    state = Standing()
    for batch in batches:
        state.hear(batch, LIMITS)
    return state


@given(readings, st.randoms())
def test_one_batch_gives_the_same_state_in_any_order(said: list[Said], chance: object) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing(said) == standing(shuffled)


@given(readings, readings)
def test_what_is_heard_last_is_the_newest_however_it_came(
    first: list[Said], second: list[Said]
) -> None:
    state = standing(first, second)
    newest = max(first + second, key=lambda one: (one.at, one.sequence), default=None)
    if newest is None:
        assert state == Standing()
    else:
        assert (state.heard, state.sequence) == (newest.at, newest.sequence)
        assert state.silent_from == newest.at + LIMITS.silent_after


@given(readings)
def test_hearing_it_all_again_changes_nothing(said: list[Said]) -> None:
    assert standing(said, said) == standing(said)


@given(readings)
def test_it_began_when_the_value_last_changed(said: list[Said]) -> None:
    state, changes, value = standing(said), [], None
    for one in sorted(said):
        if one.value != value:
            changes.append(one.at)
            value = one.value
    assert (state.since, state.value) == ((changes[-1] if changes else None), value)


def test_a_late_reading_moves_nothing_and_is_told_from_one_heard_already() -> None:
    state = standing([Said(10, 0, 1.0)])
    told = [Said(9, 0, 0.0), Said(10, 0, 1.0), Said(11, 0, 1.0)]
    assert [state.is_late(one) for one in told] == [True, False, False]
    state.hear(told, LIMITS)
    assert (state.value, state.since, state.heard) == (1.0, 10, 11)


def test_too_many_changes_in_an_hour_and_it_must_be_calm_for_one() -> None:
    state = standing([Said(minute * 60_000, 0, float(minute % 2)) for minute in range(6)])
    assert (state.flips, state.calm_from) == (5, 5 * 60_000 + HOUR)
    state.hear([Said(3 * HOUR, 0, 0.0)], LIMITS)
    assert (state.flips, state.calm_from) == (1, 5 * 60_000 + HOUR)


def test_a_source_may_say_that_nothing_is_ever_stuck() -> None:
    state = Standing()
    state.hear([Said(0, 0, 1.0)], Limits(HOUR, None, 3))
    assert state.stuck_from is None


def test_checks_while_nothing_was_said_tell_nothing() -> None:
    assert agreement([(1.0, 1.0), (0.0, 1.0), (1.0, None)]) == (1, 2)


def test_one_mistake_is_bad_luck_and_many_are_drift() -> None:
    assert [drifts(*case) for case in ((0, 0), (0, 1), (3, 4), (1, 6), (0, 4), (20, 20))] == [
        False, True, False, True, True, False,
    ]  # fmt: skip
