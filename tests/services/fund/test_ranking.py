"""Rankings never spend more than there is; the points rule is the best there can be."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from communs.services.fund.engine.examination import quorum, ranking, scoring
from communs.services.fund.engine.examination.ranking import Candidate
from communs.services.fund.engine.examination.sharing import Reviewer, share_out

EUROS = st.decimals("0.01", "99999.99", places=2)
SCORES = st.none() | st.decimals("0", "100", places=1)
FILES = st.lists(st.tuples(SCORES, EUROS), max_size=8).map(
    lambda rows: [Candidate(f"f{n}", score, euros) for n, (score, euros) in enumerate(rows)]
)


def cost(files: list[Candidate], keys: frozenset[str]) -> Decimal:
    return sum((one.amount for one in files if one.key in keys), Decimal(0))


def worth(files: list[Candidate], keys: frozenset[str]) -> Decimal:
    return sum((one.score or Decimal(0) for one in files if one.key in keys), Decimal(0))


@given(FILES, EUROS)
def test_no_rule_spends_more_than_there_is(files: list[Candidate], limit: Decimal) -> None:
    for rule in ranking.RULES.values():
        assert cost(files, rule(files, limit)) <= limit


@given(FILES, EUROS)
def test_the_points_rule_finds_the_most_points_and_of_those_the_cheapest(
    files: list[Candidate], limit: Decimal
) -> None:
    keys = [one.key for one in files]
    every = [frozenset(c) for n in range(len(keys) + 1) for c in combinations(keys, n)]
    payable = [(worth(files, c), -cost(files, c)) for c in every if cost(files, c) <= limit]
    found = ranking.points(files, limit)
    assert worth(files, found) == max(payable)[0]
    best = [c for c in payable if c[0] == max(payable)[0]]
    assert -cost(files, found) == max(one[1] for one in best)


@given(FILES, EUROS)
def test_strict_pays_the_first_by_score_and_fill_pays_whatever_else_fits(
    files: list[Candidate], limit: Decimal
) -> None:
    order = [one.key for one in ranking.by_score(files)]
    strict, fill = ranking.strict(files, limit), ranking.fill(files, limit)
    assert strict == frozenset(order[: len(strict)])
    assert strict <= fill
    left = limit - cost(files, fill)
    assert all(one.amount > left for one in files if one.key not in fill)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 100))
def test_a_quorum_is_more_than_its_share_and_never_more_than_all(
    entitled: int, present: int, percent: int
) -> None:
    needed = quorum.needed(entitled, percent)
    assert needed <= entitled
    assert quorum.reached(entitled, present, percent) == (entitled > 0 and present >= needed)
    if entitled:
        assert quorum.reached(entitled, entitled, percent)
        assert not quorum.reached(entitled, 0, percent)
    assert (quorum.needed(10, 50), quorum.needed(11, 50), quorum.needed(10, 100)) == (6, 6, 10)


@given(
    st.dictionaries(st.integers(0, 9).map(str), st.frozensets(st.sampled_from("abc")), max_size=8),
    st.lists(
        st.tuples(st.frozensets(st.integers(0, 9).map(str)), st.frozensets(st.sampled_from("abc"))),
        max_size=5,
    ),
    st.integers(1, 3),
    st.booleans(),
)
def test_files_are_shared_out_to_who_may_have_them_once_each(
    files: dict[str, frozenset[str]],
    people: list[tuple[frozenset[str], frozenset[str]]],
    each: int,
    by_challenge: bool,
) -> None:
    reviewers = [
        Reviewer(f"r{n}", barred=barred, challenges=known)
        for n, (barred, known) in enumerate(people)
    ]
    chosen, lacking = share_out(files, reviewers, each, by_challenge=by_challenge)
    barred = {one.key: one.barred for one in reviewers}
    for file, keys in chosen.items():
        free = sum(file not in one for one in barred.values())
        assert len(set(keys)) == len(keys) == min(each, free)
        assert all(file not in barred[key] for key in keys)
        assert (file in lacking) == (free < each)
    assert sum(one.load for one in reviewers) == sum(len(keys) for keys in chosen.values())


@given(st.lists(st.none() | st.decimals("0", "100", places=1), max_size=9))
def test_a_result_lies_among_the_totals_that_it_is_made_of(totals: list[Decimal | None]) -> None:
    known = [one for one in totals if one is not None]
    result = scoring.result(totals)
    assert (result.count, result.abstained) == (len(known), len(totals) - len(known))
    if known:
        assert min(known) <= result.mean <= max(known)
        assert min(known) <= result.median <= max(known)
        assert result.spread == max(known) - min(known)
    else:
        assert (result.mean, result.median, result.spread) == (None, None, None)
