"""Charts drawn as SVG: readable without colour, at any width, on paper and in the dark.

Places across are in per cent of the width and heights in pixels, so that letters keep their size
on a narrow screen. What the picture says is also said in words and in the table below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _
from markupsafe import Markup

HEIGHT, TOP, BOTTOM = 260, 34, 222
LEFT, RIGHT = 7.0, 97.0  # per cent
_DOTTED = 31  # points; beyond, dots would hide the line
_WORD = 14.0  # per cent; a narrower span has no room for a word
_TICKS = 4
_WIDEST = 12.0  # per cent of the width, for a column


@dataclass(frozen=True, slots=True)
class Mark:
    """A span as a chart shows it; `words` says its value, `why` why there is none."""

    label: str
    value: Decimal | None
    words: str = ""
    why: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A level to compare with: a target, or what was before."""

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """Levels between which values usually lie."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Chart:
    """A drawing of marks; `sentence` says what it shows to who does not see it."""

    name: str
    marks: Sequence[Mark]
    sentence: str
    write: Callable[[Decimal], str]
    references: Sequence[Reference] = ()
    breaks: Sequence[int] = ()
    band: Band | None = None
    starts: tuple[int, str] | None = None  # the mark at which something began, and its word

    def line(self) -> Markup:
        """Draw values that last: a line, interrupted where nothing is known."""
        return self._drawn(Markup("").join([*self._paths(), *self._dots()]))

    def columns(self) -> Markup:
        """Draw values that add up: a column each."""
        return self._drawn(Markup("").join(self._columns()))

    @cached_property
    def _scale(self) -> tuple[Decimal, Decimal, Decimal]:
        values = [m.value for m in self.marks if m.value is not None]
        usual = [self.band.low, self.band.high] if self.band else []
        return rounded(*_bounds([*values, *usual, *(r.value for r in self.references)]))

    @property
    def _slot(self) -> float:
        """The room that each mark has across."""
        return (RIGHT - LEFT) / max(len(self.marks), 1)

    def _x(self, index: int) -> float:
        return LEFT + (index + 0.5) * self._slot

    def _y(self, value: Decimal) -> float:
        low, high, _step = self._scale
        return round(BOTTOM - float((value - low) / (high - low)) * (BOTTOM - TOP), 1)

    def _drawn(self, body: Markup) -> Markup:
        return Markup(
            '<svg class="chart" role="img" aria-label="{}" width="100%" height="{}">{}{}{}{}{}'
            "</svg>"
        ).format(
            self.sentence,
            HEIGHT,
            self._patterns(),
            Markup("").join(self._grid()),
            Markup("").join([*self._usual(), *self._unknown()]),
            body,
            Markup("").join(
                [*self._levels(), *self._breaks(), *self._start(), *self._ends(), *self._last()]
            ),
        )

    def _patterns(self) -> Markup:
        return Markup(
            '<defs><pattern id="{0}-hatch" width="8" height="8" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><path class="chart-hatch" d="M0 0V8"/></pattern></defs>'
        ).format(self.name)

    def _grid(self) -> Iterator[Markup]:
        for value in self._ticks():
            y = self._y(value)
            yield Markup('<line class="chart-grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(y)

    def _ticks(self) -> Iterator[Decimal]:
        low, high, step = self._scale
        known = any(mark.value is not None for mark in self.marks)
        while known and low <= high:
            yield low
            low += step

    def _unknown(self) -> Iterator[Markup]:
        """Hatch what is not known, and say so where there is room."""
        runs = groupby(enumerate(self.marks), lambda item: (item[1].value is None, item[1].why))
        for (missing, why), run in runs:
            if not missing:
                continue
            places = [self._x(index) for index, _mark in run]
            left, right = places[0] - self._slot / 2, places[-1] + self._slot / 2
            yield Markup(
                '<rect class="chart-unknown" x="{:.2f}%" y="{}" width="{:.2f}%" height="{}"'
                ' fill="url(#{}-hatch)"/>'
            ).format(left, TOP, right - left, BOTTOM - TOP, self.name)
            if right - left >= _WORD:
                middle = (left + right) / 2
                yield _text(middle, (TOP + BOTTOM) / 2, "middle", "chart-word", why)

    def _runs(self) -> Iterator[list[tuple[int, Decimal]]]:
        run: list[tuple[int, Decimal]] = []
        for index, mark in enumerate(self.marks):
            if run and (mark.value is None or index in self.breaks):
                yield run
                run = []
            if mark.value is not None:
                run.append((index, mark.value))
        if run:
            yield run

    def _paths(self) -> Iterator[Markup]:
        """Draw the line in a frame stretched across, so that it needs no width in pixels."""
        drawn = [
            "M" + " L".join(f"{self._x(index) * 10:.1f} {self._y(value)}" for index, value in run)
            for run in self._runs()
            if len(run) > 1
        ]
        yield Markup(
            '<svg width="100%" height="{0}" viewBox="0 0 1000 {0}" preserveAspectRatio="none">'
            '<path class="chart-line" vector-effect="non-scaling-stroke" d="{1}"/></svg>'
        ).format(HEIGHT, " ".join(drawn) or "M0 0")

    def _dots(self) -> Iterator[Markup]:
        alone = {run[0][0] for run in self._runs() if len(run) == 1}
        few = len(self.marks) <= _DOTTED
        for index, mark in enumerate(self.marks):
            if mark.value is not None and (few or index in alone or mark.partial):
                kind = "chart-dot chart-partial" if mark.partial else "chart-dot"
                yield Markup('<circle class="{}" cx="{:.2f}%" cy="{}" r="4"/>').format(
                    kind, self._x(index), self._y(mark.value)
                )

    def _columns(self) -> Iterator[Markup]:
        width = min(self._slot * 0.8, _WIDEST)
        zero = self._y(Decimal(0))
        for index, mark in enumerate(self.marks):
            if mark.value is None:
                continue
            y = self._y(mark.value)
            kind = "chart-column chart-partial" if mark.partial else "chart-column"
            yield Markup(
                '<rect class="{}" x="{:.2f}%" y="{}" width="{:.2f}%" height="{}"/>'
            ).format(kind, self._x(index) - width / 2, min(y, zero), width, max(abs(zero - y), 1.5))

    def _levels(self) -> Iterator[Markup]:
        for reference in self.references:
            y = self._y(reference.value)
            yield Markup('<line class="chart-level" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(y)
            yield _text(100, y - 6, "end", "chart-word", reference.label)

    def _usual(self) -> Iterator[Markup]:
        if self.band is not None:
            top, bottom = self._y(self.band.high), self._y(self.band.low)
            yield Markup('<rect class="chart-band" x="0" y="{}" width="100%" height="{}"/>').format(
                top, max(round(bottom - top, 1), 1.0)
            )

    def _start(self) -> Iterator[Markup]:
        if self.starts is not None:
            yield from self._moment(*self.starts)

    def _breaks(self) -> Iterator[Markup]:
        for index in self.breaks:
            yield from self._moment(index, _("counted in another way"))

    def _moment(self, index: int, word: str) -> Iterator[Markup]:
        x = self._x(index)
        yield Markup(
            '<line class="chart-break" x1="{0:.2f}%" x2="{0:.2f}%" y1="{1}" y2="{2}"/>'
        ).format(x, TOP - 14, BOTTOM)
        anchor = "end" if x > (LEFT + RIGHT) / 2 else "start"
        yield _text(x, TOP - 18, anchor, "chart-word", word)

    def _ends(self) -> Iterator[Markup]:
        """Write the axes' words, over what is drawn: a narrow screen leaves no room beside it."""
        for value in self._ticks():
            yield _text(0, self._y(value) - 5, "start", "chart-tick", self.write(value))
        if self.marks:
            yield _text(0, HEIGHT - 14, "start", "chart-tick", self.marks[0].label)
        if len(self.marks) > 1:
            yield _text(100, HEIGHT - 14, "end", "chart-tick", self.marks[-1].label)

    def _last(self) -> Iterator[Markup]:
        """Write the last known value beside its place."""
        for index in range(len(self.marks) - 1, -1, -1):
            mark = self.marks[index]
            if mark.value is not None:
                x, y = self._x(index), self._y(mark.value)
                anchor = "end" if x > (LEFT + RIGHT) / 2 else "start"
                yield Markup('<circle class="chart-end" cx="{:.2f}%" cy="{}" r="5"/>').format(x, y)
                yield _text(x, y - 12, anchor, "chart-value", mark.words)
                return


def spark(values: Sequence[Decimal | None], *, high: Decimal | None = None) -> Markup:
    """Draw a small line beside words that say the same; `high` makes several comparable."""
    known = [value for value in values if value is not None]
    if len(known) <= 1:
        return Markup("")
    low, top = _bounds([*known, *([high] if high is not None else [])])
    width = max(len(values) - 1, 1)
    places = [
        None
        if v is None
        else f"{index * 100 / width:.1f} {30 - float((v - low) / (top - low)) * 26:.1f}"
        for index, v in enumerate(values)
    ]
    drawn = ["M" + " L".join(run) for run in _told(places)]
    return Markup(
        '<svg class="spark" aria-hidden="true" viewBox="0 0 100 32" preserveAspectRatio="none">'
        '<path class="chart-line" vector-effect="non-scaling-stroke" d="{}"/></svg>'
    ).format(" ".join(drawn) or "M0 0")


def bar(value: Decimal, high: Decimal) -> Markup:
    """Draw a bar beside its number: its part of the highest."""
    share = max(float(value / high), 0) * 100 if high else 0
    return Markup(
        '<svg class="bar" aria-hidden="true" width="100%" height="12">'
        '<rect class="chart-column" width="{:.1f}%" height="12"/></svg>'
    ).format(share)


def rounded(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Give the axis' lowest and highest round numbers, and the step between its lines."""
    rough = (high - low) / _TICKS
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    first = (low / step).to_integral_value("ROUND_FLOOR") * step
    last = (high / step).to_integral_value("ROUND_CEILING") * step
    return first, last, step


def _bounds(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Give the lowest and the highest to show; zero is always there, so that heights compare."""
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    return low, high if high > low else low + 1


def _told(places: Sequence[str | None]) -> Iterator[list[str]]:
    for known, run in groupby(places, lambda place: place is not None):
        found = [place for place in run if place is not None]
        if known:
            yield found if len(found) > 1 else found * 2


def _text(x: float, y: float, anchor: str, kind: str, words: str) -> Markup:
    return Markup('<text class="{}" x="{:.2f}%" y="{}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, words
    )
