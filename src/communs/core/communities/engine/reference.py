"""Reads the reference of the metropolis: its communes, territories, names, mergers, outlines."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from communs.core.kit.text import fold

from .tables import N_, BadFile, read_table, read_text

BAD_INSEE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no INSEE code.")
BAD_SIREN = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no SIREN number.")
BAD_NUMBER = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no whole number.")
BAD_POSTCODE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no postcode list.")
BAD_DEPARTMENT = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no department.")
BAD_YES_NO = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is not oui or non.")
BAD_DATE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no date (YYYY-MM-DD).")
NOT_JSON = N_("%(file)s, line %(line)d, column %(column)d: this is not JSON.")
NOT_OUTLINES = N_("%(file)s: this is not a GeoJSON FeatureCollection.")
BAD_OUTLINE = N_("%(file)s, feature %(feature)d: this is not the outline of a commune.")
SAME_OUTLINE = N_("%(file)s, feature %(feature)d: the commune %(value)s is there twice.")

Ring = tuple[tuple[float, float], ...]  # longitude, latitude in degrees; the last closes it
Polygon = tuple[Ring, ...]  # the outer ring, then its holes
Geometry = tuple[Polygon, ...]

_INSEE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_DEPARTMENT = re.compile(r"[0-9]{2,3}|2[AB]")
_LEAST_POSITIONS = 4  # of a ring: a triangle, closed


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune as the reference file has it; None is unknown, or belongs to no territory."""

    insee: str
    name: str
    siren: str | None
    department: str
    territory_siren: str | None
    territory_name: str | None
    population_2016: int | None
    population_2026: int | None
    member_2018: bool
    member_2026: bool
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A territory (EPT) with its communes of 2026."""

    siren: str
    name: str
    kind: str
    population_2026: int | None
    communes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameRow:
    """A commune's name in full typography, and its article, empty when it has none."""

    insee: str
    name: str
    article: str


@dataclass(frozen=True, slots=True)
class MergerRow:
    """A commune that became part of another; until then it was in this territory."""

    insee: str
    territory_siren: str
    merged_into: str
    merged_on: date


def read_communes(path: str | Path) -> tuple[CommuneRow, ...]:
    """Read the communes, in the order of the file."""
    columns = (
        "code_insee", "nom", "siren", "departement", "ept_siren", "ept_nom", "population_2016",
        "population_2026", "membre_2018", "membre_2026", "codes_postaux",
    )  # fmt: skip
    return tuple(
        CommuneRow(
            insee=line.read("code_insee", insee, BAD_INSEE),
            name=line.read("nom", str, ""),
            siren=line.maybe("siren", siren, BAD_SIREN),
            department=line.read("departement", _department, BAD_DEPARTMENT),
            territory_siren=line.maybe("ept_siren", siren, BAD_SIREN),
            territory_name=line.maybe("ept_nom", str, ""),
            population_2016=line.maybe("population_2016", number, BAD_NUMBER),
            population_2026=line.maybe("population_2026", number, BAD_NUMBER),
            member_2018=line.read("membre_2018", _yes, BAD_YES_NO),
            member_2026=line.read("membre_2026", _yes, BAD_YES_NO),
            postcodes=line.maybe("codes_postaux", postcodes, BAD_POSTCODE) or (),
        )
        for line in read_table(path, columns, unique=("code_insee",))
    )


def read_territories(path: str | Path) -> tuple[TerritoryRow, ...]:
    """Read the territories, in the order of the file."""
    columns = ("siren", "nom", "type", "population_2026", "communes")
    return tuple(
        TerritoryRow(
            siren=line.read("siren", siren, BAD_SIREN),
            name=line.read("nom", str, ""),
            kind=line.read("type", str, ""),
            population_2026=line.maybe("population_2026", number, BAD_NUMBER),
            communes=line.read("communes", _insees, BAD_INSEE),
        )
        for line in read_table(path, columns, unique=("siren",))
    )


def read_names(path: str | Path) -> tuple[NameRow, ...]:
    """Read the names whose typography or article the reference leaves to be told."""
    return tuple(
        NameRow(
            insee=line.read("code_insee", insee, BAD_INSEE),
            name=line.read("name", str, ""),
            article=line.maybe("article_note", str, "") or "",
        )
        for line in read_table(path, ("code_insee", "name", "article_note"), unique=("code_insee",))
    )


def read_mergers(path: str | Path) -> tuple[MergerRow, ...]:
    """Read the communes that became part of another."""
    columns = ("code_insee", "ept_siren", "merged_into", "merged_on")
    return tuple(
        MergerRow(
            insee=line.read("code_insee", insee, BAD_INSEE),
            territory_siren=line.read("ept_siren", siren, BAD_SIREN),
            merged_into=line.read("merged_into", insee, BAD_INSEE),
            merged_on=line.read("merged_on", _day, BAD_DATE),
        )
        for line in read_table(path, columns, unique=("code_insee",))
    )


def read_outlines(path: str | Path) -> dict[str, Geometry]:
    """Read a GeoJSON file of communes (property `code_insee`), by INSEE code."""
    file = Path(path).name
    outlines: dict[str, Geometry] = {}
    for number, feature in enumerate(_features(file, read_text(path)), start=1):
        try:
            code = insee(feature["properties"]["code_insee"])
            geometry = _geometry(feature["geometry"])
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise BadFile(BAD_OUTLINE, file=file, feature=number) from error
        if code is None:
            raise BadFile(BAD_OUTLINE, file=file, feature=number)
        if code in outlines:
            raise BadFile(SAME_OUTLINE, file=file, feature=number, value=code)
        outlines[code] = geometry
    return outlines


def typographic(name: str) -> str:
    """Give a name with the apostrophe of print: « Ville-d’Avray »."""
    return name.replace("'", "’")


def slug(name: str) -> str:
    """Give the address of a name: « L’Haÿ-les-Roses » is `l-hay-les-roses`."""
    return fold(name).replace(" ", "-")


def _features(file: str, text: str) -> Iterator[Any]:
    try:
        document = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise BadFile(NOT_JSON, file=file, line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # NaN, a huge number, too deep
        raise BadFile(NOT_OUTLINES, file=file) from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BadFile(NOT_OUTLINES, file=file)
    features = document.get("features")
    if not isinstance(features, list):
        raise BadFile(NOT_OUTLINES, file=file)
    return iter(features)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _geometry(geometry: dict[str, Any]) -> Geometry:
    kind, polygons = geometry["type"], geometry["coordinates"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(kind)
    if kind == "Polygon":
        polygons = [polygons]
    shape = tuple(tuple(_ring(ring) for ring in polygon) for polygon in polygons)
    if not shape or not all(shape):
        raise ValueError(kind)
    return shape


def _ring(positions: list[list[float]]) -> Ring:
    ring = tuple((_degrees(position[0]), _degrees(position[1])) for position in positions)
    on_earth = all(abs(longitude) <= 180 and abs(latitude) <= 90 for longitude, latitude in ring)  # noqa: PLR2004 -- degrees
    if len(ring) < _LEAST_POSITIONS or ring[0] != ring[-1] or not on_earth:
        raise ValueError(len(ring))
    return ring


def _degrees(value: float) -> float:
    if not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def insee(value: str) -> str | None:
    """Give an INSEE code, or None for what is none."""
    return value if _INSEE.fullmatch(value) else None


def _insees(value: str) -> tuple[str, ...] | None:
    codes = tuple(value.split())
    valid = all(insee(code) for code in codes) and len(set(codes)) == len(codes)
    return codes if valid else None


def siren(value: str) -> str | None:
    """Give a number of nine digits whose last one is its key (Luhn)."""
    if not re.fullmatch(r"[0-9]{9}", value):
        return None
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value)))
    return value if sum(number // 10 + number % 10 for number in doubled) % 10 == 0 else None


def _department(value: str) -> str | None:
    return value if _DEPARTMENT.fullmatch(value) else None


def number(value: str) -> int | None:
    """Give a whole number of at most nine digits."""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def _yes(value: str) -> bool | None:
    return {"oui": True, "non": False}.get(value)


def postcodes(value: str) -> tuple[str, ...] | None:
    """Give postcodes parted by spaces."""
    codes = tuple(value.split())
    return codes if all(re.fullmatch(r"[0-9]{5}", code) for code in codes) else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if re.fullmatch(r"[0-9-]{10}", value) else None
    except ValueError:
        return None
