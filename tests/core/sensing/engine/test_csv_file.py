"""Files of readings: of both kinds of commas, of any length, cut anywhere."""

from __future__ import annotations

from itertools import islice, repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.engine.decoding import csv_file, decoder
from communs.core.sensing.engine.readings import Malformed, Reading

NOON = 1_772_449_200_000
FIRST = Reading("place-1", "presence", NOON, 12, 1.0, 93.0)
SECOND = Reading("place-2", "temperature", NOON + 60_000, 0, 12.5, None)
COMMAS = """device,time,property,value,sequence,battery
place-1,2026-03-02T12:00:00+01:00,presence,1,12,93
place-2,2026-03-02 12:01:00+01:00,temperature,"12,5",,
"""


def told(found: Any) -> list[Any]:
    return [(one.reason, one.field) if isinstance(one, Malformed) else one for one in found]


def read(text: str | bytes) -> list[Any]:
    body = text if isinstance(text, bytes) else text.encode()
    return told(decoder("csv_file")(body, received=0, mapping={}))


def test_commas_semicolons_marks_and_line_ends_say_the_same() -> None:
    semicolons = COMMAS.replace(",", ";").replace('"12;5"', "12,5")
    spaced = "time;Battery;other;device;value;property;sequence\r\n\r\n"
    spaced += (
        f"{NOON};93;x;place-1;occupied;presence;12\r\n{NOON + 60_000};;x; place-2 ;12,5;temperature"
    )
    for text in (COMMAS, semicolons, "\ufeff" + COMMAS, COMMAS.replace("\n", "\r\n"), spaced):
        assert read(text) == [FIRST, SECOND]


def test_a_file_may_be_cut_anywhere() -> None:
    content = ("\ufeff" + COMMAS).encode()
    assert told(csv_file.rows(content[n : n + 1] for n in range(len(content)))) == [FIRST, SECOND]
    assert told(csv_file.rows(COMMAS.splitlines(keepends=True))) == [FIRST, SECOND]


def test_a_file_without_end_is_read_as_it_comes() -> None:
    endless = csv_file.rows(repeat(COMMAS.splitlines(keepends=True)[1]))
    assert told(islice(endless, 1)) == [("unknown_shape", "line 1: device")]
    header, first, _ = COMMAS.splitlines(keepends=True)

    def lines() -> Any:
        yield header
        yield from repeat(first)

    assert list(islice(csv_file.rows(lines()), 50_000)) == [FIRST] * 50_000


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",2026-03-02T12:00:00Z,presence,1", ("missing", "line 3: device")),
        ("a,,presence,1", ("missing", "line 3: time")),
        ("a,2026-03-02T12:00:00,presence,1", ("no_time", "line 3: time")),
        ("a,02/03/2026 12:00,presence,1", ("wrong_type", "line 3: time")),
        ("a,2026-03-02T12:00:00Z,Présence,1", ("wrong_type", "line 3: property")),
        ("a,2026-03-02T12:00:00Z,presence,", ("missing", "line 3: value")),
        ("a,2026-03-02T12:00:00Z,presence", ("missing", "line 3: value")),
        ("a,2026-03-02T12:00:00Z,presence,nan", ("wrong_type", "line 3: value")),
        ("a,2026-03-02T12:00:00Z,presence,1e999", ("wrong_type", "line 3: value")),
        ("a,2026-03-02T12:00:00Z,presence,1_0", ("wrong_type", "line 3: value")),
        ("a,2026-03-02T12:00:00Z,presence,٣", ("wrong_type", "line 3: value")),
        ("a,2026-03-02T12:00:00Z,presence,1,1.5", ("wrong_type", "line 3: sequence")),
        ("a,2026-03-02T12:00:00Z,presence,1,1,full", ("wrong_type", "line 3: battery")),
        ('"a,2026-03-02T12:00:00Z,presence,1', ("unknown_shape", "line 3")),
        ("a" * 1_025, ("too_large", "line 3")),
    ],
)
def test_a_bad_line_is_said_with_its_number_and_the_next_is_read(
    line: str, fault: tuple[str, str]
) -> None:
    header, first, second = COMMAS.splitlines(keepends=True)
    assert read(f"{header}{first}{line}\n{second}") == [FIRST, fault, SECOND]


def test_a_file_that_is_none_is_refused_where_it_ends_being_one() -> None:
    assert read(b"") == []
    assert read(b"device,time\n") == [("unknown_shape", "line 1: property")]
    assert read(COMMAS.encode() + b"\xff\n") == [("not_json", "line 1: UTF-8")]
    assert told(csv_file.rows([COMMAS, b"\xff\n"])) == [
        FIRST,
        SECOND,
        ("not_json", "line 4: UTF-8"),
    ]
    assert told(csv_file.rows([COMMAS, *["x" * 1_000] * 3])) == [
        FIRST,
        SECOND,
        ("too_large", "line 4"),
    ]
    assert read(b"x" * 1_048_577) == [("too_large", "body")]
    assert read("device,time,property,value\n" + "a,1,b,1\n" * 10_001) == [
        ("too_large", "readings")
    ]


readings = st.builds(
    Reading,
    st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._:@-]{0,63}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True),
    st.integers(100_000_000_000, 253_402_300_799_999),
    st.integers(0, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.floats(0, 100),
)


@given(st.lists(readings, max_size=5))
def test_what_is_written_is_read_back_unchanged(said: list[Reading]) -> None:
    assert list(csv_file.rows(csv_file.written(said))) == said
