"""Query options and paths are read as they are written, and nothing breaks their readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.standards.engine.options import (
    MOST,
    PAGE,
    NotAnOption,
    Options,
    Segment,
    options_of,
    segments_of,
)


def test_options_inside_expand_are_options_too() -> None:
    text = "Datastreams($expand=Observations($top=1;$orderby=result desc),Sensor;$count=true)"
    found = options_of([("$expand", f"{text},Locations/HistoricalLocations"), ("plain", "x")])
    assert found == Options(
        expand={
            "Datastreams": Options(
                count=True,
                expand={
                    "Observations": Options(top=1, orderby=((("result",), True),)),
                    "Sensor": Options(),
                },
            ),
            "Locations": Options(expand={"HistoricalLocations": Options()}),
        }
    )


def test_two_ways_from_the_same_place_are_both_taken() -> None:
    found = options_of([("$expand", "Datastreams/Sensor,Datastreams/Thing")])
    assert set(found.expand["Datastreams"].expand) == {"Sensor", "Thing"}


@pytest.mark.parametrize(
    ("given_top", "page"), [(None, PAGE), ("0", 0), ("7", 7), ("999999", MOST)]
)
def test_a_page_has_its_size(given_top: str | None, page: int) -> None:
    assert options_of([] if given_top is None else [("$top", given_top)]).page == page


@pytest.mark.parametrize(
    "pair",
    [
        ("$top", "-1"), ("$skip", "1e3"), ("$count", "yes"), ("$resultFormat", "csv"),
        ("$filter", "a eq"), ("$unheard", "1"), ("$expand", "A($top=1"), ("$expand", "A'"),
        ("$expand", "A($expand=B($expand=C($expand=D($expand=E))))"), ("$orderby", "a b c"),
    ],
)  # fmt: skip
def test_what_is_no_option_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(NotAnOption):
        options_of([pair])


def test_an_option_is_given_once() -> None:
    with pytest.raises(NotAnOption, match="twice"):
        options_of([("$top", "1"), ("$top", "2")])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("Things", [Segment("Things")]),
        ("Things('a/b')/Datastreams(3)/name/$value", [
            Segment("Things", "a/b"), Segment("Datastreams", "3"), Segment("name"),
            Segment("$value"),
        ]),
        ("Things('l''autre')", [Segment("Things", "l'autre")]),
        ("Things(", None),
        ("Things('a)", None),
        ("Things(1)Datastreams", None),
        ("/".join(["a"] * 20), None),
        ("a" * 600, None),
    ],
)  # fmt: skip
def test_a_path_is_read_as_it_is_written(path: str, told: list[Segment] | None) -> None:
    assert segments_of(path) == told


@given(st.text(alphabet="ABab()',;$=/ 1é-", max_size=50))
def test_no_text_breaks_the_readers(text: str) -> None:
    segments_of(text)
    for name in ("$expand", "$orderby", "$select"):
        try:
            options_of([(name, text)])
        except NotAnOption:
            continue
