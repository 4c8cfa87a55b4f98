"""Helpers: text as people type it, money and dates as they read them, keys that sort."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from communs.core.kit import typed
from communs.core.kit.ids import time_ordered_id
from communs.core.kit.localised import day, money, number, parts_thousands_by_comma, to_type
from communs.core.kit.text import clean_line, fold, nearest, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("  ÉPINAY–sur—Seine ", "epinay sur seine"),
        ("cœur d'Œuvre", "coeur d oeuvre"),
        ("", ""),
        ("!!!", ""),
        ("Straße", "strasse"),
    ],
)
def test_folding_forgives_accents_case_and_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(text) == fold(text).split()


def test_the_nearest_word_of_a_slip() -> None:
    known = {"stationnement", "bibliotheques", "chatbot"}
    assert nearest("stationement", known) == ["stationnement"]
    assert nearest("zzz", known) == []


@given(st.text())
def test_a_clean_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert line.isprintable() or set(line) & set("\u00a0\u202f")
    assert "  " not in line
    assert clean_line(line) == line


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("923571", "923\u202f571\u00a0€", "€923,571"),
        ("41200.50", "41\u202f200,50\u00a0€", "€41,200.50"),
        ("0.01", "0,01\u00a0€", "€0.01"),
        ("1000000", "1\u202f000\u202f000\u00a0€", "€1,000,000"),
    ],
)
def test_money_in_the_readers_form(amount: str, french: str, english: str) -> None:
    with override("fr"):
        assert money(Decimal(amount)) == french
    with override("en"):
        assert money(Decimal(amount)) == english


def test_days_and_numbers_in_the_readers_form() -> None:
    with override("fr"):
        assert day(date(2018, 11, 27)) == "27 novembre 2018"
        assert day(date(2018, 10, 1)) == "1er octobre 2018"
        assert number(7026765) == "7\u202f026\u202f765"
    with override("en"):
        assert day(date(2018, 10, 1)) == "1 October 2018"
        assert number(7026765) == "7,026,765"


def test_the_day_of_a_moment_is_the_day_it_is_here() -> None:
    with override("fr"):
        assert day(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)) == "1er avril 2026"


def test_keys_sort_by_the_time_they_were_made_even_from_several_threads() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(into: list[UUID]) -> None:
        into.extend(time_ordered_id() for _ in range(2000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(sorted(keys) == keys for keys in made)
    assert len({key for keys in made for key in keys}) == 8000
    assert {(key.version, key.variant) for key in made[0]} == {(7, "specified in RFC 4122")}


@pytest.mark.parametrize("language", ["fr", "en"])
@given(value=st.decimals(-(10**9), 10**9, places=6))
def test_a_figure_that_a_page_fills_in_is_read_back_as_it_is(language: str, value: Decimal) -> None:
    with override(language):
        written, groups = to_type(value), parts_thousands_by_comma()
    assert typed.decimal(written, comma_groups=groups, fine=True) == value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("20 000", Decimal(20000)),
        ("1,250,000", Decimal(1250000)),
        ("1.250.000,5", Decimal("1250000.5")),
        ("0,005", Decimal("0.005")),
        ("−12.", Decimal(-12)),
        ("1e12", None),
        ("NaN", None),
        ("1_000", None),
        ("٣", None),
        ("1,25,000", None),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, read: Decimal | None) -> None:
    assert typed.decimal(text) == read


@given(st.text(alphabet="0123456789.,-+ eN", max_size=20))
def test_what_is_read_is_a_number_or_none_or_in_doubt(text: str) -> None:
    try:
        found = typed.decimal(text)
    except typed.Doubtful:
        assert typed.decimal(text, fine=True) is not None
    else:
        assert found is None or found.is_finite()
