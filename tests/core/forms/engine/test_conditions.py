"""Conditions: one evaluator; loops and what cannot be read are named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.forms.engine.conditions import OPS, holds, loops, malformed
from communs.core.forms.engine.definition import Definition, Field, Page, Section
from communs.core.forms.engine.reading import Malformed, read
from communs.core.forms.engine.walking import Shown, places

plain = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12))
leaf = st.builds(
    lambda field, op, value: (
        {"field": field, "op": op} | ({} if op in {"filled", "empty"} else {"value": value})
    ),
    st.sampled_from("abc"),
    st.sampled_from(OPS),
    plain,
)
trees = st.recursive(
    leaf,
    lambda inside: st.one_of(
        st.builds(lambda rows: {"all": rows}, st.lists(inside, min_size=1, max_size=3)),
        st.builds(lambda rows: {"any": rows}, st.lists(inside, min_size=1, max_size=3)),
        st.builds(lambda one: {"not": one}, inside),
    ),
    max_leaves=8,
)
answers = st.dictionaries(st.sampled_from("abc"), plain | st.lists(st.text(max_size=4)))


@given(trees, answers)
def test_a_condition_holds_or_not_whatever_is_answered(tree: Any, values: Any) -> None:
    assert holds({"not": tree}, values) is not holds(tree, values)


@given(trees, trees, answers)
def test_all_and_any_are_each_other_turned_round(one: Any, other: Any, values: Any) -> None:
    both = holds({"all": [one, other]}, values)
    assert both is not holds({"any": [{"not": one}, {"not": other}]}, values)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inside: (
            st.lists(inside, max_size=3)
            | st.dictionaries(
                st.sampled_from(["all", "any", "not", "field", "op", "value", "x"]),
                inside,
                max_size=3,
            )
        ),
        max_leaves=10,
    )
)
def test_any_json_is_a_condition_or_is_told_to_be_none(tree: Any) -> None:
    if not malformed(tree):
        assert holds(tree, {}) in {True, False}


@pytest.mark.parametrize(
    ("op", "found", "wanted", "expected"),
    [
        ("eq", "1000.00", "1000", True),
        ("gt", "1000.00", "999.99", True),
        ("gt", "1000.00", "1000", False),
        ("gte", "2026-11-27", "2026-11-27", True),
        ("lt", "2026-11-26", "2026-11-27", True),
        ("eq", True, True, True),
        ("eq", True, 1, False),
        ("includes", ["road", "park"], "road", True),
        ("excludes", ["park"], "road", True),
        ("includes", "Rue du Château", "château", True),
        ("gt", "NaN", "1", True),  # as texts: no number is meant
        ("filled", "", None, True),
    ],
)
def test_answers_are_compared_as_what_they_are(
    op: str, found: Any, wanted: Any, expected: bool
) -> None:
    tree = {"field": "a", "op": op} | ({} if wanted is None else {"value": wanted})
    assert holds(tree, {"a": found}) is expected


@pytest.mark.parametrize("op", OPS)
def test_without_an_answer_only_what_denies_holds(op: str) -> None:
    tree = {"field": "a", "op": op, "value": "x"}
    assert holds(tree, {}) is (op in {"ne", "excludes", "empty"})


def definition(*conditions: tuple[str, Any]) -> Definition:
    fields = tuple(
        Field(key=key, kind="text", label=f"Question {key}", when=when) for key, when in conditions
    )
    return Definition(
        pages=(Page(key="p", title="P", sections=(Section(key="s", fields=fields),)),)
    )


def reads(*keys: str) -> dict[str, Any]:
    return {"all": [{"field": key, "op": "filled"} for key in keys]}


def test_a_loop_is_named_in_its_order() -> None:
    found = definition(("one", reads("two")), ("two", reads("three")), ("three", reads("one")))
    assert sorted(loops(found)) == ["one", "three", "two"]
    assert loops(definition(("one", None), ("two", reads("one")))) == []
    assert loops(definition(("one", reads("one")))) == ["one"]


def test_a_loop_is_refused_with_both_questions_named() -> None:
    raw = {
        "pages": [
            {
                "key": "p",
                "title": "P",
                "sections": [
                    {
                        "key": "s",
                        "fields": [
                            {"key": "a", "kind": "text", "label": "Un", "when": reads("b")},
                            {"key": "b", "kind": "text", "label": "Deux", "when": reads("a")},
                        ],
                    }
                ],
            }
        ]
    }
    with pytest.raises(Malformed) as wrong:
        read(raw)
    assert (wrong.value.code, sorted(wrong.value.facts["titles"])) == ("loop", ["Deux", "Un"])


edges = st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=6, max_size=6)


@given(edges)
def test_a_loop_is_found_if_and_only_if_there_is_one(graph: list[list[int]]) -> None:
    rows = [(f"f{n}", reads(*(f"f{m}" for m in to)) if to else None) for n, to in enumerate(graph)]
    reach = {n: set(to) for n, to in enumerate(graph)}
    for _turn in graph:
        reach = {n: to | {far for near in to for far in reach[near]} for n, to in reach.items()}
    assert bool(loops(definition(*rows))) is any(n in to for n, to in reach.items())


@given(edges)
def test_what_is_shown_is_worked_out_even_of_a_loop(graph: list[list[int]]) -> None:
    rows = [(f"f{n}", reads(*(f"f{m}" for m in to)) if to else None) for n, to in enumerate(graph)]
    whole = definition(*rows)
    values = {key: "x" for key, _when in rows}
    shown = Shown(whole, values)
    assert {place.path for place in places(whole, values) if shown.field(place)} <= set(values)


def test_what_is_hidden_counts_as_not_answered_for_what_reads_it() -> None:
    chain = definition(("a", None), ("b", reads("a")), ("c", reads("b")))
    values = {"b": "x", "c": "x"}
    shown = Shown(chain, values)
    assert [p.path for p in places(chain, values) if shown.field(p)] == ["a"]
