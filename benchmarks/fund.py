"""CPU, queries and waiting of the fund's pages, with 10,000 applications under examination.

Runs in one process, through the whole application, on the database of DATABASE_URL (SQLite in a
temporary folder without one). It fills 10,000 applications with partners, 30,000 files given to
reviewers, 20,000 opinions sent, and a session with a ranking of 500. For each page: queries, CPU
milliseconds of this process and of the database's server, requests a CPU second, the ratio to a
query by key in the same run, and the wait of four clients at once (p50, p99).

    python benchmarks/fund.py [--smoke] [--applications 10000]

Reference, measured on such a machine: Hypha's list of staff takes 142 queries and 586 ms, its
detail 104 and 391 ms, its submission 58 and 70 ms. Exit status 1 if a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent, HERE.parent / "src", HERE):
    sys.path.insert(0, str(folder))

AT = datetime.now(tz=UTC)
BOARD, REVIEWERS, CRITERIA = 500, 60, 3
SMOKE = 6_000.0  # times a query by key: only what runs away is caught


@dataclass(frozen=True)
class Case:
    name: str
    path: str
    most_queries: int
    most_ms: float


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer files, no bound on time")
    parser.add_argument("--applications", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        from sensing import start

        start(folder)
        return report(300 if options.smoke else options.applications, smoke=options.smoke)


def report(count: int, *, smoke: bool) -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from sensing import Clock

    from communs.core.communities.models import Community
    from communs.core.communities.scope import as_owner, within

    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ALLOWED_HOSTS = ["*"]
    with within(Community.objects.get(slug="metropole")):
        begun = time.process_time()
        known = fill(count)
        taken = time.process_time() - begun
        print(f"{connection.vendor}: {count} applications, filled in {taken:.0f} s")
    if connection.vendor == "postgresql":
        with as_owner(), connection.cursor() as cursor:  # a server does it by itself
            cursor.execute("ANALYZE")
    clock, over = Clock(), []
    key_ms = by_key(clock)
    print(f"{'page':22} {'queries':>7} {'ms':>7} {'per s':>6} {'ratio':>6} {'p50':>6} {'p99':>6}")
    for case in cases(known):
        over += measured(case, known.client, clock, key_ms, runs=8 if smoke else 40, smoke=smoke)
    over += submitted(known, clock, key_ms, 5 if smoke else 30, smoke=smoke)
    for words in over:
        print("OVER", words)
    return 1 if over else 0


def cases(known: Known) -> Iterator[Case]:
    number = known.number
    yield Case("staff list", "/fonds/dossiers/", 12, 40)
    yield Case("list, filtered", "/fonds/dossiers/?stage=under_review&q=essai", 12, 40)
    yield Case("list, page 100", "/fonds/dossiers/?page=5", 12, 40)
    yield Case("a file", f"/fonds/dossiers/{number}/", 20, 40)
    yield Case("a file, examined", f"/fonds/dossiers/{number}/instruction/", 20, 40)
    yield Case("its opinions", f"/fonds/dossiers/{number}/avis/", 20, 40)
    yield Case("ranking of 500", f"/fonds/comite/classements/{known.scenario}/", 20, 60)


@dataclass
class Known:
    """What was filled: an examined file, a ranking, files to be sent, who reads."""

    number: str
    scenario: Any
    ready: list[Any]
    client: Any
    writer: Any


def fill(count: int) -> Known:
    """Fill the community in force; rows are written as the fund's own actions leave them."""
    from tests.services.fund import cases as made

    from communs.services.fund.enums import Duty

    chance = random.Random(7)
    call = made.call_made()
    while call.criteria.count() < CRITERIA:
        code = f"c{call.criteria.count()}"
        call.criteria.create(code=code, position=9, title=code, weight=1, scale=5)
    applications(call, count, chance)
    opinions(call, chance)
    manager = made.appointed(Duty.MANAGER)
    number, scenario = session(call, min(BOARD, count // 2))
    ready = [made.ready(call) for _n in range(34)]
    return Known(
        number, scenario, ready, made.client_of(manager), made.client_of(made.person_of("sceaux"))
    )


def applications(call: Any, count: int, chance: random.Random) -> None:
    from tests.services.fund import cases as made

    from communs.core.communities.models import Community
    from communs.core.forms.models import Answers
    from communs.services.fund.enums import PartnerRole, Stage
    from communs.services.fund.models import Application, Expense, Partner, Resource, Step

    bodies = [made.organisation(one.slug) for one in Community.objects.communes()[:40]]
    stages = [Stage.SUBMITTED, Stage.COMPLETE, Stage.UNDER_REVIEW, Stage.UNDER_REVIEW]
    numbers = iter(range(count))
    while some := list(islice(numbers, 1000)):
        kept = Answers.objects.bulk_create(
            Answers(version=call.form, begun_at=AT, changed_at=AT, expires_at=AT + timedelta(900))
            for _n in some
        )
        rows = Application.objects.bulk_create(
            Application(
                call=call,
                number=f"2025-{number:06d}",
                title=f"Essai {number}",
                stage=chance.choice(stages),
                stage_since=AT - timedelta(hours=chance.randrange(2000)),
                challenges=["inclusive"],
                answers=answers,
                requested=Decimal(chance.randrange(5_000, 60_000)),
                begun_at=AT,
                submitted_at=AT,
                complete_at=AT,
                words=f"essai {number}",
            )
            for number, answers in zip(some, kept, strict=True)
        )
        Partner.objects.bulk_create(
            Partner(
                application=row,
                organisation=body,
                role=PartnerRole.FINANCIAL if place else PartnerRole.LEAD,
                share=Decimal(50),
                invited_at=AT,
                signed_at=AT,
            )
            for row in rows
            for place, body in enumerate(chance.sample(bodies, chance.randrange(1, 4)))
        )
        Expense.objects.bulk_create(
            Expense(application=row, position=n, type="materiel", label="M", before_tax=Decimal(n))
            for row in rows
            for n in (1, 2)
        )
        Resource.objects.bulk_create(
            Resource(application=row, position=1, funder="own", label="R", amount=Decimal(1))
            for row in rows
        )
        Step.objects.bulk_create(
            Step(application=row, before="draft", after=row.stage, at=AT) for row in rows
        )


def opinions(call: Any, chance: random.Random) -> None:
    """Give each file to three reviewers, two of whom have sent their opinion."""
    from communs.core.people.models import Person
    from communs.services.fund.actions.examination import tally
    from communs.services.fund.models import Application, Phase, Review, Score

    phase = Phase.objects.create(call=call, position=9, title="Examen")
    people = Person.objects.bulk_create(
        Person(email=f"r{n}@bench.example", name=f"R {n}") for n in range(REVIEWERS)
    )
    criteria = list(call.criteria.all())
    rows = list(Application.objects.filter(call=call))
    for begin in range(0, len(rows), 500):
        some = rows[begin : begin + 500]
        reviews = Review.objects.bulk_create(
            Review(
                application=row,
                phase=phase,
                person=person,
                assigned_at=AT,
                sent_at=AT if place else None,
                opinion="favourable" if place else "",
            )
            for row in some
            for place, person in enumerate(chance.sample(people, 3))
        )
        Score.objects.bulk_create(
            Score(review=one, criterion=criterion, value=Decimal(chance.randrange(11)) / 2)
            for one in reviews
            if one.sent_at
            for criterion in criteria
        )
        tally(some)


def session(call: Any, files: int) -> tuple[str, Any]:
    """Make a session with a ranking of so many files; give one more, under examination."""
    from communs.services.fund.enums import RankingRule, SessionKind, Stage
    from communs.services.fund.models import (
        AgendaItem,
        Application,
        Scenario,
        ScenarioLine,
        Session,
    )

    row = Session.objects.create(kind=SessionKind.COMMITTEE, held_at=AT, call=call)
    rows = list(Application.objects.filter(call=call, stage=Stage.UNDER_REVIEW)[: files + 1])
    last = rows.pop()
    Application.objects.filter(pk__in=[one.pk for one in rows]).update(stage=Stage.IN_COMMITTEE)
    AgendaItem.objects.bulk_create(
        AgendaItem(session=row, application=one, position=n) for n, one in enumerate(rows, start=1)
    )
    made = Scenario.objects.create(
        session=row, title="Essai", rule=RankingRule.FILL, limit=Decimal(1_000_000), at=AT
    )
    ScenarioLine.objects.bulk_create(
        ScenarioLine(scenario=made, application=one, rank=n, amount=one.requested)
        for n, one in enumerate(rows, start=1)
    )
    return last.number, made.pk


def by_key(clock: Any) -> float:
    """Give the CPU milliseconds of one row read by its key, the reference of this run."""
    from django.db import connection

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM communities_community WHERE slug = %s", ["antony"])
            cursor.fetchone()

    return spent(read, clock, 2000)


def spent(work: Callable[[], object], clock: Any, runs: int) -> float:
    before = clock.read()
    for _turn in range(runs):
        work()
    return (clock.read() - before) / runs * 1e3


def measured(
    case: Case, client: Any, clock: Any, key_ms: float, *, runs: int, smoke: bool
) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def look() -> None:
        answer = client.get(case.path)
        assert answer.status_code == 200, (case.path, answer.status_code)

    for _turn in range(3):
        look()
    with CaptureQueriesContext(connection) as captured:
        look()
    queries = len(captured)
    cost = spent(look, clock, runs)
    waits = crowd(look, runs) if connection.vendor == "postgresql" else (0.0, 0.0)
    return judged(case, queries, cost, key_ms, waits, smoke=smoke)


def crowd(look: Callable[[], object], runs: int) -> tuple[float, float]:
    """Give p50 and p99 of the wait, in milliseconds, of four clients at once in one process."""
    waits: list[float] = []

    def ask() -> None:
        from django.db import connection

        for _turn in range(runs):
            begun = time.perf_counter()
            look()
            waits.append((time.perf_counter() - begun) * 1e3)
        connection.close()

    threads = [threading.Thread(target=ask) for _n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    waits.sort()
    return statistics.median(waits), waits[int(len(waits) * 0.99)]


def judged(
    case: Case, queries: int, cost: float, key_ms: float, waits: tuple[float, float], *, smoke: bool
) -> list[str]:
    ratio = cost / key_ms
    told = " ".join(f"{one:6.0f}" if one else "     –" for one in waits)
    print(f"{case.name:22} {queries:7} {cost:7.1f} {1000 / cost:6.0f} {ratio:6.0f} {told}")
    bounds = {
        f"{case.name}: {queries} queries, at most {case.most_queries}": queries > case.most_queries,
        f"{case.name}: {cost:.1f} ms, at most {case.most_ms}": not smoke and cost > case.most_ms,
        f"{case.name}: {ratio:.0f} times a row, at most {SMOKE:.0f}": smoke and ratio > SMOKE,
    }
    return [words for words, is_broken in bounds.items() if is_broken]


def submitted(known: Known, clock: Any, key_ms: float, runs: int, *, smoke: bool) -> list[str]:
    """Send files as their lead does: each once, so that none is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    files = iter(known.ready)

    def send() -> None:
        path = f"/fonds/dossiers/{next(files).number}/envoi/"
        answer = known.writer.post(path)
        assert answer.status_code == 302, (path, answer.status_code)

    send()
    with CaptureQueriesContext(connection) as captured:
        send()
    queries = len(captured)
    cost = spent(send, clock, runs)
    case = Case("submission", "", 25, 60)
    return judged(case, queries, cost, key_ms, (0.0, 0.0), smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
