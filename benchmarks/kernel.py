"""What the kernel costs: an action's event, delivery, the frame of a request, signing in.

Runs in one process on the database of DATABASE_URL (SQLite in a temporary folder without one).
Each figure stands beside a reference measured in the same run:

- an action with its event, beside the same rows written in a bare transaction (at most 1.5 times);
- events delivered a second to a listener that does nothing, beside rows inserted one by one
  (at least 5 000 a second on PostgreSQL);
- what the address, the gate and a permission add to a request, in CPU (at most 1 ms);
- the sign-in page and one's account, in CPU (at most 15 ms), beside Django's own sign-in page.

    python benchmarks/kernel.py [--smoke]

Exit status 1 if a bound is passed; with --smoke only ratios count, with more room.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]
FRAME = [
    "communs.core.communities.middleware.AddressMiddleware",
    "communs.core.registry.middleware.GateMiddleware",
]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="fewer rounds, wider bounds")
    smoke = parser.parse_args().smoke
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        start()
        return report(smoke=smoke)


def start() -> None:
    import django
    from django.core.management import call_command
    from django.test.utils import setup_databases, setup_test_environment

    django.setup()
    setup_test_environment(debug=False)
    setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_demo", only=["fund"], verbosity=0, stdout=StringIO())


def report(*, smoke: bool) -> int:
    from django.db import connection

    print(connection.vendor)
    rounds = 150 if smoke else 1500
    failures = [
        *action_cost(rounds, most=2.0 if smoke else 1.5),
        *delivery_rate(2_000 if smoke else 20_000, smoke=smoke),
        *frame_cost(60 if smoke else 400, smoke=smoke),
        *page_costs(15 if smoke else 60, smoke=smoke),
    ]
    for failure in failures:
        print("OVER", failure)
    return 1 if failures else 0


def action_cost(rounds: int, *, most: float) -> list[str]:
    """Time a small action and the same writes without an event, turn by turn."""
    from django.db import transaction

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.core.journal.actions import action, record
    from communs.core.registry.models import Activation

    metropolis = Community.objects.get(kind="metropolis")

    def write() -> Activation:
        row = Activation.objects.get(service="benchmark")
        row.on = not row.on
        row.save()
        return row

    def bare() -> None:
        with transaction.atomic():
            write()

    @action("benchmark.written")
    def acted(*, by: None = None) -> None:  # noqa: ARG001
        record(write(), on=True)

    with within(metropolis):
        Activation.objects.create(service="benchmark")
        wall, cpu = compared(acted, bare, rounds)
    print(
        f"an action with its event: {wall[0]:.3f} ms ({cpu[0]:.3f} CPU); bare transaction"
        f" {wall[1]:.3f} ms ({cpu[1]:.3f} CPU); ratio {wall[0] / wall[1]:.2f}"
    )
    ratio = wall[0] / wall[1]
    return [f"action: ratio {ratio:.2f}, at most {most}"] if ratio > most else []


def compared(
    ours: Callable[[], object], reference: Callable[[], object], rounds: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give the medians, in milliseconds, of wall and CPU time of both, run turn by turn."""
    walls: tuple[list[float], list[float]] = ([], [])
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 10):
        for place, call in enumerate((ours, reference)):
            wall, cpu = time.perf_counter_ns(), time.process_time_ns()
            call()
            if turn >= 10:
                walls[place].append((time.perf_counter_ns() - wall) / 1e6)
                spent[place].append((time.process_time_ns() - cpu) / 1e6)
    middle = statistics.median
    return (middle(walls[0]), middle(walls[1])), (middle(spent[0]), middle(spent[1]))


def alone(call: Callable[[], object], rounds: int) -> float:
    """Give the median CPU time of a call, in milliseconds."""
    spent = []
    for turn in range(rounds + 5):
        cpu = time.process_time_ns()
        call()
        if turn >= 5:
            spent.append((time.process_time_ns() - cpu) / 1e6)
    return statistics.median(spent)


def delivery_rate(count: int, *, smoke: bool) -> list[str]:
    """Deliver many events of one community, beside as many plain inserts."""
    from django.db import connection
    from django.utils import timezone

    from communs.core.communities.models import Community
    from communs.core.communities.scope import within
    from communs.core.journal.delivery import deliver
    from communs.core.journal.listeners import listens_to
    from communs.core.journal.models import Event
    from communs.core.registry.models import Activation

    now = timezone.now()
    while deliver(now):
        pass
    heard = []
    listens_to("benchmark.told")(heard.append)
    antony = Community.objects.get(slug="antony")
    with within(antony):
        rows = [Event(name="benchmark.told", subject=f"x:{n}", data={"n": n}) for n in range(count)]
        Event.objects.bulk_create(rows, batch_size=500)
        begun = time.perf_counter()
        for number in range(500):
            Activation.objects.create(service=f"row-{number}")
        inserts = 500 / (time.perf_counter() - begun)
    begun = time.perf_counter()
    while deliver(now):
        pass
    rate = count / (time.perf_counter() - begun)
    assert [event.data["n"] for event in heard] == list(range(count))
    print(f"events delivered: {rate:,.0f} a second; single inserts {inserts:,.0f} a second")
    least = 5_000 if connection.vendor == "postgresql" and not smoke else inserts
    return [f"delivery: {rate:,.0f} a second, at least {least:,.0f}"] if rate < least else []


def frame_cost(rounds: int, *, smoke: bool) -> list[str]:
    """Time a page that does nothing, with and without the house's frame around it."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    plain = [name for name in settings.MIDDLEWARE if not name.startswith("communs.")]
    framed = [*plain[:4], FRAME[0], *plain[4:], FRAME[1]]
    cookie = signed_in_cookie()
    with override_settings(ROOT_URLCONF="kernel_pages", MIDDLEWARE=plain):
        without = WSGIHandler()
    with override_settings(ROOT_URLCONF="kernel_pages", MIDDLEWARE=framed):
        house = WSGIHandler()
    with override_settings(ROOT_URLCONF="kernel_pages"):
        _wall, cpu = compared(
            lambda: answered(house, "/antony/allowed", cookie),
            lambda: answered(without, "/plain", cookie),
            rounds,
        )
    more = cpu[0] - cpu[1]
    print(f"a request's frame: {cpu[0]:.2f} ms CPU with it, {cpu[1]:.2f} without: {more:.2f} more")
    return [f"frame: {more:.2f} ms more, at most 1"] if more > 1 and not smoke else []


def page_costs(rounds: int, *, smoke: bool) -> list[str]:
    """Time the sign-in page and one's account, beside Django's own sign-in page."""
    import kernel_pages
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings
    from django.urls import reverse

    cookie = signed_in_cookie()
    plain = [name for name in settings.MIDDLEWARE if name.startswith("django.")]
    with override_settings(MIDDLEWARE=plain):
        stock = WSGIHandler()

    # One after the other: changing settings back and forth would empty every cache in between.
    with override_settings(ROOT_URLCONF="kernel_pages", TEMPLATES=kernel_pages.TEMPLATES):
        own = alone(lambda: answered(stock, "/sign-in", ""), rounds)

    house, failures = WSGIHandler(), []
    for name, path, who in (
        ("sign-in page", reverse(settings.LOGIN_URL), ""),
        ("one's account", reverse("people:account"), cookie),
    ):
        cpu = alone(lambda p=path, w=who: answered(house, p, w), rounds)
        print(f"{name}: {cpu:.2f} ms CPU; Django's own {own:.2f}; ratio {cpu / own:.2f}")
        if cpu > 15 and not smoke:
            failures.append(f"{name}: {cpu:.1f} ms, at most 15")
    return failures


def signed_in_cookie() -> str:
    """Give the session cookie of Antony's administrator."""
    from django.conf import settings
    from django.test import Client

    from communs.core.people.models import Person

    client = Client()
    client.force_login(Person.objects.get(email="antony@demo.example"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def answered(handler: Callable, path: str, cookie: str) -> None:
    """Ask for a page through the WSGI handler, and read it whole."""
    from django.test import RequestFactory

    environ = RequestFactory().get(path, headers={"cookie": cookie}).environ
    environ["SERVER_NAME"] = "localhost"
    seen = SimpleNamespace(status="")
    response = handler(environ, lambda status, *_: setattr(seen, "status", status))
    b"".join(response)
    response.close()
    assert seen.status.startswith("200"), (path, seen.status)


if __name__ == "__main__":
    sys.exit(main())
