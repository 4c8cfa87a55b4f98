"""The real communiqué and the real reference, for the tests that read them."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from communs.services.fund.engine import communique as reader
from communs.services.fund.engine.communique import Body, Communique, Unreadable, check, parse

SOURCE = Path(reader.__file__).parents[2] / "data" / "communique-2018-11-27.txt"
REFERENCE = SOURCE.parents[3] / "core" / "communities" / "data"
RAW = SOURCE.read_bytes()
TEXT = RAW.decode()
HEADER = "Commune ou territoire\tObjet de l'expérimentation\n"
TABLE = TEXT[TEXT.index(HEADER) + len(HEADER) :]


def bodies() -> list[Body]:
    def rows(name: str) -> list[dict[str, str]]:
        with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    communes = [
        Body("commune", row["nom"], row["siren"], row["code_insee"], row["code_insee"])
        for row in rows("communes.csv")
    ]
    territories = [
        Body("territory", row["nom"], row["siren"], None, row["siren"])
        for row in rows("territories.csv")
    ]
    metropolis = Body("metropolis", "Métropole du Grand Paris", "200054781", None, "200054781")
    return [metropolis, *territories, *communes]


DIRECTORY = bodies()


def changed(*changes: tuple[str, str]) -> str:
    """Give the real text with some words changed, each of which it must hold."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def problems(text: str) -> list[str]:
    with pytest.raises(Unreadable) as refusal:
        parse(text)
    return [str(problem) for problem in refusal.value.problems]


def disagreements(text: str, **expected: Decimal) -> list[str]:
    return [str(finding) for finding in check(parse(text), DIRECTORY, **expected).disagreements]


def facts(communique: Communique) -> tuple[object, ...]:
    """Give all that was read but the remarks on typography and layout."""
    names = (name for name in Communique.__slots__ if name not in {"notes", "rows"})
    rows = tuple((row.beneficiary, row.title_tidy) for row in communique.rows)
    return (*(getattr(communique, name) for name in names), rows)
