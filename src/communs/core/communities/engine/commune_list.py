"""Reads a list of communes that somebody made in a spreadsheet, for a metropolis of their own."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from communs.core.communities.engine import reference
from communs.core.communities.engine.tables import N_, BadFile, read_table, read_text

COLUMNS = ("insee", "name", "siren", "postcodes", "population")
NO_COMMUNE = N_("%(file)s: there is no commune in it.")
BAD_NAME = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” cannot be a name.")
SAME_ADDRESS = N_("%(file)s: “%(value)s” would have the same address as another one, or a page.")
_LONGEST_NAME, _LONGEST_ADDRESS = 120, 60


@dataclass(frozen=True, slots=True)
class ListedCommune:
    """A commune of the list; what its cell leaves empty is unknown."""

    insee: str
    name: str
    slug: str
    siren: str | None
    postcodes: tuple[str, ...]
    population: int | None

    @property
    def department(self) -> str:
        """The first digits of the INSEE code: three overseas, two elsewhere."""
        return self.insee[: 3 if self.insee.startswith("97") else 2]


def is_siren(text: str) -> bool:
    """Tell whether nine digits are a SIREN number: the last one is its key (Luhn)."""
    return reference.siren(text) is not None


def read_commune_list(path: Path) -> tuple[ListedCommune, ...]:
    """Give the communes of a CSV file (UTF-8; commas or semicolons); raises BadFile."""
    _with_commas(path)
    lines = read_table(path, COLUMNS, unique=("insee",))
    if not lines:
        raise BadFile(NO_COMMUNE, file=path.name)
    rows = []
    for line in lines:
        name = line.read("name", _name, BAD_NAME)
        rows.append(
            ListedCommune(
                insee=line.read("insee", reference.insee, reference.BAD_INSEE),
                name=name,
                slug=reference.slug(name),
                siren=line.maybe("siren", reference.siren, reference.BAD_SIREN),
                postcodes=line.maybe("postcodes", reference.postcodes, reference.BAD_POSTCODE)
                or (),
                population=line.maybe("population", reference.number, reference.BAD_NUMBER),
            )
        )
    return tuple(rows)


def _name(value: str) -> str | None:
    name = reference.typographic(value)
    address = reference.slug(name)
    fits = len(name) <= _LONGEST_NAME and len(address) <= _LONGEST_ADDRESS
    return name if fits and address[:1].isalpha() else None


def _with_commas(path: Path) -> None:
    """Rewrite what a French spreadsheet wrote with semicolons."""
    text = read_text(path)
    first = text.partition("\n")[0]
    if ";" not in first or "," in first:
        return
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error:
        return  # read_table tells the line
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
