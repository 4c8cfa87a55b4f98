"""Colours that people can read: contrast as WCAG defines it, and a community's dark values."""

import math
import re
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from communs.core.kit.localised import number

TEXT = 4.5  # WCAG 1.4.3, ordinary text
BRAND = "#0b5b63"
WARM = "#b93d17"
WHITE, BLACK = "#ffffff", "#000000"
# The grounds of tokens.css on which links and headings in a community's colours may stand.
LIGHT = {
    "paper": "#faf6ef",
    "sheet": "#fffefb",
    "well": "#f3ede2",
    "sun-tint": "#fcf0d3",
    "moss-tint": "#e5f0e6",
    "alert-tint": "#fbe7e4",
}
DARK = {
    "paper": "#10191c",
    "sheet": "#182428",
    "well": "#0c1315",
    "sun-tint": "#352a10",
    "moss-tint": "#173022",
    "alert-tint": "#3c1b1c",
}
TINT_LIGHT, TINT_DARK = 0.1, 0.14  # share of the brand in the tint
STEPS = 50
KNEE, LINEAR_KNEE = 0.04045, 0.0031308  # sRGB: below, light is a straight line
DARK_START = 0.78  # lightness at which a dark page's colours begin

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)

Tokens = dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A colour in which text could not be read, and on what."""

    field: str
    ratio: float
    sentence: str


def ratio(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour written #rrggbb, from 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(colour: str, other: str, share: float) -> str:
    """Put `share` of the other colour into the first."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def check_tokens(brand: str, warm: str) -> list[Problem]:
    """Find the colours in which text could not be read on our pages, in light or in dark."""
    problems = []
    for field, colour in (("brand", brand), ("warm", warm)):
        grounds = _grounds(brand, dark=False)
        worst = min(ratio(colour, ground) for ground in grounds)
        if worst < TEXT:
            problems.append(Problem(field, round(worst, 2), _sentence(worst)))
    return problems or _check_dark(brand, warm)


def derive(brand: str, warm: str) -> dict[str, Tokens]:
    """Work out every colour that follows from the two chosen ones, for light and for dark."""
    return {"light": _light(brand, warm), "dark": _dark(brand, warm)}


class Coloured(Protocol):
    """What has two colours of its own, or none."""

    brand: str
    warm: str


def style_sheet(community: Coloured | None) -> str:
    """Write a community's colours as the custom properties that tokens.css reads."""
    if community is None or not (community.brand and community.warm):
        return ""
    properties = "".join(
        f"--own-{name}-{mode}:{colour};"
        for mode, tokens in derive(community.brand, community.warm).items()
        for name, colour in tokens.items()
    )
    return f":root{{{properties}}}\n"


def ink_on(colour: str) -> str:
    """Choose the text that is read best on a colour: white, or a very dark shade of it."""
    dark = mix(colour, BLACK, 0.85)
    if ratio(colour, WHITE) >= TEXT:
        return WHITE
    return dark if ratio(colour, dark) >= TEXT else BLACK


def _light(brand: str, warm: str) -> Tokens:
    return {
        "brand": brand,
        "brand-ink": ink_on(brand),
        "warm": warm,
        "warm-ink": ink_on(warm),
        "tint": _tint(brand, dark=False),
    }


def _dark(brand: str, warm: str) -> Tokens:
    grounds = _grounds(brand, dark=True)
    light_brand, light_warm = _lighten(brand, grounds), _lighten(warm, grounds)
    return {
        "brand": light_brand,
        "brand-ink": ink_on(light_brand),
        "warm": light_warm,
        "warm-ink": ink_on(light_warm),
        "tint": grounds[-1],
    }


def _tint(brand: str, *, dark: bool) -> str:
    """Colour the ground a little, and stay so close to it that every ink of ours reads on it."""
    return mix(DARK["paper"], brand, TINT_DARK) if dark else mix(LIGHT["sheet"], brand, TINT_LIGHT)


def _lighten(colour: str, grounds: list[str]) -> str:
    """Keep the hue and raise the lightness until text in this colour reads on every dark ground."""
    lightness, chroma, hue = _oklch(colour)
    start = max(lightness, DARK_START)
    levels = (start + (1 - start) * step / STEPS for step in range(STEPS + 1))
    found = (_in_gamut(level, chroma, hue) for level in levels)
    reads = (c for c in found if all(ratio(c, ground) >= TEXT for ground in grounds))
    return next(reads, WHITE)


def _in_gamut(lightness: float, chroma: float, hue: float) -> str:
    """Write the colour, with the greatest part of its chroma that a screen can show."""
    shares = (1 - step / STEPS for step in range(STEPS))
    tried = (_rgb(lightness, chroma * share, hue) for share in shares)
    shown = next((rgb for rgb in tried if all(0 <= part <= 1 for part in rgb)), None)
    red, green, blue = shown or (lightness, lightness, lightness)
    return "#" + "".join(f"{round(_encoded(part) * 255):02x}" for part in (red, green, blue))


def _oklch(colour: str) -> tuple[float, float, float]:
    """Give lightness, chroma and hue (radians) as Björn Ottosson's OKLab defines them."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _grounds(brand: str, *, dark: bool) -> list[str]:
    base = DARK if dark else LIGHT
    return [*base.values(), _tint(brand, dark=dark)]


def _check_dark(brand: str, warm: str) -> list[Problem]:
    tokens = _dark(brand, warm)
    found = []
    for field in ("brand", "warm"):
        worst = min(ratio(tokens[field], ground) for ground in _grounds(brand, dark=True))
        if worst < TEXT:
            found.append(Problem(field, round(worst, 2), _sentence(worst)))
    return found


def _sentence(worst: float) -> str:
    text = _("Text in this colour is hard to read: contrast %(ratio)s; at least 4.5 is needed.")
    return str(text) % {"ratio": number(math.floor(worst * 10) / 10)}


def _encoded(part: float) -> float:
    return part * 12.92 if part <= LINEAR_KNEE else 1.055 * part ** (1 / 2.4) - 0.055


def _linear(part: float) -> float:
    return part / 12.92 if part <= KNEE else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        message = f"A colour is written #rrggbb, not {colour!r}."
        raise ValueError(message)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
