"""What finding the ten nearest things costs, among a million of one layer, through the real code.

Runs on the database of DATABASE_URL (SQLite in a temporary folder without one). Seven points in ten
stand in clusters, as streets have them; questions are asked near them, each somewhere else. Beside
stands a reference of the same run: a bare SELECT of a row by its key, through Django’s cursor.
Some answers are held against a reading of every point.

    python benchmarks/nearest.py [--smoke] [--points 1000000]

Exit status 1 if a bound is passed; with --smoke only the ratio to the reference counts.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from math import cos, radians
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent)]
COUNT, QUESTIONS, CHECKED = 10, 2_000, 3
BOUND = 150.0  # microseconds of CPU a question, the server's included
SMOKE = 25.0  # times the reference
AT_ONCE = 5_000
Point = tuple[float, float]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer points, the ratio only")
    parser.add_argument("--points", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        from benchmarks.sensing import start

        start(folder)
        return report(20_000 if options.smoke else options.points, smoke=options.smoke)


def report(count: int, *, smoke: bool) -> int:
    from benchmarks.sensing import Clock
    from django.db import connection

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within

    antony, chance = Community.objects.get(slug="antony"), random.Random(7)
    with within(antony):
        begun = time.process_time()
        points = dict(enumerate(spread(chance, count)))
        fill(points)
        spent = (time.process_time() - begun) / count * 1e6
        others, questions = (
            [somewhere_near(chance, points) for _ in range(QUESTIONS)] for _turn in range(2)
        )
        clock = Clock()
        bare = each(clock, by_key, [UUID(int=n + 1) for n in range(QUESTIONS)])
        first, cost = each(clock, ask, others), each(clock, ask, questions)
        ratio = cost / bare
        wrong = sum(not is_right(points, question) for question in questions[:CHECKED])
    print(f"{connection.vendor}: {count} points, {spent:.0f} µs CPU each to put in")
    print(f"a row by its key: {bare:.0f} µs CPU")
    print(f"{COUNT} nearest:     {cost:.0f} µs CPU, {ratio:.1f} times ({first:.0f} at first)")
    over = wrong or (ratio > SMOKE if smoke else cost > BOUND)
    print("OVER" if over else "within bounds", f"({wrong} wrong of {CHECKED})")
    return 1 if over else 0


def spread(chance: random.Random, count: int) -> Iterator[Point]:
    centres = [(chance.uniform(48.6, 49.1), chance.uniform(2.0, 2.7)) for _ in range(131)]
    for number in range(count):
        lat, lon = chance.choice(centres)
        if number % 10 < 7:
            yield lat + chance.gauss(0, 0.006), lon + chance.gauss(0, 0.009)
        else:
            yield chance.uniform(48.6, 49.1), chance.uniform(2.0, 2.7)


def somewhere_near(chance: random.Random, points: dict[int, Point]) -> Point:
    lat, lon = points[chance.randrange(len(points))]
    return lat + chance.gauss(0, 0.002), lon + chance.gauss(0, 0.003)


def fill(points: dict[int, Point]) -> None:
    from django.db import connection

    from communs.core.communities.scope import as_owner
    from communs.core.geo.placing import place

    for begin in range(0, len(points), AT_ONCE):
        some = range(begin, min(begin + AT_ONCE, len(points)))
        place("bench", {UUID(int=number + 1): points[number] for number in some})
    if connection.vendor == "postgresql":
        with (
            as_owner(),
            connection.cursor() as cursor,
        ):  # nobody else may; a server does it by itself
            cursor.execute("ANALYZE geo_spot, geo_near")


def by_key(key: UUID) -> None:
    from django.db import connection

    from communs.core.communities.scope import current

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lat, lon FROM geo_spot WHERE community_id = %s AND layer = %s AND subject = %s",
            [of_key(current().pk), "bench", of_key(key)],
        )
        cursor.fetchone()


def of_key(key: UUID) -> Any:
    from django.db import connection

    return key if connection.vendor == "postgresql" else key.hex


def ask(question: Point) -> None:
    from communs.core.geo.placing import nearest

    nearest("bench", *question, COUNT)


def each(clock: Any, work: Callable[[Any], None], over: list[Any]) -> float:
    for one in over[:100]:
        work(one)
    before = clock.read()
    for one in over:
        work(one)
    return (clock.read() - before) / len(over) * 1e6


def is_right(points: dict[int, Point], question: Point) -> bool:
    from communs.core.geo.engine.sphere import metres
    from communs.core.geo.placing import nearest

    lat, lon = question
    room = 0.05, 0.05 / cos(radians(lat))
    close = [
        (metres(lat, lon, *(round(part * 1e7) / 1e7 for part in point)), UUID(int=number + 1))
        for number, point in points.items()
        if abs(point[0] - lat) < room[0] and abs(point[1] - lon) < room[1]
    ]
    return [tuple(one) for one in nearest("bench", lat, lon, COUNT)] == sorted(close)[:COUNT]


if __name__ == "__main__":
    sys.exit(main())
