"""Acts, works and checks in processes made to be killed.

Orders come line by line; each is done in a fork of its own. Everything said goes to the standard
output: `pid N`, `ack N` once an action is committed, `refused N` where it failed, `end N`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from wsgiref.simple_server import make_server

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.project.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks import task  # noqa: E402

from communs.core.communities.models import Community  # noqa: E402
from communs.core.communities.scope import within  # noqa: E402
from communs.core.jobs.models import Job  # noqa: E402
from communs.core.jobs.worker import Worker  # noqa: E402
from communs.core.journal import verification  # noqa: E402
from communs.core.journal.actions import action, record  # noqa: E402
from communs.core.journal.listeners import listens_to  # noqa: E402
from communs.core.journal.models import Event, Undelivered  # noqa: E402
from communs.core.live.serving import serve  # noqa: E402
from communs.core.registry.models import Activation  # noqa: E402
from communs.core.sensing import actions as sensing  # noqa: E402
from communs.core.sensing.engine.brokers import Broker  # noqa: E402
from communs.core.sensing.listening import Listener  # noqa: E402
from communs.core.sensing.models import Observation, State, Tally  # noqa: E402


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


@task(attempts=50)
def note(number: int) -> None:
    """Leave one row, however often it is asked."""
    Activation.objects.get_or_create(service=f"job-{number}")


@action("faults.written")
def write(*, number: int, by: None = None) -> None:
    """Write a row, ask for a job, record the event: all or nothing."""
    row = Activation.objects.create(service=f"row-{number}")
    note.enqueue(number)
    record(row, number=number)


@listens_to("faults.written")
def hear(event: Event) -> None:
    """Leave a row for each event; a second one would be refused by the table."""
    Activation.objects.create(service=f"heard-{event.data['number']}")


def act(first: int, most: int) -> None:
    """Write one after the other, and say which were kept."""
    for number in range(first, first + most):
        try:
            with within(place()):
                write(number=number)
        except Exception as error:  # noqa: BLE001 -- a fault was asked for
            connection.close()
            say(f"refused {number} {type(error).__name__}")
            time.sleep(0.02)
        else:
            say(f"ack {number}")


def work() -> None:
    Worker().run()


def drain() -> None:
    """Do all that is left, then tell what there is."""
    worker = Worker()
    with within(place()):
        Job.objects.filter(state="running").update(due_at=timezone.now())
        Job.objects.filter(state="waiting").update(due_at=timezone.now())
    worker.clear(at=timezone.now())
    tell()


def tell() -> None:
    with within(place()):
        found = {
            "events": numbers(Event.objects.filter(name="faults.written"), "data__number"),
            "rows": named("row"),
            "heard": named("heard"),
            "done": named("job"),
            "left": list(Job.objects.exclude(state="done").values_list("task", "state", "reason")),
            "undelivered": Undelivered.objects.count(),
            "wrong": verification.check().wrong,
        }
    say(f"found {json.dumps(found)}")


SENSORS = 20


def sense() -> None:
    """Put twenty sensors of one source in place."""
    with within(place()):
        source, _secret = sensing.add_source(slug="rue", name="Rue", by=None)
        for number in range(SENSORS):
            sensing.commission(source=source, code=f"s{number}", at=timezone.now(), by=None)


def listen(port: int) -> None:
    """Take in what sensors say, until killed."""
    Listener(Broker("127.0.0.1", port), clock=timezone.now).run(lambda: True)


def network() -> None:
    """Put twenty sensors of a commune's source in place, and tell its secret."""
    commune, _new = Community.objects.get_or_create(
        slug="antony", defaults={"kind": "commune", "name": "Commune d’essai"}
    )
    with within(commune):
        source, secret = sensing.add_source(slug="rue", name="Rue", by=None)
        for number in range(SENSORS):
            sensing.commission(source=source, code=f"s{number}", at=timezone.now(), by=None)
    say(f"found {json.dumps(secret)}")


def serve_pages(port: int) -> None:
    """Answer requests as the pages' process does, until killed."""
    from communs.project.wsgi import application

    make_server("127.0.0.1", port, application).serve_forever()


def serve_live(port: int) -> None:
    """Answer requests as the live process does, until killed."""
    serve("127.0.0.1", port, alive=lambda: True, stops=[])


def sensed(slug: str = "metropole") -> None:
    """Tell what was kept of what sensors said, how often it was counted, and what is believed."""
    with within(Community.objects.get(slug=slug)):
        states = State.objects.order_by("thing__number")
        found = {
            "kept": sorted(Observation.objects.values_list("sequence", flat=True)),
            "counted": Tally.objects.get(outcome="kept").count if Tally.objects.exists() else 0,
            "newest": list(states.values_list("sequence", flat=True)),
            "ends": dict(Tally.objects.order_by("outcome").values_list("outcome", "count")),
        }
    say(f"found {json.dumps(found)}")


def numbers(rows: object, path: str) -> list[int]:
    return sorted(int(value) for value in rows.values_list(path, flat=True))


def named(kind: str) -> list[int]:
    services = Activation.objects.filter(service__startswith=f"{kind}-")
    return sorted(int(name.split("-")[1]) for name in services.values_list("service", flat=True))


def place() -> Community:
    return Community.objects.get(slug="metropole")


def prepare() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    Community.objects.get_or_create(
        slug="metropole", defaults={"kind": "metropolis", "name": "Métropole d’essai"}
    )


ORDERS: dict[str, Callable[..., None]] = {
    "act": act,
    "work": work,
    "drain": drain,
    "tell": tell,
    "prepare": prepare,
    "sense": sense,
    "listen": listen,
    "sensed": sensed,
    "network": network,
    "networked": lambda: sensed("antony"),
    "serve_pages": serve_pages,
    "serve_live": serve_live,
}


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        name, *words = line.split()
        child = os.fork()
        if child == 0:
            try:
                ORDERS[name](*map(int, words))
                connections.close_all()
            except Exception as error:  # noqa: BLE001 -- told, so that the test names it
                say(f"failed {name} {type(error).__name__} {error}".replace("\n", " "))
            finally:
                os._exit(0)
        say(f"pid {child}")
