"""Three-way merge: whatever the three sides are, own changes are kept and the way back is exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from communs.core.bundles.engine.merging import (
    Change,
    Content,
    Outcome,
    apply,
    merge,
    trimmed,
)

VALUES = st.sampled_from([None, True, False, 0, 1, "", "a", "b"])
ROWS = st.fixed_dictionaries({"name": VALUES, "fee": VALUES})
KEYS = st.sampled_from([("centre",), ("gare",), ("parc",), ("école",)])
TABLES = st.dictionaries(st.sampled_from(["zone", "sign"]), st.dictionaries(KEYS, ROWS, min_size=1))
OPTIONS = st.fixed_dictionaries({"size": VALUES, "shown": VALUES})
CONTENTS = st.builds(Content, OPTIONS, TABLES)


def paths(changes: list[Change]) -> list[tuple]:
    return [(c.table, c.key, c.field, c.before, c.after, c.outcome) for c in changes]


def test_an_untouched_setting_takes_what_comes_and_a_changed_one_is_kept() -> None:
    base = Content({"size": 50, "shown": True, "limit": 1}, {})
    mine = Content({"size": 20, "shown": True, "limit": 2}, {})
    theirs = Content({"size": 50, "shown": False, "limit": 3}, {})
    assert paths(merge(base, mine, theirs)) == [
        ("", (), "size", 20, 50, Outcome.KEPT),
        ("", (), "shown", True, False, Outcome.CHANGED),
        ("", (), "limit", 2, 3, Outcome.CONFLICT),
    ]
    assert apply(mine, merge(base, mine, theirs)).options == {
        "size": 20,
        "shown": False,
        "limit": 2,
    }


def test_rows_come_go_and_stay() -> None:
    a, b = {"name": "A"}, {"name": "B"}
    base = Content({}, {"zone": {("left",): a, ("mine",): a, ("gone",): a, ("cut",): a}})
    mine = Content({}, {"zone": {("left",): a, ("mine",): b, ("own",): a}})
    theirs = Content({}, {"zone": {("new",): a, ("gone",): a, ("cut",): b}})
    changes = merge(base, mine, theirs)
    assert sorted(paths(changes), key=str) == [
        ("zone", ("cut",), "", None, b, Outcome.CONFLICT),
        ("zone", ("gone",), "", None, a, Outcome.KEPT),
        ("zone", ("left",), "", a, None, Outcome.REMOVED),
        ("zone", ("mine",), "", b, None, Outcome.CONFLICT),
        ("zone", ("new",), "", None, a, Outcome.ADDED),
    ]
    assert apply(mine, changes).data == {"zone": {("mine",): b, ("own",): a, ("new",): a}}


@given(CONTENTS, CONTENTS)
def test_without_news_nothing_changes(base: Content, mine: Content) -> None:
    assert not any(change.applies for change in merge(base, mine, base))


@given(CONTENTS, CONTENTS)
def test_what_was_not_changed_here_becomes_what_comes(base: Content, theirs: Content) -> None:
    assert apply(base, merge(base, base, theirs)) == theirs


@given(CONTENTS, CONTENTS, CONTENTS)
def test_what_was_changed_here_is_kept(base: Content, mine: Content, theirs: Content) -> None:
    merged = apply(mine, merge(base, mine, theirs))
    for name, value in mine.options.items():
        if value != base.options[name]:
            assert merged.options[name] == value
    for table, key in mine.paths():
        came, here = base.row(table, key), mine.row(table, key)
        assert here is not None
        if came is None and theirs.row(table, key) is None:
            assert merged.row(table, key) == here
        for name, value in here.items():
            if came is None or came[name] != value:
                kept = merged.row(table, key)
                assert kept is not None
                assert kept[name] == value


@given(CONTENTS, CONTENTS, CONTENTS)
def test_done_twice_it_changes_nothing_more(base: Content, mine: Content, theirs: Content) -> None:
    merged = apply(mine, merge(base, mine, theirs))
    assert apply(merged, merge(theirs, merged, theirs)) == merged


@given(CONTENTS, CONTENTS, CONTENTS)
def test_every_conflict_taken_leaves_theirs_wherever_both_changed(
    base: Content, mine: Content, theirs: Content
) -> None:
    conflicts = [c for c in merge(base, mine, theirs) if c.outcome is Outcome.CONFLICT]
    changes = merge(base, mine, theirs, take=[c.ref for c in conflicts])
    assert all(c.taken is (c.outcome is Outcome.CONFLICT) for c in changes)
    left = merge(theirs, apply(mine, changes), theirs)
    kept = {(c.table, c.key, c.field) for c in changes if c.outcome is Outcome.KEPT}
    assert {(c.table, c.key, c.field) for c in left} <= kept


@given(CONTENTS, CONTENTS, CONTENTS, st.sets(st.integers(0, 9)))
def test_the_way_back_is_exact(
    base: Content, mine: Content, theirs: Content, some: set[int]
) -> None:
    every = merge(base, mine, theirs)
    take = [change.ref for number, change in enumerate(every) if number in some]
    merged = apply(mine, merge(base, mine, theirs, take=take))
    before, after = trimmed(mine, merged)
    assert apply(merged, merge(after, merged, before)) == mine


@given(CONTENTS, CONTENTS, CONTENTS)
def test_the_way_back_keeps_what_was_changed_since(
    mine: Content, merged: Content, since: Content
) -> None:
    before, after = trimmed(mine, merged)
    back = apply(since, merge(after, since, before))
    for name, value in since.options.items():
        if value != merged.options[name]:
            assert back.options[name] == value


def test_a_difference_has_the_same_short_name_each_time() -> None:
    change = Change("zone", (("centre",), 3), "fee", 1, 2, Outcome.CONFLICT)
    assert change.ref == Change("zone", (("centre",), 3), "fee", 5, 6, Outcome.KEPT).ref
    assert change.ref != Change("zone", (("centre", 3),), "fee", 1, 2, Outcome.CONFLICT).ref
