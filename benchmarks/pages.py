"""CPU and queries of the pages that matter, beside a bare Django page of the same size.

Runs in one process, through the WSGI handler, on the database of DATABASE_URL (SQLite in a
temporary folder without one). For each page: queries, CPU milliseconds (least of many runs), and
the ratio to a bare page of the same size in the same run: stock middleware, Django's own
templates, as many rows of the same table, as many links with translated words, as many bytes; one
list and one count, no search, no filters, no community.

    python benchmarks/pages.py [--smoke] [--grants 10000]

Exit status 1 if a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
RATIO = 2.5
SMOKE_RATIO = 3.5  # few runs on a busy machine: only what is clearly slower is caught


@dataclass(frozen=True)
class Case:
    name: str
    path: str
    most_ms: float
    most_queries: int
    rows: int


CASES = (
    Case("register, first page", "/fonds/registre/", 25, 6, 50),
    Case("register, filtered", "/fonds/registre/?theme=logistics&q=essai", 25, 6, 50),
    Case("register, page 100", "/fonds/registre/?page=100", 25, 6, 50),
    Case("a commune's home", "/antony/", 15, 6, 1),
    Case("API list of 50", "/api/fonds/registre?limit=50", 10, 6, 50),
)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--smoke", action="store_true", help="fewer runs, a wider bound on ratios, none on time"
    )
    parser.add_argument("--grants", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        start(options.grants)
        return report(smoke=options.smoke)


def start(grants: int) -> None:
    import django
    from django.core.management import call_command
    from django.test.utils import setup_databases, setup_test_environment

    django.setup()
    setup_test_environment(debug=False)
    setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_demo", only=["fund"], verbosity=0, stdout=StringIO())
    fill(grants)


def fill(count: int) -> None:
    """Add grants over forty rounds of eight years."""
    from communs.core.communities.models import Affiliation, Community
    from communs.core.communities.scope import within
    from communs.services.fund.enums import Challenge, Theme
    from communs.services.fund.models import Grant, Programme, Round

    chance = random.Random(2018)
    metropolis = Community.objects.get(kind="metropolis")
    held = Affiliation.objects.filter(group__kind="territory", member__kind="commune")
    held = held.exclude(member__slug="antony")  # whose home shows its one real grant
    places = list(held.values_list("member_id", "group_id"))
    with within(metropolis):
        programme = Programme.objects.get()
        days = [date(2019, 1, 15) + timedelta(days=73 * n) for n in range(40)]
        rounds = [Round(programme=programme, awarded_on=d, body="Bureau", total=1) for d in days]
        Round.objects.bulk_create(rounds)
        grants = []
        for number in range(1, count + 1):
            award = rounds[number % len(rounds)]
            commune, territory = chance.choice(places)
            grants.append(
                Grant(
                    round=award,
                    number=number,
                    reference=f"essai-{number}",
                    beneficiary_id=commune,
                    territory_id=territory,
                    beneficiary_as_published="Essai",
                    title=f"Essai de service numérique n° {number}",
                    title_as_published=f"Essai {number}",
                    awarded_on=award.awarded_on,
                    amount=chance.randint(1, 90_000),
                    theme=chance.choice(Theme.values),
                    challenge=chance.choice(Challenge.values),
                    row=chance.randint(1, 23),
                    words=f"essai de service numerique n {number}",
                )
            )
        Grant.objects.bulk_create(grants, batch_size=500)


def report(*, smoke: bool) -> int:
    from django.db import connection

    runs, most = (15, SMOKE_RATIO) if smoke else (60, RATIO)
    failures = []
    print(f"{connection.vendor}; CPU of this process, least of {runs} runs")
    print(f"{'page':24} {'queries':>7} {'ms':>7} {'bare ms':>8} {'ratio':>6} {'kB':>6}")
    for case in CASES:
        queries, size, links = look(case)
        ours = measured(case.path, runs)
        bare = measured_bare(case, size, links, runs)
        ratio = ours / bare
        print(f"{case.name:24} {queries:7} {ours:7.2f} {bare:8.2f} {ratio:6.2f} {size / 1000:6.1f}")
        bounds = {
            f"{queries} queries, at most {case.most_queries}": queries > case.most_queries,
            f"ratio {ratio:.2f}, at most {most}": ratio > most,
            f"{ours:.1f} ms, at most {case.most_ms}": not smoke and ours > case.most_ms,
        }
        failures += [f"{case.name}: {text}" for text, broken in bounds.items() if broken]
    for failure in failures:
        print("OVER", failure)
    return 1 if failures else 0


def look(case: Case) -> tuple[int, int, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(case.path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(case.path)
    assert response.status_code == 200, (case.path, response.status_code)
    return len(queries), len(response.content), response.content.count(b"<a ")


def measured(path: str, runs: int) -> float:
    """Give the least CPU milliseconds of a request, through every middleware."""
    from django.core.handlers.wsgi import WSGIHandler

    return least(WSGIHandler(), path, runs)


def measured_bare(case: Case, size: int, links: int, runs: int) -> float:
    """Give the same for a stock Django page: as many rows from the same table, as many bytes."""
    import bare
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    bare.ROWS, bare.SIZE, bare.LINKS = case.rows, size, links
    stock = [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
    path = "/data" if case.path.startswith("/api/") else "/page"
    with override_settings(ROOT_URLCONF="bare", MIDDLEWARE=stock, TEMPLATES=bare.TEMPLATES):
        return least(WSGIHandler(), path, runs)


def least(handler: object, path: str, runs: int) -> float:
    from django.test import RequestFactory

    where, _, query = path.partition("?")
    times = []
    for turn in range(runs + 3):
        environ = RequestFactory().get(where, query_params=None, QUERY_STRING=query).environ
        environ["SERVER_NAME"] = "localhost"
        begun = time.process_time_ns()
        response = handler(environ, lambda *_: None)
        b"".join(response)
        spent = time.process_time_ns() - begun
        response.close()
        if turn >= 3:
            times.append(spent / 1e6)
    return min(times)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
