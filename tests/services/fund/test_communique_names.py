"""A printed name finds its body, and is never guessed."""

import pytest

from communs.services.fund.engine.communique import (
    Report,
    check,
    parse,
)
from tests.services.fund.communique_text import DIRECTORY, changed


def named(name: str) -> tuple[str, str] | str:
    """Give the body and the likeness found for a name, or what is said of it."""
    report: Report = check(parse(changed(("Nanterre\t", f"{name}\t"))), DIRECTORY)
    found = [(match.body.name, match.how) for match in report.matches if match.row.number == 15]
    return found[0] if found else str(report.disagreements[0])


@pytest.mark.parametrize(
    ("printed", "body", "how"),
    [
        ("Nanterre", "Nanterre", "exact"),
        ("NANTERRE", "Nanterre", "typography"),
        ("Saint Denis", "Saint-Denis", "typography"),
        ("L’Haÿ les Roses", "L'Haÿ-les-Roses", "typography"),
        ("ile-saint-denis", "L'Île-Saint-Denis", "article"),
        ("Courneuve", "La Courneuve", "article"),
        ("Kremlin-Bicêtre", "Le Kremlin-Bicêtre", "article"),
        ("Etablissement public territorial Plaine Commune", "Plaine Commune", "prefix"),
        ("Établissement Public Territorial Est Ensemble", "Est Ensemble", "prefix"),
        ("Plaine Commune", "Plaine Commune", "exact"),
        ("Clichy", "Clichy", "exact"),
        ("Issy", "Issy-les-Moulineaux", "short name"),
        ("Boulogne", "Boulogne-Billancourt", "short name"),
        ("Métropole du Grand Paris", "Métropole du Grand Paris", "exact"),
    ],
)
def test_a_name_finds_its_body(printed: str, body: str, how: str) -> None:
    assert named(printed) == (body, how)


@pytest.mark.parametrize(
    "ambiguous",
    [
        "Villeneuve",
        "Fontenay",
        "Le Plessis",
        "Neuilly",
        "Grand Paris",
        "Saint",
        "Ville",
        "Les",
        "L",
    ],
)
def test_a_name_that_several_share_or_anyone_could_is_never_guessed(ambiguous: str) -> None:
    assert str(named(ambiguous)).startswith(f"Row 15: “{ambiguous}” is not in the reference")


def test_an_ambiguous_name_is_told_with_those_who_share_it() -> None:
    assert named("Villeneuve") == (
        "Row 15: “Villeneuve” is not in the reference; near it: "
        "Villeneuve-la-Garenne, Villeneuve-le-Roi, Villeneuve-Saint-Georges."
    )


def test_a_commune_is_no_territory() -> None:
    assert named("EPT Nanterre") == (
        "Row 15: “EPT Nanterre” is not in the reference; near it: Nanterre."
    )


def test_a_name_near_nothing_gets_no_suggestion() -> None:
    assert named("Xyz") == "Row 15: “Xyz” is not in the reference."
