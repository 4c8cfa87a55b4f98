"""What looks like a person is found; ordinary French is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.bundles.engine.personal import Kind, found_in

SPACE = "\u00a0"


def kinds(text: str) -> list[Kind]:
    return [kind for kind, _piece in found_in(text)]


FOUND = {
    "jeanne.martin@ville-antony.fr": Kind.EMAIL,
    "Écrire à « d’accueil+rdv@mairie.example »": Kind.EMAIL,
    "jeanne.martin (at) antony.fr": Kind.EMAIL,
    "jeanne.martin[arobase]antony.fr": Kind.EMAIL,
    "06 12 34 56 78": Kind.PHONE,
    "Appelez le 0140967111.": Kind.PHONE,
    "01.40.96.71.11": Kind.PHONE,
    "01-40-96-71-11, le matin": Kind.PHONE,
    f"06{SPACE}12{SPACE}34{SPACE}56{SPACE}78": Kind.PHONE,
    "+33 6 12 34 56 78": Kind.PHONE,
    "+33 (0)6 12 34 56 78": Kind.PHONE,
    "0033 6 12 34 56 78": Kind.PHONE,
    "+44 20 7946 0958": Kind.PHONE,
    "FR76 3000 6000 0112 3456 7890 189": Kind.IBAN,
    "IBAN : FR7630006000011234567890189, merci": Kind.IBAN,
    "DE89 3704 0044 0532 0130 00": Kind.IBAN,
    "1 85 05 78 006 084 91": Kind.NIR,
    "185057800608491": Kind.NIR,
    "1 85 05 78 006 084": Kind.NIR,
    "2 69 05 2A 588 157": Kind.NIR,
    "AB-123-CD": Kind.PLATE,
    "le véhicule ab-123-cd": Kind.PLATE,
    "FG 456 HJ": Kind.PLATE,
    "AB123CD": Kind.PLATE,
    "1234 ABC 92": Kind.PLATE,
}


@pytest.mark.parametrize("text", FOUND)
def test_it_is_found(text: str) -> None:
    assert kinds(text) == [FOUND[text]]


ORDINARY = [
    "SIRET 217 500 016 00019",
    "21920002400018",
    "SIREN 200 054 781",
    "12 bis, rue de la Gare, 92160 Antony",
    "Tarif : 1 234,56 € ; soit 2,50 € l’heure et 35,00 € par jour",
    "Du 01/02/2026 au 28.11.2026, de 8 h 30 à 18 h 00",
    "Ouvert 09-12 14-18 du 01-02 au 03-04",
    "2026-11-28T09:00:00Z",
    "Article L. 2333-87 du CGCT, loi n° 2014-58 du 27 janvier 2014",
    "RD 920 EN TRAVAUX", "RN 118 DE SÈVRES", "LA 100 DE",
    "Numéro vert 0 800 123 456", "0800123456", "Le 17, le 112 ou le 3975",
    "lat 48.753812, lon 2.297411",
    "version 1.2.3.4 du 28 novembre",
    "ISBN 978-2-07-036822-8", "EAN 2900012345678", "réf. 2026-000123456",
    "120 places dont 6 PMR, 45 de 2,30 m",
    "@communs sur le réseau", "prix @ 5 €", "a@b",
    "f8ac2edbfc96ae3c228cccc48307ca307024e8ccb8c8b39c3bdabce266047100",
    "01a22244-f47b-7a6e-acf8-72edb5179d6c",
    "10 000 KM 92 % 100 TTC 20", "ZONE 30 ET 50", "PL 3,5 T",
    "552 100 554 00143 75008 Paris",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_french_is_not(text: str) -> None:
    assert list(found_in(text)) == []


def _grouped(number: int, digits: int, sizes: tuple[int, ...]) -> str:
    text, parts = f"{number:0{digits}d}", []
    for size in sizes:
        parts.append(text[:size])
        text = text[size:]
    return " ".join(parts)


PIECES = st.one_of(
    st.sampled_from(["stationnement", "place", "ouvert", "la rue", "l’été", "tarif", "Mairie"]),
    st.integers(0, 9_999_999).map(lambda n: f"{n:,}".replace(",", SPACE) + f"{SPACE}€"),
    st.decimals(0, 5000, places=2).map(lambda d: f"{d} €".replace(".", ",")),
    st.dates().map(lambda d: f"le {d:%d/%m/%Y}"),
    st.dates().map(lambda d: f"le {d:%d.%m.%Y}"),
    st.dates().map(lambda d: d.isoformat()),
    st.times().map(lambda t: f"à {t:%H} h {t:%M}"),
    st.integers(10**13, 10**14 - 1).map(lambda n: f"SIRET {n}"),
    st.integers(10**13, 10**14 - 1).map(lambda n: f"SIRET {_grouped(n, 14, (3, 3, 3, 5))}"),
    st.integers(10**8, 10**9 - 1).map(lambda n: f"SIREN {_grouped(n, 9, (3, 3, 3))}"),
    st.tuples(st.integers(1, 999), st.integers(1000, 98000)).map(
        lambda p: f"{p[0]} bis, rue Haute, {p[1]:05d} Sceaux"
    ),
    st.integers(1, 100).map(lambda n: f"{n} %"),
    st.integers(1, 9999).map(lambda n: f"article L. {n}-{n % 90}"),
    st.sampled_from(["RD 920", "RN 20", "A 86", "B 12", "ZONE 30", "RER B", "T10"]),
)
JOINS = st.sampled_from([", ", " ; ", ". ", " et "])


@given(st.lists(PIECES, min_size=1, max_size=6), JOINS)
@settings(max_examples=300)
def test_ordinary_sentences_never_alarm(pieces: list[str], join: str) -> None:
    assert list(found_in(join.join(pieces))) == []


@given(
    st.lists(PIECES, max_size=3),
    st.sampled_from(sorted(FOUND)),
    st.lists(PIECES, max_size=3),
)
@settings(max_examples=300)
def test_a_person_is_found_among_them(before: list[str], text: str, after: list[str]) -> None:
    assert FOUND[text] in kinds("; ".join([*before, text, *after]))


def test_a_long_text_takes_no_long_time() -> None:
    for text in ("a" * 400_000, "1 " * 200_000, "FR76" * 100_000, "@" * 400_000, "+1" * 200_000):
        assert list(found_in(text)) == []
