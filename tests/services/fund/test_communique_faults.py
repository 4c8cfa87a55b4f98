"""What is missing in a communiqué, or disagrees, is told in words."""

from decimal import Decimal

import pytest

from communs.services.fund.engine.communique import (
    Finding,
    Unreadable,
    check,
    parse,
)
from tests.services.fund.communique_text import (
    DIRECTORY,
    HEADER,
    TABLE,
    TEXT,
    changed,
    disagreements,
    problems,
)


def test_all_that_is_missing_is_told_at_once() -> None:
    text = changed(("(FMIN)", "FMIN"), ("le 27 novembre", "27 novembre"))
    assert problems(text[: text.index("Commune ou territoire")]) == [
        "The date of publication is missing.",
        "The name of the fund is missing.",
        "The acronym of the fund is missing.",
        "The table of funded projects is missing.",
    ]


def test_several_problems_are_counted_in_the_message() -> None:
    with pytest.raises(Unreadable) as refusal:
        parse("Bonjour.")
    found = len(refusal.value.problems)
    assert (str(refusal.value), found) == (
        f"The communiqué cannot be read: {found} things are missing or wrong.",
        16,
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((HEADER, ""), "The table of funded projects is missing."),
        ((TABLE, ""), "The table of funded projects holds no row."),
        (("Géolocalisation", ""), "Line 37 of the text has no second column: “Alfortville”."),
        (("923 571", "923 57l"), "The total is not a number: “923 57l”."),
        (("923 571", "923 5710"), "The total is not a number: “923 5710”."),
        (("923 571", "neuf cent mille"), "The total is not a number: “neuf cent mille”."),
        (("pour un total de 923 571 euros ", ""), "The total of the grants is missing."),
        (("21 novembre", "31 novembre"), "The date “31 novembre 2018” does not exist."),
        (("14 de ces", "Certains de ces"), "“Certains” is not a number."),
        (("et 3 territoires", ""), "The number of territories is missing."),
        ((" sous la présidence de Patrick OLLIER", ""), "The name of the chair is missing."),
        (
            ("champs d'expérimentation", "domaines"),
            "The fields of experiment (« champs d'expérimentation ») are missing.",
        ),
        (
            ("Conseil métropolitain du 28 septembre 2018", "Conseil métropolitain"),
            "The date when the fund was created is missing.",
        ),
        ((TEXT, ""), "The text is empty."),
        ((TEXT, " \n\u00a0"), "The text is empty."),
        (
            (TEXT, f"<!DOCTYPE html><html><body>{TEXT}</body></html>"),
            "This is a web page (HTML); give the text of the communiqué.",
        ),
        ((TEXT, "a" * 1_000_001), "The text holds 1000001 characters; the limit is 1000000."),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    change: tuple[str, str], message: str
) -> None:
    assert problems(changed(change)) == [message]


def test_a_committee_without_names_is_refused() -> None:
    start = TEXT.index("Le Comité d'examen")
    end = TEXT.index("23 de ces projets")
    text = f"{TEXT[:start]}Le Comité d'examen du 21 novembre 2018 s'est réuni.\n{TEXT[end:]}"
    assert problems(text) == ["The members of the committee are missing."]


def test_a_table_beyond_a_thousand_rows_is_refused() -> None:
    assert problems(TEXT + "\nSceaux\tBibliothèques" * 1000) == [
        "The table holds more than 1000 rows."
    ]


# What disagrees


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("23 de ces", "24 de ces"), "The text says 24 projects; its table holds 23."),
        (("16 communes", "17 communes"), "The text says 17 communes; its table holds 16."),
        (("3 territoires", "4 territoires"), "The text says 4 territories; its table holds 3."),
        (("mardi 27", "lundi 27"), "2018-11-27 was a mardi, not a lundi."),
        (
            ("du 21 novembre", "du 28 novembre"),
            "The committee (2018-11-28) met after the award (2018-11-27).",
        ),
        (
            ("28 septembre", "28 décembre"),
            "The fund was created (2018-12-28) after the committee (2018-11-21).",
        ),
        (
            ("Paris, le 27", "Paris, le 26"),
            "The text was published (2018-11-26) before the award (2018-11-27).",
        ),
        (
            ("14 de ces", "24 de ces"),
            "The text says that 24 projects join several bodies, out of 23.",
        ),
        (
            ("trois collectivités.", "trois collectivités. Le montant total est de 900 000 euros."),
            "The text gives several totals: 923571, 900000 euros.",
        ),
        (
            (TABLE, TABLE + "\nTotal\t900 000 €"),
            "The text gives several totals: 923571, 900000 euros.",
        ),
        (
            (TABLE, TABLE + "\n\nPour un total de 900 000 euros"),
            "The text gives several totals: 923571, 900000 euros.",
        ),
    ],
)
def test_a_text_that_disagrees_with_itself_is_told(change: tuple[str, str], message: str) -> None:
    assert disagreements(changed(change)) == [message]


def test_a_wrong_total_is_told_against_the_expected_one() -> None:
    text = changed(("923 571", "923 572"))
    assert disagreements(text, expected_total=Decimal(923571)) == [
        "The total of the text is 923572 euros; 923571 was expected."
    ]


def test_a_missing_row_is_told() -> None:
    text = changed(("Antony\tStationnement intelligent\n", ""))
    assert disagreements(text) == [
        "The text says 23 projects; its table holds 22.",
        "The text says 16 communes; its table holds 15.",
    ]


def test_a_duplicate_row_is_told_even_in_another_spelling() -> None:
    text = changed(("16 communes", "15 communes"), ("Antony\tStat", "Bagneux\tStat"))
    text = text.replace(
        "Stationnement intelligent\nBagneux", "UNE VILLE QUI SE CONSTRUIT EN 3D\nBagneux"
    )
    assert disagreements(text) == [
        "Rows 3 and 4 are the same: “Bagneux, Une ville qui se construit en 3D”."
    ]


def test_an_unknown_commune_is_told_with_the_names_near_it() -> None:
    report = check(parse(changed(("Nanterre\t", "Nantere\t"))), DIRECTORY)
    assert report.disagreements == (
        Finding(
            code="unknown_beneficiary",
            template="Row %(row)d: “%(printed)s” is not in the reference; near it: %(nearest)s.",
            values={"row": 15, "printed": "Nantere", "nearest": "Nanterre"},
            place="row 15",
        ),
    )
    assert str(report.unverifiable[0]) == (
        "The number of bodies (16) cannot be verified: a name is unknown."
    )
