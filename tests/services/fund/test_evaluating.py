"""Estimates as statsmodels and SciPy give them; what is wrong with figures; what follows."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation
from scipy.stats import t as student
from statsmodels.regression.linear_model import GLSAR
from statsmodels.stats.multitest import multipletests

from communs.services.fund.engine.evaluating import estimating, moves, series, verdicts
from communs.services.fund.engine.evaluating.assessing import assess
from communs.services.fund.engine.evaluating.series import Known
from communs.services.fund.enums import ExperimentState, Verdict
from tests.services.fund.trying import FIRST, Values, day, document, judged, line, lived


def one(*indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Assess, and give the first indicator with the proposed verdict and its rule."""
    found = assess(document(*indicators, **more))
    return found["indicators"][0] | {"proposed": found["proposed"], "rule": found["rule"]}


def codes(found: dict[str, Any]) -> dict[str, bool]:
    return {gate["code"]: gate["blocks"] for gate in found["gates"]}


def strong() -> list[Values]:
    """A clear effect beside three communes."""
    return lived(7, effect=8.0)


def test_an_estimate_is_statsmodels_own_with_alikeness_raised() -> None:
    site = lived(3, effect=4.0)[0]
    days = [day(n) for n in range(len(site))]
    found = estimating.estimate(estimating.sample(days, site, day(120)))
    kept = [(d, value) for d, value in zip(days, site, strict=True) if value is not None]
    y = np.array([value for _day, value in kept])
    after = np.array([float(d >= day(120)) for d, _value in kept])
    weekdays = [np.array([float(d.weekday() == n) for d, _v in kept]) for n in range(1, 7)]
    table = np.column_stack([np.ones(len(y)), after, *weekdays])
    first = GLSAR(y, table, rho=1)
    first.iterative_fit(4)
    rho = float(first.rho[0]) + 2 * (1 + 3 * float(first.rho[0])) / len(y)
    fit = GLSAR(y, table, rho=np.array([rho])).fit()
    free = len(y) * (1 - rho) / (1 + rho) - 2
    reach = student.ppf(0.975, free) * fit.bse[1]
    assert found is not None
    assert (found.effect, found.low, found.high, found.p) == pytest.approx(
        (
            fit.params[1],
            fit.params[1] - reach,
            fit.params[1] + reach,
            2 * student.sf(abs(fit.params[1] / fit.bse[1]), free),
        )
    )
    assert (found.days, found.before, found.after) == (
        len(y),
        pytest.approx(y[after == 0].mean()),
        pytest.approx(y[after == 1].mean()),
    )


def test_outliers_are_far_by_scipys_deviation() -> None:
    site = lived(4)[0]
    site[200] = 400.0
    days = [day(n) for n in range(len(site))]
    held = estimating.sample(days, site, day(120), weekly=False)
    found = estimating.outliers(held)
    left = held.values.copy()
    for part in (held.after, ~held.after):
        left[part] -= np.median(left[part])
    spread = median_abs_deviation(left, scale="normal")
    place = list(held.days).index(day(200))
    assert found == [estimating.Outlier(day(200), 400.0, round(float(left[place] / spread), 1))]


@pytest.fixture
def little_garbage() -> Iterator[None]:
    """Theirs collects all garbage each time, of all modules."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("little_garbage")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 1), max_size=12))
def test_probabilities_are_raised_as_statsmodels_does(given_: list[float]) -> None:
    theirs = multipletests(given_, method="holm")[1] if given_ else []
    assert estimating.adjusted(given_) == pytest.approx(list(theirs))


def test_the_difference_takes_off_what_happens_everywhere() -> None:
    same = [float(n % 5) for n in range(20)]
    jump = [value + (3.0 if n >= 10 else 0.0) for n, value in enumerate(same)]
    before = [n < 10 for n in range(20)]
    less, mean = estimating.beside(jump, [same, [None, *same[1:]]], before)
    assert list(less[10:] - less[:10].mean()) == pytest.approx(
        [jump[n] - mean[n] - less[:10].mean() for n in range(10, 20)]
    )
    tenfold = [10 * value for value in same]
    less, _mean = estimating.in_proportion(jump, [tenfold], before)
    assert list(less) == pytest.approx([2.0] * 10 + [5.0] * 10)


@pytest.mark.parametrize("values", [[], [1.0] * 40, [None] * 40, [None] * 39 + [2.0]])
def test_what_tells_nothing_gives_no_estimate(values: Values) -> None:
    days = [day(n) for n in range(len(values))]
    held = estimating.sample(days, values, day(20))
    assert estimating.estimate(held) is None
    assert estimating.outliers(held) == []


def test_a_clear_effect_beside_others_is_to_be_generalised_when_its_target_is_reached() -> None:
    found = one(judged(strong(), target=45.0))
    assert (found["finding"], found["against"], found["reached"]) == ("better", "communes", True)
    assert (found["proposed"], found["rule"]) == ("generalise", "all_reached")
    assert found["low"] <= 8.0 <= found["high"]
    assert codes(found) == {}
    short = one(judged(strong(), target=70.0))
    assert (short["proposed"], short["rule"]) == ("adapt", "target_not_reached")


def test_the_wrong_way_is_to_be_given_up() -> None:
    found = one(judged(strong(), aim="down"))
    assert (found["finding"], found["proposed"], found["rule"]) == ("worse", "abandon", "worse")


def test_a_baseline_of_three_days_bears_nothing() -> None:
    short = [day(117).isoformat(), day(119).isoformat()]
    found = one(judged(strong(), baseline=short))
    assert codes(found)["short_baseline"]
    assert codes(found)["few_before"]
    assert (found["finding"], found["proposed"]) == ("unusable", "inconclusive")


def test_an_indicator_that_stopped_bears_nothing() -> None:
    values = strong()
    values[0][200:] = [None] * len(values[0][200:])
    found = one(judged(values))
    gate = next(gate for gate in found["gates"] if gate["code"] == "stopped")
    assert gate == {
        "code": "stopped",
        "blocks": True,
        "last": day(199).isoformat() if values[0][199] is not None else gate["last"],
        "days": gate["days"],
    }
    assert found["proposed"] == "inconclusive"


def test_holes_and_another_way_of_counting_bear_nothing() -> None:
    values = strong()
    values[0][:60] = [None] * 60
    assert codes(one(judged(values)))["missing_before"]
    other = judged(strong(), site=line(strong()[0], [day(150).isoformat()]))
    assert codes(one(other))["break"]
    assert codes(one(judged(strong(), known_version=2)))["other_version"]


def test_a_commune_that_switched_the_service_on_is_left_out_and_the_rest_still_tells() -> None:
    row = {
        "community": "town-1",
        "name": "Une ville",
        "left_out": "switched",
        "since": "2025-06-01",
    }
    rest = [
        {"community": slug, "name": slug, "left_out": "", "since": None}
        for slug in ("town-2", "town-3")
    ]
    found = one(judged(strong()), comparisons=[row, *rest])
    assert found["gates"] == [
        {"code": "comparison_switched", "blocks": False, "name": "Une ville", "day": "2025-06-01"}
    ]
    assert (found["against_names"], found["proposed"]) == (["town-2", "town-3"], "generalise")
    alone = one(judged(strong()), comparisons=[row])
    assert codes(alone) == {"comparison_switched": False, "no_comparison": False}
    assert (alone["finding"], alone["proposed"]) == ("hint", "prolong")
    assert alone["rule"] == "nothing_to_compare"


def test_a_control_indicator_stands_in_for_communes() -> None:
    values = strong()
    found = one(judged(values[:1], control="essai.control", control_line=line(values[1])))
    assert (found["against"], found["against_names"]) == ("control", ["essai.control"])
    assert found["proposed"] == "generalise"


def test_a_weekday_that_the_trial_spares_is_not_far_out() -> None:
    chance = Random(3)
    days = [day(n) for n in range(70)]
    spared = (5, 6)  # a disc limits nothing on these days
    site = [
        20 + chance.gauss(0, 0.3) + (8 if n >= 35 and when.weekday() not in spared else 0)
        for n, when in enumerate(days)
    ]
    held = estimating.sample(days, site, day(35))
    assert estimating.outliers(held) == []
    site[50] = 40.0
    (far,) = estimating.outliers(estimating.sample(days, site, day(35)))
    assert far.day == day(50)


def test_fewer_than_28_days_tell_of_no_day_far_out() -> None:
    chance = Random(3)
    for count, told in ((27, False), (28, True)):
        site = [20 + chance.gauss(0, 0.3) for _n in range(count)]
        site[5] = 90.0
        held = estimating.sample([day(n) for n in range(count)], site, day(14))
        assert (day(5) in [one.day for one in estimating.outliers(held)]) is told
        assert bool(estimating.outliers(held)) is told


def test_a_day_far_out_is_named_and_blocks_only_where_the_conclusion_hangs_on_it() -> None:
    values = strong()
    values[0][200] = 400.0
    found = one(judged(values))
    assert [row["day"] for row in found["outliers"]] == [day(200).isoformat()]
    assert codes(found) == {"outliers": False}
    assert found["proposed"] == "generalise"
    flat = lived(12)
    for n in range(200, 230, 3):
        flat[0][n] = 240.0
    swayed = one(judged(flat))
    assert codes(swayed).get("outliers_decide")
    assert swayed["proposed"] == "inconclusive"


def test_what_was_on_its_way_before_the_start_concludes_nothing() -> None:
    values = lived(5)
    values[0] = [v if v is None else v + n * 0.1 for n, v in enumerate(values[0])]
    found = one(judged(values))
    assert codes(found) == {"drifting": True}
    assert found["proposed"] == "inconclusive"


def test_a_protocol_changed_after_the_start_weighs() -> None:
    found = one(judged(strong()), changes=[{"at": "2025-08-01", "reason": "Une erreur"}])
    assert (found["finding"], found["proposed"]) == ("better", "prolong")
    assert found["rule"] == "protocol_changed"


def test_paused_days_do_not_count() -> None:
    pause = [day(130).isoformat(), day(229).isoformat()]
    found = one(judged(strong()), pauses=[pause])
    whole = one(judged(strong()))
    assert whole["after_days"] - found["after_days"] == sum(
        value is not None for value in strong()[0][130:230]
    )


def test_months_are_values_of_their_own() -> None:
    months = [10.0, 12.0, 11.0, 9.0, 10.0, 11.0, 20.0, 22.0, 21.0, 19.0, 20.0, 21.0]
    site = {"first": "2025-01-01", "values": months, "breaks": []}
    row = judged([months], step="month", baseline=["2025-01-01", "2025-06-30"], site=site)
    found = one(row, starts_on="2025-07-01", until="2025-12-31")
    assert (found["before_days"], found["after_days"]) == (6, 6)
    assert found["effect"] == pytest.approx(10, abs=0.2)
    assert (found["finding"], found["proposed"]) == ("hint", "prolong")


def test_the_same_document_gives_the_same_results_and_digest() -> None:
    made, again = document(judged(strong())), document(judged(strong()))
    assert assess(made) == assess(again)
    assert series.digest(made) == series.digest(again)
    again["indicators"][0]["site"]["values"][5] = 1.0
    assert series.digest(made) != series.digest(again)
    assert series.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_a_line_has_a_value_a_day_and_tells_of_another_way_of_counting() -> None:
    third, fourth = day(2).isoformat(), day(3).isoformat()
    known = [
        Known(FIRST.isoformat(), 1.5),
        Known(third, 3.0, 1),
        Known(third, 4.0, 2),
        Known(fourth, 2.0, 2),
    ]
    assert series.line(known, FIRST, day(4)) == {
        "first": "2025-01-06",
        "values": [1.5, None, 4, 2, None],
        "breaks": ["2025-01-08"],
    }
    months = series.line([Known("2025-01-01", 7.0)], FIRST, day(90), series.MONTH)
    assert months == {"first": "2025-02-01", "values": [None, None], "breaks": []}
    assert series.days_of(months, series.MONTH) == (
        FIRST.replace(month=2, day=1),
        FIRST.replace(month=3, day=1),
    )


@given(st.lists(st.sampled_from(("better", "hint", "worse", "unclear", "unusable")), max_size=4))
def test_a_success_is_proposed_only_where_all_is_sure(found: list[str]) -> None:
    for reached, changed in product((True, False, None), (True, False)):
        shown = [verdicts.Shown(finding, reached) for finding in found]
        proposal = verdicts.propose(shown, protocol_changed=changed)
        assert proposal.verdict in Verdict.values
        sure = bool(found) and set(found) == {"better"} and not changed
        assert (proposal.verdict in Verdict.successes()) == sure
        if not {"better", "hint"} & set(found):
            assert proposal.verdict in ("inconclusive", "abandon")


def test_the_table_of_moves_knows_every_state_and_no_other() -> None:
    assert set(moves.MOVES) == set(ExperimentState.values)
    assert {after for some in moves.MOVES.values() for after in some} <= set(ExperimentState.values)
    over = {state for state, some in moves.MOVES.items() if not some}
    assert over == {ExperimentState.EVALUATED, ExperimentState.ABANDONED}


@given(st.lists(st.sampled_from(ExperimentState.values), max_size=12))
def test_no_way_leads_to_a_start_without_a_configuration_or_to_a_verdict_without_a_measure(
    wanted: list[str],
) -> None:
    state, seen = "designed", ["designed"]
    for after in wanted:
        if moves.allowed(state, after):
            state = after
            seen.append(state)
    if "evaluated" in seen:
        assert seen.index("measured") < seen.index("evaluated")
    if "live" in seen:
        assert seen.index("configured") < seen.index("live")


def test_days_follow_one_another() -> None:
    found = list(series.spans(FIRST, FIRST + timedelta(days=2), series.DAY))
    assert found == [day(0), day(1), day(2)]
