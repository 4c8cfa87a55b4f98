"""Colours: known WCAG pairs, and whatever a commune chooses stays readable."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from communs.core.web import contrast

TOKENS = Path(contrast.__file__).parent / "static/communs/css/tokens.css"
INKS = ("ink", "soft", "brand", "warm", "moss", "alert", "amber")
GROUNDS = ("paper", "sheet", "well", "tint", "sun-tint", "moss-tint", "alert-tint")
colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.00),
    ],
)
def test_known_pairs(one, other, expected):
    assert round(contrast.ratio(one, other), 2) == expected
    assert contrast.ratio(one, other) == contrast.ratio(other, one)


def test_our_own_colours_are_accepted():
    assert contrast.check_tokens(contrast.BRAND, contrast.WARM) == []


def test_a_pale_colour_is_refused_with_its_field_and_its_contrast():
    (problem,) = contrast.check_tokens("#0b5b63", "#ffcc00")
    assert (problem.field, problem.ratio < contrast.TEXT) == ("warm", True)
    assert problem.ratio == 1.27
    assert "1,2" in problem.sentence


def test_both_colours_are_reported():
    assert [p.field for p in contrast.check_tokens("#ffffff", "#eeeeee")] == ["brand", "warm"]


@pytest.mark.parametrize("colour", ["", "#fff", "0b5b63", "#0b5b6g", "#0b5b63 ", "red"])
def test_what_is_not_a_colour_is_refused(colour):
    with pytest.raises(ValueError, match="#rrggbb"):
        contrast.luminance(colour)


@given(brand=colours, warm=colours)
def test_whatever_is_accepted_reads_in_light_and_in_dark(brand, warm):
    assume(not contrast.check_tokens(brand, warm))
    fixed = {"light": contrast.LIGHT, "dark": contrast.DARK}
    for mode, tokens in contrast.derive(brand, warm).items():
        grounds = [*fixed[mode].values(), tokens["tint"]]
        inks = {"light": "#4d5f63", "dark": "#a9b9bb"}
        for ground in grounds:
            assert contrast.ratio(tokens["brand"], ground) >= contrast.TEXT
            assert contrast.ratio(tokens["warm"], ground) >= contrast.TEXT
        assert contrast.ratio(inks[mode], tokens["tint"]) >= contrast.TEXT
        assert contrast.ratio(tokens["brand"], tokens["brand-ink"]) >= contrast.TEXT
        assert contrast.ratio(tokens["warm"], tokens["warm-ink"]) >= contrast.TEXT


def test_dark_values_keep_the_hue_of_the_house():
    dark = contrast.derive(contrast.BRAND, contrast.WARM)["dark"]
    assert (dark["brand"], dark["warm"]) == ("#80c5cd", "#fe987c")


@given(colour=colours)
def test_some_ink_reads_on_every_colour(colour):
    assert contrast.ratio(colour, contrast.ink_on(colour)) >= contrast.TEXT


def test_style_sheet_sets_what_tokens_read():
    community = SimpleNamespace(brand="#5b2a86", warm="#9c3b00")
    sheet = contrast.style_sheet(community)
    read = set(re.findall(r"var\((--own-[a-z-]+)", TOKENS.read_text()))
    assert set(re.findall(r"(--own-[a-z-]+):", sheet)) == read
    assert sheet.startswith(":root{--own-brand-light:#5b2a86;")


@pytest.mark.parametrize("community", [None, SimpleNamespace(brand="", warm="")])
def test_no_colours_no_style(community):
    assert contrast.style_sheet(community) == ""


def values(block: str) -> dict[str, str]:
    """Read the hexadecimal values of a block of tokens.css, defaults of var() included."""
    found = re.findall(r"--([a-z-]+): (?:var\([^,]+, )?(#[0-9a-f]{6})", block)
    return dict(found)


def blocks() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text()
    light, system, chosen = (
        css[css.index(start) :].split("}", 1)[0]
        for start in (":root {", ':root:not([data-theme="light"])', ':root[data-theme="dark"]')
    )
    base = values(light)
    return {"light": base, "dark": base | values(system), "chosen": base | values(chosen)}


def test_dark_is_the_same_by_system_and_by_choice():
    assert blocks()["dark"] == blocks()["chosen"]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_of_the_house_reads_on_every_ground(mode, ground, ink):
    tokens = blocks()[mode]
    assert contrast.ratio(tokens[ink], tokens[ground]) >= contrast.TEXT


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_module_knows_the_grounds_of_the_style_sheet(mode):
    known = {"light": contrast.LIGHT, "dark": contrast.DARK}[mode]
    assert known == {name: blocks()[mode][name] for name in known}
    assert contrast.ratio(blocks()[mode]["edge"], blocks()[mode]["sheet"]) >= 3  # borders of fields
