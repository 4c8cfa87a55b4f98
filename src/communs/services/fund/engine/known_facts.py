"""What we add to the communiqué: a classification of our own, and facts with their source."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar, get_args

from communs.core.communities.engine.tables import N_, BadFile, Line, read_table

BAD_ROW = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no row number.")
BAD_CODE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no known code.")
BAD_DATE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no date.")
BAD_VALUE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is no number.")
BAD_UNIT = N_("%(file)s, line %(line)d: a value and its unit go together.")

Theme = Literal[
    "digital-for-all", "e-administration", "participation", "logistics", "smart-parking"
]
Challenge = Literal["connected", "inclusive", "resilient", "attractive", "agile", "collaborative"]
Status = Literal["inferred", "seen"]

THEMES: tuple[Theme, ...] = get_args(Theme)
CHALLENGES: tuple[Challenge, ...] = get_args(Challenge)
STATUSES: tuple[Status, ...] = get_args(Status)

Code = TypeVar("Code")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year, as precise as the source."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        parts = (part for part in (self.month, self.day) if part is not None)
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in parts)])


@dataclass(frozen=True, slots=True)
class Classification:
    """Our reading of a row: its field and its challenge, each with how we know it."""

    row: int
    theme: Theme
    theme_status: Status
    challenge: Challenge
    challenge_status: Status


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A sourced fact on a row; None is what the source does not tell."""

    row: int
    code: str
    date: PartialDate | None
    value: Decimal | None
    unit: str
    text_fr: str
    text_en: str
    source: str
    status: Status


def read_classifications(path: str | Path) -> tuple[Classification, ...]:
    """Read our classification, in the order of the file; raises BadFile."""
    columns = ("row", "theme", "theme_status", "challenge", "challenge_status")
    return tuple(
        Classification(
            row=line.read("row", _row, BAD_ROW),
            theme=line.read("theme", _one_of(THEMES), BAD_CODE),
            theme_status=line.read("theme_status", _one_of(STATUSES), BAD_CODE),
            challenge=line.read("challenge", _one_of(CHALLENGES), BAD_CODE),
            challenge_status=line.read("challenge_status", _one_of(STATUSES), BAD_CODE),
        )
        for line in read_table(path, columns, unique=("row",))
    )


def read_facts(path: str | Path) -> tuple[KnownFact, ...]:
    """Read the sourced facts, in the order of the file; raises BadFile."""
    columns = (
        "row", "code", "date", "value", "unit", "text_fr", "text_en", "source", "status",
    )  # fmt: skip
    return tuple(_fact(line) for line in read_table(path, columns, unique=("row", "code")))


def _fact(line: Line) -> KnownFact:
    value = line.maybe("value", _value, BAD_VALUE)
    unit = line.maybe("unit", str, "") or ""
    if (value is None) != (not unit):
        raise BadFile(BAD_UNIT, file=line.file, line=line.number)
    return KnownFact(
        row=line.read("row", _row, BAD_ROW),
        code=line.read("code", _code, BAD_CODE),
        date=line.maybe("date", _partial_date, BAD_DATE),
        value=value,
        unit=unit,
        text_fr=line.read("text_fr", str, ""),
        text_en=line.read("text_en", str, ""),
        source=line.read("source", str, ""),
        status=line.read("status", _one_of(STATUSES), BAD_CODE),
    )


def _one_of(codes: tuple[Code, ...]) -> Callable[[str], Code | None]:
    return {str(code): code for code in codes}.get


def _row(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,3}", value) else None


def _code(value: str) -> str | None:
    return value if re.fullmatch(r"[a-z][a-z-]{0,39}", value) else None


def _value(value: str) -> Decimal | None:
    return Decimal(value) if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", value) else None


def _partial_date(value: str) -> PartialDate | None:
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", value)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if 0 in {month, day}:
        return None
    return PartialDate(year or 0, month, day)
