"""Effects with their uncertainty, by statsmodels and SciPy.

Both estimates are regressions of a daily series on a shift of its level at the start and on the
days of the week:

- before/after takes the site's own series;
- difference in differences takes the site less the mean of what it is compared with, so that what
  happens everywhere falls out.

One day is much like the day before, so plain errors would be too small. The regression is therefore
statsmodels' `GLSAR`: what is left over follows itself from a day to the next, and that part is
estimated with the rest. Estimated, it comes out too low (Marriott and Pope, 1954): it is raised by
what that bias is for two means. Student's law has as many degrees of freedom as there are days that
tell something of their own. Newey and West's errors, tried first, covered the truth 80 to 91 times
in 100 on such series, this 92 to 96 times: `tests/services/fund/test_simulated.py` keeps watch. The
libraries are imported by what needs them: pages that only show results do not pay for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

LEVEL = 0.95
OUTLYING = 6.0  # robust standard deviations from what the model expects
_WEEK = 7
_FLAT = 1e-9
_TURNS, _MOST_ALIKE = 4, 0.95
_LEAST_OF_A_WEEKDAY = 4  # in a period, for a level of its own
_LEAST_FOR_WEEKDAYS = 28  # with fewer, a weekday would be guessed from three days or fewer


@dataclass(frozen=True, slots=True)
class Estimate:
    """A change of level: its interval at 95 per cent, its probability under no effect.

    `before` and `after` are the means of the values themselves, `days` how many are used.
    """

    effect: float
    low: float
    high: float
    p: float
    before: float
    after: float
    days: int


@dataclass(frozen=True, slots=True)
class Outlier:
    """A day far from what its period and its weekday let expect."""

    day: date
    value: float
    z: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What a regression found: coefficients, their errors, degrees of freedom that are left."""

    params: Any
    errors: Any
    free: float

    def second(self) -> tuple[float, float]:
        """Give the coefficient after the constant, and its probability were it nothing."""
        from scipy.stats import t  # heavy: only who evaluates pays for it

        value = float(self.params[1])
        return value, float(2 * t.sf(abs(value / self.errors[1]), self.free))

    def reach(self) -> float:
        """Give half the width of its interval."""
        from scipy.stats import t  # heavy, as above

        return float(t.ppf((1 + LEVEL) / 2, self.free) * self.errors[1])


@dataclass(frozen=True, slots=True)
class Sample:
    """The days with a value, in order, and whether each comes after the start."""

    days: Sequence[date]
    values: Any
    after: Any
    weekly: bool
    daily: bool = True

    def without(self, left_out: Sequence[date]) -> Sample:
        """Give the same less some days."""
        numpy = _numpy()
        out = set(left_out)
        kept = numpy.array([day not in out for day in self.days], dtype=bool)
        days = [day for day in self.days if day not in out]
        return Sample(days, self.values[kept], self.after[kept], self.weekly, self.daily)


def sample(
    days: Sequence[date], values: Sequence[float | None] | Any, start: date, *, weekly: bool = True
) -> Sample:
    """Keep the days with a value; `weekly` says that the days of the week may differ."""
    numpy = _numpy()
    told = numpy.array([math.nan if one is None else one for one in values], dtype=float)
    known = ~numpy.isnan(told)
    kept = [day for day, there in zip(days, known, strict=True) if there]
    after = numpy.array([day >= start for day in kept], dtype=bool)
    with_weekdays = weekly and len(kept) >= _LEAST_FOR_WEEKDAYS
    return Sample(kept, told[known], after, with_weekdays, daily=weekly)


def estimate(found: Sample) -> Estimate | None:
    """Give the change of level at the start; None where nothing tells how sure it is.

    That is: a period with fewer than two values, or values that never vary but at the start.
    """
    fit = _fit(found)
    if fit is None:
        return None
    effect, p = fit.second()
    return Estimate(
        effect=effect,
        low=effect - fit.reach(),
        high=effect + fit.reach(),
        p=p,
        before=float(found.values[~found.after].mean()),
        after=float(found.values[found.after].mean()),
        days=len(found.days),
    )


def outliers(found: Sample) -> list[Outlier]:
    """Give the days that lie far out, by the median absolute deviation of what is left over.

    None is told from fewer than 28 days: a weekday would be far out for being that weekday.
    """
    from scipy.stats import median_abs_deviation  # heavy: only who evaluates pays for it

    if len(found.days) < (_LEAST_FOR_WEEKDAYS if found.daily else _WEEK):
        return []
    left = _left_over(found)
    spread = float(median_abs_deviation(left, scale="normal"))
    if spread <= 0:
        return []
    return [
        Outlier(day, float(value), round(float(rest / spread), 1))
        for day, value, rest in zip(found.days, found.values, left, strict=True)
        if abs(rest) > OUTLYING * spread
    ]


def drift(found: Sample) -> tuple[float, float] | None:
    """Give the slope a day before the start and its probability; None with too few days."""
    numpy = _numpy()
    before = ~found.after
    days = [day.toordinal() for day, old in zip(found.days, before, strict=True) if old]
    old = found.values[before]
    if len(days) < _LEAST_FOR_WEEKDAYS or float(old.max() - old.min()) <= _FLAT:
        return None
    steps = numpy.array(days, dtype=float) - days[0]
    fit = _regress(old, [numpy.ones(len(days)), steps])
    return fit.second()


def beside(
    site: Sequence[float | None], others: Sequence[Sequence[float | None]], before: Sequence[bool]
) -> tuple[Any, Any]:
    """Give the site less the mean of the others, and that mean: each about its own level before.

    About its own level: a community whose days are missing now and then does not move the mean by
    its size. A day without any of the others has none.
    """
    return _difference(site, others, before, scaled=False)


def in_proportion(
    site: Sequence[float | None], others: Sequence[Sequence[float | None]], before: Sequence[bool]
) -> tuple[Any, Any]:
    """Give the same for what is counted: the others first brought to the site's level before.

    A town ten times as large would else hide what happens in this one.
    """
    return _difference(site, others, before, scaled=True)


def adjusted(probabilities: Sequence[float]) -> list[float]:
    """Give the probabilities as Holm (1979) raises them when several indicators judge at once.

    What statsmodels' `multipletests` gives, which also collects the garbage of the whole process:
    in a server, that costs more than all the rest.
    """
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    raised, least = [0.0] * len(order), 0.0
    for rank, place in enumerate(order):
        least = min(1.0, max(least, probabilities[place] * (len(order) - rank)))
        raised[place] = least
    return raised


def _difference(site: Any, others: Any, before: Sequence[bool], *, scaled: bool) -> tuple[Any, Any]:
    numpy = _numpy()
    own = _array(site)
    old = numpy.array(before, dtype=bool)
    level = _mean(own[old])
    told = []
    for one in others:
        theirs = _array(one)
        theirs_before = _mean(theirs[old])
        grow = level / theirs_before if scaled and theirs_before else 1.0
        told.append((theirs - theirs_before) * grow)
    table = numpy.array(told)
    count = (~numpy.isnan(table)).sum(axis=0)
    total = numpy.nansum(table, axis=0)
    mean = numpy.divide(total, count, out=numpy.full(len(own), math.nan), where=count > 0)
    return own - mean, mean


def _fit(found: Sample) -> Fit | None:
    numpy = _numpy()
    here = int(found.after.sum())
    least = 2
    if here < least or len(found.days) - here < least:
        return None
    if _is_flat(found):
        return None
    columns = [numpy.ones(len(found.days)), found.after.astype(float)]
    return _regress(found.values, [*columns, *_weekdays(found)])


def _is_flat(found: Sample) -> bool:
    parts = (found.values[found.after], found.values[~found.after])
    return all(float(part.max() - part.min()) <= _FLAT for part in parts)


def _regress(values: Any, columns: Sequence[Any]) -> Fit:
    """Fit, with errors that bear days which are like the days before them."""
    from statsmodels.regression.linear_model import GLSAR  # heavy, as above

    count, table = len(values), _numpy().column_stack(columns)
    model = GLSAR(values, table, rho=1)
    model.iterative_fit(_TURNS, method="qr")
    found = float(model.rho[0])
    alike = min(_MOST_ALIKE, max(found, found + 2 * (1 + 3 * found) / count))
    fit = GLSAR(values, table, rho=_numpy().array([alike])).fit(method="qr")
    own = count * (1 - alike) / (1 + alike) if alike > 0 else count
    return Fit(fit.params, fit.bse, max(2.0, min(float(fit.df_resid), own - 2)))


def _weekdays(found: Sample) -> list[Any]:
    """Give a column a weekday but Monday, each about its mean, so that the shift stays a shift."""
    if not found.weekly:
        return []
    numpy = _numpy()
    names = numpy.array([day.weekday() for day in found.days])
    return [(names == one).astype(float) for one in range(1, _WEEK) if (names == one).any()]


def _left_over(found: Sample) -> Any:
    """Give each value less what its period and its weekday let expect.

    That is the median of its weekday in its period, where there are enough of each: what is tried
    may change Sundays otherwise than Mondays. Else it is the median of its period, then of its
    weekday.
    """
    numpy = _numpy()
    left = found.values.copy()
    names = numpy.array([day.weekday() for day in found.days])
    cells = [(names == one) & part for part in (found.after, ~found.after) for one in range(_WEEK)]
    if found.weekly and all(cell.sum() >= _LEAST_OF_A_WEEKDAY for cell in cells):
        return _less_medians(left, cells)
    left = _less_medians(left, [found.after, ~found.after])
    return _less_medians(left, [names == one for one in range(_WEEK)]) if found.weekly else left


def _less_medians(left: Any, parts: Sequence[Any]) -> Any:
    numpy = _numpy()
    for part in parts:
        if part.any():
            left[part] -= numpy.median(left[part])
    return left


def _array(values: Any) -> Any:
    numpy = _numpy()
    return numpy.array([math.nan if one is None else one for one in values], dtype=float)


def _mean(values: Any) -> float:
    numpy = _numpy()
    known = values[~numpy.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def _numpy() -> Any:
    import numpy as np  # heavy, as above

    return np
