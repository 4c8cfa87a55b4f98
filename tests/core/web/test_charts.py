"""Charts say what they show, in shapes and in words, and nothing that is not known."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from communs.core.web.charts import Chart, Mark, Reference, bar, rounded, spark

decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=3)


def chart(values: list[int | None], **more: object) -> Chart:
    marks = [
        Mark(f"jour {n}", None if v is None else Decimal(v), f"{v} €", why="inconnu")
        for n, v in enumerate(values)
    ]
    return Chart("c", marks, "De 1 à <3>.", plain, **more)


def plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def shapes(markup: str, kind: str) -> list[dict[str, str]]:
    root = ET.fromstring(markup)  # noqa: S314 -- our own markup
    return [dict(e.attrib) for e in root.iter() if e.get("class", "").startswith(kind)]


def words(markup: str) -> list[str]:
    return [e.text or "" for e in ET.fromstring(markup).iter("text")]  # noqa: S314


def test_a_chart_says_what_it_shows_and_escapes_it() -> None:
    drawn = chart([1, 3]).line()
    assert 'role="img" aria-label="De 1 à &lt;3&gt;."' in drawn
    assert words(drawn) == ["0", "1", "2", "3", "jour 0", "jour 1", "3 €"]
    assert "style=" not in drawn


def test_what_is_unknown_is_hatched_and_interrupts_the_line() -> None:
    drawn = chart([1, 2, None, None, 5, None, 4, 4]).line()
    (path,) = shapes(drawn, "chart-line")
    assert path["d"].count("M") == 2
    assert [r["fill"] for r in shapes(drawn, "chart-unknown")] == ["url(#c-hatch)"] * 2
    assert "inconnu" in words(drawn)
    assert len(shapes(drawn, "chart-dot")) == 5


def test_a_changed_definition_cuts_the_line_and_is_named() -> None:
    drawn = chart([1, 1, 9, 9], breaks=(2,)).line()
    (path,) = shapes(drawn, "chart-line")
    assert path["d"].count("M") == 2
    assert len(shapes(drawn, "chart-break")) == 1


def test_columns_stand_on_zero_and_partial_ones_look_otherwise() -> None:
    marks = [Mark("a", Decimal(2)), Mark("b", Decimal(4), partial=True), Mark("c", None)]
    found = shapes(Chart("c", marks, "x", str).columns(), "chart-column")
    assert [c["class"] for c in found] == ["chart-column", "chart-column chart-partial"]
    assert {float(c["y"]) + float(c["height"]) for c in found} == {222.0}
    assert float(found[1]["height"]) == 2 * float(found[0]["height"])


def test_a_level_to_compare_with_is_drawn_and_named() -> None:
    drawn = chart([1, 2], references=(Reference(Decimal(10), "avant : 10"),)).line()
    assert len(shapes(drawn, "chart-level")) == 1
    assert "avant : 10" in words(drawn)
    assert "10" in words(drawn)


def test_nothing_known_draws_no_scale() -> None:
    drawn = chart([None, None]).columns()
    assert words(drawn) == ["inconnu", "jour 0", "jour 1"]
    assert shapes(drawn, "chart-grid") == []


@given(st.lists(decimals, min_size=1, max_size=5))
def test_an_axis_is_round_and_holds_every_value(values: list[Decimal]) -> None:
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    high = high if high > low else low + 1
    first, last, step = rounded(low, high)
    assert first <= low
    assert last >= high
    assert 1 <= (last - first) / step <= 6
    assert str(step.normalize().as_tuple().digits) in {"(1,)", "(2,)", "(5,)"}


@given(st.lists(st.none() | decimals, max_size=40))
def test_any_values_draw_inside_the_picture(values: list[Decimal | None]) -> None:
    marks = [Mark("x", v, "v", why="?") for v in values]
    for drawn in (Chart("c", marks, "x", str).line(), Chart("c", marks, "x", str).columns()):
        ET.fromstring(drawn)  # noqa: S314 -- our own markup
        places = [float(x) for x in re.findall(r'[xc]+\d?="(-?[\d.]+)%"', drawn)]
        assert all(0 <= x <= 100 for x in places)


def test_small_drawings_are_hidden_from_who_reads_the_words_beside() -> None:
    line = spark([Decimal(1), None, Decimal(2), Decimal(4)], high=Decimal(8))
    assert line.startswith('<svg class="spark" aria-hidden="true"')
    assert line.count("M") == 2
    assert spark([None, Decimal(1)]) == ""
    assert 'width="25.0%"' in bar(Decimal(2), Decimal(8))
    assert 'width="0.0%"' in bar(Decimal(0), Decimal(0))
