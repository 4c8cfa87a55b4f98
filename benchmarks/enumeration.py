"""Whether time tells an address that has an account from one that has none.

For signing in by password and by code, replacing a password and signing up: wall and CPU
milliseconds of the answer, for a known and an unknown address, interleaved, medians, and the
difference as a share of the smaller. Runs in one process, through the WSGI handler, on the
database of DATABASE_URL (SQLite in a temporary folder without one); letters are queued as jobs, as
they are where people sign in.

    python benchmarks/enumeration.py [--rounds 200] [--hasher argon2|md5]

Exit status 1 if a difference of CPU passes a tenth.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
BOUND = 0.10
AT = "/antony/compte"
WARM_UP = 10


@dataclass(frozen=True)
class Case:
    name: str
    path: str
    data: dict[str, str]


CASES = (
    Case("sign in by password", "connexion/", {"login": "{}", "password": "not the right one"}),
    Case("sign in by code", "connexion/", {"login": "{}"}),
    Case("replace a password", "mot-de-passe/oublie/", {"email": "{}"}),
    Case("sign up", "inscription/", {"name": "Pat", "email": "{}"}),
)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--hasher", choices=("argon2", "md5"), default="argon2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        prepare(options.hasher)
        print(f"{'':22}{'':>9}{'known':>9}{'unknown':>9}{'differs':>9}")
        worst = max(differs(case, options.rounds) for case in CASES)
    print(f"worst difference of CPU: {worst:.1%} (bound {BOUND:.0%})")
    return 1 if worst > BOUND else 0


def prepare(hasher: str) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ACCOUNT_RATE_LIMITS = False  # so many rounds from one place are not what is measured
    settings.ALLOWED_HOSTS = ["*"]
    if hasher == "md5":
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("load_demo", only=["fund"], verbosity=0, stdout=StringIO())
    from communs.core.people.models import Person

    for number in range(2):
        Person.objects.create_user(f"known{number}@example.org", "a long passphrase", name="Pat")


def differs(case: Case, rounds: int) -> float:
    """Measure one form, the two kinds of address in turn, each first as often as second."""
    spent: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for round_ in range(rounds + WARM_UP):
        for known in (True, False) if round_ % 2 else (False, True):
            figures = once(case, known=known, number=round_)
            if round_ >= WARM_UP:
                spent[known].append(figures)
    medians = {
        known: [statistics.median(column) for column in zip(*figures, strict=True)]
        for known, figures in spent.items()
    }
    ratios = []
    for index, unit in enumerate(("wall ms", "CPU ms")):
        known, unknown = medians[True][index], medians[False][index]
        ratios.append(abs(known - unknown) / min(known, unknown))
        print(f"{case.name:22}{unit:>9}{known:9.2f}{unknown:9.2f}{ratios[-1]:9.1%}")
    return ratios[1]


def once(case: Case, *, known: bool, number: int) -> tuple[float, float]:
    from django.test import Client

    from communs.core.people.models import FailedSignIns

    FailedSignIns.objects.all().delete()
    email = f"known{number % 2}@example.org" if known else f"nobody{number % 2}@example.org"
    data = {key: value.format(email) for key, value in case.data.items()}
    client = Client()
    wall, cpu = time.perf_counter(), time.process_time()
    response = client.post(f"{AT}/{case.path}", data)
    figures = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    assert response.status_code in {302, 422}, response.status_code
    return figures


if __name__ == "__main__":
    sys.exit(main())
