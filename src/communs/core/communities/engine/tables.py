"""Reads a small CSV or JSON file; a fault is told with its file, line and column."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

N_: Callable[[str], str] = str  # Babel's mark: extracted here, translated where it is shown
LIMIT = 20_000_000  # bytes

NO_FILE = N_("%(file)s: there is no such file.")
NO_ACCESS = N_("%(file)s: the file cannot be opened.")
TOO_LARGE = N_("%(file)s: %(size)d kB is too large; the limit is %(limit)d kB.")
NOT_UTF8 = N_("%(file)s, line %(line)d: this is not UTF-8.")
NO_COLUMN = N_("%(file)s, line 1: the column “%(column)s” is missing.")
TWICE_COLUMN = N_("%(file)s, line 1: the column “%(column)s” is there twice.")
CELLS = N_("%(file)s, line %(line)d: %(found)d cells, but %(expected)d columns.")
NOT_CSV = N_("%(file)s, line %(line)d: this is not a CSV file.")
DUPLICATE = N_("%(file)s, line %(line)d, column “%(column)s”: “%(value)s” is there twice.")
REQUIRED = N_("%(file)s, line %(line)d, column “%(column)s”: a value is missing.")

T = TypeVar("T")


class BadFile(Exception):
    """A reference file cannot be read; show `_(template) % values`."""

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template % values)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a CSV file: its cells by column, and where it stands, from 1."""

    file: str
    number: int
    cells: dict[str, str]

    def read(self, column: str, convert: Callable[[str], T | None], complaint: str) -> T:
        """Give the converted cell; what converts to nothing is refused with the complaint."""
        value = self.cells[column]
        if not value:
            raise BadFile(REQUIRED, file=self.file, line=self.number, column=column)
        converted = convert(value)
        if converted is None:
            place = {"file": self.file, "line": self.number, "column": column}
            raise BadFile(complaint, **place, value=value[:60])
        return converted

    def maybe(self, column: str, convert: Callable[[str], T | None], complaint: str) -> T | None:
        """Do as read, where an empty cell means that nothing is known."""
        return self.read(column, convert, complaint) if self.cells[column] else None


def read_bytes(path: str | Path, *, limit: int = LIMIT) -> bytes:
    """Give the bytes of a file, never more than the limit."""
    path = Path(path)
    try:
        if not path.is_file():
            raise BadFile(NO_FILE, file=path.name)
        size = path.stat().st_size
        if size > limit:
            kilobytes = {"size": -(-size // 1000), "limit": limit // 1000}
            raise BadFile(TOO_LARGE, file=path.name, **kilobytes)
        return path.read_bytes()
    except OSError as error:
        raise BadFile(NO_ACCESS, file=path.name) from error


def read_text(path: str | Path) -> str:
    """Give the text of a UTF-8 file, with or without a byte-order mark."""
    raw = read_bytes(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile(NOT_UTF8, file=Path(path).name, line=line) from error


def read_table(path: str | Path, columns: Sequence[str], *, unique: Sequence[str]) -> list[Line]:
    """Give the lines of a CSV file that has these columns; the unique ones never repeat."""
    name = Path(path).name
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    lines: list[Line] = []
    try:
        header = next(reader, [])
        _check_header(name, header, columns)
        lines.extend(_line(name, reader.line_num, header, cells) for cells in reader if cells)
    except csv.Error as error:
        raise BadFile(NOT_CSV, file=name, line=reader.line_num) from error
    _check_unique(lines, unique)
    return lines


def _check_header(file: str, header: list[str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in header:
            raise BadFile(NO_COLUMN, file=file, column=column)
        if header.count(column) > 1:
            raise BadFile(TWICE_COLUMN, file=file, column=column)


def _line(file: str, number: int, header: list[str], cells: list[str]) -> Line:
    if len(cells) != len(header):
        raise BadFile(CELLS, file=file, line=number, found=len(cells), expected=len(header))
    stripped = (cell.strip() for cell in cells)
    return Line(file, number, dict(zip(header, stripped, strict=True)))


def _check_unique(lines: list[Line], unique: Sequence[str]) -> None:
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        value = tuple(line.cells[column] for column in unique)
        if value in seen:
            place = {"file": line.file, "line": line.number, "column": ", ".join(unique)}
            raise BadFile(DUPLICATE, **place, value=", ".join(value)[:60])
        seen.add(value)
