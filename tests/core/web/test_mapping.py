"""Outlines in degrees become a small drawing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.web import mapping

SQUARE = [[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 49.0], [2.0, 48.0]]


def feature(name, ring, kind="Polygon"):
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    return {
        "properties": {"code_insee": name[:2], "nom": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def test_a_square_fills_the_width_and_keeps_its_shape():
    projection, (outline,) = mapping.outlines(collection(feature("Bagneux", SQUARE)))
    assert (projection.width, projection.height) == (800, 1207)  # 1 / cos(48.5°)
    assert projection.view_box == "-6 -6 812 1219"
    assert outline.path == "M0 1207l800 0 0-1207-800 0z"
    assert outline.box == (0, 0, 800, 1207)
    assert outline.anchor == (400, 604)
    assert outline.view_box == "-1 -1 802 1209"


def test_names_are_in_order_accents_ignored():
    shifted = [[x + 1, y] for x, y in SQUARE]
    names = ["Épinay", "Sceaux", "Étampes", "Antony", "L’Haÿ"]
    _, found = mapping.outlines(collection(*(feature(n, shifted) for n in names)))
    assert [outline.name for outline in found] == ["Antony", "Épinay", "Étampes", "L’Haÿ", "Sceaux"]


def test_several_polygons_are_one_shape():
    _, (outline,) = mapping.outlines(collection(feature("Isles", SQUARE, kind="MultiPolygon")))
    assert outline.path.count("M") == 1


def test_a_speck_smaller_than_the_grid_is_not_drawn():
    speck = [[2.5, 48.5], [2.50001, 48.5], [2.5, 48.50001], [2.5, 48.5]]
    _, found = mapping.outlines(collection(feature("Grand", SQUARE), feature("Petit", speck)))
    assert found[1].path == ""


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="No outline"):
        mapping.outlines(collection())


def test_the_anchor_is_inside_a_hollow_shape():
    hollow = [[0, 0], [10, 0], [10, 10], [8, 10], [8, 2], [0, 2], [0, 0]]
    _, (outline,) = mapping.outlines(collection(feature("Coude", hollow)))
    assert 640 < outline.anchor[0] < 800


def test_shapes_join_links_levels_and_words():
    _, found = mapping.outlines(collection(feature("Antony", SQUARE), feature("Sceaux", SQUARE)))
    drawn = mapping.shapes(
        found, hrefs={"An": "/antony/"}, levels={"An": "one"}, labels={"An": "Antony: 1"}
    )
    assert [(s.name, s.href, s.level, s.label) for s in drawn] == [
        ("Antony", "/antony/", "one", "Antony: 1"),
        ("Sceaux", None, "", "Sceaux"),
    ]
    assert (drawn[0].x, drawn[0].y) == found[0].anchor


def test_grid_names_round_meridians_and_parallels():
    projection, _ = mapping.outlines(collection(feature("Antony", SQUARE)))
    grid = mapping.graticule(projection, minutes=30)
    assert [mark.label for mark in grid.marks] == [
        "2° 00′ E",
        "2° 30′ E",
        "3° 00′ E",
        "48° 00′ N",
        "48° 30′ N",
        "49° 00′ N",
    ]
    assert grid.lines[1] == "M400 -6V1213"


@given(
    st.lists(
        st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=3, max_size=30, unique=True
    )
)
def test_any_ring_stays_in_the_drawing(points):
    ring = [list(p) for p in (*points, points[0])]
    projection, (outline,) = mapping.outlines(collection(feature("X", ring)))
    left, top, right, bottom = outline.box
    assert 0 <= left <= right <= projection.width
    assert 0 <= top <= bottom <= projection.height + 1
    assert re.fullmatch(r"(M-?\d+ -?\d+l[\d -]*z)*", outline.path)
