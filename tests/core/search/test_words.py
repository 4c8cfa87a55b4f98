"""What is asked meets what is written: accents, endings, elisions, hyphens, codes, slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.search.engine.nearness import nearest, sound, sounds_near
from communs.core.search.engine.terms import (
    All,
    Either,
    Expression,
    Term,
    asked,
    document_terms,
    vocabulary,
)
from communs.core.search.engine.words import tokens

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=14)


def holds(terms: str, expression: Expression) -> bool:
    """Tell what the databases' engines must, the slow and plain way."""
    if isinstance(expression, Term):
        held = terms.split()
        whole = expression.text in held
        return whole or (expression.begins and any(t.startswith(expression.text) for t in held))
    each = (holds(terms, part) for part in expression.parts)
    return all(each) if isinstance(expression, All) else any(each)


def answers(text: str, question: str, *, exact: bool = False, language: str = "fr") -> bool:
    terms = document_terms("", text, language, [])
    words = asked(question)
    return bool(words) and holds(
        terms, All([w.expression(title=False, exact=exact) for w in words])
    )


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("L’école d’été", "ecole été"),
        ("les écoles", "ÉCOLE"),
        ("Services financés", "finance"),
        ("Services financees", "financé"),
        ("Sœur, œuvre et vitæ", "soeur oeuvre vitae"),
        ("Aujourd’hui", "aujourd'hui"),
        ("qu’il n’habite", "habite"),
        ("co-voiturage", "covoiturage"),
        ("covoiturage", "co-voiturage"),
        ("Wi-Fi public", "wifi"),
        ("Le Kremlin-Bicêtre", "kremlin bicetre"),
        ("Saint Denis", "saint-denis"),
        ("SIRET 20005478100022", "200 054 781 00022"),
        ("SIREN 200 054 781", "200054781"),
        ("tél. 01 46 73 10 10", "0146731010"),
        ("écrire à mairie@antony.example", "mairie@antony.example"),
        ("référence fmin-2018-03", "FMIN-2018-03"),
        ("code INSEE 2A004", "2a004"),
        ("INSEE 92002", "92002"),
        ("le prix de l’eau", "eau"),
    ],
)
def test_what_is_written_answers_what_is_asked(text: str, question: str) -> None:
    assert answers(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("une autre adresse : mairie@sceaux.example", "mairie@antony.example"),
        ("SIRET 20005478100022", "200 054 782"),
        ("le la les de", "de la"),
        ("jardin", "jardinerie municipale"),
    ],
)
def test_what_is_not_written_does_not_answer(text: str, question: str) -> None:
    assert not answers(text, question)


def test_the_exact_word_is_told_from_its_stem() -> None:
    assert [answers("les jardins", "jardin", exact=exact) for exact in (False, True)] == [
        True,
        False,
    ]
    assert answers("les jardins", "jardins", exact=True)


def test_english_texts_are_stemmed_as_english_and_found_without_saying_so() -> None:
    assert answers("Parking places", "parked", language="en")
    assert answers("Libraries", "library", language="en")


def test_a_token_knows_where_it_stands_in_the_original_text() -> None:
    text = "L’Œuvre d’Hélène"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Œuvre", "Hélène"]
    assert [t.form for t in tokens(text)] == ["oeuvre", "helene"]


@given(st.text(max_size=200))
def test_any_text_gives_terms_that_the_engines_can_write(text: str) -> None:
    terms = document_terms(text, text, "fr", ["@public"])
    assert set(terms) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ~^@.#")
    assert "" not in terms.split(" ")
    words = asked(text)
    assert all(holds(terms, word.expression(title=True, exact=True)) for word in words)


@given(st.text(max_size=300))
def test_a_question_has_a_dozen_words_at_most(text: str) -> None:
    assert len(asked(text * 5)) <= 12


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("levalois", "levallois"),
        ("bibliotek", "bibliotheque"),
        ("fotografie", "photographie"),
        ("igiene", "hygiene"),
        ("orloge", "horloge"),
        ("stationnment", "stationnement"),
        ("cantinne", "cantine"),
        ("dechetterei", "dechetterie"),
        ("pissine", "piscine"),
        ("eccole", "ecole"),
        ("enquete", "enquete"),
        ("boulogen", "boulogne"),
    ],
)
def test_a_slip_is_taken_for_the_word_it_meant(typed: str, meant: str) -> None:
    known = [
        "levallois", "bibliotheque", "photographie", "hygiene", "horloge", "stationnement",
        "cantine", "dechetterie", "piscine", "ecole", "enquete", "boulogne", "station", "photo",
    ]  # fmt: skip
    near = [word for word in known if sound(word) in sounds_near(typed)]
    assert nearest(typed, near) == meant


@given(WORDS, st.data())
def test_one_letter_left_out_or_doubled_is_always_near(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(word) - 1))
    doubled = word[:place] + word[place - 1] + word[place:]
    assert nearest(doubled, [word]) == word
    assert nearest(word[:place] + word[place + 1 :], [word]) == word


@pytest.mark.parametrize("typed", ["zzzzzz", "ab", "xq"])
def test_what_is_too_far_is_not_taken_for_anything(typed: str) -> None:
    assert nearest(typed, ["ecole", "cantine", "eau"]) is None


def test_only_words_of_letters_correct_others() -> None:
    assert vocabulary("École 42", "rue B12 — a@b.example") == {"ecole", "rue", "example"}


def test_either_and_all_are_told_apart() -> None:
    both, one = All([Term("a"), Term("b")]), Either([Term("a"), Term("b")])
    assert [holds("a c", part) for part in (both, one)] == [False, True]
