"""Files of earlier figures, as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.indicators.engine import baseline
from communs.core.indicators.engine.baseline import Fault, Figure, read

UNTIL = date(2026, 3, 31)


def test_french_and_english_forms_are_read() -> None:
    text = "\ufeffDate;Valeur;Effectif\r\n27/11/2018;1\u00a0234,5;12\r\n\r\n2018-11-28;;\r\n"
    assert read(text, until=UNTIL).figures == [
        Figure(date(2018, 11, 27), Decimal("1234.5"), 12),
        Figure(date(2018, 11, 28), None),
    ]
    assert read("value,date\n3.5,2018-11-28", until=UNTIL).figures == [
        Figure(date(2018, 11, 28), Decimal("3.5"))
    ]


def test_each_fault_is_told_with_its_line_and_its_column() -> None:
    text = (
        "date;value;n\n31/02/2020;1;1\n01/03/2020;douze;1\n02/03/2020;1;-4\n03/03/2020;1\n"
        "04/03/2020;1;1\n04/03/2020;2;1\n01/04/2026;1;1\n05/03/2020;7;\n"
    )
    found = read(text, until=UNTIL, needs_n=True)
    assert found.faults == [
        Fault(2, "date", baseline.BAD_DATE, "31/02/2020"),
        Fault(3, "value", baseline.BAD_VALUE, "douze"),
        Fault(4, "n", baseline.BAD_COUNT, "-4"),
        Fault(5, "", baseline.CELLS),
        Fault(7, "date", baseline.TWICE, "2020-03-04"),
        Fault(8, "date", baseline.LATER, "2026-04-01"),
        Fault(9, "n", baseline.NEEDED),
    ]


@pytest.mark.parametrize("text", ["", "jour;montant\n", "date;value;value\n"])
def test_a_file_without_its_columns_is_refused(text: str) -> None:
    assert read(text, until=UNTIL).faults == [Fault(1, "", baseline.NO_HEADER)]


def test_a_file_full_of_faults_is_given_up() -> None:
    found = read("date;value\n" + "x;1\n" * 500, until=UNTIL)
    assert len(found.faults) == baseline.MOST_FAULTS + 1
    assert found.faults[-1].sentence == baseline.TOO_MANY


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", "1234.5"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("-3", "-3"),
        ("12", "12"), ("1e5", None), ("NaN", None), ("", None), ("٣", None), ("9" * 30, None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(text: str, value: str | None) -> None:
    assert baseline.number(text) == (None if value is None else Decimal(value))


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    found = read("date;value\n" + text, until=UNTIL)
    assert all(figure.day <= UNTIL for figure in found.figures)


@given(st.dictionaries(st.dates(max_value=UNTIL), st.none() | st.integers(-999, 999)))
def test_what_is_written_is_read_back(figures: dict[date, int | None]) -> None:
    lines = [f"{d:%d/%m/%Y};{'' if v is None else v}" for d, v in figures.items() if d.year > 999]
    found = read("\n".join(["date;value", *lines]), until=UNTIL)
    assert found.faults == []
    assert {f.day: f.value for f in found.figures} == {
        d: v for d, v in figures.items() if d.year > 999
    }
