"""What taking readings in costs once 1 million and 50 million are there: it must stay the same.

Fills 400 days of observations of 1,640 things by SQL, the oldest first, then takes batches of 1,000
through the real code (tenant, checks, states, journal). On the database of DATABASE_URL, or SQLite
in a temporary folder, where 50 million take 3 GB. Prints CPU microseconds a reading, of this
process and on PostgreSQL of the server's, and the ratio to the first.

    python benchmarks/history.py [--smoke] [--rows 1000000 50000000]

Exit status 1 when a reading costs 1.5 times what it cost at first.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import timedelta
from typing import Any

import sensing
from sensing import BATCH, BEGIN, THINGS, Clock

DAYS = 400
AT_ONCE = 500_000
MOST = 1.5
_SAID = "{begin} + n * {step}, {first} + n %% {things}, n / {things}, n / {things} / 4 %% 2"
_NUMBERED = {
    "postgresql": "SELECT generate_series(%s::bigint, %s::bigint) AS n",
    "sqlite": (
        "WITH RECURSIVE told(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM told WHERE n < %s)"
        " SELECT n FROM told"
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="few rows")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 50_000_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        sensing.start(folder)
        return report([20_000, 200_000] if options.smoke else options.rows)


def report(totals: list[int]) -> int:
    from django.db import connection

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within

    antony = Community.objects.get(slug="antony")
    clock, costs, there = Clock(), list[float](), 0
    with within(antony):
        source, _secret = sensing.prepared()
        months_made()
        taken(source, clock, 20)  # everything has been read once
        for total in totals:
            filled(antony, source, there, total, of=totals[-1])
            there = total
            costs.append(taken(source, clock, 100))
            print(
                f"{connection.vendor}: {total:>12,} there: {costs[-1]:6.2f} µs of CPU a reading,"
                f" {costs[-1] / costs[0]:.2f} times the first"
            )
    return 1 if max(costs) > MOST * costs[0] else 0


def months_made() -> None:
    from communs.core.sensing import keeping

    for month in range(-DAYS // 30 - 1, 2, 2):
        keeping.prepare(BEGIN + timedelta(days=30 * month))


def filled(community: Any, source: Any, there: int, total: int, *, of: int) -> None:
    """Add observations from one number to another, of as many as 400 days will hold."""
    from django.db import connection, transaction

    from communs.core.sensing.models import Observation, Thing
    from communs.core.sensing.queries import milliseconds

    first = Thing.objects.filter(source=source).order_by("number").values_list("number", flat=True)
    key = Observation._meta.get_field("community").get_db_prep_value(community.pk, connection)
    step = DAYS * 86_400_000 // of
    begin = milliseconds(BEGIN) - step * (of + 1)
    said = _SAID.format(begin=begin, step=step, first=first[0], things=THINGS)
    numbered = _NUMBERED[connection.vendor]
    for low in range(there, total, AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO sensing_observation SELECT %s, {said} FROM ({numbered}) AS told",
                [key, low, min(low + AT_ONCE, total) - 1],
            )


def taken(source: Any, clock: Clock, batches: int) -> float:
    """Take batches in; give the CPU microseconds of a reading."""
    from communs.core.sensing.engine.decoding import decoder
    from communs.core.sensing.intake import take
    from communs.core.sensing.queries import milliseconds

    received, decode = milliseconds(BEGIN + timedelta(days=30)), decoder("plain")
    bodies = [json.dumps(sensing.readings(BATCH)).encode() for _ in range(batches)]
    before = clock.read()
    for body in bodies:
        told = decode(body, received=received, mapping={})
        take(source=source, readings=told, at=received, by=None)
    return (clock.read() - before) / (batches * BATCH) * 1e6


if __name__ == "__main__":
    sys.exit(main())
