"""CPU and queries of where there is room, with 1,600 spaces, beside a bare Django page.

Runs in one process, as benchmarks/pages.py does, on the database of DATABASE_URL. A commune gets
100 sides of streets of 16 spaces, each with a sensor that spoke, and some rules. For each page:
queries, CPU milliseconds (least of many runs), and the ratio to a bare page of the same size, with
as many rows, in the same run.

    python benchmarks/parking.py [--smoke] [--spaces 1600]

Exit status 1 if a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(Path(__file__).parent))

import pages  # noqa: E402 -- found once its folder is named

A_STREET = 16
RATIO = 3.0
SMOKE_RATIO = 4.5  # few runs on a busy machine: only what is clearly slower is caught
CASES = (
    pages.Case("where there is room", "/sceaux/stationnement/", 20, 8, 25),
    pages.Case("its fourth page", "/sceaux/stationnement/?page=4", 20, 8, 25),
    pages.Case("the map", "/sceaux/stationnement/carte/", 30, 8, 25),
    pages.Case("API, all places", "/sceaux/api/stationnement/lieux", 20, 7, 50),
    pages.Case("CSV, all places", "/sceaux/stationnement/disponibilites.csv", 20, 7, 50),
)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--smoke", action="store_true", help="fewer runs, a wider bound on ratios, none on time"
    )
    parser.add_argument("--spaces", type=int, default=1_600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        pages.start(50)
        fill(options.spaces)
        pages.CASES, pages.RATIO, pages.SMOKE_RATIO = CASES, RATIO, SMOKE_RATIO
        return pages.report(smoke=options.smoke)


def fill(count: int) -> None:
    """Switch parking on in Sceaux, with streets, spaces, sensors that spoke, and rules."""
    from django.utils import timezone

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.core.registry.actions import set_service
    from communs.core.registry.queries import by_key
    from communs.services.parking.models import Segment

    at = timezone.now()
    with within(Community.objects.get(slug="sceaux")):
        set_service(service=by_key("parking"), on=True, by=None)
        streets = [street(number) for number in range(count // A_STREET)]
        Segment.objects.bulk_create(streets)
        spaces(streets, at)
        rules(streets)


def street(number: int) -> object:
    from communs.services.parking.models import Segment

    lat, lon = 48.77 + number // 10 * 0.002, 2.28 + number % 10 * 0.002
    line = {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.0015, lat + 0.0004]]}
    return Segment(slug=f"rue-{number}", street=f"Rue {number}", side="odd", line=line)


def spaces(streets: list, at: datetime) -> None:
    """Give each street its spaces; of ten sensors one is silent, six in ten say taken."""
    from communs.core.sensing.actions import add_source
    from communs.core.sensing.models import State, Thing
    from communs.core.sensing.queries import milliseconds
    from communs.services.parking.models import Space

    source, _secret = add_source(slug="capteurs", name="Capteurs", by=None)
    numbers = range(len(streets) * A_STREET)
    things = [Thing(source=source, code=f"c{n}", number=n + 1, commissioned_at=at) for n in numbers]
    Thing.objects.bulk_create(things, batch_size=500)
    now, day = milliseconds(at), milliseconds(at + timedelta(days=1))
    State.objects.bulk_create(
        [
            State(
                pk=thing.pk, thing=thing, value=float(n * 7 % 10 < 6), since=now - n * 1000,
                heard=now - 1000, silent_from=day if n % 10 else now,
            )
            for n, thing in enumerate(things)
        ],
        batch_size=500,
    )  # fmt: skip
    Space.objects.bulk_create(
        [
            Space(segment=streets[n // A_STREET], code=f"B{n}", number=n % A_STREET + 1, thing=one)
            for n, one in enumerate(things)
        ],
        batch_size=500,
    )


def rules(streets: list) -> None:
    """Set rules of the whole commune, and one that holds in ten streets."""
    from datetime import time

    from communs.services.parking.actions import set_regulation, set_tariff

    tariff = set_tariff(name="Tarif", steps=[[60, 200], [120, 400]], by=None)
    days = {"days": "012345", "begins": time(9), "ends": time(19), "holidays": False}
    set_regulation(title="Libre", where="commune", charge="free", by=None)
    set_regulation(
        title="Centre", effect="terms", where="places", places=streets[:10], charge="tariff",
        tariff=tariff, most_minutes=120, by=None, **days,
    )  # fmt: skip
    set_regulation(
        title="Marché", nature="recurring", effect="forbids", where="places", places=streets[:2],
        days="5", begins=time(5), ends=time(15), by=None,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
