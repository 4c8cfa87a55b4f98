"""The communiqué of 27 November 2018 is read, never retyped, whatever its layout."""

import hashlib
import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from communs.services.fund.engine.communique import (
    CommitteeMember,
    Communique,
    check,
    parse,
    read_file,
)
from tests.services.fund.communique_text import DIRECTORY, HEADER, RAW, SOURCE, TEXT, changed, facts


def test_the_text_is_the_communique_byte_for_byte() -> None:
    digest = "64e18fffb4cbb52776c9830a985d924734b0ae4f14e38e303cce11158dbdb296"
    assert hashlib.sha256(RAW).hexdigest() == digest


def test_all_that_the_prose_says_is_read() -> None:
    read = parse(read_file(SOURCE))
    said = {name: getattr(read, name) for name in Communique.__slots__}
    del said["rows"], said["notes"], said["committee"]
    assert said == {
        "published_on": date(2018, 11, 27),
        "awarded_on": date(2018, 11, 27),
        "awarded_weekday": "mardi",
        "created_on": date(2018, 9, 28),
        "committee_on": date(2018, 11, 21),
        "body": "Bureau",
        "chair": "Patrick OLLIER",
        "fund_name": "Fonds Métropolitain pour l'Innovation Numérique",
        "fund_acronym": "FMIN",
        "total": Decimal(923571),
        "totals": (Decimal(923571),),
        "project_count": 23,
        "commune_count": 16,
        "territory_count": 3,
        "pooled_count": 14,
        "pooled_minimum": 3,
        "fields": (
            "le numérique pour tous",
            "la e-administration",
            "la participation citoyenne",
            "la logistique",
            "le stationnement intelligent",
        ),
        "committee_groups": (
            "représentants des groupes politiques",
            "personnalités qualifiées",
        ),
    }


def test_the_committee_is_named_in_the_roles_printed() -> None:
    delegate = "Vice-Président délégué au Numérique et à la Métropole Intelligente"
    commission = 'Présidente de la Commission "Aménagement numérique, innovation"'
    deposits = "Directeur territorial de la Caisse des Dépôts"
    region = "Directrice des programmes de la 27ème Région"
    assert parse(TEXT).committee == (
        CommitteeMember("Patrick OLLIER", "Président de la Métropole", "chair"),
        CommitteeMember("Daniel-Georges COURTOIS", delegate, "member"),
        CommitteeMember("Anne TACHENE", commission, "member"),
        CommitteeMember("Nathalie FANFANT", "Conseillère métropolitaine", "member"),
        CommitteeMember("Fabien DUCASSE", deposits, "qualified person"),
        CommitteeMember("Nadège GUIRAUD", region, "qualified person"),
        CommitteeMember("Eric LEGALE", "Directeur d'Issy Media", "qualified person"),
    )


def test_every_row_is_read_and_joined_to_its_body() -> None:
    report = check(parse(TEXT), DIRECTORY, expected_total=Decimal(923571))
    assert [
        (match.row.number, match.row.beneficiary, match.body.key, match.how)
        for match in report.matches
    ] == [
        (1, "Alfortville", "94002", "exact"),
        (2, "Alfortville", "94002", "exact"),
        (3, "Antony", "92002", "exact"),
        (4, "Bagneux", "92007", "exact"),
        (5, "Bry-sur-Marne", "94015", "exact"),
        (6, "Courbevoie", "92026", "exact"),
        (7, "Créteil", "94028", "exact"),
        (8, "EPT Grand Orly Seine Bièvre", "200058014", "typography"),
        (9, "EPT Grand Paris Grand Est", "200058790", "prefix"),
        (10, "EPT Grand Paris Sud Est Avenir", "200058006", "prefix"),
        (11, "Issy-les-Moulineaux", "92040", "exact"),
        (12, "Levallois", "92044", "short name"),
        (13, "Montreuil", "93048", "exact"),
        (14, "Montreuil", "93048", "exact"),
        (15, "Nanterre", "92050", "exact"),
        (16, "Rosny-Sous-Bois", "93064", "typography"),
        (17, "Rosny-Sous-Bois", "93064", "typography"),
        (18, "Rueil-Malmaison", "92063", "exact"),
        (19, "Saint-Mandé", "94067", "exact"),
        (20, "Sceaux", "92071", "exact"),
        (21, "Sucy-en-Brie", "94071", "exact"),
        (22, "Vincennes", "94080", "exact"),
        (23, "Vincennes", "94080", "exact"),
    ]


def test_every_title_is_kept_as_printed() -> None:
    assert [row.title for row in parse(TEXT).rows] == [
        "Le kiosque : laboratoire des services publics de demain",
        "Géolocalisation",
        "Stationnement intelligent",
        "Une ville qui se construit en 3D",
        "E-formation",
        "L'aire de livraison numérique",
        "M.I.C EDUC",
        "Le lavoir expérimental",
        "Solutions collaboratives",
        "Communautés des ambassadeurs du numérique",
        "Assistant vocal municipal",
        "Smart parking",
        "Grandparisjeunes.com",
        "Montreuil est notre jardin",
        "Réseau social usager",
        "Plateforme Gestion Relations Usagers",
        "Chatbot",
        "Gestion de la relation usager-citoyen",
        "Gestion de la relation usager- citoyen",
        "Bibliothèques",
        "La maison du numérique",
        "Le CRM (GRU) Augmenté",
        "Gestion Electronique et Dématérialisée collaborative",
    ]


def test_the_real_text_agrees_with_its_table_and_says_what_cannot_be_verified() -> None:
    report = check(parse(TEXT), DIRECTORY, expected_total=Decimal(923571))
    assert report.disagreements == ()
    assert [(finding.code, finding.values) for finding in report.unverifiable] == [
        ("total", {"said": "923571"}),
        ("pooled_count", {"said": 14, "least": 3}),
    ]


def test_titles_are_tidied_in_typography_only_and_each_repair_is_told() -> None:
    read = parse(TEXT)
    tidied = {row.number: row.title_tidy for row in read.rows if row.title != row.title_tidy}
    assert tidied == {
        1: "Le kiosque\u00a0: laboratoire des services publics de demain",
        6: "L’aire de livraison numérique",
        19: "Gestion de la relation usager-citoyen",
    }
    assert [(note.code, note.values["row"], note.values["tidy"]) for note in read.notes] == [
        ("title_tidied", number, title) for number, title in tidied.items()
    ]


def test_every_name_that_was_not_exact_is_told() -> None:
    report = check(parse(TEXT), DIRECTORY)
    assert [str(note) for note in report.notes if note.code == "read_as"] == [
        "Row 8: “EPT Grand Orly Seine Bièvre” is another spelling of “Grand-Orly Seine Bièvre”.",
        "Row 9: “EPT Grand Paris Grand Est” is the territory “Grand Paris Grand Est”.",
        "Row 10: “EPT Grand Paris Sud Est Avenir” is the territory “Grand Paris Sud Est Avenir”.",
        "Row 12: “Levallois” is the short name of “Levallois-Perret”.",
        "Row 16: “Rosny-Sous-Bois” is another spelling of “Rosny-sous-Bois”.",
        "Row 17: “Rosny-Sous-Bois” is another spelling of “Rosny-sous-Bois”.",
    ]


# The same text in other clothes


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        "\ufeff" + TEXT + "\n\n",
        TEXT.replace("923 571", "923\u202f571"),
        TEXT.replace("923 571", "923\u00a0571,00"),
        TEXT.replace("923 571", "923.571"),
        TEXT.replace("923 571 euros", "923 571 €"),
        TEXT.replace("au moins trois", "au moins 3"),
        TEXT.replace("16 communes", "seize  communes"),
        TEXT.replace("23 de ces", "Vingt-trois de ces"),
        TEXT.replace("mardi 27 novembre 2018", "mardi\u00a027\u00a0NOVEMBRE\u00a02018"),
        TEXT.replace("\t", "    "),
        TEXT.replace("\t", " \t\t "),
        TEXT.replace("\nMontreuil\t", "\n2\n\x0cMontreuil\t"),
        TEXT.replace("\nNanterre\t", f"\n\nPage 2 sur 3\n\n{HEADER}Nanterre\t"),
        TEXT.replace("\nNanterre\t", "\n\nCommuniqué de presse\n\nNanterre\t"),
        TEXT.replace("\nNanterre\t", "\n   Nanterre\t"),
        TEXT.replace("relation usager- citoyen", "relation usager-\n\t\tcitoyen"),
        TEXT.replace("Géolocalisation", "Géo\u00adlocali\u200bsation"),
        TEXT + "\n\nContact presse\nservice@example.org",
    ],
    ids=str.split(
        "crlf cr bom-and-last-lines narrow-space cents dots euro-sign figure-three sixteen "
        "twenty-three no-break-date spaces-as-columns several-tabs page-number header-again "
        "running-title indented wrapped-title unseen-characters contact"
    ),
)
def test_another_layout_reads_the_same(text: str) -> None:
    assert facts(parse(text)) == facts(parse(TEXT))


def test_curly_apostrophes_and_decomposed_letters_join_the_same_bodies() -> None:
    dressed = unicodedata.normalize("NFD", TEXT.replace("'", "’"))
    assert [row.title_tidy for row in parse(dressed).rows] == [
        row.title_tidy for row in parse(TEXT).rows
    ]
    assert check(parse(dressed), DIRECTORY).disagreements == ()


def test_what_was_passed_over_is_told() -> None:
    text = changed(("\nNanterre\t", "\n- 2 -\nNanterre\t")) + "\n\nContact presse : 01 02"
    told = [str(note) for note in parse(text).notes if note.code != "title_tidied"]
    assert told == [
        "Line 50, a page break, was passed over: “- 2 -”.",
        "The text after the table, from line 61, was not read as rows: “Contact presse : 01 02”.",
    ]
