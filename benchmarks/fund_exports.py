"""CPU and queries of the fund's files of open data, with 10,000 grants that are all complete.

Runs in one process, through the whole application, on the database of DATABASE_URL (SQLite in a
temporary folder without one). Each grant has a signed agreement, two beneficiaries, three
instalments. For each file: queries, CPU seconds of this process and of the database's server,
bytes, and the ratio to the reference of the same run: the same rows read by one bare query.

    python benchmarks/fund_exports.py [--smoke] [--grants 10000]

Exit status 1 if a file takes more than 3 s of CPU or more queries than it may; with --smoke (300
grants), if it takes more than 60 times the bare query.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent, HERE.parent / "src", HERE):
    sys.path.insert(0, str(folder))

FILES = (
    "/fonds/donnees/subventions-scdl-2.1.csv?q=banc",
    "/fonds/donnees/subventions-2.1.1.csv?q=banc",
    "/fonds/donnees/360giving.json?q=banc",
    "/fonds/donnees/dispositifs.csv",
    "/fonds/donnees/dispositifs-0.2.0.csv",
    "/fonds/donnees/dcat.ttl",
)
MOST_SECONDS, MOST_QUERIES = 3.0, 12
SMOKE = 60.0  # times the bare query, and a page's own cost: only what runs away is caught
PAGE = 0.2  # CPU seconds
DAY = date(2026, 5, 4)
BARE = """
SELECT g.reference, g.title, g.amount, g.awarded_on, b.name, b.siret, a.signed_on, a.nature,
       a.payment_terms, a.paid_from, a.paid_until, p.name, p.amount, o.siret
  FROM fund_grant g
  JOIN communities_community b ON b.id = g.beneficiary_id
  JOIN fund_agreement a ON a.grant_id = g.id
  JOIN fund_party p ON p.agreement_id = a.id
  JOIN fund_organisation o ON o.id = p.organisation_id
 WHERE g.reference LIKE 'banc-%'
 ORDER BY g.awarded_on DESC, g.number, p.position
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer grants, ratios only")
    parser.add_argument("--grants", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        from sensing import start

        start(folder)
        return report(300 if options.smoke else options.grants, smoke=options.smoke)


def report(count: int, *, smoke: bool) -> int:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from sensing import Clock

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within

    settings.ALLOWED_HOSTS = ["*"]
    metropolis = Community.objects.get(slug="metropole")
    with within(metropolis):
        fill(metropolis, count)
    clock, over = Clock(), []
    bare = timed(clock, read_bare)
    print(f"{connection.vendor}: {count} grants; the bare query of their rows: {bare:.3f} s")
    print(f"{'file':47} {'queries':>7} {'s':>7} {'ratio':>7} {'bytes':>10}")
    for path in FILES:
        queries, size = looked_at(Client(), path)
        cost = timed(clock, lambda path=path: fetched(Client(), path))
        print(f"{path:47} {queries:7} {cost:7.2f} {cost / bare:7.1f} {size:10}")
        over += [f"{path}: {queries} queries"] if queries > MOST_QUERIES else []
        too_long = cost > SMOKE * bare + PAGE if smoke else cost > MOST_SECONDS
        over += [f"{path}: {cost:.2f} s"] if too_long else []
    for words in over:
        print("OVER", words)
    return 1 if over else 0


def fill(metropolis: Any, count: int) -> None:
    """Fill the community in force with complete grants, which the word « banc » finds."""
    from tests.services.fund import cases
    from tests.services.fund.opening import named

    from communs.core.communities.models import Community
    from communs.services.fund.models import (
        Agreement,
        Grant,
        Instalment,
        Party,
        Programme,
        Round,
    )

    bodies = list(Community.objects.communes().filter(siren__isnull=False)[:40])
    named(metropolis, *bodies)
    holders = [cases.organisation(body.slug) for body in bodies]
    programme = Programme.objects.create(code="banc", acronym="BANC", name="Banc d’essai")
    held = Round.objects.create(programme=programme, awarded_on=DAY, body="Bureau")
    pairs = cycle(zip(holders, [*holders[1:], holders[0]], strict=True))
    numbers = iter(range(1, count + 1))
    while some := list(islice(numbers, 1000)):
        grants = Grant.objects.bulk_create(
            Grant(
                round=held,
                number=number,
                reference=f"banc-{number}",
                beneficiary=bodies[number % len(bodies)],
                beneficiary_as_published="Banc",
                title=f"Essai {number}",
                title_as_published=f"Essai {number}",
                awarded_on=DAY,
                amount=Decimal(10_000 + number),
                words=f"banc {number}",
            )
            for number in some
        )
        agreements = Agreement.objects.bulk_create(
            Agreement(
                grant=grant,
                signed_on=DAY,
                decision="BM",
                payment_terms="échelonné",
                paid_from=DAY,
                paid_until=DAY + timedelta(500),
                starts_on=DAY,
            )
            for grant in grants
        )
        Party.objects.bulk_create(
            Party(
                agreement=agreement,
                organisation=organisation,
                position=place,
                name=organisation.name,
                amount=Decimal(5_000),
            )
            for agreement, pair in zip(agreements, pairs, strict=False)
            for place, organisation in enumerate(pair, start=1)
        )
        Instalment.objects.bulk_create(
            Instalment(
                agreement=agreement,
                position=place,
                kind="interim",
                percent=Decimal(30),
                planned=Decimal(3_000),
                amount=Decimal(3_000),
            )
            for agreement in agreements
            for place in (1, 2, 3)
        )


def read_bare() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.fetchall()


def fetched(client: Any, path: str) -> int:
    """Give how many bytes a file has; it must be given whole."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.content[:500])
    if answer.streaming:
        return sum(len(piece) for piece in answer.streaming_content)
    return len(answer.content)


def looked_at(client: Any, path: str) -> tuple[int, int]:
    """Give the queries and the bytes of a file, once all that is made only once is made."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fetched(client, path)
    with CaptureQueriesContext(connection) as captured:
        size = fetched(client, path)
    return len(captured), size


def timed(clock: Any, work: Callable[[], object], runs: int = 3) -> float:
    """Give the least CPU seconds of a few runs."""
    taken = []
    for _turn in range(runs):
        before = clock.read()
        work()
        taken.append(clock.read() - before)
    return min(taken)


if __name__ == "__main__":
    sys.exit(main())
