"""CPU and queries of an evaluation, and of the pages of experiments.

Two years of days for ten indicators in a commune and in five that it is compared with: read,
frozen, estimated both ways, a verdict proposed, all of it written. Each is told in CPU
milliseconds of this process and of the database's server, and as a ratio to the bare regressions
of the same series by numpy in the same run. The libraries are imported before the clock starts.

    python benchmarks/fund_evaluation.py [--smoke] [--days 730]

Exit status 1 if a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent, HERE.parent / "src", HERE):
    sys.path.insert(0, str(folder))

AT = datetime.now(tz=UTC)
TOWNS, RUNS = 5, 7
MOST_MS, MOST_PAGE_MS, MOST_QUERIES = 300.0, 40.0, 15
SMOKE = 200.0  # times the bare regressions: only what runs away is caught
KEYS = (
    "parking.rotation",
    "parking.dwell",
    "parking.time_known",
    "parking.fresh_spaces",
    "parking.spaces_in_service",
    "parking.occupancy_at_eleven",
    "parking.tried_rotation",
    "parking.tried_in_band",
    "parking.tried_search",
    "parking.control_rotation",
)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer days, no bound on time")
    parser.add_argument("--days", type=int, default=730)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        from sensing import start

        start(folder)
        return report(120 if options.smoke else options.days, smoke=options.smoke)


def report(days: int, *, smoke: bool) -> int:
    import statsmodels.regression.linear_model  # noqa: F401 -- before the clock starts
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from sensing import Clock

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.services.fund import actions

    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ALLOWED_HOSTS = ["*"]
    clock = Clock()
    with within(Community.objects.get(slug="metropole")):
        filled = lived(days)
        experiment = tried(days, KEYS, 3)
        usual = tried(days // 2, KEYS[:3], 12)
        bare = spent(lambda: regressions(filled, days), clock)
        cost = spent(
            lambda: actions.evaluate_experiment(experiment=experiment, at=AT, by=None), clock
        )
    print(f"{connection.vendor}: {len(KEYS)} indicators, {TOWNS} communes, {days} days")
    print(f"bare regressions  {bare:7.1f} ms")
    print(f"evaluation        {cost:7.1f} ms, {cost / bare:5.1f} times that")
    over = [f"evaluation: {cost:.0f} ms, at most {MOST_MS:.0f}"] * (not smoke and cost > MOST_MS)
    over += [f"evaluation: {cost / bare:.0f} times, at most {SMOKE:.0f}"] * (cost / bare > SMOKE)
    for name, one, most in (("a page", usual, MOST_PAGE_MS), ("the largest page", experiment, 150)):
        path = f"/fonds/experimentations/{one.code}/"
        over += page(name, partial(Client().get, path), clock, bare, None if smoke else most)
    for words in over:
        print("OVER", words)
    return 1 if over else 0


def page(
    name: str, get: Callable[[], Any], clock: Any, bare: float, most: float | None
) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def look() -> None:
        assert get().status_code == 200

    look()
    with CaptureQueriesContext(connection) as captured:
        look()
    queries, cost = len(captured), spent(look, clock, 20)
    print(f"{name:17} {cost:7.1f} ms, {cost / bare:5.1f} times that, {queries} queries")
    return [
        *[f"{name}: {queries} queries, at most {MOST_QUERIES}"] * (queries > MOST_QUERIES),
        *[f"{name}: {cost:.0f} ms, at most {most}"] * (most is not None and cost > most),
    ]


def places() -> list[Any]:
    """Give the site, then the communes that it is compared with."""
    from communs.core.communities.models import Community

    slugs = ("antony", "sceaux", "bagneux", "montreuil", "nanterre", "vincennes")
    return [Community.objects.get(slug=slug) for slug in slugs]


def lived(days: int) -> list[list[float]]:
    """Observe the days; something happens in the site half-way."""
    from communs.core.communities.scope import within

    first = AT.date() - timedelta(days=days)
    filled: list[list[float]] = []
    for number, place in enumerate(places()):
        with within(place):
            filled += observed(first, days, grown=days if number else days // 2)
    return filled


def tried(days: int, keys: tuple[str, ...], row: int) -> Any:
    """Bring the experiment of a grant to its end: half of the days before, half of them tried."""
    from communs.services.fund import actions
    from communs.services.fund.models import Grant

    site, *others = places()
    until = AT.date() - timedelta(days=1)
    first = until - timedelta(days=days - 1)
    start = first + timedelta(days=days // 2)
    known: dict[str, Any] = {"at": AT, "by": None}
    made = actions.design_experiment(
        grant=Grant.objects.get(row=row),
        title="Essai",
        question="Essai ?",
        service="parking",
        site=site,
        **known,
    )
    judges = [
        actions.Judge(
            indicator=key,
            aim="up",
            baseline_from=first,
            baseline_until=start - timedelta(days=1),
            target=Decimal(60),  # above any mean before
        )
        for key in keys
    ]
    made = actions.set_protocol(
        experiment=made,
        question="Essai ?",
        starts_on=start,
        ends_on=until,
        indicators=judges,
        comparisons=others,
        **known,
    )
    made = actions.agree_protocol(experiment=made, **known)
    made = actions.configure_experiment(experiment=made, **known)
    made = actions.start_experiment(experiment=made, on=start, **known)
    return actions.measure_experiment(experiment=made, on=until, **known)


def observed(first: date, days: int, *, grown: int) -> list[list[float]]:
    """Keep a value a day of each indicator, each day like the one before it."""
    from communs.core.indicators.models import Observation

    lines = []
    for key in KEYS:
        chance, now = random.Random(f"{key} {grown}"), 0.0
        values = []
        for number in range(days):
            now = 0.5 * now + chance.gauss(0, 3)
            values.append(round(40 + 4 * (number % 7 < 5) + now + 3 * (number >= grown), 3))
        Observation.objects.bulk_create(
            Observation(
                indicator=key,
                day=first + timedelta(days=number),
                value=Decimal(str(value)),
                at=AT,
            )
            for number, value in enumerate(values)
            if chance.random() > 0.05
        )
        lines.append(values)
    return lines


def regressions(filled: list[list[float]], days: int) -> None:
    """Fit each series once, by least squares alone: the reference of this run."""
    import numpy as np

    rows = np.arange(days)
    shift = (rows >= days // 2).astype(float)
    weekdays = [(rows % 7 == one).astype(float) for one in range(1, 7)]
    table = np.column_stack([np.ones(days), shift, *weekdays])
    for values in filled:
        np.linalg.lstsq(table, np.array(values), rcond=None)


def spent(work: Callable[[], object], clock: Any, runs: int = RUNS) -> float:
    """Give the median CPU milliseconds of some runs, after one that warms up."""
    work()
    found = []
    for _turn in range(runs):
        before = clock.read()
        work()
        found.append((clock.read() - before) * 1e3)
    return statistics.median(found)


if __name__ == "__main__":
    sys.exit(main())
