"""The table of funded projects, at the end of the communiqué."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .findings import N_, Finding
from .french import amount, fold, tidy
from .model import Row

MOST_ROWS = 1000

MISSING = N_("The table of funded projects is missing.")
EMPTY = N_("The table of funded projects holds no row.")
TOO_LONG = N_("The table holds more than %(limit)d rows.")
ONE_COLUMN = N_("Line %(line)d of the text has no second column: “%(printed)s”.")
BAD_TOTAL = N_("The total is not a number: “%(printed)s”.")
PAGE_BREAK = N_("Line %(line)d, a page break, was passed over: “%(printed)s”.")
JOINED = N_("Line %(line)d continues the title of row %(row)d.")
REPAIRED = N_("The title of row %(row)d, “%(printed)s”, was tidied into “%(tidy)s”.")
AFTER = N_("The text after the table, from line %(line)d, was not read as rows: “%(printed)s”.")

_HEADER = re.compile(r"\s*commune ou territoire\s{1,200}objet(?: de l'experimentation)?\s*")
_TABS = re.compile(r"\t\s*")
_SPACES = re.compile(r"\s{2,}")
_INDENTED = re.compile(r"\t|\s\s")
_PAGE = re.compile(r"\W*(?:(?:page )?[0-9]{1,3}(?: ?(?:/|sur) ?[0-9]{1,3})?)\W*")
_LIST_TITLE = "liste des projets subventionnes"
_SHOWN = 60  # characters of a line quoted in a message


@dataclass(slots=True)
class Table:
    """What is gathered while going down the table."""

    rows: list[Row] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    totals: list[Decimal] = field(default_factory=list)
    rest: str = ""


def find_header(lines: list[str]) -> int | None:
    """Give the index of the line that heads the columns."""
    return next((at for at, line in enumerate(lines) if _HEADER.fullmatch(fold(line))), None)


def read_table(lines: list[str], header: int) -> Table:
    """Read the rows under the header; a line number is one a person counts, from 1."""
    table = Table()
    last = max((at for at, line in enumerate(lines) if len(_cells(line)) > 1), default=header)
    after_blank = False
    for index, line in enumerate(lines[header + 1 :], start=header + 1):
        if not line.strip():
            after_blank = True
            continue
        if len(table.rows) + len(table.problems) + len(table.notes) > MOST_ROWS:
            table.problems.append(Finding("too_many_rows", TOO_LONG, {"limit": MOST_ROWS}))
            break
        stray = after_blank and len(_cells(line)) == 1 and bool(table.rows)
        if stray and index > last and not _is_break(line):
            table.rest = "\n".join(lines[index:])
            table.notes.append(_noted("after_table", AFTER, index, line))
            break
        _take(table, index, line, stray=stray)
        after_blank = False
    if not table.rows and not table.problems:
        table.problems.append(Finding("empty_table", EMPTY))
    table.rows = [_repaired(row, table.notes) for row in table.rows]
    return table


def _take(table: Table, index: int, line: str, *, stray: bool) -> None:
    cells = _cells(line)
    if _is_break(line):
        table.notes.append(_noted("page_break", PAGE_BREAK, index, line))
    elif len(cells) == 1 and table.rows and _INDENTED.match(line):
        _continue_title(table, index, line)
    elif len(cells) == 1 and stray:
        table.notes.append(_noted("page_break", PAGE_BREAK, index, line))
    elif len(cells) == 1:
        table.problems.append(_noted("one_column", ONE_COLUMN, index, line))
    elif fold(cells[0]) in {"total", "total general"}:
        _take_total(table, index, cells[1])
    else:
        table.rows.append(Row(len(table.rows) + 1, cells[0], cells[1], ""))


def _continue_title(table: Table, index: int, line: str) -> None:
    last = table.rows.pop()
    title = f"{last.title} {line.strip()}"
    table.rows.append(Row(last.number, last.beneficiary, title, ""))
    values: dict[str, object] = {"line": index + 1, "row": last.number}
    table.notes.append(Finding("continued", JOINED, values, f"line {index + 1}"))


def _take_total(table: Table, index: int, printed: str) -> None:
    value = amount(re.sub(r" ?(?:euros?|€)$", "", fold(printed)))
    if value is None:
        table.problems.append(_noted("total_not_a_number", BAD_TOTAL, index, printed))
    else:
        table.totals.append(value)


def _cells(line: str) -> list[str]:
    """Cut a line at its first tab, or where it has no tab at its first run of spaces."""
    stripped = line.strip()
    cut = (_TABS if "\t" in line else _SPACES).search(stripped)
    if cut is None:
        return [stripped]
    return [stripped[: cut.start()].rstrip(), stripped[cut.end() :]]


def _is_break(line: str) -> bool:
    searched = fold(" ".join(line.split()))
    return bool(
        searched == _LIST_TITLE
        or _HEADER.fullmatch(fold(line))
        or (len(searched) <= _SHOWN and _PAGE.fullmatch(searched))
    )


def _repaired(row: Row, notes: list[Finding]) -> Row:
    better = tidy(row.title)
    if better != row.title:
        values: dict[str, object] = {"row": row.number, "printed": row.title, "tidy": better}
        notes.append(Finding("title_tidied", REPAIRED, values, f"row {row.number}"))
    return Row(row.number, row.beneficiary, row.title, better)


def _noted(code: str, template: str, index: int, line: str) -> Finding:
    shown = " ".join(line.split())[:_SHOWN]
    return Finding(code, template, {"line": index + 1, "printed": shown}, f"line {index + 1}")
