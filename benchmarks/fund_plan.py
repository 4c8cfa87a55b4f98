"""CPU and queries of the master plan over 2,000 files, of the catalogue, and of a bundle's preview.

Runs in one process, through the whole application, on the database of DATABASE_URL (SQLite in a
temporary folder without one). It fills 2,000 grants, an experiment for each second one, 500 decided
evaluations with their lessons, 100 commons and 300 copies. For each page: queries, CPU milliseconds
of this process and of the database's server, and the ratio to the bare counting queries behind the
plan, by hand, in the same run. A configuration of 300 rows is then previewed by a commune.

    python benchmarks/fund_plan.py [--smoke] [--files 2000]

Exit status 1 if a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent, HERE.parent / "src", HERE):
    sys.path.insert(0, str(folder))

AT = datetime.now(tz=UTC)
ROWS = 300
_JOINED = "FROM fund_grant AS g JOIN fund_experiment AS e ON e.grant_id = g.id"
_JUDGED = f"{_JOINED} JOIN fund_evaluation AS v ON v.experiment_id = e.id"
_COPIED = (
    f"{_JUDGED} JOIN fund_common AS c ON c.evaluation_id = v.id"
    " JOIN fund_replication AS r ON r.common_id = c.id"
)
_STARTED = "('live', 'paused', 'measured', 'evaluated')"
# What the plan counts, by hand.
BARE = [
    f"SELECT g.challenge, COUNT(DISTINCT g.id) {rows} GROUP BY g.challenge"
    for rows in (
        "FROM fund_grant AS g",
        f"{_JOINED} WHERE e.state IN {_STARTED}",
        f"{_JUDGED} WHERE v.verdict IN ('generalise', 'adapt')",
        f"{_COPIED} WHERE r.state = 'confirmed'",
    )
]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer files, no bound on time")
    parser.add_argument("--files", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        from sensing import start

        start(folder)
        return report(120 if options.smoke else options.files, smoke=options.smoke)


def report(count: int, *, smoke: bool) -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from fund import Case, measured, spent
    from sensing import Clock

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within

    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ALLOWED_HOSTS = ["*"]
    with within(Community.objects.get(slug="metropole")):
        begun = time.process_time()
        code = fill(count)
        taken = time.process_time() - begun
    key, commune = shared()
    print(f"{connection.vendor}: {count} files, filled in {taken:.0f} s")
    clock, over, runs = Clock(), [], 8 if smoke else 40
    bare_ms = spent(counted, clock, runs * 5)
    print(f"bare counting: {bare_ms:.2f} ms")
    print(f"{'page':22} {'queries':>7} {'ms':>7} {'per s':>6} {'ratio':>6} {'p50':>6} {'p99':>6}")
    plan = "/fonds/schema-directeur/"
    preview = f"/sceaux/reglages/configurations/catalogue/{key}/"
    for case, client in (
        (Case("master plan", plan, 12, 50), Client()),
        (Case("rows of a challenge", f"{plan}agile/?etape=prouvees", 14, 80), Client()),
        (Case("catalogue", "/fonds/communs/", 12, 50), Client()),
        (Case("a common", f"/fonds/communs/{code}/", 24, 100), Client()),
        (Case("preview of a bundle", preview, 30, 200), commune),
    ):
        over += measured(case, client, clock, bare_ms, runs=runs, smoke=smoke)
    for words in over:
        print("OVER", words)
    return 1 if over else 0


def counted() -> None:
    """Count by hand what the plan counts."""
    from django.db import connection

    with connection.cursor() as cursor:
        for sentence in BARE:
            cursor.execute(sentence)
            cursor.fetchall()


def fill(count: int) -> str:
    """Fill the community in force, rows as the fund's own actions leave them; give a common."""
    from communs.core.communities.models import Community
    from communs.services.fund.enums import Challenge
    from communs.services.fund.models import Experiment, Grant, Programme, Round

    bodies = list(Community.objects.communes()[:100])
    programme = Programme.objects.create(code="essai", acronym="ESSAI", name="Fonds d’essai")
    award = Round.objects.create(programme=programme, awarded_on=date(2001, 1, 1), body="Bureau")
    grants = Grant.objects.bulk_create(
        Grant(
            round=award,
            number=n + 1,
            reference=f"essai-{n}",
            beneficiary=bodies[n % len(bodies)],
            beneficiary_as_published="Essai",
            title=f"Essai {n}",
            title_as_published=f"Essai {n}",
            awarded_on=award.awarded_on,
            challenge=Challenge.values[n % len(Challenge.values)],
            words=f"essai {n}",
        )
        for n in range(count)
    )
    states = ("evaluated", "live", "designed", "evaluated")
    experiments = Experiment.objects.bulk_create(
        Experiment(
            grant=grant,
            code=f"essai-{n}",
            title=f"Essai {n}",
            service="parking",
            site=grant.beneficiary,
            question="Est-ce que cela marche ?",
            state=states[n % len(states)],
            state_since=AT,
            starts_on=date(2026, 1, 1),
            agreed_at=AT - timedelta(days=400),
            protocol_sha256="0" * 64,
        )
        for n, grant in enumerate(grants[::2])
    )
    return proven([one for one in experiments if one.state == "evaluated"], bodies)


def proven(experiments: list[Any], bodies: list[Any]) -> str:
    from communs.services.fund.models import Common, Evaluation, Lesson, Replication

    verdicts = ("adapt", "generalise", "abandon", "inconclusive")
    evaluations = Evaluation.objects.bulk_create(
        Evaluation(
            experiment=one,
            number=1,
            at=AT,
            until=AT.date(),
            frozen={},
            digest="1" * 64,
            results={"indicators": [], "proposed": "adapt"},
            proposed="adapt",
            verdict=verdicts[n % len(verdicts)],
            finding="Cela marche.",
            decided_at=AT,
        )
        for n, one in enumerate(experiments)
    )
    Lesson.objects.bulk_create(
        Lesson(
            evaluation=one,
            challenge=one.experiment.grant.challenge,
            state="accepted",
            finding="Cela marche.",
            written_at=AT,
            reviewed_at=AT,
            edition=1 + n // 25,
        )
        for n, one in enumerate(evaluations)
    )
    successes = [one for one in evaluations if one.verdict in ("adapt", "generalise")][:100]
    commons = Common.objects.bulk_create(
        Common(
            evaluation=one,
            code=f"commun-{n}",
            title=f"Commun {n}",
            service="parking",
            bundle=one.pk,
            bundle_version=1,
            digest=f"{n:064d}",
            licence="etalab-2.0",
            offered_at=AT,
        )
        for n, one in enumerate(successes)
    )
    Replication.objects.bulk_create(
        Replication(
            common=one,
            place=body,
            state="confirmed" if n % 3 else "live",
            state_since=AT,
            requested_at=AT,
            digest=one.digest,
            version=1,
            installed_at=AT,
            confirmed_at=AT,
        )
        for n, one in enumerate(commons)
        for body in bodies[:3]
        if body.pk != one.evaluation.experiment.site_id
    )
    return commons[0].code


def shared() -> tuple[Any, Any]:
    """Have Antony share parking with many zones; give the bundle's key and a browser of Sceaux."""
    from tests.services.fund import cases, proving

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.services.parking.models import Zone

    with within(Community.objects.get(slug="antony")):
        Zone.objects.bulk_create(
            Zone(code=f"z{n}", name=f"Zone {n}", colour="blue") for n in range(ROWS)
        )
    return proving.shared().pk, cases.client_of(cases.person_of("sceaux"))


if __name__ == "__main__":
    sys.exit(main())
