"""Any text at all is read or refused, in a time that grows no faster than the text."""

import contextlib
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.services.fund.engine.communique import (
    Unreadable,
    check,
    decode,
    parse,
)
from tests.services.fund.communique_text import (
    DIRECTORY,
    HEADER,
    RAW,
    TABLE,
    TEXT,
)


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_text_cut_short_is_refused_or_disagrees(tenth: int) -> None:
    cut = TEXT[: len(TEXT) * tenth // 10]
    try:
        told = [str(one) for one in check(parse(cut), DIRECTORY).disagreements]
    except Unreadable as refusal:
        told = [str(problem) for problem in refusal.problems]
    assert told


def attempt(raw: bytes) -> None:
    """Read and check; only Unreadable may come out."""
    try:
        told = check(parse(decode(raw)), DIRECTORY, expected_total=Decimal(1)).disagreements
    except Unreadable as refusal:
        told = refusal.problems
    assert [str(one) for one in told]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(RAW)))
def test_a_text_cut_anywhere_never_breaks_the_reader(end: int) -> None:
    attempt(RAW[:end])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(RAW)), st.binary(max_size=6)), max_size=8))
def test_bytes_changed_anywhere_never_break_the_reader(edits: list[tuple[int, bytes]]) -> None:
    raw = bytearray(RAW)
    for at, piece in edits:
        raw[at : at + 2] = piece
    attempt(bytes(raw))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(max_size=6)), max_size=6
    )
)
def test_letters_changed_anywhere_never_break_the_reader(edits: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for at, dropped, piece in edits:
        text = text[:at] + piece + text[at + dropped :]
    attempt(text.encode("utf-8", errors="ignore"))


@pytest.mark.parametrize(
    "piece",
    [
        "a", " ", "\t", "\n", "a-", "a, le ", "total de ", "total de 1 ", "923 571 ", "- ",
        "dans le cadre du (", "Comité d'examen du 21 novembre 2018 ", "sous la présidence de a ",
        "champs d'expérimentation : ", "Le Bureau de la Métropole ", "Abc DEF ", "\n\n2\n",
        HEADER, HEADER + "a\tb\n", "a\tb\n", "\n\tb", "é", "« ", "vingt-",
    ],
)  # fmt: skip
def test_the_time_to_read_a_megabyte_made_to_be_slow_stays_short(piece: str) -> None:
    short = TEXT[: TEXT.index(TABLE)]
    room = 900_000 - len(short.encode())
    filler = piece * (room // len(piece.encode()))
    for raw in ((short + filler).encode(), (filler + TEXT).encode()):
        started = time.process_time()
        with contextlib.suppress(Unreadable):
            check(parse(decode(raw)), DIRECTORY)
        assert time.process_time() - started < 5
