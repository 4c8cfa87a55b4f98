"""Where answers are: the places of a form with the rows there are, and which of them are shown."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from communs.core.forms.engine.conditions import holds
from communs.core.forms.engine.definition import Definition, Field, Page, Section, spots
from communs.core.forms.engine.kinds import kind_of

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A field where it stands, in one row when its section repeats."""

    page: Page
    section: Section
    field: Field
    row: str | None = None

    @property
    def path(self) -> str:
        """The field's name among answers: `siret`, or `partners.r1.siret`."""
        if self.row is None:
            return self.field.key
        return f"{self.section.key}.{self.row}.{self.field.key}"


def rows_of(section: Section, values: Values) -> list[str]:
    """Give the rows of a section that repeats, by their identifiers."""
    return [str(row["id"]) for row in values.get(section.key) or ()]


def places(definition: Definition, values: Values, page: str | None = None) -> Iterator[Place]:
    """Give every field that asks, once a row where its section repeats; of one page if named."""
    for one in definition.pages:
        if page is not None and one.key != page:
            continue
        for section in one.sections:
            for row in rows_of(section, values) if section.repeat else [None]:
                for field in section.fields:
                    if kind_of(field).asks:
                        yield Place(one, section, field, row)


def row_of(values: Values, section: str, row: str) -> dict[str, Any] | None:
    """Give a row by its identifier, or None."""
    found = values.get(section)
    rows = found if isinstance(found, list) else ()
    return next((one for one in rows if str(one["id"]) == row), None)


def value_at(values: Values, path: str) -> Any:
    """Give the answer at a path, or None."""
    if "." not in path:
        return values.get(path)
    section, row, key = path.split(".", 2)
    return (row_of(values, section, row) or {}).get(key)


def around(values: Values, place: Place) -> Mapping[str, Any]:
    """Give the answers that a field may look at: its row's own, then those outside repetitions."""
    own = row_of(values, place.section.key, place.row) if place.row is not None else None
    return ChainMap(dict(own or {}), dict(values))


class Shown:
    """Which pages, sections and fields are shown for some answers.

    What is hidden counts as not answered, for every condition that reads it.
    """

    def __init__(self, definition: Definition, values: Values) -> None:
        self._values = values
        self._spots = {spot.field.key: spot for spot in spots(definition)}
        self._known: dict[tuple[str, str | None], bool] = {}

    def page(self, page: Page) -> bool:
        """Tell whether a page is shown."""
        return holds(page.when, _Answers(self, None))

    def section(self, page: Page, section: Section) -> bool:
        """Tell whether a section is shown; its page is."""
        return self.page(page) and holds(section.when, _Answers(self, None))

    def field(self, place: Place) -> bool:
        """Tell whether a field is shown."""
        key = (place.field.key, place.row)
        if key not in self._known:
            self._known[key] = False  # while it is being worked out: a loop hides itself
            inside = self.section(place.page, place.section)
            self._known[key] = inside and holds(place.field.when, _Answers(self, place))
        return self._known[key]

    def answer(self, key: str, place: Place | None) -> Any:
        """Give the answer that a condition reads: none where the field is hidden."""
        spot = self._spots.get(key)
        if spot is None:
            return None
        same = place is not None and spot.section.key == place.section.key
        row = place.row if place is not None and same else None
        if spot.section.repeat and row is None:
            return None
        where = Place(spot.page, spot.section, spot.field, row)
        return value_at(self._values, where.path) if self.field(where) else None


class _Answers(Mapping[str, Any]):
    """Answers as a condition reads them."""

    def __init__(self, shown: Shown, place: Place | None) -> None:
        self._shown, self._place = shown, place

    def __getitem__(self, key: str) -> Any:
        return self._shown.answer(key, self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
