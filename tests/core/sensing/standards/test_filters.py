"""`$filter` is read as the grammar says, and says of a thing what a plain reading would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.standards.engine.evaluating import check, evaluate, holds
from communs.core.sensing.standards.engine.filters import (
    Call,
    Literal,
    Node,
    NotAFilter,
    Path,
    parse,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
THING: dict[str, Any] = {
    "name": "Mât d’Antony",
    "result": 21.5,
    "phenomenonTime": "2026-03-02T11:30:00.000Z",
    "properties": {"haut": 3, "on": True},
    "location": {"type": "Point", "coordinates": [2.3, 48.75]},
}


def look(parts: tuple[str, ...]) -> Any:
    found: Any = THING
    for part in parts:
        found = found.get(part) if isinstance(found, dict) else None
    return found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("result gt 20", True),
        ("20 lt result and result le 21.5", True),
        ("not result gt 20", False),
        ("not (result gt 20 and result lt 21)", True),
        ("result eq 1 or result eq 21.5", True),
        ("result add 1 mul 2 eq 23.5", True),
        ("(result add 1) mul 2 eq 45", True),
        ("result sub 1.5 eq 20 and result div 2 eq 10.75 and result mod 2 eq 1.5", True),
        ("result gt -5", True),
        ("result div 0 eq 1", False),
        ("properties/haut eq 3 and properties/on eq true", True),
        ("properties/nothing eq null", True),
        ("properties/nothing ne 3", True),
        ("properties/nothing lt 3", False),
        ("name eq 'Mât d’Antony'", True),
        ("startswith(name,'Mât') and endswith(name, 'Antony') and length(name) eq 12", True),
        ("substringof('Ant', name) and contains(name,'Ant')", True),
        ("toupper(trim(concat(' a', 'b '))) eq 'AB'", True),
        ("indexof(name,'d') eq 4", True),
        ("name eq 'l''autre'", False),
        ("name gt 3", False),
        ("phenomenonTime ge 2026-03-02T12:30:00+01:00", True),
        ("phenomenonTime lt now()", True),
        ("year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 3", True),
        ("hour(phenomenonTime) eq 11 and minute(phenomenonTime) eq 30", True),
        ("phenomenonTime gt 2026-03-02", True),
        ("round(result) eq 22 and floor(result) eq 21 and ceiling(result) eq 22", True),
        ("geo.distance(location, geography'POINT(2.3 48.75)') lt 0.001", True),
        ("geo.distance(location, geography'POINT(2.3 49.75)') lt 0.5", False),
    ],
)
def test_a_filter_says_what_it_should(text: str, told: bool) -> None:
    node = parse(text)
    check(node)
    assert holds(node, look, NOW) is told


@pytest.mark.parametrize(
    "text",
    [
        "", "result", "result gt", "gt 3", "(result gt 3", "result gt 3)", "result gt 3 4",
        "name eq 'x", "result ~ 3", "result eq 2026-13-45", "- name", "f(1", "a,b",
        "geography'LINE(1 2)' eq 1", "(" * 40 + "1" + ")" * 40, "x eq 1 or " * 400 + "x eq 1",
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused(text: str) -> None:
    if text == "result":
        assert holds(parse(text), look, NOW) is False
        return
    with pytest.raises(NotAFilter):
        parse(text)


def test_a_function_that_is_not_known_is_said() -> None:
    with pytest.raises(NotAFilter, match="drop_table"):
        check(parse("drop_table(name) eq 1 and result gt 1"))


NAMES = st.sampled_from([("result",), ("properties", "haut"), ("properties", "nothing"), ("name",)])
VALUES = st.one_of(
    st.integers(-1000, 1000),
    st.booleans(),
    st.none(),
    st.text(alphabet="ab' é", max_size=5),
)
LEAVES = st.one_of(NAMES.map(Path), VALUES.map(Literal))
ORDER = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])
COMPARED = st.builds(lambda name, a, b: Call(name, (a, b)), ORDER, LEAVES, LEAVES)
NODES = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.builds(lambda n, a, b: Call(n, (a, b)), st.sampled_from(["and", "or"]), inner, inner),
        st.builds(lambda a: Call("not", (a,)), inner),
    ),
    max_leaves=8,
)


def written(node: Node) -> str:
    """Write a filter with all its brackets."""
    if isinstance(node, Path):
        return "/".join(node.parts)
    if isinstance(node, Literal):
        return _value(node.value)
    if node.name == "not":
        return f"not ({written(node.args[0])})"
    return "(" + f" {node.name} ".join(written(arg) for arg in node.args) + ")"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return (
        {None: "null", True: "true", False: "false"}.get(value, str(value))
        if not (isinstance(value, int) and not isinstance(value, bool))
        else str(value)
    )


@given(NODES)
def test_what_is_written_is_read_as_it_was_meant(node: Node) -> None:
    assert evaluate(parse(written(node)), look, NOW) == evaluate(node, look, NOW)
    assert written(parse(written(node))) == written(node)


@given(st.text(alphabet="abn ot()'/,-eqgtr0123.:TZ@é", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        node = parse(text)
        check(node)
    except NotAFilter:
        return
    assert holds(node, look, NOW) in {True, False}
